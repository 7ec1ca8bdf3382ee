using System.Collections.Concurrent;
using QuadTurbo.Trading;

namespace QuadTurbo.Sidecar.Faults;

/// <summary>Decides what goes wrong: by rate, or the next few times because a test said so.</summary>
public sealed class FaultBox
{
    private readonly Dictionary<Fault, int> _owed = [];
    private readonly ConcurrentDictionary<Fault, long> _counts = new();
    private readonly Lock _lock = new();
    private volatile FaultPlan _plan = new();

    /// <summary>The rates in force; may change at any time.</summary>
    public FaultPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>Lets <paramref name="fault"/> happen the next <paramref name="times"/> times it can.</summary>
    public void Next(Fault fault, int times = 1)
    {
        lock (_lock) _owed[fault] = _owed.GetValueOrDefault(fault) + times;
    }

    /// <summary>How often <paramref name="fault"/> happened.</summary>
    public long Count(Fault fault) => _counts.GetValueOrDefault(fault);

    /// <summary>Whether <paramref name="fault"/> happens to the <paramref name="ordinal"/>-th of <paramref name="what"/>.</summary>
    internal bool Strikes(Fault fault, string what, long ordinal)
    {
        bool strikes = Owed(fault)
            || (_plan.Rates.TryGetValue(fault, out double rate) && rate > 0 && Stream(fault, what, ordinal).NextDouble() < rate);
        if (strikes) _counts.AddOrUpdate(fault, 1, static (_, n) => n + 1);
        return strikes;
    }

    /// <summary>A number in 1 .. <see cref="FaultPlan.ReorderDepth"/>: how many pass.</summary>
    internal int Depth(Fault fault, string what, long ordinal)
    {
        SeededRandom stream = Stream(fault, what, ordinal);
        stream.NextBits();
        return 1 + stream.NextInt(Math.Max(1, _plan.ReorderDepth));
    }

    private bool Owed(Fault fault)
    {
        lock (_lock)
        {
            if (_owed.GetValueOrDefault(fault) == 0) return false;
            _owed[fault]--;
            return true;
        }
    }

    private SeededRandom Stream(Fault fault, string what, long ordinal)
    {
        SeededRandom named = SeededRandom.Stream(_plan.Seed, $"{fault}/{what}");
        return SeededRandom.Keyed((long)named.NextBits(), (ulong)ordinal);
    }
}
