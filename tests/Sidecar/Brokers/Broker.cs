using QuadTurbo.Sidecar.Faults;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>The broker that all sidecars of a mesh share.</summary>
public sealed class Broker
{
    private readonly Dictionary<string, TopicEntry> _topics = new(StringComparer.Ordinal);
    private readonly BrokerOptions _options;
    private readonly FaultBox _faults;
    private readonly TimeProvider _clock;

    internal Broker(BrokerOptions options, FaultBox faults, TimeProvider clock)
    {
        _options = options;
        _faults = faults;
        _clock = clock;
    }

    /// <summary>Whether it refuses everything that is published.</summary>
    public bool Down { get; set; }

    /// <summary>What it is.</summary>
    public BrokerFlavour Flavour => _options.Flavour;

    internal BrokerOptions Options => _options;

    /// <summary>How many messages <paramref name="topic"/> took, copies included.</summary>
    public long Appended(string topic)
    {
        Topic? found = Find(topic);
        if (found is null) return 0;
        lock (found.Gate) return found.Appended;
    }

    /// <summary>How many messages of <paramref name="topic"/> the instances of <paramref name="appId"/> have not dealt with.</summary>
    public long Waiting(string topic, string appId) => Find(topic)?.FindGroup(appId)?.Waiting ?? 0;

    /// <summary>How many messages of <paramref name="topic"/> failed at <paramref name="appId"/> and went nowhere.</summary>
    public long Lost(string topic, string appId) => Find(topic)?.FindGroup(appId)?.Lost ?? 0;

    /// <summary>Completes when the instances of <paramref name="appId"/> have dealt with all of <paramref name="topic"/>, held messages included, but <paramref name="leaving"/>.</summary>
    public async Task DrainedAsync(string topic, string appId, long leaving = 0, CancellationToken ct = default)
    {
        TopicEntry entry = Entry(topic);
        ConsumerGroup group = entry.Topic.Group(appId);
        while (true)
        {
            Task settled = group.Settled.Next, arrived = entry.Topic.Arrived.Next;
            if (entry.Shuffler.HeldBack == 0 && group.Waiting <= leaving) return;
            await Task.WhenAny(settled, arrived).WaitAsync(ct);
        }
    }

    /// <summary>Takes a message, or fails.</summary>
    /// <exception cref="BrokerException">It is down, full, or was told to fail.</exception>
    internal void Publish(string topic, BrokerMessage message)
    {
        if (Down) throw new BrokerException("the broker is down");
        Entry(topic).Shuffler.Accept(message);
    }

    internal Task<BrokerSubscription> SubscribeAsync(string topic, string group, MessageHandler handler) =>
        Entry(topic).Topic.Group(group).JoinAsync(handler, _clock);

    private Topic? Find(string topic)
    {
        lock (_topics) return _topics.GetValueOrDefault(topic)?.Topic;
    }

    private TopicEntry Entry(string name)
    {
        lock (_topics)
        {
            if (_topics.TryGetValue(name, out TopicEntry? entry)) return entry;
            if (_topics.Count >= _options.Topics) throw new BrokerException($"the broker holds {_options.Topics} topics already");
            var topic = new Topic(name, _options, _clock);
            return _topics[name] = new TopicEntry(topic, new Shuffler(topic, _faults, _clock));
        }
    }

    private sealed record TopicEntry(Topic Topic, Shuffler Shuffler);
}
