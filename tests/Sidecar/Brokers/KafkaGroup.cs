using System.Diagnostics.CodeAnalysis;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>A consumer group of a Kafka topic: each partition belongs to one instance, which reads it in order.</summary>
[SuppressMessage("Design", "CA1001", Justification = "No wait handle and no timer is behind them: there is nothing to free.")]
internal sealed class KafkaGroup : ConsumerGroup
{
    private readonly BrokerOptions _options;
    private readonly long[] _marked;
    private readonly List<KafkaSubscription> _members = [];
    private readonly SemaphoreSlim _rebalancing = new(1, 1);

    public KafkaGroup(Topic topic, string name, BrokerOptions options)
        : base(topic, name)
    {
        _options = options;
        _marked = [.. topic.Partitions.Select(p => options.FromOldest ? p.First : p.End)];
    }

    public override long Waiting
    {
        get
        {
            lock (Topic.Gate) return Topic.Partitions.Select((p, i) => p.End - Math.Max(_marked[i], p.First)).Sum();
        }
    }

    public override bool Needs(int partition, long offset) => offset >= _marked[partition];

    public override async Task<BrokerSubscription> JoinAsync(MessageHandler handler, TimeProvider clock)
    {
        var member = new KafkaSubscription(this, handler, _options, clock);
        await RebalanceAsync(() =>
        {
            _members.Add(member);
            return Task.CompletedTask;
        });
        return member;
    }

    public Task LeaveAsync(KafkaSubscription member) => RebalanceAsync(() =>
    {
        _members.Remove(member);
        return member.RevokeAsync();
    });

    /// <summary>Where the partition goes on.</summary>
    public long Marked(int partition)
    {
        lock (Topic.Gate) return _marked[partition];
    }

    /// <summary>Everything before <paramref name="offset"/> is dealt with.</summary>
    public void Mark(int partition, long offset)
    {
        lock (Topic.Gate) _marked[partition] = Math.Max(_marked[partition], offset);
        Settled.Beat();
    }

    /// <summary>Up to <paramref name="most"/> messages from <paramref name="offset"/> on; empty if there is none.</summary>
    public List<StoredMessage> Read(int partition, long offset, int most)
    {
        lock (Topic.Gate)
        {
            PartitionLog log = Topic.Partitions[partition];
            offset = Math.Max(offset, log.First);
            var read = new List<StoredMessage>((int)Math.Clamp(log.End - offset, 0, most));
            while (offset < log.End && read.Count < most) read.Add(log[offset++]);
            return read;
        }
    }

    private async Task RebalanceAsync(Func<Task> change)
    {
        await _rebalancing.WaitAsync();
        try
        {
            await change();
            foreach (KafkaSubscription member in _members) await member.RevokeAsync();
            for (int i = 0; i < _members.Count; i++)
            {
                int from = i * _marked.Length / _members.Count, to = (i + 1) * _marked.Length / _members.Count;
                _members[i].Assign(Enumerable.Range(from, to - from));
            }
        }
        finally
        {
            _rebalancing.Release();
        }
    }
}
