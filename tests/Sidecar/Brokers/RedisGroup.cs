namespace QuadTurbo.Sidecar.Brokers;

/// <summary>A consumer group of a Redis stream: a new one starts at the first message, taken messages are pending until acknowledged.</summary>
internal sealed class RedisGroup(Topic topic, string name, BrokerOptions options) : ConsumerGroup(topic, name)
{
    private readonly SortedDictionary<long, DateTimeOffset> _pending = [];
    private long _next;

    public override long Waiting
    {
        get
        {
            lock (Topic.Gate) return Topic.Partitions[0].End - Math.Max(_next, Topic.Partitions[0].First) + _pending.Count;
        }
    }

    public override bool Needs(int partition, long offset) => offset >= _next || _pending.ContainsKey(offset);

    public override Task<BrokerSubscription> JoinAsync(MessageHandler handler, TimeProvider clock) =>
        Task.FromResult<BrokerSubscription>(new RedisSubscription(this, handler, options, clock));

    /// <summary>The next message nobody has taken; it is pending from now on.</summary>
    public async Task<StoredMessage> TakeAsync(TimeProvider clock, CancellationToken ct)
    {
        while (true)
        {
            Task arrival = Topic.Arrived.Next;
            lock (Topic.Gate)
            {
                ct.ThrowIfCancellationRequested();
                PartitionLog stream = Topic.Partitions[0];
                _next = Math.Max(_next, stream.First);
                if (_next < stream.End)
                {
                    _pending[_next] = clock.GetUtcNow();
                    return stream[_next++];
                }
            }
            await arrival.WaitAsync(ct);
        }
    }

    /// <summary>Up to <paramref name="most"/> messages that have been pending too long; they count from now again.</summary>
    public StoredMessage[] Reclaim(int most, DateTimeOffset now)
    {
        lock (Topic.Gate)
        {
            long[] idle = [.. _pending.Where(p => now - p.Value >= options.ProcessingTimeout).Select(p => p.Key).Take(most)];
            foreach (long offset in idle) _pending[offset] = now;
            return [.. idle.Select(offset => Topic.Partitions[0][offset])];
        }
    }

    public void Acknowledge(StoredMessage message, bool done)
    {
        lock (Topic.Gate) _pending.Remove(message.Offset);
        if (!done) Lose();
        Settled.Beat();
    }
}
