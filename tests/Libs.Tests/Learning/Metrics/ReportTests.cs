using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Libs.Tests.Learning.Metrics;

public sealed class ReportTests
{
    private static readonly double[] Scores = [0.9, 0.2, 0.6, 0.6, 0.3, 0.8, 0.1];
    private static readonly bool[] Labels = [true, false, true, false, false, true, true];
    private static readonly double[] Weights = [1, 2, 0.5, 1, 0, 3, 1];

    [Fact]
    public void A_report_holds_the_figures_of_their_own_methods()
    {
        ClassificationReport report = ClassificationReport.Of(Scores, Labels, Weights, seed: 4);

        Assert.Equal((7, 4, 5.5 / 8.5), (report.Rows, report.Positives, report.BaseRate));
        Assert.Equal(DeLong.Estimate(Scores, Labels, Weights), report.Auc);
        Assert.Equal(Classification.AveragePrecision(Scores, Labels, Weights), report.AveragePrecision);
        Assert.Equal(Classification.KolmogorovSmirnov(Scores, Labels, Weights), report.KolmogorovSmirnov);
        Assert.Equal(Classification.LogLoss(Scores, Labels, Weights), report.LogLoss);
        Assert.Equal(Classification.LogLoss([.. Labels.Select(_ => report.BaseRate)], Labels, Weights), report.LogLossOfBaseRate, 14);
        Assert.Equal(1 - report.Brier / Classification.Brier([.. Labels.Select(_ => report.BaseRate)], Labels, Weights), report.BrierSkill, 14);
        Assert.Equal(report.Brier, report.Decomposition.Brier, 14);
        Assert.Equal(ReliabilityCurve.Floor(Scores, 4, Weights), report.EceFloor);
        Assert.Equal(Confusion.At(0.5, Scores, Labels, Weights), report.Confusion);
    }

    [Fact]
    public void One_row_or_one_class_has_a_report_in_which_rank_figures_are_not_numbers()
    {
        foreach (int n in (int[])[1, 3])
        {
            bool[] sure = [.. Enumerable.Repeat(true, n)];
            ClassificationReport report = ClassificationReport.Of(Scores.AsSpan(0, n), sure, default, seed: 1);
            Assert.Equal(
                (double.NaN, double.NaN, double.NaN, 1.0),
                (report.Auc.Auc, report.KolmogorovSmirnov, report.BrierSkill, report.AveragePrecision));
            Assert.True(double.IsFinite(report.LogLoss + report.Brier + report.EqualWidth.Ece + report.EqualMass.Ece + report.EceFloor.Mean));
            Assert.Equal(0, report.Confusion.Matthews);
        }
        ClassificationReport losses = ClassificationReport.Of([0.2, 0.7], [false, false], default, seed: 1);
        Assert.Equal((double.NaN, double.NaN), (losses.AveragePrecision, losses.Confusion.Recall));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_by_name_and_place()
    {
        Refused("no rows", () => ClassificationReport.Of([], [], default, 1));
        Refused("all weights are 0", () => ClassificationReport.Of([0.5], [true], [0], 1));
        Refused("1 scores for 2 labels", () => ClassificationReport.Of([0.5], [true, false], default, 1));
        Refused("1 weights for 2 samples", () => ClassificationReport.Of([0.5, 0.6], [true, false], [1], 1));
        Refused("weight 1 is -1", () => Classification.Auc([0.5, 0.6], [true, false], [1, -1]));
        Refused("weight 0 is NaN", () => Classification.LogLoss([0.5, 0.6], [true, false], [double.NaN, 1]));
        Refused("score 1 is 1.5", () => Classification.Brier([0.5, 1.5], [true, false]));
        Refused("score 1 is Infinity", () => Classification.Auc([0.5, double.PositiveInfinity], [true, false]));
        Refused("score 5 is NaN", () => ReliabilityCurve.EqualMass([0, 0, 0, 0, 0, double.NaN], new bool[6]));
        Refused("threshold is NaN", () => Confusion.At(double.NaN, Scores, Labels));
        Refused("no rows", () => RegressionReport.Of([], []));
        Refused("all weights are 0", () => RegressionReport.Of([1], [2], [0]));
        Refused("target 0 is NaN", () => Regression.Rmse([double.NaN], [1]));
        Refused("prediction 0 is -Infinity", () => Regression.Mae([1], [double.NegativeInfinity]));
        Refused("2 predictions for 1 targets", () => Regression.RSquared([1], [1, 2]));
        Refused("between 0 and 1", () => Regression.Pinball([1], [1], 1));
        Refused("bins", () => ReliabilityCurve.EqualWidth([0.5], [true], bins: 0));
        Refused("value 1 is NaN", () => Bootstrap.MeanInterval([1, double.NaN], 0.9, 10, 1));
    }

    [Fact]
    public void A_regression_report_holds_the_figures_of_their_own_methods()
    {
        double[] y = [1, 2, 4], p = [1.5, 1, 4], w = [1, 2, 0.5];

        Assert.Equal(
            new RegressionReport(
                3, Regression.Rmse(y, p, w), Regression.Mae(y, p, w), Regression.RSquared(y, p, w), Regression.Pinball(y, p, 0.9, w),
                Regression.Coverage(y, p, w), 0.9),
            RegressionReport.Of(y, p, w, 0.9));
    }

    [Fact]
    public void Equal_targets_leave_nothing_to_explain()
    {
        Assert.Equal(double.NaN, Regression.RSquared([0.1, 0.1, 0.1], [0.1, 0.2, 0.3]));
        Assert.Equal(double.NaN, Regression.RSquared([0.1], [0.2]));
        Assert.Equal(double.NaN, Regression.RSquared([], []));
        Assert.Equal(double.NaN, Regression.Rmse([], []));
    }

    [Fact]
    public void The_pinball_loss_is_least_at_the_quantile()
    {
        double[] y = [.. Enumerable.Range(1, 99).Select(i => (double)i)];
        double Loss(double p) => Regression.Pinball(y, [.. y.Select(_ => p)], 0.9);

        Assert.All((double[])[50, 85, 89, 91, 95, 99], p => Assert.True(Loss(90) < Loss(p), $"at {p}"));
        Assert.Equal(90 / 99.0, Regression.Coverage(y, [.. y.Select(_ => 90.0)]), 15);
    }

    private static void Refused(string words, Action action) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
