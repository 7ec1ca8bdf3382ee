using System.Text.Json.Nodes;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Splits;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>How a slippage model did on the last fifth of the data in time.</summary>
/// <param name="TrainRows">Rows fitted to.</param>
/// <param name="Mean">The mean's errors, bps.</param>
/// <param name="Baseline">The errors of always saying the training mean, bps.</param>
/// <param name="Upper">The 95 % quantile's pinball loss and coverage, bps.</param>
internal sealed record SlippageReport(int TrainRows, RegressionReport Mean, RegressionReport Baseline, RegressionReport Upper)
{
    public string Text =>
        $"RMSE {Mean.Rmse:0.00} bps against {Baseline.Rmse:0.00} of a constant on the last {Mean.Rows} of {TrainRows + Mean.Rows} rows, P95 covers {Upper.Coverage:P1}";

    public JsonObject ToJson() => new()
    {
        ["train_rows"] = TrainRows,
        ["test_rows"] = Mean.Rows,
        ["rmse_bps"] = Mean.Rmse,
        ["mae_bps"] = Mean.Mae,
        ["r_squared"] = double.IsFinite(Mean.RSquared) ? Mean.RSquared : null,
        ["constant_rmse_bps"] = Baseline.Rmse,
        ["p95_pinball_bps"] = Upper.Pinball,
        ["p95_coverage"] = Upper.Coverage,
    };
}

/// <summary>Fits slippage in bps, its mean and its 95 % quantile, of one kind of opportunity [TRN-17].</summary>
internal sealed class SlippageTrainer(TrainingSettings training, BoostingSettings boosting)
{
    private const int FewestRows = 500;
    private const double TestShare = 0.2;
    private const double Quantile = 0.95;

    /// <summary>Both heads and how they did; null where there are too few rows.</summary>
    public (TreesHead Mean, TreesHead Upper, SlippageReport Report)? Train(IEnumerable<Sample> samples)
    {
        var table = new TrainingTable(samples.Where(s => double.IsFinite(s.SlippageBps)));
        if (table.Count < FewestRows) return null;
        Split split = WalkForward.Holdout(table.Spans, TestShare);
        float[] rows = table.RowsOf(split.Train);
        double[] targets = table.Pick(split.Train, s => s.SlippageBps), truth = table.Pick(split.Test, s => s.SlippageBps);
        TreesHead mean = Fit(rows, targets, boosting.Options(training.Seed, Objective.Squared));
        TreesHead upper = Fit(rows, targets, boosting.Options(training.Seed, Objective.Pinball) with { Quantile = Quantile });
        var constant = new double[truth.Length];
        Array.Fill(constant, targets.Average());
        return (mean, upper, new SlippageReport(
            targets.Length, RegressionReport.Of(truth, Predict(mean, table, split.Test)), RegressionReport.Of(truth, constant),
            RegressionReport.Of(truth, Predict(upper, table, split.Test), quantile: Quantile)));
    }

    private static TreesHead Fit(float[] rows, double[] targets, BoostingOptions options) =>
        new(Booster.Fit(new TrainingRows(rows, FeatureSchema.Count, Array.ConvertAll(targets, t => (float)t)), options).Ensemble, calibrator: null, targets.Length);

    private static double[] Predict(TreesHead head, TrainingTable table, IReadOnlyList<int> rows) =>
        [.. rows.Select(r => head.Score(table.RowOf(r)))];
}
