using QuadTurbo.Sidecar.Faults;

namespace QuadTurbo.Sidecar.Brokers;

/// <summary>Stands before a topic: lets messages pass, holds some back until others have passed, and lets some through twice.</summary>
internal sealed class Shuffler(Topic topic, FaultBox faults, TimeProvider clock)
{
    private const int MostHeld = 1_000;

    private readonly Lock _lock = new();
    private readonly List<Held> _held = [];
    private long _accepted;

    /// <summary>Messages that wait to be shown.</summary>
    public int HeldBack
    {
        get
        {
            lock (_lock) return _held.Count;
        }
    }

    /// <exception cref="BrokerException">The topic is full, or a fault says so.</exception>
    public void Accept(BrokerMessage message)
    {
        lock (_lock)
        {
            long ordinal = _accepted++;
            if (faults.Strikes(Fault.BrokerError, topic.Name, ordinal)) throw new BrokerException("the broker was told to fail");
            if (faults.Strikes(Fault.Delay, topic.Name, ordinal)) Hold(message, int.MaxValue, faults.Plan.DelayBy);
            else if (faults.Strikes(Fault.Reorder, topic.Name, ordinal)) Hold(message, faults.Depth(Fault.Reorder, topic.Name, ordinal), faults.Plan.HoldAtMost);
            else Pass(message);
            if (faults.Strikes(Fault.Duplicate, topic.Name, ordinal))
                Hold(message, faults.Depth(Fault.Duplicate, topic.Name, ordinal), faults.Plan.HoldAtMost);
        }
    }

    private void Pass(BrokerMessage message)
    {
        topic.Append(message);
        for (int i = 0; i < _held.Count; i++)
        {
            if (_held[i].Passes != int.MaxValue && --_held[i].Passes == 0) Release(_held[i--]);
        }
    }

    private void Hold(BrokerMessage message, int passes, TimeSpan atMost)
    {
        if (_held.Count >= MostHeld)
        {
            topic.Append(message);
            return;
        }
        var held = new Held(message) { Passes = passes };
        _held.Add(held);
        held.Timer = clock.CreateTimer(_ => ReleaseLate(held), null, atMost, Timeout.InfiniteTimeSpan);
    }

    private void ReleaseLate(Held held)
    {
        lock (_lock)
        {
            if (_held.Contains(held)) Release(held);
        }
    }

    private void Release(Held held)
    {
        _held.Remove(held);
        held.Timer?.Dispose();
        try
        {
            topic.Append(held.Message);
        }
        catch (BrokerException)
        {
            // It was accepted before the topic filled up: the next read makes room.
            _held.Add(held);
            held.Timer = clock.CreateTimer(_ => ReleaseLate(held), null, faults.Plan.HoldAtMost, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Held(BrokerMessage message)
    {
        public BrokerMessage Message { get; } = message;

        public int Passes { get; set; }

        public ITimer? Timer { get; set; }
    }
}
