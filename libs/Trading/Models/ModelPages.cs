using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry for versions, the newest first.</summary>
/// <param name="Limit">Most of them.</param>
/// <param name="Before">Only those registered before this one, counted from 0; null for all.</param>
public readonly record struct ModelsQuestion(int Limit, int? Before);

/// <summary>The answer to <see cref="ModelsQuestion"/>.</summary>
/// <param name="Rows">The newest first.</param>
/// <param name="Next">What to ask as <see cref="ModelsQuestion.Before"/> for more; null at the end.</param>
/// <param name="Live">What judges.</param>
/// <param name="Experiment">The experiment in traffic; null for none.</param>
public sealed record ModelsAnswer(IReadOnlyList<ModelRow> Rows, int? Next, LiveVersion Live, RunningExperiment? Experiment);

/// <summary>What judges, and why.</summary>
/// <param name="Model">The champion.</param>
/// <param name="Since">Since when, UTC; null for "from the beginning".</param>
/// <param name="Why">In words.</param>
/// <param name="Pinned">Whether a rollback by people holds it.</param>
public sealed record LiveVersion(ModelRef Model, DateTime? Since, string Why, bool Pinned = false);

/// <summary>A version in a list.</summary>
public record ModelRow
{
    /// <summary>Identity.</summary>
    public required string Id { get; init; }

    /// <summary>Label.</summary>
    public required string Label { get; init; }

    /// <summary>Running number within its type.</summary>
    public required int Ordinal { get; init; }

    /// <summary><c>meta_label</c>, <c>xgboost</c>, <c>onnx</c>, <c>slippage</c> or <c>regime</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What sort of model it is.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was registered, UTC; null where that is not known.</summary>
    [JsonPropertyName("created_at")]
    public DateTime? CreatedAt { get; init; }

    /// <summary><c>candidate</c>, <c>challenger</c>, <c>champion</c> or <c>archived</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Share of the traffic that it judges, 0 to 1.</summary>
    public required double Traffic { get; init; }

    /// <summary>What it was made by: a trigger, or people.</summary>
    public required string Trigger { get; init; }

    /// <summary>Labelled samples behind it; null where it does not say.</summary>
    public long? Samples { get; init; }

    /// <summary>Area under the ROC curve on rows that it had not seen; null where it was not measured.</summary>
    public double? Auc { get; init; }

    /// <summary>Calibration error on such rows; null where it was not measured.</summary>
    public double? Ece { get; init; }

    /// <summary>Brier score on such rows; null where it was not measured.</summary>
    public double? Brier { get; init; }

    /// <summary>Log-loss on such rows, nats; null where it was not measured.</summary>
    [JsonPropertyName("log_loss")]
    public double? LogLoss { get; init; }

    /// <summary>Whether it passed every check of its training.</summary>
    public required bool Ready { get; init; }

    /// <summary>Why, or why not, in words.</summary>
    public required string Why { get; init; }
}

/// <summary>Asks the registry for everything that is known of one version.</summary>
/// <param name="Name">Identity, at least 8 of its hex digits, label or ordinal, of whatever type.</param>
public readonly record struct ModelQuestion(string Name);

/// <summary>A version, with what its training kept of its evaluation; a version of the online learner was not evaluated so, and its lists are empty.</summary>
public sealed record ModelDetail : ModelRow
{
    /// <summary>Foretold and observed, by score.</summary>
    [Description("Foretold and observed win rates by score, on rows that it had not seen; empty where none was kept.")]
    public required IReadOnlyList<ReliabilityPoint> Reliability { get; init; }

    /// <summary>What matters, the first first.</summary>
    public required IReadOnlyList<FeatureImportance> Importance { get; init; }

    /// <summary>Share of importance that moved since the model before; null where there is none to compare with.</summary>
    [JsonPropertyName("importance_change")]
    public double? ImportanceChange { get; init; }

    /// <summary>What it was asked to satisfy.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IReadOnlyList<LineageFact> Lineage { get; init; }
}

/// <summary>A point of the reliability diagram.</summary>
/// <param name="Low">Lower end of the scores.</param>
/// <param name="High">Upper end.</param>
/// <param name="Predicted">Mean score.</param>
/// <param name="Observed">Share that won.</param>
/// <param name="N">Rows.</param>
public sealed record ReliabilityPoint(double Low, double High, double Predicted, double Observed, long N);

/// <summary>One feature's share of the gain of all splits.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Share">0 to 1.</param>
/// <param name="Change">Less its share in the version that it was compared with; null where that is not kept.</param>
public sealed record FeatureImportance(string Feature, double Share, double? Change);

/// <summary>One check.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Passed">Null where it cannot be told.</param>
/// <param name="Text">What was measured, and the limit.</param>
public sealed record CheckResult(string Name, bool? Passed, string Text);

/// <summary>One fact of a version's origin.</summary>
/// <param name="Name">parent, data, schema, code, seed, trigger, known_at, scope.</param>
/// <param name="Value">In words.</param>
public sealed record LineageFact(string Name, string Value);

/// <summary>The experiment in traffic.</summary>
public sealed record RunningExperiment
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What judges the rest.</summary>
    public required ModelRef Champion { get; init; }

    /// <summary>What judges <see cref="Share"/>.</summary>
    public required ModelRef Challenger { get; init; }

    /// <summary>The challenger's share, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Outcomes that both have foretold.</summary>
    public required long Outcomes { get; init; }

    /// <summary>Net bps of the challenger less those of the champion; null before it can be told.</summary>
    [JsonPropertyName("gain_bps")]
    public MeanInterval? GainBps { get; init; }

    /// <summary>The checks of the promotion policy.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }
}

/// <summary>A mean with its interval, 95 % unless said otherwise.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="N">What it was estimated from; null where that is not counted.</param>
public sealed record MeanInterval(double Mean, double Low, double High, long? N = null);
