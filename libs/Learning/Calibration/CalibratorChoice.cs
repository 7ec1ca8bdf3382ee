using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>The calibrator of least out-of-fold log-loss, and what all did.</summary>
/// <param name="Chosen">Fitted on all rows.</param>
/// <param name="Losses">Every kind, from the plainest to the freest.</param>
public sealed record CalibratorChoice(Calibrator Chosen, IReadOnlyList<CandidateLoss> Losses)
{
    /// <summary>Rows that isotonic needs.</summary>
    public const int IsotonicRows = 1000;

    /// <summary>Rows of each class that isotonic needs.</summary>
    public const int IsotonicRowsPerClass = 100;

    /// <summary>Chooses over folds that give every row to one test.</summary>
    /// <param name="margins">Log-odds, finite: [rows]. Out-of-fold ones: margins of rows that the model has seen are too sure.</param>
    /// <param name="labels">[rows].</param>
    /// <param name="foldOfRow">Which fold tests the row; −1: none, the row only trains.</param>
    /// <param name="weights">[rows], ≥ 0; none means 1 each.</param>
    /// <exception cref="ArgumentException">There are no rows, fewer than two folds, lengths differ, or a number is out of range.</exception>
    public static CalibratorChoice Choose(
        ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<int> foldOfRow, ReadOnlySpan<double> weights = default)
    {
        if (foldOfRow.Length != margins.Length) throw new ArgumentException($"{foldOfRow.Length} folds for {margins.Length} rows", nameof(foldOfRow));
        int[] folds = foldOfRow.ToArray();
        int[] rows = [.. Enumerable.Range(0, folds.Length)];
        int[] ids = [.. folds.Where(f => f >= 0).Distinct().Order()];
        if (ids.Length < 2) throw new ArgumentException($"{ids.Length} folds: at least 2", nameof(foldOfRow));
        return Choose(margins, labels, [.. ids.Select(id => (rows.Where(r => folds[r] != id).ToArray(), rows.Where(r => folds[r] == id).ToArray()))],
            weights);
    }

    /// <summary>Chooses over given folds: purged ones, say.</summary>
    /// <remarks>
    /// Isotonic is tried from <see cref="IsotonicRows"/> rows and <see cref="IsotonicRowsPerClass"/> of each class on, beta when every training part
    /// has both classes. Of equal losses the plainer kind wins.
    /// </remarks>
    /// <param name="margins">Log-odds, finite: [rows]. Out-of-fold ones: margins of rows that the model has seen are too sure.</param>
    /// <param name="labels">[rows].</param>
    /// <param name="folds">Row numbers to fit on, and to test on; neither empty.</param>
    /// <param name="weights">[rows], ≥ 0; none means 1 each.</param>
    /// <exception cref="ArgumentException">There are no rows or folds, a fold is empty or trains on its test, lengths differ, or a number is out
    /// of range.</exception>
    public static CalibratorChoice Choose(
        ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, IReadOnlyList<(int[] Train, int[] Test)> folds,
        ReadOnlySpan<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(folds);
        CalibrationRows.Check(margins, labels, weights);
        CheckFolds(folds, margins.Length);
        var losses = new List<CandidateLoss>();
        foreach (CalibratorKind kind in Enum.GetValues<CalibratorKind>())
        {
            string? leftOut = Lacks(kind, labels, folds);
            losses.Add(new CandidateLoss(kind, leftOut is null ? Loss(kind, margins, labels, folds, weights) : double.NaN, leftOut));
        }
        CalibratorKind best = losses.Where(l => l.LeftOut is null).MinBy(l => l.LogLoss).Kind;
        return new CalibratorChoice(Fit(best, margins, labels, weights), losses);
    }

    /// <summary>A calibrator of the given kind, fitted.</summary>
    /// <inheritdoc cref="Platt.Fit"/>
    public static Calibrator Fit(
        CalibratorKind kind, ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default) => kind switch
        {
            CalibratorKind.Identity => Identity.Instance,
            CalibratorKind.Temperature => Temperature.Fit(margins, labels, weights),
            CalibratorKind.Platt => Platt.Fit(margins, labels, weights),
            CalibratorKind.Beta => Beta.Fit(margins, labels, weights),
            CalibratorKind.Isotonic => Isotonic.Fit(margins, labels, weights),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such calibrator"),
        };

    private static double Loss(
        CalibratorKind kind, ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, IReadOnlyList<(int[] Train, int[] Test)> folds,
        ReadOnlySpan<double> weights)
    {
        double loss = 0, weight = 0;
        foreach ((int[] train, int[] test) in folds)
        {
            Calibrator fitted = Fit(kind, Take(margins, train), Take(labels, train), weights.IsEmpty ? default : Take(weights, train));
            foreach (int row in test)
            {
                double w = weights.IsEmpty ? 1 : weights[row];
                loss += w * Classification.LogLoss(fitted.Apply(margins[row]), labels[row]);
                weight += w;
            }
        }
        return loss / weight;
    }

    private static string? Lacks(CalibratorKind kind, ReadOnlySpan<bool> labels, IReadOnlyList<(int[] Train, int[] Test)> folds)
    {
        int positives = labels.Count(true), rarer = Math.Min(positives, labels.Length - positives);
        if (kind == CalibratorKind.Isotonic && labels.Length < IsotonicRows) return $"{labels.Length} rows of {IsotonicRows}";
        if (kind == CalibratorKind.Isotonic && rarer < IsotonicRowsPerClass) return $"{rarer} rows of the rarer class of {IsotonicRowsPerClass}";
        if (kind is not (CalibratorKind.Beta or CalibratorKind.Isotonic)) return null;
        foreach ((int[] train, _) in folds)
        {
            int seen = Take(labels, train).Count(l => l);
            if (seen == 0 || seen == train.Length) return "a fold trains on one class";
        }
        return null;
    }

    private static void CheckFolds(IReadOnlyList<(int[] Train, int[] Test)> folds, int rows)
    {
        if (folds.Count == 0) throw new ArgumentException("no folds", nameof(folds));
        var trains = new bool[rows];
        for (int f = 0; f < folds.Count; f++)
        {
            (int[] train, int[] test) = folds[f];
            if (train.Length == 0 || test.Length == 0)
                throw new ArgumentException($"fold {f} has {train.Length} rows to fit and {test.Length} to test", nameof(folds));
            trains.AsSpan().Clear();
            foreach (int row in train) trains[Within(row, rows, f)] = true;
            foreach (int row in test)
                if (trains[Within(row, rows, f)]) throw new ArgumentException($"fold {f} trains on row {row}, which it tests", nameof(folds));
        }
    }

    private static int Within(int row, int rows, int fold) =>
        (uint)row < (uint)rows ? row : throw new ArgumentException($"fold {fold} names row {row} of {rows}", nameof(row));

    private static T[] Take<T>(ReadOnlySpan<T> values, int[] rows)
    {
        var taken = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++) taken[i] = values[rows[i]];
        return taken;
    }
}
