namespace QuadTurbo.Sidecar.Brokers;

/// <summary>What a publisher handed over.</summary>
/// <param name="Body">The envelope, or the payload itself where it was published raw.</param>
/// <param name="Metadata">The request's metadata.</param>
public sealed record BrokerMessage(byte[] Body, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A message in its topic.</summary>
/// <param name="Message">The message.</param>
/// <param name="Partition">0 on Redis.</param>
/// <param name="Offset">From 0, contiguous within the partition.</param>
/// <param name="At">When the broker took it.</param>
public sealed record StoredMessage(BrokerMessage Message, int Partition, long Offset, DateTimeOffset At);

/// <summary>The broker did not take a message.</summary>
public sealed class BrokerException(string message) : Exception(message);

/// <summary>What a sidecar does with messages; true means the component may forget it.</summary>
/// <param name="One">Handles one message.</param>
/// <param name="Many">Handles a batch, if the subscription is a bulk one.</param>
/// <param name="Most">Most messages in a batch.</param>
/// <param name="Await">How long a batch waits to fill.</param>
public sealed record MessageHandler(
    Func<StoredMessage, CancellationToken, Task<bool>> One,
    Func<IReadOnlyList<StoredMessage>, CancellationToken, Task<bool[]>>? Many,
    int Most,
    TimeSpan Await);
