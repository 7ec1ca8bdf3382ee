using System.Text.Json.Nodes;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Predictions;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Trading;

/// <summary>Every question that one service of the platform asks another, by who answers.</summary>
/// <remarks>What the registry refuses it throws: <see cref="RegistryRefusedException"/>.</remarks>
public static class Queries
{
    /// <summary>Registry: the highest ordinal that a version of the path has.</summary>
    public static Query<LastOrdinalQuestion, int> LastOrdinal { get; } = new("registry.last-ordinal");

    /// <summary>Registry: takes up a model file below the import folder.</summary>
    public static Query<RegisterVersion, RegisteredVersion> RegisterVersion { get; } = new("registry.register") { Changes = true };

    /// <summary>Registry: begins an experiment.</summary>
    public static Query<StartAbTest, ExperimentView> StartAbTest { get; } = new("registry.ab-test") { Changes = true };

    /// <summary>Registry: promotes the challenger if the policy allows it.</summary>
    public static Query<PromoteWinner, PromotionView> PromoteWinner { get; } = new("registry.promote") { Changes = true };

    /// <summary>Registry: goes back to an earlier version.</summary>
    public static Query<RollBack, LiveView> RollBack { get; } = new("registry.roll-back") { Changes = true };

    /// <summary>Registry: lifts the pin of a rollback.</summary>
    public static Query<Unpin, LiveView> Unpin { get; } = new("registry.unpin") { Changes = true };

    /// <summary>Registry: versions, experiment and what is live.</summary>
    public static Query<SummariseVersions, RegistrySummary> SummariseVersions { get; } = new("registry.summary");

    /// <summary>Registry: what was live when, and why.</summary>
    public static Query<HistoryQuestion, HistoryView> ModelHistory { get; } = new("registry.history");

    /// <summary>Registry: a call of MLflow's interface.</summary>
    public static Query<MlflowCall, MlflowReply> Mlflow { get; } = new("registry.mlflow") { Changes = true };

    /// <summary>Inference: scores a batch of requests from outside; the results are written into the batch.</summary>
    public static Query<PredictionBatch, PredictionAnswer> ScorePredictions { get; } = new("inference.score");

    /// <summary>Inference: what serves, and how it has done.</summary>
    public static Query<ServingQuestion, ServingStatus> Serving { get; } = new("inference.serving");

    /// <summary>Registry: versions page by page, what judges, and the experiment.</summary>
    public static Query<ModelsQuestion, ModelsAnswer> Models { get; } = new("registry.models");

    /// <summary>Registry: one version with its evaluation and its origin.</summary>
    public static Query<ModelQuestion, ModelDetail> Model { get; } = new("registry.model");

    /// <summary>Training: samples, triggers, nights, drift and figures.</summary>
    public static Query<LearningQuestion, LearningView> Learning { get; } = new("training.learning");

    /// <summary>Training: how the learners foretell, by kind of opportunity.</summary>
    public static Query<LearnersQuestion, IReadOnlyList<LearnerView>> Learners { get; } = new("training.learners");

    /// <summary>Training: what a model must satisfy to judge, in words.</summary>
    public static Query<ReadinessQuestion, IReadOnlyList<string>> Readiness { get; } = new("training.readiness");

    /// <summary>Training: begins a retrain now.</summary>
    public static Query<TrainNow, TrainingBegun> Train { get; } = new("training.train") { Changes = true };

    /// <summary>Auditor: what the path has come to, in time.</summary>
    public static Query<FiguresQuestion, PathFigures> Figures { get; } = new("auditor.figures");

    /// <summary>Auditor: how its writers do.</summary>
    public static Query<WriterQuestion, WriterView> Writers { get; } = new("auditor.writers");

    /// <summary>Auditor: lanes, conservation, profit and alerts.</summary>
    public static Query<AuditQuestion, AuditView> Audit { get; } = new("auditor.overview");

    /// <summary>Auditor: what graduation is judged on, as it stands.</summary>
    public static Query<GraduationQuestion, GraduationFacts> Graduation { get; } = new("auditor.graduation");

    /// <summary>Auditor: cumulative profit over time.</summary>
    public static Query<EquityQuestion, EquityView> Equity { get; } = new("auditor.equity");

    /// <summary>Auditor: decisions, newest first.</summary>
    public static Query<OpportunitiesQuestion, OpportunityPage> Opportunities { get; } = new("auditor.opportunities");

    /// <summary>Auditor: the latest decisions, each told whole.</summary>
    public static Query<PageQuestion, LifePage> RecentLives { get; } = new("auditor.recent");

    /// <summary>Auditor: one decision and everything that followed.</summary>
    public static Query<StoryQuestion, Sought<OpportunityLife>> OpportunityLife { get; } = new("auditor.opportunity");

    /// <summary>Auditor: one decision as <c>why --json</c> tells it.</summary>
    public static Query<StoryQuestion, Sought<JsonObject>> Why { get; } = new("auditor.why");

    /// <summary>Auditor: the gates on trial.</summary>
    public static Query<GatesQuestion, GateCourtView> Gates { get; } = new("auditor.gates");

    /// <summary>Auditor: production and shadow side by side.</summary>
    public static Query<PageQuestion, TwinsView> Twins { get; } = new("auditor.twins");

    /// <summary>Auditor: how often each way of executing succeeds.</summary>
    public static Query<MatrixQuestion, ExecutionMatrixView> ExecutionMatrix { get; } = new("auditor.execution-matrix");

    /// <summary>Auditor: whether the ledger has something on disk, within a bounded wait.</summary>
    public static Query<DurableQuestion, DurableAnswer> Durable { get; } = new("auditor.durable");

    /// <summary>Training: what was reported of a trade of another program.</summary>
    public static Query<ReportedQuestion, ReportedAnswer> Reported { get; } = new("training.reported");

    /// <summary>Production: what stops lane 1.</summary>
    public static Query<GuardQuestion, GuardView> Guard { get; } = new("production.guard");
}
