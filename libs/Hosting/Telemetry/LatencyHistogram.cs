using System.Numerics;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>Counts durations in buckets of 1/16 of an octave; safe to use from several threads, allocates nothing.</summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 4, Sub = 1 << SubBits;
    private readonly long[] _counts = new long[64 * Sub];

    /// <summary>Counts one.</summary>
    public void Record(TimeSpan elapsed)
    {
        ulong nanoseconds = (ulong)Math.Max(elapsed.Ticks * TimeSpan.NanosecondsPerTick, Sub);
        int octave = BitOperations.Log2(nanoseconds);
        Interlocked.Increment(ref _counts[octave * Sub + (int)((nanoseconds >> (octave - SubBits)) & (Sub - 1))]);
    }

    /// <summary>How many were counted.</summary>
    public long Count
    {
        get
        {
            long total = 0;
            for (int b = 0; b < _counts.Length; b++) total += Interlocked.Read(ref _counts[b]);
            return total;
        }
    }

    /// <summary>The duration, s, that a share of <paramref name="quantile"/> did not exceed: the upper end of its bucket, so at most 1/16 too large; NaN for none.</summary>
    public double Quantile(double quantile)
    {
        long total = 0;
        for (int b = 0; b < _counts.Length; b++) total += Interlocked.Read(ref _counts[b]);
        if (total == 0) return double.NaN;
        long rank = Math.Max(1, (long)Math.Ceiling(quantile * total)), seen = 0;
        for (int b = 0; b < _counts.Length; b++)
        {
            seen += Interlocked.Read(ref _counts[b]);
            if (seen >= rank) return Math.ScaleB(Sub + b % Sub + 1, b / Sub - SubBits) * 1e-9;
        }
        return double.NaN;
    }
}
