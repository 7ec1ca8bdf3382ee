using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>The function that never falls and lies closest to weighted points; immutable.</summary>
/// <remarks>
/// Least Σ w (g(x) − y)², by pooling adjacent violators in O(n log n) (Ayer et al. 1955; the sort is the log). Points of equal x count as one at
/// their weighted mean. Between the ends of neighbouring blocks it is linear, outside it is the nearest end: scikit-learn's out_of_bounds="clip".
/// </remarks>
public sealed class IsotonicRegression
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly Block[] _blocks;

    private IsotonicRegression(Block[] blocks)
    {
        _blocks = blocks;
        int ends = blocks.Length + blocks.Count(b => b.Last > b.First);
        _x = new double[ends];
        _y = new double[ends];
        int at = 0;
        foreach (Block block in blocks)
        {
            (_x[at], _y[at++]) = (block.First, block.Mean);
            if (block.Last > block.First) (_x[at], _y[at++]) = (block.Last, block.Mean);
        }
    }

    /// <summary>Where its blocks begin and end, ascending.</summary>
    public ReadOnlySpan<double> X => _x;

    /// <summary>Its value at each of <see cref="X"/>, never falling.</summary>
    public ReadOnlySpan<double> Y => _y;

    internal ReadOnlySpan<Block> Blocks => _blocks;

    /// <summary>The fit of points.</summary>
    /// <param name="x">Finite: [rows].</param>
    /// <param name="y">Finite: [rows].</param>
    /// <param name="weights">[rows], ≥ 0, a row of weight 0 is left out; none means 1 each.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, or a number is out of range; the message names its index.</exception>
    public static IsotonicRegression Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        if (x.Length != y.Length) throw new ArgumentException($"{x.Length} x for {y.Length} y", nameof(y));
        CalibrationRows.CheckNumbers(x, weights, "x");
        CalibrationRows.CheckFinite(y, "y");
        int[] order = Sorting.Order(x);
        var pool = new Pool(Math.Min(x.Length, 1024));
        for (int i = 0; i < order.Length;)
        {
            double at = x[order[i]], weight = 0, sum = 0;
            for (; i < order.Length && x[order[i]] == at; i++)
            {
                double w = weights.IsEmpty ? 1 : weights[order[i]];
                weight += w;
                sum += w * y[order[i]];
            }
            if (weight > 0) pool.Add(at, weight, sum);
        }
        return new IsotonicRegression(pool.Blocks());
    }

    /// <summary>The fit of labels, 1 and 0.</summary>
    /// <inheritdoc cref="Fit(ReadOnlySpan{double}, ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static IsotonicRegression Fit(ReadOnlySpan<double> x, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        if (x.Length != labels.Length) throw new ArgumentException($"{x.Length} x for {labels.Length} labels", nameof(labels));
        var y = new double[labels.Length];
        for (int i = 0; i < y.Length; i++) y[i] = labels[i] ? 1 : 0;
        return Fit(x, y, weights);
    }

    /// <summary>Its value at <paramref name="x"/>; NaN at NaN.</summary>
    public double Apply(double x)
    {
        if (!(x > _x[0])) return double.IsNaN(x) ? x : _y[0];
        if (x >= _x[^1]) return _y[^1];
        int found = Array.BinarySearch(_x, x);
        if (found >= 0) return _y[found];
        int above = ~found;
        double low = _x[above - 1], share = (x - low) / (_x[above] - low);
        return _y[above - 1] + share * (_y[above] - _y[above - 1]);
    }

    /// <summary>Neighbouring x that share one value, and the weighted sums of their points.</summary>
    /// <param name="First">Its smallest x.</param>
    /// <param name="Last">Its largest x.</param>
    /// <param name="Weight">Σ w.</param>
    /// <param name="Sum">Σ w y.</param>
    /// <param name="X">Σ w x.</param>
    /// <param name="XX">Σ w x².</param>
    internal readonly record struct Block(double First, double Last, double Weight, double Sum, double X, double XX)
    {
        public double Mean => Sum / Weight;
    }

    // The blocks so far, as a stack: a point that is not above the last one swallows it, and so on down.
    private struct Pool(int capacity)
    {
        private Block[] _stack = new Block[capacity];
        private double[] _means = new double[capacity];
        private int _count;

        public void Add(double at, double weight, double sum)
        {
            double first = at, mean = sum / weight, x = weight * at, xx = x * at;
            while (_count > 0 && _means[_count - 1] >= mean)
            {
                ref readonly Block below = ref _stack[--_count];
                first = below.First;
                weight += below.Weight;
                sum += below.Sum;
                x += below.X;
                xx += below.XX;
                mean = sum / weight;
            }
            if (_count == _stack.Length)
            {
                Array.Resize(ref _stack, 2 * _count);
                Array.Resize(ref _means, 2 * _count);
            }
            _stack[_count] = new Block(first, at, weight, sum, x, xx);
            _means[_count++] = mean;
        }

        public readonly Block[] Blocks() => _stack[.._count];
    }
}
