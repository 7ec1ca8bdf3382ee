namespace QuadTurbo.Sidecar.Brokers;

/// <summary>Where one app-id stands in a topic; its instances share what is there.</summary>
internal abstract class ConsumerGroup(Topic topic, string name)
{
    private long _lost;

    public Topic Topic { get; } = topic;

    public string Name { get; } = name;

    /// <summary>Beats whenever something was dealt with.</summary>
    public Pulse Settled { get; } = new();

    /// <summary>Messages that failed and that nobody will see again.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Messages not yet dealt with.</summary>
    public abstract long Waiting { get; }

    /// <summary>Whether the message at <paramref name="offset"/> is yet to be dealt with. The topic's lock is held.</summary>
    public abstract bool Needs(int partition, long offset);

    /// <summary>An instance more.</summary>
    public abstract Task<BrokerSubscription> JoinAsync(MessageHandler handler, TimeProvider clock);

    protected void Lose() => Interlocked.Increment(ref _lost);
}

/// <summary>One instance in a group.</summary>
public abstract class BrokerSubscription
{
    /// <summary>Takes no more messages and waits for those in hand, up to <paramref name="drain"/>; then leaves the group.</summary>
    public abstract Task StopAsync(TimeSpan drain);

    /// <summary>Is gone at once, as after SIGKILL: what was in hand is neither acknowledged nor given back.</summary>
    public abstract Task KillAsync();
}
