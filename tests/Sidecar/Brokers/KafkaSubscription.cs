using System.Diagnostics.CodeAnalysis;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>One instance that reads partitions of a Kafka topic, each in order; a message that fails holds up its partition.</summary>
[SuppressMessage("Design", "CA1001", Justification = "No wait handle and no timer is behind them: there is nothing to free.")]
internal sealed class KafkaSubscription(KafkaGroup group, MessageHandler handler, BrokerOptions options, TimeProvider clock) : BrokerSubscription
{
    private CancellationTokenSource _pause = new(), _session = new();
    private Task _claims = Task.CompletedTask;
    private volatile bool _stopped;

    public override async Task StopAsync(TimeSpan drain)
    {
        _stopped = true;
        await _pause.CancelAsync();
        await Task.WhenAny(_claims, Task.Delay(drain, clock));
        await KillAsync();
    }

    public override async Task KillAsync()
    {
        _stopped = true;
        await RevokeAsync();
        await group.LeaveAsync(this);
    }

    /// <summary>Gives up all partitions; what is in hand is cancelled and will be read again.</summary>
    public async Task RevokeAsync()
    {
        await _pause.CancelAsync();
        await _session.CancelAsync();
        await _claims;
    }

    public void Assign(IEnumerable<int> partitions)
    {
        if (_stopped) return;
        (_pause, _session) = (new CancellationTokenSource(), new CancellationTokenSource());
        CancellationToken pause = _pause.Token, session = _session.Token;
        _claims = Task.WhenAll(partitions.Select(p => Task.Run(() => ClaimAsync(p, pause, session))));
    }

    private async Task ClaimAsync(int partition, CancellationToken pause, CancellationToken session)
    {
        try
        {
            while (true)
            {
                pause.ThrowIfCancellationRequested();
                List<StoredMessage> batch = await NextAsync(partition, pause);
                int done = handler.Many is null ? (await handler.One(batch[0], session) ? 1 : 0) : Prefix(await handler.Many(batch, session));
                if (done > 0) group.Mark(partition, batch[done - 1].Offset + 1);
                session.ThrowIfCancellationRequested();
                if (done < batch.Count) await Task.Delay(options.ConsumeRetryInterval, clock, pause);
            }
        }
        catch (OperationCanceledException)
        {
            // Revoked or stopped: another instance goes on from the mark.
        }
    }

    private static int Prefix(bool[] done) => Array.IndexOf(done, false) is var first && first < 0 ? done.Length : first;

    private async Task<List<StoredMessage>> NextAsync(int partition, CancellationToken pause)
    {
        Task? window = null;
        while (true)
        {
            Task arrival = group.Topic.Arrived.Next;
            List<StoredMessage> batch = group.Read(partition, group.Marked(partition), handler.Many is null ? 1 : handler.Most);
            if (batch.Count > 0 && (handler.Many is null || batch.Count == handler.Most || window is { IsCompleted: true })) return batch;
            pause.ThrowIfCancellationRequested();
            if (batch.Count > 0) window ??= Task.Delay(handler.Await, clock, pause);
            await (window is null ? arrival : Task.WhenAny(arrival, window)).WaitAsync(pause);
        }
    }
}
