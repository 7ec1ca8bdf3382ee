using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Drift;

/// <summary>What one column looked like when the model was trained, kept so that a window is compared in O(m log n).</summary>
/// <remarks>Known values are held sorted, with prefix sums and the counts of the PSI bins. Thread-safe.</remarks>
public sealed class ReferenceColumn
{
    /// <summary>Window lengths beyond this share the null quantile of this length, which is larger: the check stays on the safe side.</summary>
    public const int LongestNull = 1_000;

    private readonly double[] _sorted;
    private readonly double[] _sums;
    private readonly int[] _bins;
    private readonly int _resamples;
    private readonly double _quantile;
    private readonly long _seed;
    private readonly Dictionary<int, double> _nulls = [];

    /// <summary>The column <paramref name="name"/> as it was; NaN is missing.</summary>
    /// <param name="name">Its name, also of its random draws.</param>
    /// <param name="values">In any order.</param>
    /// <param name="options">How many resamples the null quantile takes.</param>
    /// <param name="seed">Seed of these resamples.</param>
    /// <exception cref="ArgumentException">A value is infinite.</exception>
    internal ReferenceColumn(string name, ReadOnlySpan<double> values, DriftOptions options, long seed)
    {
        (Name, _resamples, _quantile, _seed) = (name, options.Resamples, options.NullQuantile, seed);
        _sorted = SortKnown(values, name);
        Missing = values.Length - _sorted.Length;
        Edges = StabilityIndex.Edges(_sorted);
        _bins = new int[Edges.Length + 1];
        StabilityIndex.Count(_sorted, Edges, _bins);
        Median = _sorted.Length == 0 ? double.NaN : StabilityIndex.Quantile(_sorted, 0.5);
        _sums = PrefixSums(_sorted, Median);
        Spread = FindSpread();
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Values that were missing.</summary>
    public int Missing { get; }

    /// <summary>Known values, ascending.</summary>
    public ReadOnlySpan<double> Values => _sorted;

    /// <summary>Inner edges of the PSI bins.</summary>
    internal double[] Edges { get; }

    /// <summary>Median of the known values; NaN of none.</summary>
    public double Median { get; }

    /// <summary>Unit of the normalised Wasserstein distance: interquartile range; standard deviation where that is 0; 1 for a constant.</summary>
    public double Spread { get; }

    /// <summary>The known values of <paramref name="values"/>, ascending.</summary>
    /// <exception cref="ArgumentException">A value is infinite.</exception>
    internal static double[] SortKnown(ReadOnlySpan<double> values, string name)
    {
        var known = new double[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i])) throw new ArgumentException($"column '{name}', row {i} is infinite: finite, or NaN where missing");
            if (!double.IsNaN(values[i])) known[count++] = values[i];
        }
        Array.Resize(ref known, count);
        SpreadSort.Sort(known);
        return known;
    }

    /// <summary>PSI of a window whose known values are sorted.</summary>
    internal double Psi(ReadOnlySpan<double> window, int missing)
    {
        Span<int> counts = stackalloc int[_bins.Length];
        StabilityIndex.Count(window, Edges, counts);
        return StabilityIndex.Value(_bins, Missing, counts, missing);
    }

    /// <summary>Both distances between the reference and a sorted window; neither may be empty.</summary>
    /// <param name="window">[m] ascending and known.</param>
    /// <param name="ranks">[m] overwritten: reference values at most as large as each.</param>
    internal SampleDistance Measure(ReadOnlySpan<double> window, Span<int> ranks)
    {
        Rank(window, ranks);
        return new SampleDistance(LargestSteps(window, ranks), Area(window, ranks));
    }

    /// <summary><see cref="DriftOptions.NullQuantile"/> of the normalised Wasserstein distance of windows drawn from this reference itself.</summary>
    /// <param name="length">Known values of the window.</param>
    /// <returns>NaN when no value is known.</returns>
    /// <remarks>By <see cref="DriftOptions.Resamples"/> resamples with replacement, made when first asked for; the seed decides them.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The window is empty.</exception>
    public double NullDistance(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (_sorted.Length == 0) return double.NaN;
        length = Math.Min(length, LongestNull);
        lock (_nulls)
        {
            if (!_nulls.TryGetValue(length, out double distance)) _nulls[length] = distance = Resample(length);
            return distance;
        }
    }

    private double Resample(int length)
    {
        SplitMix64 random = SplitMix64.Stream(_seed, $"wasserstein-null:{Name}:{length}");
        var distances = new double[_resamples];
        var ranks = new int[length];
        var window = new double[length];
        for (int s = 0; s < distances.Length; s++)
        {
            for (int i = 0; i < length; i++) ranks[i] = random.NextInt(_sorted.Length);
            Array.Sort(ranks);
            for (int i = 0; i < length; i++) window[i] = _sorted[ranks[i]];
            distances[s] = Area(window, ranks) / Spread;
        }
        Array.Sort(distances);
        return StabilityIndex.Quantile(distances, _quantile);
    }

    // Searches four values at a time: each step is a comparison, an AND and an addition, and the four do not wait for each other.
    private void Rank(ReadOnlySpan<double> window, Span<int> ranks)
    {
        ref double sorted = ref MemoryMarshal.GetArrayDataReference(_sorted);
        int i = 0;
        for (; i + 4 <= window.Length; i += 4)
        {
            int a = 0, b = 0, c = 0, d = 0;
            double u = window[i], v = window[i + 1], w = window[i + 2], x = window[i + 3];
            for (int length = _sorted.Length; length > 0;)
            {
                int half = (length + 1) >> 1;
                a += half & AtMost(Unsafe.Add(ref sorted, a + half - 1), u);
                b += half & AtMost(Unsafe.Add(ref sorted, b + half - 1), v);
                c += half & AtMost(Unsafe.Add(ref sorted, c + half - 1), w);
                d += half & AtMost(Unsafe.Add(ref sorted, d + half - 1), x);
                length -= half;
            }
            (ranks[i], ranks[i + 1], ranks[i + 2], ranks[i + 3]) = (a, b, c, d);
        }
        for (; i < window.Length; i++) ranks[i] = Upper(window[i]);
    }

    // All bits set when x ≤ y, none otherwise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AtMost(double x, double y) =>
        Vector128.LessThanOrEqual(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y)).AsInt32().ToScalar();

    private int Upper(double value)
    {
        int rank = 0;
        for (int length = _sorted.Length; length > 0;)
        {
            int half = (length + 1) >> 1;
            rank += half & AtMost(_sorted[rank + half - 1], value);
            length -= half;
        }
        return rank;
    }

    // Reference values below `value`, of which `rank` are at most as large.
    private int Lower(double value, int rank)
    {
        if (rank == 0 || _sorted[rank - 1] < value) return rank;
        int left = 0;
        for (int right = rank; left < right;)
        {
            int middle = (left + right) >>> 1;
            if (_sorted[middle] < value) left = middle + 1;
            else right = middle;
        }
        return left;
    }

    // G stands still between two window values while F rises, so |F − G| is largest at a window value or just before it.
    private long LargestSteps(ReadOnlySpan<double> window, ReadOnlySpan<int> ranks)
    {
        int n = _sorted.Length, m = window.Length, divisor = SampleDistance.Divisor(n, m);
        long up = m / divisor, down = n / divisor, most = 0;
        for (int start = 0, end; start < m; start = end)
        {
            double value = window[start];
            for (end = start + 1; end < m && window[end] == value;) end++;
            most = Math.Max(most, Math.Abs(up * Lower(value, ranks[start]) - down * start));
            most = Math.Max(most, Math.Abs(up * ranks[start] - down * end));
        }
        return most;
    }

    // ∫₀¹ |F⁻¹(u) − G⁻¹(u)| du: the window value i faces the reference values of ranks t₀ = i n/m to t₁ = (i + 1) n/m, the first of them
    // (up to `split`) below it, the rest above; prefix sums give the sum of each part. `ranks` may point at any of equal reference values.
    private double Area(ReadOnlySpan<double> window, ReadOnlySpan<int> ranks)
    {
        int n = _sorted.Length, m = window.Length;
        double area = 0, from = 0, fromSum = 0, share = 1.0 / m;
        for (int i = 0; i < m; i++)
        {
            long scaled = (long)(i + 1) * n;
            int whole = (int)(scaled / m);
            double part = (scaled - (long)whole * m) * share, to = whole + part;
            double toSum = part > 0 ? _sums[whole] + part * (_sorted[whole] - Median) : _sums[whole];
            double value = window[i] - Median, split = ranks[i], splitSum;
            if (split <= from) (split, splitSum) = (from, fromSum);
            else if (split >= to) (split, splitSum) = (to, toSum);
            else splitSum = _sums[ranks[i]];
            area += value * (split - from) - (splitSum - fromSum) + (toSum - splitSum) - value * (to - split);
            (from, fromSum) = (to, toSum);
        }
        return Math.Max(0, area / n);
    }

    // Σ of the first i values less their median, so that prices of 60,000 keep their digits; rounding errors are carried (Neumaier 1974).
    private static double[] PrefixSums(double[] sorted, double median)
    {
        var sums = new double[sorted.Length + 1];
        double sum = 0, lost = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double value = sorted[i] - median, next = sum + value;
            lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
            sums[i + 1] = sum + lost;
        }
        return sums;
    }

    private double FindSpread()
    {
        if (_sorted.Length == 0) return 1;
        double range = StabilityIndex.Quantile(_sorted, 0.75) - StabilityIndex.Quantile(_sorted, 0.25);
        if (range > 0) return range;
        double mean = _sums[^1] / _sorted.Length, squares = 0;
        foreach (double value in _sorted) squares += (value - Median - mean) * (value - Median - mean);
        return squares > 0 ? Math.Sqrt(squares / _sorted.Length) : 1;
    }
}
