using System.Text.Json;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Libs.Tests.Learning.Metrics;

/// <summary>Figures against scikit-learn, scipy and all-pairs numpy (tests/Fixtures/metrics.py): ties, weights, some of them 0.</summary>
public sealed class MetricsFixtureTests
{
    private static readonly Fixture Peers = Fixture.Load("metrics");
    private static readonly double[] Scores = Peers.Input("scores"), Others = Peers.Input("others"), Weights = Peers.Input("weights");
    private static readonly bool[] Labels = [.. Peers.Inputs.GetProperty("labels").EnumerateArray().Select(l => l.GetBoolean())];

    public static TheoryData<string> Weightings => ["plain", "weighted"];

    [Theory]
    [MemberData(nameof(Weightings))]
    public void Figures_of_a_score_are_those_of_scikit_learn(string weighting)
    {
        JsonElement peer = Peers.Results.GetProperty(weighting);
        double[] w = Of(weighting);

        Close(peer, "auc", Classification.Auc(Scores, Labels, w));
        Close(peer, "average_precision", Classification.AveragePrecision(Scores, Labels, w));
        Close(peer, "log_loss", Classification.LogLoss(Scores, Labels, w));
        Close(peer, "brier", Classification.Brier(Scores, Labels, w));
        Close(peer, "distance", Classification.KolmogorovSmirnov(Scores, Labels, w));
        Close(peer, "accuracy", Classification.Accuracy(Scores, Labels, 0.5, w));
        Confusion calls = Confusion.At(0.5, Scores, Labels, w);
        Close(peer, "precision", calls.Precision);
        Close(peer, "recall", calls.Recall);
        Close(peer, "f1", calls.F1);
        Close(peer, "matthews", calls.Matthews);
        Close(Peers.Figure("scipy_distance"), Classification.KolmogorovSmirnov(Scores, Labels));
    }

    [Theory]
    [MemberData(nameof(Weightings))]
    public void Errors_and_comparisons_of_auc_are_those_of_all_pairs(string weighting)
    {
        JsonElement peer = Peers.Results.GetProperty(weighting);
        double[] w = Of(weighting);
        AucEstimate estimate = DeLong.Estimate(Scores, Labels, w);
        AucComparison comparison = DeLong.Compare(Scores, Others, Labels, w);

        Close(peer.GetProperty("delong"), "auc", estimate.Auc);
        Close(peer.GetProperty("delong"), "error", estimate.StandardError);
        // A difference of two figures near 0.65, and what follows from it, keeps a digit less than they do.
        Close(peer.GetProperty("compare"), "difference", comparison.Difference, 1e-11);
        Close(peer.GetProperty("compare"), "error", comparison.StandardError);
        Close(peer.GetProperty("compare"), "z", comparison.Z, 1e-11);
        Close(peer.GetProperty("compare"), "p", comparison.PValue, 1e-11);
    }

    [Fact]
    public void Intervals_of_auc_at_any_level_are_those_of_the_logit()
    {
        double[] levels = Peers.Input("levels"), low = Peers.Result("low"), high = Peers.Result("high");
        for (int i = 0; i < levels.Length; i++)
        {
            AucEstimate estimate = DeLong.Estimate(Scores, Labels, level: levels[i]);
            Close(low[i], estimate.Low);
            Close(high[i], estimate.High);
        }
    }

    [Theory]
    [MemberData(nameof(Weightings))]
    public void Calibration_errors_are_those_of_a_loop_over_the_bins(string weighting)
    {
        JsonElement peer = Peers.Results.GetProperty(weighting);
        double[] w = Of(weighting);

        Same(peer.GetProperty("width"), ReliabilityCurve.EqualWidth(Scores, Labels, w));
        Same(peer.GetProperty("mass"), ReliabilityCurve.EqualMass(Scores, Labels, w));
        double[] parts = Fixture.Numbers(peer.GetProperty("murphy"));
        BrierDecomposition found = BrierDecomposition.Of(Scores, Labels, w);
        Close(parts[0], found.Reliability);
        Close(parts[1], found.Resolution);
        Close(parts[2], found.Uncertainty);
        Close(parts[3], found.WithinVariance);
        Close(parts[4], found.WithinCovariance, 1e-11);
    }

    [Fact]
    public void The_floor_of_the_calibration_error_is_that_of_the_same_draws()
    {
        EceFloor floor = ReliabilityCurve.Floor(Scores, seed: 5);

        Close(Peers.Results.GetProperty("floor"), "mean", floor.Mean);
        Close(Peers.Results.GetProperty("floor"), "upper", floor.Upper);
    }

    [Theory]
    [MemberData(nameof(Weightings))]
    public void Figures_of_a_prediction_are_those_of_scikit_learn(string weighting)
    {
        JsonElement peer = Peers.Results.GetProperty(weighting + "_regression");
        double[] y = Peers.Input("targets"), p = Peers.Input("predictions"), w = Of(weighting);

        Close(peer, "rmse", Regression.Rmse(y, p, w));
        Close(peer, "mae", Regression.Mae(y, p, w));
        Close(peer, "r_squared", Regression.RSquared(y, p, w));
        Close(peer, "coverage", Regression.Coverage(y, p, w));
        double[] pinball = Fixture.Numbers(peer.GetProperty("pinball"));
        for (int i = 0; i < 3; i++) Close(pinball[i], Regression.Pinball(y, p, 0.05 + 0.45 * i, w));
    }

    [Fact]
    public void Sharpe_ratios_are_deflated_as_by_scipy()
    {
        JsonElement peer = Peers.Results.GetProperty("sharpe");
        double[] returns = Peers.Input("returns"), trials = [.. returns.Take(20).Select(r => r / 10)];

        Close(peer, "ratio", Sharpe.Ratio(returns));
        Close(peer, "probabilistic", Sharpe.Probabilistic(returns));
        Close(peer, "deflated", Sharpe.Deflated(returns, trials));
    }

    private static double[] Of(string weighting) => weighting == "plain" ? [] : Weights;

    private static void Same(JsonElement peer, ReliabilityCurve curve)
    {
        Close(peer, "ece", curve.Ece);
        Close(peer, "mce", curve.Mce);
        Close(peer, "square", curve.DebiasedSquare, 1e-11);
        double[][] points = [.. peer.GetProperty("points").EnumerateArray().Select(Fixture.Numbers)];
        Assert.Equal(points.Select(p => (int)p[2]), curve.Bins.Select(b => b.Count));
        for (int k = 0; k < points.Length; k++)
        {
            Close(points[k][0], curve.Bins[k].MeanScore);
            Close(points[k][1], curve.Bins[k].MeanLabel);
            Close(points[k][3], curve.Bins[k].Weight);
        }
    }

    private static void Close(JsonElement peer, string name, double found, double relative = 1e-12) =>
        Close(Fixture.Number(peer.GetProperty(name)), found, relative);

    private static void Close(double expected, double found, double relative = 1e-12) =>
        Assert.True(Math.Abs(expected - found) <= relative * Math.Abs(expected), $"{expected:R} became {found:R}");
}
