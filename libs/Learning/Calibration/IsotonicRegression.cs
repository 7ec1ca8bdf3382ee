using System.Buffers;
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

    private IsotonicRegression(Block[] blocks, Spread[] spreads)
    {
        _blocks = blocks;
        Spreads = spreads;
        int ends = 0;
        foreach (Block block in blocks) ends += block.Last > block.First ? 2 : 1;
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

    /// <summary>How the rows of each block lie; none where they were not asked for.</summary>
    internal Spread[] Spreads { get; }

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
        return FitPoints(x, y, weights, spreads: false);
    }

    /// <summary>The fit of labels, 1 and 0.</summary>
    /// <param name="x">Finite: [rows].</param>
    /// <param name="labels">[rows].</param>
    /// <param name="weights">[rows], ≥ 0, a row of weight 0 is left out; none means 1 each.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, or a number is out of range; the message names its index.</exception>
    public static IsotonicRegression Fit(ReadOnlySpan<double> x, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        if (x.Length != labels.Length) throw new ArgumentException($"{x.Length} x for {labels.Length} labels", nameof(labels));
        CalibrationRows.CheckNumbers(x, weights, "x");
        return FitLabels(x, labels, weights, spreads: false);
    }

    /// <summary>The fit of rows that were checked.</summary>
    internal static IsotonicRegression FitLabels(ReadOnlySpan<double> x, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights, bool spreads)
    {
        if (weights.IsEmpty) return FitClasses(x, labels, spreads);
        var y = new double[labels.Length];
        for (int i = 0; i < y.Length; i++) y[i] = labels[i] ? 1 : 0;
        return FitPoints(x, y, weights, spreads);
    }

    private static IsotonicRegression FitPoints(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, bool spreads)
    {
        int[] order = Sorting.Order(x);
        var pool = new Pool();
        for (int i = 0; i < order.Length;)
        {
            double at = x[order[i]], weight = 0, sum = 0;
            for (; i < order.Length && x[order[i]] == at; i++)
            {
                double w = weights.IsEmpty ? 1 : weights[order[i]];
                weight += w;
                sum += w * y[order[i]];
            }
            if (weight > 0) pool.Add(at, at, weight, sum);
        }
        Block[] blocks = pool.Blocks();
        var spread = new Spread[spreads ? blocks.Length : 0];
        for (int b = 0, i = 0; b < spread.Length; b++)
            for (; i < order.Length && x[order[i]] <= blocks[b].Last; i++) spread[b].Add(x[order[i]], weights.IsEmpty ? 1 : weights[order[i]]);
        return new IsotonicRegression(blocks, spread);
    }

    // Rows of weight 1: the two classes sorted apart need no positions carried along, and their merge gives whole runs. Ones that precede zeros,
    // or tie with them, share a block with them whatever comes before, so the pool meets runs instead of rows.
    private static IsotonicRegression FitClasses(ReadOnlySpan<double> x, ReadOnlySpan<bool> labels, bool spreads)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(x.Length);
        int count = labels.Length - labels.Count(true);
        Span<double> zeros = rented.AsSpan(0, count), ones = rented.AsSpan(count, x.Length - count);
        for (int row = 0, zero = 0, one = count; row < x.Length; row++)
        {
            int label = labels[row] ? 1 : 0;
            rented[label == 1 ? one : zero] = x[row];
            one += label;
            zero += 1 - label;
        }
        Sorting.Sort(zeros);
        Sorting.Sort(ones);
        var pool = new Pool();
        for (int i = 0, j = 0; i < zeros.Length || j < ones.Length;)
        {
            int firstZero = i, firstOne = j;
            double until = i < zeros.Length ? zeros[i] : double.PositiveInfinity;
            while (j < ones.Length && ones[j] <= until) j++;
            until = j < ones.Length ? ones[j] : double.PositiveInfinity;
            while (i < zeros.Length && zeros[i] < until) i++;
            double first = j > firstOne ? ones[firstOne] : zeros[firstZero], last = i > firstZero ? zeros[i - 1] : ones[j - 1];
            pool.Add(first, last, i - firstZero + j - firstOne, j - firstOne);
        }
        Block[] blocks = pool.Blocks();
        var spread = new Spread[spreads ? blocks.Length : 0];
        for (int b = 0, i = 0, j = 0; b < spread.Length; b++)
        {
            for (; i < zeros.Length && zeros[i] <= blocks[b].Last; i++) spread[b].Add(zeros[i], 1);
            for (; j < ones.Length && ones[j] <= blocks[b].Last; j++) spread[b].Add(ones[j], 1);
        }
        ArrayPool<double>.Shared.Return(rented);
        return new IsotonicRegression(blocks, spread);
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

    /// <summary>Neighbouring x that share one value.</summary>
    /// <param name="First">Its smallest x.</param>
    /// <param name="Last">Its largest x.</param>
    /// <param name="Weight">Σ w of its points.</param>
    /// <param name="Mean">Σ w y / Σ w.</param>
    internal readonly record struct Block(double First, double Last, double Weight, double Mean);

    /// <summary>Σ w x and Σ w x² of the rows of a block.</summary>
    internal record struct Spread(double X, double XX)
    {
        public void Add(double x, double weight)
        {
            X += weight * x;
            XX += weight * x * x;
        }
    }

    // The blocks so far, as a stack: one that is not above the last swallows it, and so on down.
    private struct Pool()
    {
        private Block[] _stack = new Block[256];
        private double[] _sums = new double[256];
        private int _count;

        public void Add(double first, double last, double weight, double sum)
        {
            double mean = sum / weight;
            while (_count > 0 && _stack[_count - 1].Mean >= mean)
            {
                ref readonly Block below = ref _stack[--_count];
                first = below.First;
                weight += below.Weight;
                sum += _sums[_count];
                mean = sum / weight;
            }
            if (_count == _stack.Length)
            {
                Array.Resize(ref _stack, 2 * _count);
                Array.Resize(ref _sums, 2 * _count);
            }
            _stack[_count] = new Block(first, last, weight, mean);
            _sums[_count++] = sum;
        }

        public readonly Block[] Blocks() => _stack[.._count];
    }
}
