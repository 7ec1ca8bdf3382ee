using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Learning;

/// <summary>Asks Training what it has, what it waits for, and what came of it.</summary>
public readonly record struct LearningQuestion;

/// <summary>Lane 3 at this moment [LRN-01..14, TRN-22]. What is not known is absent.</summary>
/// <remarks>What counts over restarts is saved every 30 s and at a stop: a crash forgets what was counted since.</remarks>
public sealed record LearningView
{
    /// <summary>This process's start, UTC: metrics, nights, drift and what became of the last version are known from then on.</summary>
    [Description("This process's start, UTC: metrics, nights, drift and what became of the last version are known from then on. The other counts name their own window.")]
    public required DateTime Since { get; init; }

    /// <summary>What there is to learn from.</summary>
    public required SampleFigures Samples { get; init; }

    /// <summary>The shadow lane since its <c>since</c>.</summary>
    public required ActivityFigures Activity { get; init; }

    /// <summary>What keeps every trigger from firing, in words; null for nothing.</summary>
    [Description("What keeps every trigger from firing; absent where nothing does.")]
    public string? Guard { get; init; }

    /// <summary>Each trigger, and what it waits for.</summary>
    public required IReadOnlyList<TriggerView> Triggers { get; init; }

    /// <summary>The contractual figures with their bands: of trades those since the activity's <c>since</c>, of retrains those of this process and the day before its last.</summary>
    [Description("Of trades those since activity.since, of retrains those of this process, in the day up to the last of them.")]
    public required IReadOnlyList<LearningMetric> Metrics { get; init; }

    /// <summary>Nightly cycles of this process, the newest first; at most 400.</summary>
    [Description("Of this process, the newest first; at most 400.")]
    public required IReadOnlyList<NightView> Nights { get; init; }

    /// <summary>Every watched column, of both kinds of opportunity.</summary>
    public required IReadOnlyList<DriftView> Drift { get; init; }

    /// <summary>Versions that were made.</summary>
    public required RetrainingView Retraining { get; init; }
}

/// <summary>What there is to learn from.</summary>
public sealed record SampleFigures
{
    /// <summary>Opportunities recorded, over restarts.</summary>
    [Description("Opportunities recorded, over restarts.")]
    public required long Collected { get; init; }

    /// <summary>Labelled samples learnt from, over restarts.</summary>
    [Description("Labelled samples learnt from, over restarts.")]
    public required long Labelled { get; init; }

    /// <summary>The samples in the buffer, by the lane whose trades they are. Where lane 2 runs, all are its own: lane 1 trades some of the same opportunities.</summary>
    [JsonPropertyName("by_lane"), Description(
        "The samples in the buffer, over restarts, by the lane whose trades they are. Where lane 2 runs all are its own: nothing is learnt twice, and production 0 does not mean that it made no trade.")]
    public required IReadOnlyList<LaneCount> ByLane { get; init; }

    /// <summary>Rows that a full retrain would start from, over restarts.</summary>
    [Description("Rows that a full retrain would start from, over restarts.")]
    public required int Buffer { get; init; }

    /// <summary>Most that are kept.</summary>
    [JsonPropertyName("buffer_capacity")]
    public required int BufferCapacity { get; init; }

    /// <summary>Trades that other programs reported, over restarts.</summary>
    [Description("Trades that other programs reported, over restarts.")]
    public required long Reported { get; init; }
}

/// <summary>Samples of one lane.</summary>
/// <param name="Lane"><c>production</c> or <c>shadow_sim</c>.</param>
/// <param name="Count">How many.</param>
public sealed record LaneCount(string Lane, long Count);

/// <summary>The shadow lane since the last daily summary, at 23:00 UTC, or this process's start [LRN-12]; a trade here is one of an opportunity that passed.</summary>
public sealed record ActivityFigures
{
    /// <summary>The last daily summary on the market's clock; before one, this process's start. UTC.</summary>
    [Description("From when on all of this counts, UTC: the last daily summary on the market's clock; before one, this process's start.")]
    public required DateTime Since { get; init; }

    /// <summary>Signals that were judged.</summary>
    public required long Received { get; init; }

    /// <summary>Those that passed.</summary>
    public required long Passed { get; init; }

