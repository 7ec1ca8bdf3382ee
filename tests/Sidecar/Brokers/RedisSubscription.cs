using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>One instance that reads a Redis stream: reads ahead, hands out to its workers, looks after what others left behind.</summary>
[SuppressMessage("Design", "CA1001", Justification = "No wait handle and no timer is behind them: there is nothing to free.")]
internal sealed class RedisSubscription : BrokerSubscription
{
    private readonly RedisGroup _group;
    private readonly BrokerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Channel<StoredMessage> _ahead;
    private readonly CancellationTokenSource _stop = new(), _kill = new();
    private readonly Func<StoredMessage, CancellationToken, Task<bool>> _handle;
    private readonly Task[] _workers, _readers;
    private readonly BulkGatherer? _gatherer;

    public RedisSubscription(RedisGroup group, MessageHandler handler, BrokerOptions options, TimeProvider clock)
    {
        _group = group;
        _options = options;
        _clock = clock;
        _ahead = Channel.CreateBounded<StoredMessage>(Math.Max(1, options.QueueDepth));
        _gatherer = handler.Many is null ? null : new BulkGatherer(handler, clock, _kill.Token);
        _handle = _gatherer is null ? handler.One : _gatherer.HandleAsync;
        _readers = [Task.Run(ReadAsync), Task.Run(ReclaimAsync)];
        _workers = [.. Enumerable.Range(0, Math.Max(1, options.Concurrency)).Select(_ => Task.Run(WorkAsync))];
    }

    public override async Task StopAsync(TimeSpan drain)
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_workers), Task.Delay(drain, _clock));
        await KillAsync();
    }

    public override async Task KillAsync()
    {
        await _stop.CancelAsync();
        await _kill.CancelAsync();
        await Task.WhenAll([.. _workers, .. _readers]);
        if (_gatherer is not null) await _gatherer.Finished;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true) await _ahead.Writer.WriteAsync(await _group.TakeAsync(_clock, _stop.Token), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped; what was read ahead stays pending in the stream.
        }
    }

    private async Task ReclaimAsync()
    {
        if (_options.ProcessingTimeout <= TimeSpan.Zero || _options.RedeliverInterval <= TimeSpan.Zero) return;
        try
        {
            while (true)
            {
                foreach (StoredMessage message in _group.Reclaim(_options.QueueDepth, _clock.GetUtcNow()))
                    await _ahead.Writer.WriteAsync(message, _stop.Token);
                await Task.Delay(_options.RedeliverInterval, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                StoredMessage message = await _ahead.Reader.ReadAsync(_stop.Token);
                await HandleAsync(message);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task HandleAsync(StoredMessage message)
    {
        using CancellationTokenSource? late = _options.ProcessingTimeout > TimeSpan.Zero ? new(_options.ProcessingTimeout, _clock) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_kill.Token, late?.Token ?? CancellationToken.None);
        bool done;
        try
        {
            done = await _handle(message, ended.Token);
        }
        catch (OperationCanceledException)
        {
            done = false;
        }
        if (_kill.IsCancellationRequested || (!done && ended.IsCancellationRequested)) return;
        _group.Acknowledge(message, done);
    }
}
