using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Splits;
using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Tables;

/// <summary>What is to be learnt from a table.</summary>
internal enum TableGoal
{
    /// <summary>A label, 1 or 0.</summary>
    Classify,

    /// <summary>A number.</summary>
    Regress,
}

/// <summary>How rows are set aside.</summary>
internal enum TableSplit
{
    /// <summary>Folds drawn at random.</summary>
    KFold,

    /// <summary>Each fold is foretold from the rows before it, in the order of the file.</summary>
    WalkForward,
}

/// <summary>Boosted trees on a table of numbers: out-of-fold predictions of every row that can have one, and how good they are.</summary>
/// <param name="Goal">Label or number.</param>
/// <param name="How">How rows are set aside.</param>
/// <param name="Folds">How many folds.</param>
/// <param name="Seed">Seed of the folds.</param>
/// <param name="Options">Shape of the trees.</param>
internal sealed record TableTask(TableGoal Goal, TableSplit How, int Folds, long Seed, BoostingOptions Options)
{
    /// <summary>The model that says the share of the training rows to every row.</summary>
    public const string BaseRate = "base rate";

    private const double Level = 0.95;
    private const int MostDraws = 1_000;
    private const int FewestDraws = 50;
    private const double MostWork = 2e7;

    /// <summary>Fits and predicts.</summary>
    /// <param name="rows">[targets, columns], row-major; NaN is missing.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="targets">One for each row.</param>
    /// <param name="progress">Told after each fold.</param>
    public TableResult Run(float[] rows, IReadOnlyList<string> columns, double[] targets, Action<int> progress)
    {
        IReadOnlyList<Split> folds = How == TableSplit.WalkForward
            ? WalkForward.Of([.. Enumerable.Range(0, targets.Length).Select(r => new LabelSpan(r, r))], Folds)
            : KFold.Shuffled(targets.Length, Folds, Seed);
        var boosted = new double[targets.Length];
        var linear = new double[targets.Length];
        var constant = new double[targets.Length];
        boosted.AsSpan().Fill(double.NaN);
        var gain = new double[columns.Count];
        for (int f = 0; f < folds.Count; f++)
        {
            Fold(rows, columns.Count, targets, folds[f], boosted, linear, constant, gain);
            progress(f + 1);
        }
        int[] tested = [.. Enumerable.Range(0, targets.Length).Where(r => !double.IsNaN(boosted[r]))];
        return new TableResult(boosted, Judge(targets, tested, boosted, linear, constant), [.. columns.Zip(gain, (name, g) => (name, g / folds.Count)).OrderByDescending(i => i.Item2)]);
    }

    private void Fold(float[] rows, int columns, double[] targets, Split fold, double[] boosted, double[] linear, double[] constant, double[] gain)
    {
        float[] train = Take(rows, columns, fold.Train);
        double[] known = [.. fold.Train.Select(r => targets[r])];
        TreeEnsemble trees = Booster.Fit(new TrainingRows(train, columns, Array.ConvertAll(known, k => (float)k)), Options).Ensemble;
        LogisticRegression? logistic = Goal == TableGoal.Classify ? LogisticRegression.Fit(train, columns, Array.ConvertAll(known, k => k == 1)) : null;
        double mean = known.Average();
        double[] shares = Importance.GainShares(trees);
        for (int c = 0; c < columns; c++) gain[c] += shares[c];
        foreach (int r in fold.Test)
        {
            ReadOnlySpan<float> row = rows.AsSpan(r * columns, columns);
            boosted[r] = trees.Predict(row);
            linear[r] = logistic?.Predict(row) ?? double.NaN;
            constant[r] = mean;
        }
    }

    private IReadOnlyList<TableScore> Judge(double[] targets, int[] tested, double[] boosted, double[] linear, double[] constant)
    {
        double[] truth = Pick(targets, tested);
        (string, double[])[] models = Goal == TableGoal.Classify
            ? [("boosted trees", boosted), ("logistic regression", linear), (BaseRate, constant)]
            : [("boosted trees", boosted), ("mean", constant)];
        return [.. models.Select(m => Goal == TableGoal.Classify ? Classified(m.Item1, truth, Pick(m.Item2, tested)) : Regressed(m.Item1, truth, Pick(m.Item2, tested)))];
    }

    private TableScore Classified(string model, double[] truth, double[] scores)
    {
        bool[] labels = Array.ConvertAll(truth, y => y == 1);
        int draws = (int)Math.Clamp(MostWork / scores.Length, FewestDraws, MostDraws);
        return new TableScore(
            model, ClassificationReport.Of(scores, labels, [], Seed), null,
            Bootstrap.BlockInterval(scores.Length, 1, w => Classification.Brier(scores, labels, w), Level, draws, Seed),
            Centred(Bootstrap.BlockInterval(scores.Length, 1, w => ReliabilityCurve.EqualWidth(scores, labels, w).Ece, Level, draws, Seed)));
    }

    // Drawing again adds noise, and noise adds to a calibration error: the draws lie too high, and their spread is kept around the estimate.
    private static Interval Centred(Interval ece)
    {
        double half = (ece.High - ece.Low) / 2;
        return new Interval(ece.Estimate, Math.Max(0, ece.Estimate - half), ece.Estimate + half);
    }

    private static TableScore Regressed(string model, double[] truth, double[] predicted) => new(model, null, RegressionReport.Of(truth, predicted), default, default);

    private static double[] Pick(double[] values, int[] rows) => Array.ConvertAll(rows, r => values[r]);

    private static float[] Take(float[] rows, int columns, IReadOnlyList<int> picked)
    {
        var taken = new float[picked.Count * columns];
        for (int i = 0; i < picked.Count; i++) rows.AsSpan(picked[i] * columns, columns).CopyTo(taken.AsSpan(i * columns));
        return taken;
    }
}

/// <summary>How one model did on rows that it had not seen.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Classification">Figures of probabilities; null for numbers.</param>
/// <param name="Regression">Figures of numbers; null for probabilities.</param>
/// <param name="Brier">With its 95 % interval, by drawing rows again.</param>
/// <param name="Ece">The same, centred on the estimate; noise makes it lie high, see the floor.</param>
internal sealed record TableScore(string Model, ClassificationReport? Classification, RegressionReport? Regression, Interval Brier, Interval Ece);

/// <summary>What was learnt from a table.</summary>
/// <param name="Predictions">Out-of-fold: [rows]; NaN where a row was never tested, as the first ones of a walk forward.</param>
/// <param name="Scores">The trees first.</param>
/// <param name="Importance">Share of gain by column, averaged over the folds, the first first.</param>
internal sealed record TableResult(double[] Predictions, IReadOnlyList<TableScore> Scores, IReadOnlyList<(string Column, double Share)> Importance);
