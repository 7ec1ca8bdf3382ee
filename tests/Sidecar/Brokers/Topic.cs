using System.Text;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>One topic: its partitions and the groups that read it.</summary>
internal sealed class Topic
{
    private readonly BrokerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, ConsumerGroup> _groups = new(StringComparer.Ordinal);
    private long _bytes;
    private int _turn;

    public Topic(string name, BrokerOptions options, TimeProvider clock)
    {
        Name = name;
        _options = options;
        _clock = clock;
        Partitions = [.. Enumerable.Range(0, options.Flavour == BrokerFlavour.Kafka ? options.Partitions : 1).Select(_ => new PartitionLog())];
    }

    public string Name { get; }

    public Lock Gate { get; } = new();

    public Pulse Arrived { get; } = new();

    public PartitionLog[] Partitions { get; }

    /// <summary>Messages that were appended.</summary>
    public long Appended { get; private set; }

    /// <exception cref="BrokerException">Every message held is yet to be read.</exception>
    public void Append(BrokerMessage message)
    {
        lock (Gate)
        {
            while (IsFullFor(message))
            {
                if (!TrimOne()) throw new BrokerException($"topic {Name} is full");
            }
            int partition = PartitionOf(message);
            Partitions[partition].Append(new StoredMessage(message, partition, Partitions[partition].End, _clock.GetUtcNow()));
            _bytes += message.Body.Length;
            Appended++;
        }
        Arrived.Beat();
    }

    public ConsumerGroup Group(string name)
    {
        lock (Gate)
        {
            if (!_groups.TryGetValue(name, out ConsumerGroup? group))
                _groups[name] = group = _options.Flavour == BrokerFlavour.Kafka ? new KafkaGroup(this, name, _options) : new RedisGroup(this, name, _options);
            return group;
        }
    }

    public ConsumerGroup? FindGroup(string name)
    {
        lock (Gate) return _groups.GetValueOrDefault(name);
    }

    private bool IsFullFor(BrokerMessage message) =>
        Partitions.Sum(p => p.Count) is var count && count > 0
            && (count >= _options.MessagesPerTopic || _bytes + message.Body.Length > _options.BytesPerTopic);

    private bool TrimOne()
    {
        PartitionLog? oldest = null;
        for (int i = 0; i < Partitions.Length; i++)
        {
            PartitionLog partition = Partitions[i];
            if (partition.Count == 0 || _groups.Values.Any(g => g.Needs(i, partition.First))) continue;
            if (oldest is null || partition[partition.First].At < oldest[oldest.First].At) oldest = partition;
        }
        if (oldest is null) return false;
        _bytes -= oldest.Trim().Message.Body.Length;
        return true;
    }

    private int PartitionOf(BrokerMessage message)
    {
        if (Partitions.Length == 1) return 0;
        if (message.Metadata.TryGetValue("partitionNumber", out string? number) && int.TryParse(number, out int chosen))
        {
            return chosen >= 0 && chosen < Partitions.Length ? chosen : throw new BrokerException($"topic {Name} has no partition {chosen}");
        }
        if (!message.Metadata.TryGetValue("partitionKey", out string? key)) return _turn++ % Partitions.Length;
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(key)) hash = (hash ^ b) * 16777619;
        return (int)(hash % (uint)Partitions.Length);
    }
}
