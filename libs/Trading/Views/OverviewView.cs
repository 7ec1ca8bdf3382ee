using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>What the first page shows: the four lanes, the account's guard, what was lost, what is earned.</summary>
public sealed record OverviewView
{
    /// <summary><c>spring_training</c> while production is off, <c>paper</c> or <c>live</c>.</summary>
    [JsonPropertyName("mode")]
    public required string Mode { get; init; }

    /// <summary>The mode in words.</summary>
    [JsonPropertyName("mode_text")]
    public required string ModeText { get; init; }

    /// <summary>Whether the market is made up.</summary>
    [JsonPropertyName("synthetic")]
    public required bool Synthetic { get; init; }

    /// <summary>Name of the feed; <c>none</c> before there is one.</summary>
    [JsonPropertyName("feed")]
    public required string Feed { get; init; }

    /// <summary>The market's clock, as far as decisions and outcomes tell it, UTC.</summary>
    [JsonPropertyName("feed_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeedTime { get; init; }

    /// <summary>The preset that was chosen.</summary>
    [JsonPropertyName("preset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preset { get; init; }

    /// <summary>Version of the software.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary><c>all-in-one</c>, <c>learner</c> or <c>trader</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>When this run began, UTC.</summary>
    [JsonPropertyName("started_at")]
    public required string StartedAt { get; init; }

    /// <summary>When this was said, UTC.</summary>
    [JsonPropertyName("now")]
    public required string Now { get; init; }

    /// <summary>The last ledger record that is counted.</summary>
    [JsonPropertyName("as_of")]
    public required string AsOf { get; init; }

    /// <summary>Stage of graduation and what is missing, in words.</summary>
    [JsonPropertyName("stage")]
    public required string Stage { get; init; }

    /// <summary>The kill switch.</summary>
    [JsonPropertyName("kill")]
    public required KillView Kill { get; init; }

    /// <summary>Breakers that stand tripped.</summary>
    [JsonPropertyName("breakers")]
    public required IReadOnlyList<StandingBreaker> Breakers { get; init; }

    /// <summary>In the order of the path: 4, 1, 2, 3.</summary>
    [JsonPropertyName("lanes")]
    public required IReadOnlyList<LaneView> Lanes { get; init; }

    /// <summary>Opportunities detected or submitted.</summary>
    [JsonPropertyName("detected")]
    public required long Detected { get; init; }

    /// <summary>Of those, a second over the last 10 s.</summary>
    [JsonPropertyName("detected_per_s")]
    public required double DetectedPerS { get; init; }

    /// <summary>Whether anything was lost.</summary>
    [JsonPropertyName("conservation")]
    public required ConservationView Conservation { get; init; }

    /// <summary>What judges; absent where no service keeps versions.</summary>
    [JsonPropertyName("model"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LiveModelView? Model { get; init; }

    /// <summary>What the lanes have earned.</summary>
    [JsonPropertyName("profit")]
    public required ProfitView Profit { get; init; }

    /// <summary>What a trader should look at, most severe first.</summary>
    [JsonPropertyName("alerts")]
    public required IReadOnlyList<AlertView> Alerts { get; init; }
}

/// <summary>The kill switch.</summary>
public sealed record KillView
{
    /// <summary>Whether it is thrown.</summary>
    [JsonPropertyName("on")]
    public required bool On { get; init; }

    /// <summary>Why it was.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Since when, UTC.</summary>
    [JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }
}

/// <summary>A breaker that stands tripped.</summary>
public sealed record StandingBreaker
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What was measured, against what limit.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>Since when, UTC.</summary>
    [JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }

    /// <summary>When its own rule resets it, UTC.</summary>
    [JsonPropertyName("resets"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resets { get; init; }
}

/// <summary>One lane.</summary>
public sealed record LaneView
{
    /// <summary>1 to 4.</summary>
    [JsonPropertyName("number")]
    public required int Number { get; init; }

    /// <summary><c>production</c>, <c>shadow_sim</c>, <c>training</c> or <c>pre_validator</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Whether it runs.</summary>
    [JsonPropertyName("enabled")]
    public required bool Enabled { get; init; }

    /// <summary>Why it does not.</summary>
    [JsonPropertyName("off_reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OffReason { get; init; }

    /// <summary>Opportunities judged, outcomes given, or samples recorded.</summary>
    [JsonPropertyName("processed")]
    public required long Processed { get; init; }

    /// <summary>Of lane 4: those that passed.</summary>
    [JsonPropertyName("passed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Passed { get; init; }

    /// <summary>Of lane 4: those that were refused.</summary>
    [JsonPropertyName("failed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Failed { get; init; }

    /// <summary>Of lanes 1 and 2: trades that made money after fees.</summary>
    [JsonPropertyName("succeeded"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Succeeded { get; init; }

    /// <summary>Of lanes 1 and 2: outcomes without a trade.</summary>
    [JsonPropertyName("missed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Missed { get; init; }

    /// <summary>Those by code.</summary>
    [JsonPropertyName("missed_by"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MissCount>? MissedBy { get; init; }

    /// <summary>0 to 1: of lane 4 those that passed of those judged, of lanes 1 and 2 those won of those filled and closed: what was missed is neither won nor lost.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Rate { get; init; }

    /// <summary>Processed a second over the last 10 s.</summary>
    [JsonPropertyName("per_s")]
    public required double PerS { get; init; }

    /// <summary>Items waiting for it.</summary>
    [JsonPropertyName("queue_depth")]
    public required long QueueDepth { get; init; }

    /// <summary>Most items that may wait.</summary>
    [JsonPropertyName("queue_capacity")]
    public required long QueueCapacity { get; init; }

    /// <summary>Messages that its full queues dropped.</summary>
    [JsonPropertyName("dropped")]
    public required long Dropped { get; init; }

    /// <summary>Of lanes 1 and 2: net of fees, base currency.</summary>
    [JsonPropertyName("profit"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Profit { get; init; }

    /// <summary>Of lane 3: opportunities with a label.</summary>
    [JsonPropertyName("samples"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Samples { get; init; }
}

/// <summary>How often one thing went wrong.</summary>
public sealed record MissCount
{
    /// <summary>The code.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>How often.</summary>
    [JsonPropertyName("count")]
    public required long Count { get; init; }
}

/// <summary>missing = (opportunities - verdicts) + (due - outcomes) - open; always 0.</summary>
public sealed record ConservationView
{
    /// <summary>Detected or submitted.</summary>
    [JsonPropertyName("opportunities")]
    public required long Opportunities { get; init; }

    /// <summary>Judged.</summary>
    [JsonPropertyName("verdicts")]
    public required long Verdicts { get; init; }

    /// <summary>Outcomes owed.</summary>
    [JsonPropertyName("due")]
    public required long Due { get; init; }

    /// <summary>Outcomes given.</summary>
    [JsonPropertyName("outcomes")]
    public required long Outcomes { get; init; }

    /// <summary>Owed, and may still come.</summary>
    [JsonPropertyName("open")]
    public required long Open { get; init; }

    /// <summary>What was lost.</summary>
    [JsonPropertyName("missing")]
    public required long Missing { get; init; }
}

/// <summary>The model that judges.</summary>
public sealed record LiveModelView
{
    /// <summary>Identity.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Label.</summary>
    [JsonPropertyName("label")]
    public required string Label { get; init; }

    /// <summary>Running number.</summary>
    [JsonPropertyName("ordinal")]
    public required int Ordinal { get; init; }

    /// <summary>Since when, UTC.</summary>
    [JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }

    /// <summary>Why.</summary>
    [JsonPropertyName("why"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Why { get; init; }

    /// <summary>What judges a share beside it.</summary>
    [JsonPropertyName("challenger"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelName? Challenger { get; init; }

    /// <summary>That share, 0 to 1.</summary>
    [JsonPropertyName("challenger_share"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ChallengerShare { get; init; }
}

/// <summary>A model's three names.</summary>
public sealed record ModelName
{
    /// <summary>Identity.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Label.</summary>
    [JsonPropertyName("label")]
    public required string Label { get; init; }

    /// <summary>Running number.</summary>
    [JsonPropertyName("ordinal")]
    public required int Ordinal { get; init; }
}

/// <summary>Profit net of fees, base currency.</summary>
public sealed record ProfitView
{
    /// <summary>Lane 1.</summary>
    [JsonPropertyName("production")]
    public required string Production { get; init; }

    /// <summary>Lane 2, what passed the pre-validator.</summary>
    [JsonPropertyName("shadow_passed")]
    public required string ShadowPassed { get; init; }

    /// <summary>Lane 2, all of it.</summary>
    [JsonPropertyName("shadow_all")]
    public required string ShadowAll { get; init; }

    /// <summary>The base currency.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}

/// <summary>Something to look at.</summary>
public sealed record AlertView
{
    /// <summary>Stable name.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>What was measured, against what limit.</summary>
    [JsonPropertyName("cause")]
    public required string Cause { get; init; }

    /// <summary>What to do.</summary>
    [JsonPropertyName("advice")]
    public required string Advice { get; init; }

    /// <summary>When its breaker tripped or its kill was asked for; of others, since when it is known to stand. UTC.</summary>
    [JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }
}
