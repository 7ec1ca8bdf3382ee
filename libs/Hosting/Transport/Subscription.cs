using System.Diagnostics;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport;

/// <summary>What one handler hears of one topic, whatever the message type.</summary>
internal abstract class Subscription(string handler, string topic, QueuePolicy policy)
{
    /// <summary>Name of the handler.</summary>
    public string Handler { get; } = handler;

    /// <summary>Name of the topic.</summary>
    public string Topic { get; } = topic;

    /// <summary>Bounds of the queue.</summary>
    public QueuePolicy Policy { get; } = policy;

    /// <summary>How long a message of it takes to handle.</summary>
    public LatencyHistogram Handling { get; } = new();

    /// <summary>Signals the handler's pump; set when the transport starts.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>State of the queue.</summary>
    public abstract QueueStatus Status { get; }

    /// <summary>Whether its handler wants messages at all now.</summary>
    public abstract bool Wants { get; }

    /// <summary>Handles one message, or accounts for one that was dropped, if there is one and the handler is ready for it.</summary>
    /// <returns>How many messages were dealt with, those that were forgotten included.</returns>
    public abstract ValueTask<int> PumpAsync(CancellationToken cancel);

    /// <summary>Whether no more than <paramref name="share"/> of the capacity is in use.</summary>
    public abstract bool IsBelow(double share);

    /// <summary>Completes when no more than <paramref name="share"/> of the capacity is in use.</summary>
    public abstract ValueTask UntilBelowAsync(double share, CancellationToken cancel);

    /// <summary>A message of the topic from its text.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public abstract object Read(ReadOnlySpan<byte> text, WireTables tables);

    /// <summary>How much of a queue <paramref name="message"/> takes.</summary>
    public abstract int SizeOf(object message);

    /// <summary>Whether the handler can take <paramref name="message"/> now.</summary>
    public abstract bool IsReadyFor(object message);

    /// <summary>Lets the handler handle <paramref name="message"/>, or account for it where it was <paramref name="dropped"/>.</summary>
    public abstract ValueTask HandleAsync(object message, bool dropped, CancellationToken cancel);
}

/// <summary>What one handler hears of one topic.</summary>
internal sealed class Subscription<THandler, TMessage>(
    THandler handler, Topic<TMessage> topic, Listener<THandler, TMessage> listener, TimeProvider clock)
    : Subscription(typeof(THandler).Name, topic.Name, listener.Policy), ISubscriber<TMessage>
    where THandler : class
    where TMessage : class
{
    private readonly BoundedQueue<TMessage> _queue = new(listener.Policy, topic.Size, clock);

    public override QueueStatus Status => new(Handler, Topic, _queue.Depth, Policy.Capacity, _queue.DroppedCount) { Policy = Policy.Text };

    public override bool Wants => listener.Wants is not { } wants || wants(handler);

    public ValueTask HandleAsync(TMessage message, CancellationToken cancel)
    {
        if (listener.Ready is { } ready && !ready(handler, message))
            throw new InvalidOperationException($"{Handler} was given {Topic} out of order in lockstep");
        return listener.Handle(handler, message, cancel);
    }

    public async ValueTask EnqueueAsync(TMessage message, CancellationToken cancel)
    {
        ValueTask enqueued = _queue.EnqueueAsync(message, cancel);
        if (!enqueued.IsCompletedSuccessfully) await enqueued;
        Wake();
    }

    public override async ValueTask<int> PumpAsync(CancellationToken cancel)
    {
        if (_queue.TakeForgotten() is > 0 and int forgotten) return forgotten;
        if (_queue.TryTakeDropped(out TMessage? dropped))
        {
            if (listener.Dropped is { } account) await account(handler, dropped, cancel);
            return 1;
        }
        if (!_queue.TryPeek(out TMessage? message)) return 0;
        if (listener.Ready is { } ready && !ready(handler, message)) return 0;
        if (!_queue.TryRemove(message)) return 0;
        long started = Stopwatch.GetTimestamp();
        await listener.Handle(handler, message, cancel);
        Handling.Record(Stopwatch.GetElapsedTime(started));
        return 1;
    }

    public override bool IsBelow(double share) => Policy.WhenFull == WhenFull.Forget || _queue.Depth <= (int)(Policy.Capacity * share);

    public override ValueTask UntilBelowAsync(double share, CancellationToken cancel) =>
        Policy.WhenFull == WhenFull.Forget ? ValueTask.CompletedTask : _queue.UntilAtMostAsync((int)(Policy.Capacity * share), cancel);

    public override object Read(ReadOnlySpan<byte> text, WireTables tables) => WireFormat.Read(topic, text, tables);

    public override int SizeOf(object message) => topic.Size((TMessage)message);

    public override bool IsReadyFor(object message) => listener.Ready is not { } ready || ready(handler, (TMessage)message);

    public override ValueTask HandleAsync(object message, bool dropped, CancellationToken cancel) => dropped
        ? listener.Dropped?.Invoke(handler, (TMessage)message, cancel) ?? ValueTask.CompletedTask
        : listener.Handle(handler, (TMessage)message, cancel);
}

/// <summary>Someone who hears messages of one type.</summary>
internal interface ISubscriber<in TMessage>
{
    /// <summary>Handles the message now, on the caller's thread.</summary>
    ValueTask HandleAsync(TMessage message, CancellationToken cancel);

    /// <summary>Puts the message into the queue, by its policy.</summary>
    ValueTask EnqueueAsync(TMessage message, CancellationToken cancel);
}

/// <summary>How a handler listens to a topic.</summary>
/// <param name="Handle">Handles one message; the next one comes when it has finished.</param>
/// <param name="Policy">Bounds of the queue.</param>
/// <param name="Ready">False while a message has to wait for one of another topic; null when it never has to.</param>
/// <param name="Dropped">Accounts for a message that the policy dropped; null when nothing depends on it.</param>
/// <param name="Wants">False while messages of this topic pass the handler by, neither queued nor counted; null when it wants them all.</param>
public sealed record Listener<THandler, TMessage>(
    Func<THandler, TMessage, CancellationToken, ValueTask> Handle,
    QueuePolicy Policy,
    Func<THandler, TMessage, bool>? Ready = null,
    Func<THandler, TMessage, CancellationToken, ValueTask>? Dropped = null,
    Func<THandler, bool>? Wants = null);
