using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>First and second derivative of the loss at each row, as whole numbers, so that sums do not depend on the order of adding.</summary>
/// <remarks>
/// A row is one long: derivative · GradientScale in the upper 32 bits, curvature · HessianScale in the lower, one addition for both.
/// The scales are powers of two such that Σ|g| and Σh of all rows lie in 2²⁷ .. 2³⁰: no sum of rows overflows its half.
/// A row is rounded by at most n / 2²⁸ of the mean |g|. Every figure is made of IEEE operations on fixed lanes: the same bits on every machine.
/// </remarks>
internal sealed unsafe class Gradients : IDisposable
{
    private const int Lanes = 16;
    private const long MostSum = 1L << 30;
    private const long LeastSum = 1L << 27;

    // 2¹⁰⁰, for derivatives that add up to 1e-22: what is smaller than that is 0 to any purpose.
    private const double FinestScale = 1267650600228229401496703205376.0;
    private readonly NativeBuffer<long> _packed;
    private readonly NativeBuffer<float> _margins;
    private readonly NativeBuffer<float> _targets;
    private readonly NativeBuffer<float>? _weights;
    private readonly BoostingOptions _options;

    public Gradients(TrainingRows rows, BoostingOptions options)
    {
        (Count, _options) = (rows.Count, options);
        int padded = (Count + Lanes - 1) / Lanes * Lanes;
        _packed = new(padded);
        _margins = new(padded);
        _targets = Copy(rows.Targets.Span, padded);
        if (!rows.Weights.IsEmpty) _weights = Copy(rows.Weights.Span, padded);
        new Span<float>(_margins.Pointer, padded).Clear();
    }

    public int Count { get; }

    /// <summary>[Count] packed derivatives.</summary>
    public long* Packed => _packed.Pointer;

    /// <summary>[Count] margins, which the caller moves.</summary>
    public float* Margins => _margins.Pointer;

    /// <summary>[Count].</summary>
    public float* Targets => _targets.Pointer;

    /// <summary>Units of a first derivative in 1.</summary>
    public double GradientScale { get; private set; } = 1 << 10;

    /// <summary>Units of a second derivative in 1.</summary>
    public double HessianScale { get; private set; } = 1 << 10;

    /// <summary>The weight of a row.</summary>
    public float Weight(int row) => _weights is null ? 1 : _weights.Pointer[row];

    /// <summary>The sum of first derivatives in a packed sum, in units.</summary>
    public static int GradientOf(long sum) => (int)(sum >> 32);

    /// <summary>The sum of second derivatives in a packed sum, in units.</summary>
    public static int HessianOf(long sum) => (int)(uint)sum;

    public void Dispose()
    {
        _packed.Dispose();
        _margins.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
    }

    /// <summary>Derives the loss at the margins, for the tree of this number.</summary>
    public void Derive(int tree)
    {
        bool fits = false;
        while (!fits)
        {
            (long gradients, long hessians) = _options.Objective switch
            {
                Objective.Logistic => Pass<LogisticLoss>(),
                Objective.Squared => Pass<SquaredLoss>(),
                _ => Pass<PinballLoss>(),
            };
            GradientScale = Fitted(GradientScale, gradients, out bool first);
            HessianScale = Fitted(HessianScale, hessians, out bool second);
            fits = first && second;
        }
        if (_options.RowSampling < 1) LeaveOut(tree);
    }

    private static NativeBuffer<float> Copy(ReadOnlySpan<float> values, int padded)
    {
        var copy = new NativeBuffer<float>(padded);
        var to = new Span<float>(copy.Pointer, padded);
        values.CopyTo(to);
        to[values.Length..].Clear();
        return copy;
    }

    // One that saturated its 32 bits makes the sum too large as well, so a scale is taken only where every row fits.
    private static double Fitted(double scale, long sum, out bool fits)
    {
        fits = sum <= MostSum && (sum >= LeastSum || scale >= FinestScale);
        if (fits) return scale;
        if (sum == 0) return Math.Min(scale * (1 << 20), FinestScale);
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)sum);
        return Math.Min(scale * Math.ScaleB(1, 29 - bits), FinestScale);
    }

    // Counter-based: whether a row is in a tree depends on seed, tree and row alone.
    private void LeaveOut(int tree)
    {
        ulong key = SplitMix64.Mix(SplitMix64.Mix((ulong)_options.Seed) + (ulong)tree);
        double share = _options.RowSampling;
        for (int i = 0; i < Count; i++)
            if ((SplitMix64.Mix(key + (ulong)i) >> 11) * (1.0 / (1UL << 53)) >= share) Packed[i] = 0;
    }

    private (long Gradients, long Hessians) Pass<TLoss>()
        where TLoss : struct, ILoss
    {
        var sums = new (long Gradients, long Hessians)[_options.Threads];
        int vectors = (Count + Lanes - 1) / Lanes;
        if (_options.Threads == 1 || Count < Work.LeastShared) return Pass<TLoss>(0, vectors);
        Work.Split(vectors, _options.Threads, (first, end) => sums[first == 0 ? 0 : 1] = Pass<TLoss>(first, end));
        return (sums[0].Gradients + sums[1].Gradients, sums[0].Hessians + sums[1].Hessians);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (long Gradients, long Hessians) Pass<TLoss>(int first, int end)
        where TLoss : struct, ILoss
    {
        float* margins = Margins, targets = Targets, weights = _weights is null ? null : _weights.Pointer;
        long* packed = Packed;
        var gradientScale = Vector512.Create((float)GradientScale);
        var hessianScale = Vector512.Create((float)HessianScale);
        var quantile = Vector512.Create((float)_options.Quantile);
        Vector512<long> gradients = default, hessians = default;
        for (int v = first; v < end; v++)
        {
            int row = v * Lanes;
            (Vector512<float> g, Vector512<float> h) = TLoss.Derive(Vector512.Load(margins + row), Vector512.Load(targets + row), quantile);
            if (weights != null)
            {
                var weight = Vector512.Load(weights + row);
                (g, h) = (g * weight, h * weight);
            }
            if (row + Lanes > Count)
            {
                Vector512<float> known = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(Count - row)).AsSingle();
                (g, h) = (g & known, h & known);
            }
            (Vector512<long> g0, Vector512<long> g1) = Vector512.Widen(Vector512.ConvertToInt32(Vector512.Round(g * gradientScale)));
            (Vector512<long> h0, Vector512<long> h1) = Vector512.Widen(Vector512.ConvertToInt32(Vector512.Round(h * hessianScale)));
            ((g0 << 32) + h0).Store(packed + row);
            ((g1 << 32) + h1).Store(packed + row + Lanes / 2);
            gradients += Vector512.Abs(g0) + Vector512.Abs(g1);
            hessians += h0 + h1;
        }
        return (Vector512.Sum(gradients), Vector512.Sum(hessians));
    }
}
