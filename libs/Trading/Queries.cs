using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading;

/// <summary>Every question that one service of the platform asks another, by who answers.</summary>
/// <remarks>What the registry refuses it throws: <see cref="RegistryRefusedException"/>.</remarks>
public static class Queries
{
    /// <summary>Registry: the highest ordinal that a version of the path has.</summary>
    public static Query<LastOrdinalQuestion, int> LastOrdinal { get; } = new("registry.last-ordinal");

    /// <summary>Registry: takes up a model file below the import folder.</summary>
    public static Query<RegisterVersion, RegisteredVersion> RegisterVersion { get; } = new("registry.register");

    /// <summary>Registry: begins an experiment.</summary>
    public static Query<StartAbTest, ExperimentView> StartAbTest { get; } = new("registry.ab-test");

    /// <summary>Registry: promotes the challenger if the policy allows it.</summary>
    public static Query<PromoteWinner, PromotionView> PromoteWinner { get; } = new("registry.promote");

    /// <summary>Registry: goes back to an earlier version.</summary>
    public static Query<RollBack, LiveView> RollBack { get; } = new("registry.roll-back");

    /// <summary>Registry: versions, experiment and what is live.</summary>
    public static Query<SummariseVersions, RegistrySummary> SummariseVersions { get; } = new("registry.summary");

    /// <summary>Registry: what was live when, and why.</summary>
    public static Query<HistoryQuestion, HistoryView> ModelHistory { get; } = new("registry.history");

    /// <summary>Registry: a call of MLflow's interface.</summary>
    public static Query<MlflowCall, MlflowReply> Mlflow { get; } = new("registry.mlflow");

    /// <summary>Inference: scores a batch of requests from outside; the results are written into the batch.</summary>
    public static Query<PredictionBatch, PredictionAnswer> ScorePredictions { get; } = new("predictions.score");

    /// <summary>Inference: what serves, and how it has done.</summary>
    public static Query<ServingQuestion, ServingStatus> Serving { get; } = new("predictions.serving");
}
