using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>Cumulative net profit over the market's time.</summary>
public sealed record EquityView
{
    /// <summary>Currency of all amounts; trades in others are left out.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }

    /// <summary>First point, UTC; absent without a trade.</summary>
    [JsonPropertyName("from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Last point, UTC.</summary>
    [JsonPropertyName("to"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? To { get; init; }

    /// <summary>Sums after the last trade of each stretch of time in which there was one.</summary>
    [JsonPropertyName("points")]
    public required IReadOnlyList<EquityPoint> Points { get; init; }

    /// <summary>Filled trades of both lanes, all currencies.</summary>
    [JsonPropertyName("trades")]
    public required long Trades { get; init; }
}

/// <summary>The sums at one instant.</summary>
public sealed record EquityPoint
{
    /// <summary>UTC.</summary>
    [JsonPropertyName("at")]
    public required string At { get; init; }

    /// <summary>Lane 1.</summary>
    [JsonPropertyName("production")]
    public required string Production { get; init; }

    /// <summary>Lane 2, what passed the pre-validator.</summary>
    [JsonPropertyName("shadow_passed")]
    public required string ShadowPassed { get; init; }

    /// <summary>Lane 2, all of it.</summary>
    [JsonPropertyName("shadow_all")]
    public required string ShadowAll { get; init; }
}
