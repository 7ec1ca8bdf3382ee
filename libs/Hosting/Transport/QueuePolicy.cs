using System.Globalization;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Hosting.Transport;

/// <summary>How much a subscription holds, and what happens when that is reached.</summary>
/// <param name="Capacity">Most items (opportunities, outcomes, quotes) waiting; one message larger than that is let in alone.</param>
/// <param name="WhenFull">What gives.</param>
/// <param name="WaitAtMost">
/// With <see cref="WhenFull.Wait"/>: how long the publisher waits before the message is dropped. With <see cref="WhenFull.DropOldest"/> it waits only while
/// as many dropped messages are not yet accounted for as the capacity.
/// </param>
public sealed record QueuePolicy(int Capacity, WhenFull WhenFull, TimeSpan WaitAtMost)
{
    /// <summary>What gives when it is full, in words.</summary>
    public string Text => WhenFull == WhenFull.DropOldest ? "the oldest is dropped"
        : WhenFull == WhenFull.Forget ? "the oldest is forgotten"
        : WaitAtMost == Timeout.InfiniteTimeSpan ? "the publisher waits"
        : string.Create(CultureInfo.InvariantCulture, $"the publisher waits {WaitAtMost.TotalSeconds:0.###} s, then it is dropped");

    /// <summary>The publisher waits for as long as it takes: for what must not be lost.</summary>
    public static QueuePolicy Wait(int capacity) => new(capacity, WhenFull.Wait, Timeout.InfiniteTimeSpan);

    /// <summary>The publisher waits, but not longer than <paramref name="atMost"/>.</summary>
    public static QueuePolicy WaitWithin(int capacity, TimeSpan atMost) => new(capacity, WhenFull.Wait, atMost);

    /// <summary>The oldest message gives way: for what is worthless when late.</summary>
    public static QueuePolicy DropOldest(int capacity) => new(capacity, WhenFull.DropOldest, Timeout.InfiniteTimeSpan);

    /// <summary>The oldest message gives way and is only counted; neither a publisher nor a feed ever waits for this queue: for onlookers.</summary>
    public static QueuePolicy Forget(int capacity) => new(capacity, WhenFull.Forget, TimeSpan.Zero);
}

/// <summary>What gives when a queue is full.</summary>
public enum WhenFull
{
    /// <summary>The publisher waits.</summary>
    Wait,

    /// <summary>The oldest message is dropped.</summary>
    DropOldest,

    /// <summary>The oldest message is dropped, and nobody accounts for it.</summary>
    Forget,
}

/// <summary>State of one queue.</summary>
/// <param name="Handler">Who reads it.</param>
/// <param name="Topic">What is in it.</param>
/// <param name="Depth">Items waiting.</param>
/// <param name="Capacity">Most items waiting.</param>
/// <param name="Dropped">Messages dropped since the start.</param>
public sealed record QueueStatus(string Handler, string Topic, int Depth, int Capacity, long Dropped)
{
    /// <summary>What happens when it is full, in words.</summary>
    public string Policy { get; init; } = "";
}

/// <summary>How long a handler takes for one message of a topic, what it hands on included.</summary>
/// <param name="Handler">Who handles it.</param>
/// <param name="Topic">What is handled.</param>
/// <param name="Latency">The times since the start.</param>
public sealed record HandlingTime(string Handler, string Topic, LatencyHistogram Latency);
