using System.Text.Json.Nodes;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Training.Evaluation;

/// <summary>A feature and its share of the gain of all splits, 0 to 1.</summary>
/// <param name="Feature">Name of the column.</param>
/// <param name="Share">Its share.</param>
public sealed record FeatureShare(string Feature, double Share);

/// <summary>One thing that a model must satisfy to serve.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Passed">Null where it cannot be told, which does not block.</param>
/// <param name="Measured">In words, with the limit.</param>
public sealed record ReadinessCheck(string Name, bool? Passed, string Measured);

/// <summary>How a classifier did on the last fifth of the data in time, which nothing was fitted or chosen on, with "edge alone" beside it.</summary>
public sealed record ModelReport
{
    /// <summary>Rows fitted to.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Wins among them.</summary>
    public required int TrainWins { get; init; }

    /// <summary>Rows judged on.</summary>
    public required int TestRows { get; init; }

    /// <summary>Wins among them.</summary>
    public required int TestWins { get; init; }

    /// <summary>First decision of the test rows, UTC.</summary>
    public required DateTime TestFrom { get; init; }

    /// <summary>The model's AUC on the test rows, 95 % interval by DeLong.</summary>
    public required AucEstimate Auc { get; init; }

    /// <summary>AUC of the net edge alone on the same rows.</summary>
    public required AucEstimate EdgeAuc { get; init; }

    /// <summary>AUC over edge alone, paired, 95 %, by drawing blocks of neighbouring rows again.</summary>
    public required Interval AucOverEdge { get; init; }

    /// <summary>The serving model's AUC on those of the test rows that are newer than it; null without such.</summary>
    public required double? ChampionAuc { get; init; }

    /// <summary>The model's AUC on the same rows as <see cref="ChampionAuc"/>.</summary>
    public required double? AucBesideChampion { get; init; }

    /// <summary>Share foretold by "at least even odds".</summary>
    public required double Accuracy { get; init; }

    /// <summary>Log-loss, nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Log-loss of edge alone, fitted on the training rows, nats.</summary>
    public required double EdgeLogLoss { get; init; }

    /// <summary>Brier score.</summary>
    public required double Brier { get; init; }

    /// <summary>Expected calibration error, 15 bins of equal width.</summary>
    public required double Ece { get; init; }

    /// <summary>The calibration error that faultless probabilities would show on as many rows, 95 % of the time at most.</summary>
    public required double EceFloor { get; init; }

    /// <summary>Foretold and observed, by bins of the score.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>What mattered to the serving trees; empty where none serve.</summary>
    public required IReadOnlyList<FeatureShare> ImportanceBefore { get; init; }

    /// <summary>Share of wins among the test rows.</summary>
    public required double BaseRate { get; init; }

    /// <summary>Mean net bps of all test rows.</summary>
    public required Interval NetBps { get; init; }

    /// <summary>Mean net bps of the test rows that the model gives at least even odds; NaN of none.</summary>
    public required Interval NetBpsOfCalls { get; init; }

    /// <summary>Shape of the calibrator.</summary>
    public required string Calibrator { get; init; }

    /// <summary>What matters, the first first.</summary>
    public required IReadOnlyList<FeatureShare> Importance { get; init; }

    /// <summary>Total variation of importance against the serving trees, 0 to 1 [LRN-07]; null where none serve.</summary>
    public required double? Instability { get; init; }

    /// <summary>Correlation of what the members of the ensemble miss, −1 to 1: at 1 the second adds nothing; NaN where it is not defined.</summary>
    public required double ResidualCorrelation { get; init; }

    /// <summary>Columns that tell the label too well to have been known at the decision.</summary>
    public required IReadOnlyList<string> LeakSuspects { get; init; }

    /// <summary>Everything that a model must satisfy to serve; filled in by <see cref="Readiness"/>.</summary>
    public IReadOnlyList<ReadinessCheck> Checks { get; init; } = [];

    /// <summary>True when no check failed.</summary>
    public bool Ready => Checks.Count > 0 && Checks.All(c => c.Passed != false);

    /// <summary>The report for programs; the same report has the same text.</summary>
    public JsonObject ToJson() => new()
    {
        ["train"] = new JsonObject { ["rows"] = TrainRows, ["wins"] = TrainWins },
        ["test"] = new JsonObject { ["rows"] = TestRows, ["wins"] = TestWins, ["from"] = TestFrom, ["base_rate"] = BaseRate },
        ["auc"] = Json(Auc),
        ["edge_alone"] = new JsonObject { ["auc"] = Json(EdgeAuc), ["log_loss"] = Known(EdgeLogLoss) },
        ["auc_over_edge"] = Json(AucOverEdge),
        ["champion_auc"] = ChampionAuc,
        ["auc_beside_champion"] = AucBesideChampion,
        ["accuracy"] = Known(Accuracy),
        ["log_loss"] = Known(LogLoss),
        ["brier"] = Known(Brier),
        ["ece"] = Known(Ece),
        ["ece_floor"] = Known(EceFloor),
        ["net_bps"] = Json(NetBps),
        ["net_bps_of_calls"] = Json(NetBpsOfCalls),
        ["calibrator"] = Calibrator,
        ["importance"] = new JsonObject(Importance.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Feature, i.Share))),
        ["importance_change"] = Instability,
        ["importance_before"] = new JsonObject(ImportanceBefore.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Feature, i.Share))),
        ["reliability"] = new JsonArray([.. Reliability.Select(b => (JsonNode)new JsonArray(b.MeanScore, b.MeanLabel, b.Count))]),
        ["residual_correlation"] = Known(ResidualCorrelation),
        ["leak_suspects"] = new JsonArray([.. LeakSuspects.Select(s => (JsonNode)s)]),
        ["ready"] = Ready,
        ["checks"] = new JsonArray([.. Checks.Select(c => (JsonNode)new JsonObject { ["name"] = c.Name, ["passed"] = c.Passed, ["measured"] = c.Measured })]),
    };

    private static JsonObject Json(AucEstimate auc) => new() { ["estimate"] = Known(auc.Auc), ["low"] = Known(auc.Low), ["high"] = Known(auc.High) };

    private static JsonObject Json(Interval interval) =>
        new() { ["estimate"] = Known(interval.Estimate), ["low"] = Known(interval.Low), ["high"] = Known(interval.High) };

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
