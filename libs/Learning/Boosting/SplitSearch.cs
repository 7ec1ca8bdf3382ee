using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Finds the split of greatest gain in a histogram; of equal ones that of the smaller feature, then of the smaller bin.</summary>
/// <remarks>
/// Missing values are tried on both sides. Where a node has none of the feature they go to the side of greater H.
/// Eight features at a time where only lambda and min child weight bear on the choice, one after the other where more does.
/// </remarks>
internal sealed unsafe class SplitSearch
{
    // A gain below this share of what the node's own leaf saves is an error of rounding.
    private const double LeastGain = 1e-9;
    private const long Low = 0xFFFFFFFF;
    private readonly BoostingOptions _options;
    private readonly LeafWeight _leaf;
    private readonly int[] _blocks;

    // Cuts of each feature, 0 for those that this tree does not see; [Blocks · 8].
    private readonly long[] _cuts;
    private readonly bool[] _missing;
    private readonly bool _plain;

    public SplitSearch(BinnedRows rows, BoostingOptions options, LeafWeight leaf, ReadOnlySpan<bool> seen, bool counts)
    {
        (_options, _leaf) = (options, leaf);
        _cuts = new long[rows.Stride];
        _missing = new bool[rows.Stride];
        for (int f = 0; f < rows.Features; f++)
        {
            if (!seen[f]) continue;
            _cuts[f] = rows.Cuts[f].Length;
            _missing[f] = rows.HasMissing(f);
        }
        _blocks = [.. Enumerable.Range(0, rows.Blocks).Where(b => _cuts.AsSpan(b * BinnedRows.BlockFeatures, BinnedRows.BlockFeatures).ContainsAnyExcept(0))];
        _plain = !counts && options.Alpha == 0 && options.MaxDelta == 0 && options.Monotone.All(c => c == 0);
    }

    /// <summary>The best split of a node.</summary>
    /// <param name="sums">Its histogram.</param>
    /// <param name="counts">The histogram of its rows, in the lower half; null where rows are not limited.</param>
    /// <param name="total">Its packed sum.</param>
    /// <param name="lower">Least weight of its leaves.</param>
    /// <param name="upper">Greatest weight of its leaves.</param>
    public Split Find(long* sums, long* counts, long total, double lower, double upper)
    {
        double gradient = Gradients.GradientOf(total), hessian = Gradients.HessianOf(total);
        double own = _leaf.Score(gradient, hessian, _leaf.Of(gradient, hessian, lower, upper));
        double least = own + Math.Max(2 * _options.Gamma / _leaf.ScoreUnit, Math.Abs(own) * LeastGain);
        (double score, int feature, int bin, bool left) = _plain ? FindPlain(sums, total, least) : FindBounded(sums, counts, total, lower, upper, least);
        if (feature < 0) return Split.None;
        long leftSum = LeftSum(sums, feature, bin, left, out long missing);
        if (missing == 0) left = Gradients.HessianOf(leftSum) >= Gradients.HessianOf(total - leftSum);
        return new Split(feature, bin, left, leftSum, 0.5 * (score - own) * _leaf.ScoreUnit);
    }

    private static long* Cell(long* sums, int feature, int bin) =>
        sums + (long)(feature / BinnedRows.BlockFeatures) * Histogram.BlockCells + bin * BinnedRows.BlockFeatures + feature % BinnedRows.BlockFeatures;

    private static long LeftSum(long* sums, int feature, int bin, bool missingLeft, out long missing)
    {
        missing = *Cell(sums, feature, QuantileCuts.MissingBin);
        long sum = missingLeft ? missing : 0;
        for (int b = 0; b <= bin; b++) sum += *Cell(sums, feature, b);
        return sum;
    }

    private (double Score, int Feature, int Bin, bool MissingLeft) FindPlain(long* sums, long total, double least)
    {
        (double Score, int Feature, int Bin, bool MissingLeft) best = (least, -1, 0, false);
        foreach (int block in _blocks)
        {
            int first = block * BinnedRows.BlockFeatures;
            long* cells = sums + (long)block * Histogram.BlockCells;
            bool missing = _missing.AsSpan(first, BinnedRows.BlockFeatures).Contains(true);
            (Vector512<double> scores, Vector512<long> at) = missing
                ? Scan<Yes>(cells, first, total, best.Score)
                : Scan<No>(cells, first, total, best.Score);
            if (!Vector512.GreaterThanAny(scores, Vector512.Create(best.Score))) continue;
            for (int lane = 0; lane < BinnedRows.BlockFeatures; lane++)
                if (scores[lane] > best.Score) best = (scores[lane], first + lane, (int)(at[lane] >> 1), (at[lane] & 1) != 0);
        }
        return best;
    }

