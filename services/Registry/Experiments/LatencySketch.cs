namespace QuadTurbo.Registry.Experiments;

/// <summary>Quantiles of durations in bounded memory, each within 1 %. Not thread-safe.</summary>
/// <remarks>
/// Counts by powers of γ = (1 + a) / (1 − a), a = 1 %: the value 2 γⁱ / (γ + 1) is within a of all that bucket i holds (Masson, Rim and Lee 2019).
/// 100 ns to 1,000 s; what lies outside counts as the nearest end.
/// </remarks>
public sealed class LatencySketch
{
    private const double Accuracy = 0.01;
    private const double Least = 1e-7;
    private const double Most = 1e3;
    private const double Gamma = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double LogGamma = Math.Log(Gamma);
    private static readonly int First = IndexOf(Least);
    private readonly long[] _counts = new long[IndexOf(Most) - First + 1];

    /// <summary>Durations taken.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a duration; a negative one counts as none.</summary>
    public void Add(TimeSpan duration)
    {
        _counts[IndexOf(Math.Clamp(duration.TotalSeconds, Least, Most)) - First]++;
        Count++;
    }

    /// <summary>The duration that a share of all does not exceed: the ⌈q n⌉-th in order. Null of none.</summary>
    /// <param name="q">Above 0, at most 1.</param>
    public TimeSpan? Quantile(double q)
    {
        if (!(q is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "above 0 and at most 1");
        if (Count == 0) return null;
        long rank = (long)Math.Ceiling(q * Count), seen = 0;
        int bucket = 0;
        while ((seen += _counts[bucket]) < rank) bucket++;
        return TimeSpan.FromSeconds(2 * Math.Pow(Gamma, bucket + First) / (Gamma + 1));
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_counts.Count(c => c > 0));
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0) continue;
            writer.Write(i);
            writer.Write(_counts[i]);
        }
    }

    internal void Read(BinaryReader reader)
    {
        Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            int bucket = reader.ReadInt32();
            long count = reader.ReadInt64();
            if (bucket < 0 || bucket >= _counts.Length || count < 1) throw new InvalidDataException($"bucket {bucket} of latencies holds {count}");
            _counts[bucket] = count;
            Count += count;
        }
    }

    private static int IndexOf(double seconds) => (int)Math.Ceiling(Math.Log(seconds) / LogGamma);
}
