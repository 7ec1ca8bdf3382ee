using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>What stops, or would stop, lane 1.</summary>
public sealed record GuardView
{
    /// <summary>The kill switch.</summary>
    [JsonPropertyName("kill")]
    public required KillView Kill { get; init; }

    /// <summary>Breakers that stand tripped.</summary>
    [JsonPropertyName("breakers")]
    public required IReadOnlyList<StandingBreaker> Breakers { get; init; }

    /// <summary>Stage of graduation and what is missing, in words.</summary>
    [JsonPropertyName("stage")]
    public required string Stage { get; init; }
}
