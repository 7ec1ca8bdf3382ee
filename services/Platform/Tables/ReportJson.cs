using System.Text.Json.Nodes;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Platform.Tables;

/// <summary>Figures for programs; one that is not defined is null.</summary>
internal static class ReportJson
{
    /// <summary>A classifier's figures.</summary>
    public static JsonObject Of(ClassificationReport r) => new()
    {
        ["rows"] = r.Rows,
        ["positives"] = r.Positives,
        ["base_rate"] = Known(r.BaseRate),
        ["auc"] = Known(r.Auc.Auc),
        ["auc_se"] = Known(r.Auc.StandardError),
        ["auc_low"] = Known(r.Auc.Low),
        ["auc_high"] = Known(r.Auc.High),
        ["average_precision"] = Known(r.AveragePrecision),
        ["ks"] = Known(r.KolmogorovSmirnov),
        ["log_loss"] = Known(r.LogLoss),
        ["log_loss_base_rate"] = Known(r.LogLossOfBaseRate),
        ["brier"] = Known(r.Brier),
        ["brier_skill"] = Known(r.BrierSkill),
        ["brier_reliability"] = Known(r.Decomposition.Reliability),
        ["brier_resolution"] = Known(r.Decomposition.Resolution),
        ["brier_uncertainty"] = Known(r.Decomposition.Uncertainty),
        ["brier_within_variance"] = Known(r.Decomposition.WithinVariance),
        ["brier_within_covariance"] = Known(r.Decomposition.WithinCovariance),
        ["ece"] = Known(r.EqualWidth.Ece),
        ["ece_equal_mass"] = Known(r.EqualMass.Ece),
        ["ece_debiased_square"] = Known(r.EqualWidth.DebiasedSquare),
        ["ece_floor"] = Known(r.EceFloor.Mean),
        ["ece_floor_95"] = Known(r.EceFloor.Upper),
        ["mce"] = Known(r.EqualWidth.Mce),
        ["threshold"] = r.Threshold,
        ["accuracy"] = Known(r.Confusion.Accuracy),
        ["precision"] = Known(r.Confusion.Precision),
        ["recall"] = Known(r.Confusion.Recall),
        ["f1"] = Known(r.Confusion.F1),
        ["mcc"] = Known(r.Confusion.Matthews),
    };

    /// <summary>A regression's figures.</summary>
    public static JsonObject Of(RegressionReport r) => new()
    {
        ["rows"] = r.Rows,
        ["rmse"] = Known(r.Rmse),
        ["mae"] = Known(r.Mae),
        ["r_squared"] = Known(r.RSquared),
        ["pinball"] = Known(r.Pinball),
        ["coverage"] = Known(r.Coverage),
        ["quantile"] = r.Quantile,
    };

    /// <summary>The value, or null where it is not defined.</summary>
    public static double? Known(double value) => double.IsFinite(value) ? value : null;
}