    // Per feature the first greatest score above `least`, and 2 · bin + 1 where missing values go left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Vector512<double> Scores, Vector512<long> At) Scan<TMissing>(long* cells, int first, long total, double least)
        where TMissing : struct, IFlag
    {
        var cuts = Vector512.LoadUnsafe(ref _cuts[first]);
        long most = 0;
        for (int lane = 0; lane < BinnedRows.BlockFeatures; lane++) most = Math.Max(most, cuts[lane]);
        var side = new Sides(total, _leaf);
        var best = Vector512.Create(least);
        Vector512<long> at = default, sum = default;
        var missing = Vector512.Load(cells + QuantileCuts.MissingBin * BinnedRows.BlockFeatures);
        for (long bin = 0; bin < most; bin++)
        {
            sum += Vector512.Load(cells + bin * BinnedRows.BlockFeatures);
            Vector512<long> within = Vector512.GreaterThan(cuts, Vector512.Create(bin));
            Keep(side.Score(sum), within, 2 * bin, ref best, ref at);
            if (TMissing.IsSet) Keep(side.Score(sum + missing), within, 2 * bin + 1, ref best, ref at);
        }
        return (best, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector512<double> score, Vector512<long> within, long where, ref Vector512<double> best, ref Vector512<long> at)
    {
        Vector512<long> better = Vector512.GreaterThan(score, best).AsInt64() & within;
        best = Vector512.ConditionalSelect(better.AsDouble(), score, best);
        at = Vector512.ConditionalSelect(better, Vector512.Create(where), at);
    }

    private (double Score, int Feature, int Bin, bool MissingLeft) FindBounded(long* sums, long* counts, long total, double lower, double upper, double least)
    {
        (double Score, int Feature, int Bin, bool MissingLeft) best = (least, -1, 0, false);
        for (int f = 0; f < _cuts.Length; f++)
        {
            long missing = *Cell(sums, f, QuantileCuts.MissingBin), sum = 0;
            int missingRows = counts == null ? 0 : (int)*Cell(counts, f, QuantileCuts.MissingBin), rows = 0, all = missingRows;
            if (counts != null)
                for (int b = 0; b < _cuts[f] + 1; b++) all += (int)*Cell(counts, f, b);
            for (int b = 0; b < _cuts[f]; b++)
            {
                sum += *Cell(sums, f, b);
                if (counts != null) rows += (int)*Cell(counts, f, b);
                for (int left = 0; left <= (_missing[f] ? 1 : 0); left++)
                {
                    int leftRows = rows + left * missingRows;
                    if (counts != null && Math.Min(leftRows, all - leftRows) < _options.MinLeafRows) continue;
                    double score = ScoreBounded(f, sum + left * missing, total, lower, upper);
                    if (score > best.Score) best = (score, f, b, left == 1);
                }
            }
        }
        return best;
    }

    // −∞ for a split that is not allowed.
    private double ScoreBounded(int feature, long left, long total, double lower, double upper)
    {
        long right = total - left;
        double gl = Gradients.GradientOf(left), hl = Gradients.HessianOf(left), gr = Gradients.GradientOf(right), hr = Gradients.HessianOf(right);
        if (hl < _leaf.LeastHessian || hr < _leaf.LeastHessian) return double.NegativeInfinity;
        double wl = _leaf.Of(gl, hl, lower, upper), wr = _leaf.Of(gr, hr, lower, upper);
        int constraint = _options.Monotone.Count == 0 ? 0 : _options.Monotone[feature];
        return constraint * (wl - wr) > 0 ? double.NegativeInfinity : _leaf.Score(gl, hl, wl) + _leaf.Score(gr, hr, wr);
    }

    private interface IFlag
    {
        static abstract bool IsSet { get; }
    }

    private readonly struct Yes : IFlag
    {
        public static bool IsSet => true;
    }

    private readonly struct No : IFlag
    {
        public static bool IsSet => false;
    }

    /// <summary>Scores eight splits of one node: G_L² / (H_L + lambda) + G_R² / (H_R + lambda), or −∞ where a child has too little H.</summary>
    private readonly ref struct Sides(long total, LeafWeight leaf)
    {
        private readonly Vector512<double> _gradient = Vector512.Create((double)Gradients.GradientOf(total));
        private readonly Vector512<double> _hessian = Vector512.Create((double)Gradients.HessianOf(total));
        private readonly Vector512<double> _lambda = Vector512.Create(leaf.Lambda);
        private readonly Vector512<double> _least = Vector512.Create(leaf.LeastHessian);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Score(Vector512<long> left)
        {
            Vector512<double> gl = Vector512.ConvertToDouble(left >> 32), hl = Vector512.ConvertToDouble(left & Vector512.Create(Low));
            Vector512<double> gr = _gradient - gl, hr = _hessian - hl;
            Vector512<double> allowed = Vector512.GreaterThanOrEqual(hl, _least) & Vector512.GreaterThanOrEqual(hr, _least);
            Vector512<double> dl = hl + _lambda, dr = hr + _lambda;
            Vector512<double> score = (gl * gl * dr + gr * gr * dl) / (dl * dr);
            return Vector512.ConditionalSelect(allowed, score, Vector512.Create(double.NegativeInfinity));
        }
    }
}
