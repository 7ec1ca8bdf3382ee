namespace QuadTurbo.Sidecar.Brokers;

/// <summary>Which broker is behind the sidecars.</summary>
public enum BrokerFlavour
{
    /// <summary>Redis streams: one stream a topic, many workers, no order, a failed message is lost.</summary>
    Redis,

    /// <summary>Kafka: partitions by key, in order within one, a failed message blocks its partition.</summary>
    Kafka,
}

/// <summary>The broker and what its component's metadata says.</summary>
public sealed record BrokerOptions
{
    /// <summary>Which one.</summary>
    public BrokerFlavour Flavour { get; init; } = BrokerFlavour.Redis;

    /// <summary>Most messages a topic holds. Read ones give way; when all are unread, publishing fails.</summary>
    public int MessagesPerTopic { get; init; } = 100_000;

    /// <summary>Most bytes of bodies a topic holds.</summary>
    public long BytesPerTopic { get; init; } = 256L << 20;

    /// <summary>Most topics.</summary>
    public int Topics { get; init; } = 1_000;

    /// <summary>Kafka: partitions of a topic.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Kafka <c>consumeRetryInterval</c>: how long a failed message rests before it is tried again.</summary>
    public TimeSpan ConsumeRetryInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Kafka <c>initialOffset</c> = oldest: a new group starts at the first message instead of the next.</summary>
    public bool FromOldest { get; init; }

    /// <summary>Redis <c>concurrency</c>: messages in the hands of the application at once.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>Redis <c>queueDepth</c>: messages read ahead.</summary>
    public int QueueDepth { get; init; } = 100;

    /// <summary>Redis <c>processingTimeout</c>: a message that long in one hand may be taken by another; zero: never.</summary>
    public TimeSpan ProcessingTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Redis <c>redeliverInterval</c>: how often a sidecar looks for such messages; zero: never.</summary>
    public TimeSpan RedeliverInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Redis: the sidecar publishes the entries of a batch at the same time, so their order is drawn from this seed; null keeps it.</summary>
    public long? ShuffleBulkSeed { get; init; } = 1;
}
