using System.Threading.Channels;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>The sidecar's own batching, for a component that has none: each message waits in its worker until its batch has been dealt with.</summary>
internal sealed class BulkGatherer
{
    private readonly MessageHandler _handler;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _kill;
    private readonly Channel<Waiting> _waiting;

    public BulkGatherer(MessageHandler handler, TimeProvider clock, CancellationToken kill)
    {
        _handler = handler;
        _clock = clock;
        _kill = kill;
        _waiting = Channel.CreateBounded<Waiting>(handler.Most);
        Finished = Task.Run(GatherAsync, CancellationToken.None);
    }

    /// <summary>Completes after a kill.</summary>
    public Task Finished { get; }

    public async Task<bool> HandleAsync(StoredMessage message, CancellationToken ct)
    {
        var waiting = new Waiting(message, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting, ct);
        return await waiting.Done.Task.WaitAsync(ct);
    }

    private async Task GatherAsync()
    {
        var batch = new List<Waiting>(_handler.Most);
        Task window = Task.Delay(_handler.Await, _clock, _kill);
        try
        {
            while (true)
            {
                Task<bool> more = _waiting.Reader.WaitToReadAsync(_kill).AsTask();
                await Task.WhenAny(more, window);
                while (batch.Count < _handler.Most && _waiting.Reader.TryRead(out Waiting? next)) batch.Add(next);
                if (batch.Count < _handler.Most && !window.IsCompleted) continue;
                _kill.ThrowIfCancellationRequested();
                if (batch.Count > 0) await FlushAsync(batch);
                window = Task.Delay(_handler.Await, _clock, _kill);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (Waiting left in batch) left.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task FlushAsync(List<Waiting> batch)
    {
        bool[] done = await _handler.Many!([.. batch.Select(w => w.Message)], _kill);
        for (int i = 0; i < batch.Count; i++) batch[i].Done.TrySetResult(done[i]);
        batch.Clear();
    }

    private sealed record Waiting(StoredMessage Message, TaskCompletionSource<bool> Done);
}
