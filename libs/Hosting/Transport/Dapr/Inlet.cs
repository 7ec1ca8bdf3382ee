using System.Diagnostics.CodeAnalysis;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>A message that was heard, put into order and read.</summary>
/// <param name="Id">Its place among all that this process heard.</param>
/// <param name="Message">What it says.</param>
/// <param name="Trace">W3C trace context; null for none.</param>
/// <param name="Listeners">How many have still to deal with it.</param>
internal sealed record Heard(long Id, object Message, string? Trace, int Listeners)
{
    private int _left = Listeners;

    /// <summary>One listener has dealt with it; true for the last of them.</summary>
    public bool Leave() => Interlocked.Decrement(ref _left) == 0;
}

/// <summary>What waits for one listener of one topic, in order.</summary>
/// <remarks>
/// A full inlet holds the delivery up, and so the broker. Where the oldest gives way, as many again as the capacity are taken in, and the pump lets the oldest go.
/// </remarks>
internal sealed class Inlet(Subscription subscription, bool paced)
{
    private readonly Lock _lock = new();
    private readonly Queue<Heard> _waiting = new();
    private TaskCompletionSource? _room;
    private int _depth;
    private long _dropped;

    /// <summary>Whom it leads to.</summary>
    public Subscription Subscription => subscription;

    /// <summary>Names the listener across restarts.</summary>
    public string Name { get; } = $"{subscription.Handler}/{subscription.Topic}";

    /// <summary>How long a message takes to handle.</summary>
    public LatencyHistogram Handling => subscription.Handling;

    /// <summary>State of the queue.</summary>
    public QueueStatus Status => new(subscription.Handler, subscription.Topic, Volatile.Read(ref _depth), subscription.Policy.Capacity, Interlocked.Read(ref _dropped))
    {
        Policy = subscription.Policy.Text,
    };

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _depth) == 0;

    private bool GivesWay => !paced && subscription.Policy.WhenFull != WhenFull.Wait;

    private int Most => GivesWay ? (int)Math.Min(int.MaxValue, 2L * subscription.Policy.Capacity) : subscription.Policy.Capacity;

    /// <summary>Puts a message behind the others.</summary>
    public void Add(Heard message)
    {
        lock (_lock)
        {
            _waiting.Enqueue(message);
            _depth += Math.Max(1, subscription.SizeOf(message.Message));
        }
    }

    /// <summary>Completes when there is room.</summary>
    public async ValueTask UntilRoomAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_depth < Most) return;
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await room.WaitAsync(cancel);
        }
    }

    /// <summary>The oldest message, if its turn has come: it can be handled, or it has to give way.</summary>
    public bool TryTake([NotNullWhen(true)] out Heard? message, out bool dropped)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            dropped = false;
            if (!_waiting.TryPeek(out message)) return false;
            dropped = GivesWay && _waiting.Count > 1 && _depth > subscription.Policy.Capacity;
            if (!dropped && !subscription.IsReadyFor(message.Message)) return false;
            _waiting.Dequeue();
            _depth -= Math.Max(1, subscription.SizeOf(message.Message));
            (room, _room) = (_room, null);
        }
        if (dropped) Interlocked.Increment(ref _dropped);
        room?.TrySetResult();
        return true;
    }
}