    /// <summary>Those that were blocked.</summary>
    public required long Failed { get; init; }

    /// <summary>Trades that made money after fees.</summary>
    public required long Wins { get; init; }

    /// <summary>Those that did not.</summary>
    public required long Losses { get; init; }

    /// <summary>Simulated net profit, base currency; trades in other currencies are left out.</summary>
    [JsonPropertyName("simulated_net"), Description("USD; trades in other currencies are left out.")]
    public required decimal SimulatedNet { get; init; }
}

/// <summary>One trigger, and why it has not fired.</summary>
/// <param name="Name">samples, performance, full, drift, nightly, calendar or manual.</param>
/// <param name="Kind"><c>online</c> or <c>full</c>: what it makes.</param>
/// <param name="Measured">What it measured, in words.</param>
/// <param name="Limit">What fires it, in words.</param>
/// <param name="Fired">Whether it asks for a version now.</param>
/// <param name="WaitsFor">What it waits for, in words.</param>
public sealed record TriggerView(
    string Name, string Kind, string Measured, string Limit, bool Fired, [property: JsonPropertyName("waits_for")] string WaitsFor);

/// <summary>One contractual figure with the band that it is held to [LRN-01..10].</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Value">What was measured; null where there is nothing to measure yet.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Min">Lowest acceptable; null for no such limit.</param>
/// <param name="Ideal">What is aimed at.</param>
/// <param name="Max">Highest acceptable; null for no such limit.</param>
/// <param name="State"><c>below</c>, <c>ok</c>, <c>ideal</c>, <c>above</c> or <c>unknown</c>.</param>
/// <param name="Text">All of it in words.</param>
public sealed record LearningMetric(string Name, double? Value, string Unit, double? Min, double? Ideal, double? Max, string State, string Text);

/// <summary>One nightly cycle.</summary>
/// <param name="At">The midnight, UTC.</param>
/// <param name="Wins">Labels that won, of both kinds of opportunity.</param>
/// <param name="Losses">Labels that did not.</param>
/// <param name="Rows">Rows in the dataset.</param>
/// <param name="Model">Label of the meta-label model that it made; null for none.</param>
/// <param name="Ready">Whether that may judge; null without one.</param>
/// <param name="Text">What was trained and what not, and why.</param>
public sealed record NightView(DateTime At, long Wins, long Losses, int Rows, string? Model, bool? Ready, string Text);

/// <summary>One column against what the last full retrain was made of, over the longest window.</summary>
public sealed record DriftView
{
    /// <summary><c>cross_venue</c> or <c>directional</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the column; <c>score</c> and <c>residual</c> are the model's.</summary>
    public required string Feature { get; init; }

    /// <summary>Population stability index; null of too few.</summary>
    public double? Psi { get; init; }

    /// <summary>p-value of the Kolmogorov-Smirnov test; null of too few.</summary>
    [JsonPropertyName("ks_p")]
    public double? KsP { get; init; }

    /// <summary>Wasserstein-1 distance in the column's unit; null of too few.</summary>
    public double? Wasserstein { get; init; }

    /// <summary>Whether it has moved further than chance and its own windows.</summary>
    public required bool Drifted { get; init; }

    /// <summary>Earlier checks, the oldest first; thinned out as they get many.</summary>
    public required IReadOnlyList<DriftPoint> History { get; init; }
}

/// <summary>One check of a column.</summary>
/// <param name="At">The instant up to which everything was known, UTC.</param>
/// <param name="Psi">Population stability index.</param>
public readonly record struct DriftPoint(DateTime At, double Psi);

/// <summary>Versions that were made.</summary>
public sealed record RetrainingView
{
    /// <summary>Whether a full retrain is at work.</summary>
    public required bool Running { get; init; }

    /// <summary>Versions made, of the online learner too, over restarts.</summary>
    [Description("Versions made, of the online learner too, over restarts.")]
    public required long Runs { get; init; }

    /// <summary>The instant up to which the last one knew everything, UTC; null for none.</summary>
    [JsonPropertyName("last_at")]
    public DateTime? LastAt { get; init; }

    /// <summary>What became of the last one of this process; null for none.</summary>
    [JsonPropertyName("last_text")]
    public string? LastText { get; init; }
}
