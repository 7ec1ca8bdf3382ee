using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>One decision in a list.</summary>
public record OpportunityRow
{
    /// <summary>Trace id, 32 hex digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The instant whose quotes it was computed from, UTC.</summary>
    [JsonPropertyName("at")]
    public required string At { get; init; }

    /// <summary>The symbol it is reported under.</summary>
    [JsonPropertyName("symbol")]
    public required string Symbol { get; init; }

    /// <summary><c>cross_venue</c> or <c>directional</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>Where it would be bought and sold; one venue of a direction.</summary>
    [JsonPropertyName("venues")]
    public required IReadOnlyList<string> Venues { get; init; }

    /// <summary><c>arb</c>, <c>scalp</c> or <c>runner</c>.</summary>
    [JsonPropertyName("mode")]
    public required string Mode { get; init; }

    /// <summary><c>long</c> or <c>short</c>.</summary>
    [JsonPropertyName("side")]
    public required string Side { get; init; }

    /// <summary>Edge before costs, bps.</summary>
    [JsonPropertyName("gross_bps"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GrossBps { get; init; }

    /// <summary>Edge after fees, bps.</summary>
    [JsonPropertyName("net_bps"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NetBps { get; init; }

    /// <summary>Of the model, 0 to 1.</summary>
    [JsonPropertyName("score"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Score { get; init; }

    /// <summary>Whether it passed the pre-validator.</summary>
    [JsonPropertyName("passed")]
    public required bool Passed { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonPropertyName("reasons")]
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Label of the model that scored it.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>What lane 1 made of it; absent where it owes nothing.</summary>
    [JsonPropertyName("production"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LaneResult? Production { get; init; }

    /// <summary>What lane 2 made of it; absent where it owes nothing.</summary>
    [JsonPropertyName("shadow"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LaneResult? Shadow { get; init; }
}

/// <summary>What one lane made of it.</summary>
public record LaneResult
{
    /// <summary><c>open</c>, <c>filled</c> or <c>missed</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary><c>win</c> above 0.5 bps net, <c>loss</c> below -0.5, else <c>breakeven</c>.</summary>
    [JsonPropertyName("result"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Result { get; init; }

    /// <summary>Profit after fees.</summary>
    [JsonPropertyName("net"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Net { get; init; }

    /// <summary>The same over the entry price, bps.</summary>
    [JsonPropertyName("net_bps"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NetBps { get; init; }

    /// <summary>Currency of the amounts.</summary>
    [JsonPropertyName("currency"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }

    /// <summary>Why there is no trade.</summary>
    [JsonPropertyName("missed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Missed { get; init; }

    /// <summary>That in words.</summary>
    [JsonPropertyName("detail"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }
}
