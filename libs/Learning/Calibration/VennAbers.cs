using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Inductive Venn-Abers predictor: two isotonic fits with the new sample as a 0 and as a 1; exact, immutable.</summary>
/// <remarks>
/// Vovk, Petej and Fedorova 2015, "Large-scale probabilistic predictors with and without guarantees of validity", algorithms 1 to 4: O(n log n) once
/// for the sort, O(n) for both fits at all margins, then O(log n) for each margin. Samples weigh 1 each, as the guarantee needs. Counts are
/// integers, so slopes compare exactly.
/// </remarks>
public sealed class VennAbers
{
    private readonly double[] _margins;
    private readonly double[] _lower;
    private readonly double[] _upper;

    private VennAbers(double[] margins, double[] lower, double[] upper)
    {
        _margins = margins;
        _lower = lower;
        _upper = upper;
    }

    /// <summary>Distinct margins of the sample, ascending.</summary>
    internal ReadOnlySpan<double> Margins => _margins;

    /// <summary>P0 with i distinct margins at or below: [margins + 1].</summary>
    internal ReadOnlySpan<double> Lower => _lower;

    /// <summary>P1 with i distinct margins below: [margins + 1].</summary>
    internal ReadOnlySpan<double> Upper => _upper;

    /// <summary>The predictor of a calibration sample, which the model has not seen.</summary>
    /// <param name="margins">Finite: [rows].</param>
    /// <param name="labels">[rows].</param>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, or a margin is not finite; the message names its index.</exception>
    public static VennAbers Fit(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels)
    {
        CalibrationRows.Check(margins, labels, default);
        int[] order = Sorting.Order(margins);
        var distinct = new List<double>();
        var rows = new List<long>();
        var positives = new List<long>();
        foreach (int row in order)
        {
            if (distinct.Count == 0 || margins[row] != distinct[^1])
            {
                distinct.Add(margins[row]);
                rows.Add(0);
                positives.Add(0);
            }
            rows[^1]++;
            if (labels[row]) positives[^1]++;
        }
        double[] upper = [.. Upwards([.. rows], [.. positives]), 1];
        // A 0 at a margin is a 1 at its mirror image.
        long[] negatives = [.. rows.Zip(positives, (all, ones) => all - ones).Reverse()];
        rows.Reverse();
        double[] lower = [0, .. Upwards([.. rows], negatives).Reverse().Select(p => 1 - p)];
        return new VennAbers([.. distinct], lower, upper);
    }

    /// <summary>The interval at a margin. A NaN is not known to be anything: (0, 1).</summary>
    public VennAbersInterval At(double margin)
    {
        if (double.IsNaN(margin)) return new VennAbersInterval(0, 1);
        // As a 1 it falls in with the margins from its own on; as a 0, with those up to its own.
        int found = Array.BinarySearch(_margins, margin);
        return found >= 0 ? new VennAbersInterval(_lower[found + 1], _upper[found]) : new VennAbersInterval(_lower[~found], _upper[~found]);
    }

    /// <summary>A table of at most <paramref name="steps"/> steps a side that holds the exact interval within its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 steps, or more than <see cref="VennAbersTable.MostSteps"/>.</exception>
    public VennAbersTable ToTable(int steps = VennAbersTable.MostSteps) => VennAbersTable.Of(this, steps);

    // For each group i, the isotonic value there with one more row of label 1 in it: the slope, above the added row, of the greatest convex
    // minorant of the cumulative sums. Corners right of the added row stand on a stack; each move to the right swaps the row with one group.
    private static double[] Upwards(long[] rows, long[] positives)
    {
        int n = rows.Length;
        // points[i + 1] is the paper's P_i; P_-1 lies one row of label 1 before the origin.
        var points = new Corner[n + 2];
        points[0] = new Corner(-1, -1);
        for (int i = 0; i < n; i++) points[i + 2] = new Corner(points[i + 1].Rows + rows[i], points[i + 1].Positives + positives[i]);
        var stack = new Corner[n + 2];
        int top = -1;
        for (int i = n + 1; i >= 0; i--) Push(points[i]);
        var slopes = new double[n];
        for (int i = 0; i < n; i++)
        {
            slopes[i] = stack[top].SlopeTo(stack[top - 1]);
            points[i + 1] = points[i] + (points[i + 2] - points[i + 1]);
            if (Corner.Turn(stack[top], stack[top - 1], points[i + 1]) >= 0) continue;
            top--;
            Push(points[i + 1]);
        }
        return slopes;

        void Push(Corner left)
        {
            while (top >= 1 && Corner.Turn(left, stack[top], stack[top - 1]) <= 0) top--;
            stack[++top] = left;
        }
    }

    private readonly record struct Corner(long Rows, long Positives)
    {
        public static Corner operator +(Corner a, Corner b) => new(a.Rows + b.Rows, a.Positives + b.Positives);

        public static Corner operator -(Corner a, Corner b) => new(a.Rows - b.Rows, a.Positives - b.Positives);

        // Above 0 when c lies left of the way from a to b.
        public static long Turn(Corner a, Corner b, Corner c) => (b - a).Rows * (c - a).Positives - (b - a).Positives * (c - a).Rows;

        public double SlopeTo(Corner other) => (double)(other.Positives - Positives) / (other.Rows - Rows);
    }
}
