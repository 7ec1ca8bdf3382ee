using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>Every gate on trial.</summary>
public sealed record GateCourtView
{
    /// <summary>In the order in which they are evaluated.</summary>
    [JsonPropertyName("gates")]
    public required IReadOnlyList<GateRow> Gates { get; init; }

    /// <summary>Opportunities that were refused.</summary>
    [JsonPropertyName("total_blocked")]
    public required long TotalBlocked { get; init; }
}

/// <summary>One gate on trial: what it said, and what became of what it failed.</summary>
public sealed record GateRow
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The kinds that its failure refuses; for others it advises.</summary>
    [JsonPropertyName("binds")]
    public required IReadOnlyList<string> Binds { get; init; }

    /// <summary>What it measures.</summary>
    [JsonPropertyName("measures")]
    public required string Measures { get; init; }

    /// <summary>The setting that holds its limit; absent where it is fixed.</summary>
    [JsonPropertyName("setting"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Setting { get; init; }

    /// <summary>The limit, as the setting has it; absent before a shadow trade was filled.</summary>
    [JsonPropertyName("limit"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Limit { get; init; }

    /// <summary>The same where it is no number.</summary>
    [JsonPropertyName("limit_text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LimitText { get; init; }

    /// <summary>What must hold: <c>&gt;</c>, <c>&gt;=</c>, <c>&lt;</c>, <c>&lt;=</c> or <c>in</c>.</summary>
    [JsonPropertyName("comparison")]
    public required string Comparison { get; init; }

    /// <summary>Unit of the measure; empty for none.</summary>
    [JsonPropertyName("unit")]
    public required string Unit { get; init; }

    /// <summary>Opportunities within the limit.</summary>
    [JsonPropertyName("pass")]
    public required long Pass { get; init; }

    /// <summary>Opportunities outside it.</summary>
    [JsonPropertyName("fail")]
    public required long Fail { get; init; }

    /// <summary>Opportunities whose measure was not there.</summary>
    [JsonPropertyName("unknown")]
    public required long Unknown { get; init; }

    /// <summary>pass / (pass + fail).</summary>
    [JsonPropertyName("pass_rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PassRate { get; init; }

    /// <summary><c>too_strict</c>, <c>too_loose</c>, <c>earns_its_keep</c>, <c>undecided</c> or <c>not_enough_evidence</c>.</summary>
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    /// <summary>The same in words.</summary>
    [JsonPropertyName("verdict_text")]
    public required string VerdictText { get; init; }

    /// <summary>What it refused and whose shadow trade lost.</summary>
    [JsonPropertyName("good_blocks")]
    public required long GoodBlocks { get; init; }

    /// <summary>What it refused and whose shadow trade won.</summary>
    [JsonPropertyName("bad_blocks")]
    public required long BadBlocks { get; init; }

    /// <summary>Share of those that lost among what it refused and what it advised against.</summary>
    [JsonPropertyName("accuracy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Accuracy { get; init; }

    /// <summary>What the good blocks would have lost, positive, base currency.</summary>
    [JsonPropertyName("saved")]
    public required string Saved { get; init; }

    /// <summary>What the bad blocks would have made, base currency.</summary>
    [JsonPropertyName("missed")]
    public required string Missed { get; init; }

    /// <summary>What it failed and did not refuse, because it only advises or pre-validation is off; no block is to its credit.</summary>
    [JsonPropertyName("would_have_blocked")]
    public required BlockView WouldHaveBlocked { get; init; }

    /// <summary>Net of a trade that it refused or advised against; absent with fewer than 20.</summary>
    [JsonPropertyName("blocked_net"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IntervalView? BlockedNet { get; init; }

    /// <summary>The base currency.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }

    /// <summary>What other limits would have blocked; empty where the measure is no number.</summary>
    [JsonPropertyName("curve")]
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Another limit, where the evidence for it is enough.</summary>
    [JsonPropertyName("recommendation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GateAdvice? Recommendation { get; init; }

    /// <summary>The recommendation, or why there is none.</summary>
    [JsonPropertyName("recommendation_text")]
    public required string RecommendationText { get; init; }
}

/// <summary>What became of trades that a gate only advised against.</summary>
public sealed record BlockView
{
    /// <summary>Shadow trades that lost.</summary>
    [JsonPropertyName("good")]
    public required long Good { get; init; }

    /// <summary>Shadow trades that won.</summary>
    [JsonPropertyName("bad")]
    public required long Bad { get; init; }

    /// <summary>What the losers lost, positive, base currency.</summary>
    [JsonPropertyName("saved")]
    public required string Saved { get; init; }

    /// <summary>What the winners made, base currency.</summary>
    [JsonPropertyName("missed")]
    public required string Missed { get; init; }
}

/// <summary>What one limit would have blocked of all shadow trades that were filled.</summary>
public sealed record CurvePoint
{
    /// <summary>The limit.</summary>
    [JsonPropertyName("threshold")]
    public required double Threshold { get; init; }

    /// <summary>Trades outside it.</summary>
    [JsonPropertyName("blocked")]
    public required long Blocked { get; init; }

    /// <summary>What the losers among them lost, positive, base currency.</summary>
    [JsonPropertyName("saved")]
    public required string Saved { get; init; }

    /// <summary>What the winners among them made, base currency.</summary>
    [JsonPropertyName("missed")]
    public required string Missed { get; init; }

    /// <summary>saved - missed.</summary>
    [JsonPropertyName("net")]
    public required string Net { get; init; }
}

/// <summary>Another limit that would have done better.</summary>
public sealed record GateAdvice
{
    /// <summary>That limit.</summary>
    [JsonPropertyName("limit")]
    public required double Limit { get; init; }

    /// <summary>Why, in words.</summary>
    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <summary>What it would have saved or made beyond the present one, base currency.</summary>
    [JsonPropertyName("gain")]
    public required string Gain { get; init; }
}

/// <summary>A mean with its 95 % interval.</summary>
public sealed record IntervalView
{
    /// <summary>The mean.</summary>
    [JsonPropertyName("mean")]
    public required double Mean { get; init; }

    /// <summary>Lower end.</summary>
    [JsonPropertyName("low")]
    public required double Low { get; init; }

    /// <summary>Upper end.</summary>
    [JsonPropertyName("high")]
    public required double High { get; init; }

    /// <summary>Observations.</summary>
    [JsonPropertyName("n"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? N { get; init; }
}
