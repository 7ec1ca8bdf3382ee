using System.Numerics;

namespace QuadTurbo.Benchmarks;

/// <summary>Counts durations in buckets of 1/64 of an octave: 32 KiB whatever is counted, quantiles at most 1/64 too large. One writer.</summary>
internal sealed class LatencyTally
{
    private const int SubBits = 6, Sub = 1 << SubBits;
    private readonly long[] _counts = new long[64 * Sub];

    /// <summary>Durations counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, ns.</summary>
    public long Longest { get; private set; }

    /// <summary>Counts one.</summary>
    public void Record(long nanoseconds)
    {
        ulong value = (ulong)Math.Max(nanoseconds, Sub);
        int octave = BitOperations.Log2(value);
        _counts[octave * Sub + (int)((value >> (octave - SubBits)) & (Sub - 1))]++;
        Count++;
        Longest = Math.Max(Longest, nanoseconds);
    }

    /// <summary>Counts all that <paramref name="other"/> has counted.</summary>
    public void Add(LatencyTally other)
    {
        for (int b = 0; b < _counts.Length; b++) _counts[b] += other._counts[b];
        Count += other.Count;
        Longest = Math.Max(Longest, other.Longest);
    }

    /// <summary>What a share of <paramref name="quantile"/> did not exceed, ms: the upper end of its bucket; NaN for none.</summary>
    public double Milliseconds(double quantile)
    {
        if (Count == 0) return double.NaN;
        long rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count), seen = 0;
        int bucket = -1;
        while (seen < rank) seen += _counts[++bucket];
        double upper = Math.ScaleB(Sub + bucket % Sub + 1, bucket / Sub - SubBits);
        return Math.Min(upper, Math.Max(Longest, Sub)) * 1e-6;
    }
}
