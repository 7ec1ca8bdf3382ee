namespace QuadTurbo.Learning.Drift;

/// <summary>Keeps as many recent values as have one mean, and says when older ones had another (Bifet and Gavaldà 2007).</summary>
/// <remarks>
/// Values lie in an exponential histogram of at most <see cref="BucketsPerSize"/> buckets of each power of two: memory O(log n).
/// Every <see cref="CheckEvery"/> values, while the means left and right of a bucket border differ by
/// ε = √(2/m · σ² · ln(2/δ′)) + 2/(3m) · ln(2/δ′) or more, the oldest bucket goes; 1/m = 1/n₀ + 1/n₁, δ′ = δ / ln n, σ² the variance of the
/// whole window. The second term takes values of range 1: error 0 or 1, or a log-loss scaled so.
/// </remarks>
public sealed class Adwin
{
    /// <summary>Values between two checks.</summary>
    public const int CheckEvery = 32;

    /// <summary>Buckets of one size before the two oldest are joined.</summary>
    public const int BucketsPerSize = 5;

    /// <summary>Values that each side of a border must have.</summary>
    public const int SmallestSide = 5;

    private readonly double _delta;
    private readonly List<Bucket> _buckets = [];

    /// <summary>An empty window.</summary>
    /// <param name="delta">Chance of a false cut, roughly, per window; between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">delta is not between 0 and 1.</exception>
    public Adwin(double delta = 0.002)
    {
        if (!(delta > 0 && delta < 1)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "between 0 and 1");
        _delta = delta;
    }

    /// <summary>Values seen.</summary>
    public long Seen { get; private set; }

    /// <summary>Values in the window.</summary>
    public long Length { get; private set; }

    /// <summary>Times the window was cut.</summary>
    public long Cuts { get; private set; }

    /// <summary>Mean of the window; NaN of nothing.</summary>
    public double Mean => Total().Mean;

    /// <summary>Variance of the window, divided by its length; NaN of nothing.</summary>
    public double Variance => Length == 0 ? double.NaN : Total().Squares / Length;

    /// <summary>Takes one value; true when the window was cut: older values had another mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite: nothing is taken then.</exception>
    public bool Add(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "a finite number");
        _buckets.Add(new Bucket(1, value, 0));
        Length++;
        Seen++;
        Compress();
        if (Seen % CheckEvery != 0) return false;
        long before = Length;
        while (HasCut())
        {
            Length -= _buckets[0].Count;
            _buckets.RemoveAt(0);
        }
        if (Length == before) return false;
        Cuts++;
        return true;
    }

    // Buckets are held from the oldest and largest to the newest. A full size joins its two oldest, which may fill the next.
    private void Compress()
    {
        int end = _buckets.Count;
        while (end > 0)
        {
            long size = _buckets[end - 1].Count;
            int start = end;
            while (start > 0 && _buckets[start - 1].Count == size) start--;
            if (end - start <= BucketsPerSize) return;
            _buckets[start] = _buckets[start].Join(_buckets[start + 1]);
            _buckets.RemoveAt(start + 1);
            end = start + 1;
        }
    }

    private bool HasCut()
    {
        Bucket total = Total(), old = default;
        if (Length < 2 * SmallestSide) return false;
        double variance = total.Squares / Length, confidence = Math.Log(2 * Math.Log(Length) / _delta), sum = total.Mean * Length;
        for (int i = 0; i < _buckets.Count - 1; i++)
        {
            old = old.Join(_buckets[i]);
            long right = Length - old.Count;
            if (old.Count < SmallestSide) continue;
            if (right < SmallestSide) break;
            double inverse = 1.0 / old.Count + 1.0 / right;
            double epsilon = Math.Sqrt(2 * inverse * variance * confidence) + 2.0 / 3 * inverse * confidence;
            if (Math.Abs(old.Mean - (sum - old.Mean * old.Count) / right) >= epsilon) return true;
        }
        return false;
    }

    private Bucket Total()
    {
        Bucket total = new(0, double.NaN, 0);
        foreach (Bucket bucket in _buckets) total = total.Count == 0 ? bucket : total.Join(bucket);
        return total;
    }

    // Squares = Σ (x − mean)², joined as Chan, Golub and LeVeque 1983.
    private readonly record struct Bucket(long Count, double Mean, double Squares)
    {
        public Bucket Join(Bucket other)
        {
            long count = Count + other.Count;
            double difference = other.Mean - Mean;
            return new Bucket(count, Mean + difference * other.Count / count,
                Squares + other.Squares + difference * difference * Count * other.Count / count);
        }
    }
}
