using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>The auditor's part of the first page.</summary>
public sealed record AuditView
{
    /// <summary>Session name; empty before one.</summary>
    [JsonPropertyName("session")]
    public required string Session { get; init; }

    /// <summary>The preset that was chosen.</summary>
    [JsonPropertyName("preset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preset { get; init; }

    /// <summary>Version of the software.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary>When this run began, UTC.</summary>
    [JsonPropertyName("started_at")]
    public required DateTime StartedAt { get; init; }

    /// <summary>Name of the feed; <c>none</c> before there is one.</summary>
    [JsonPropertyName("feed")]
    public required string Feed { get; init; }

    /// <summary>Whether the market is made up.</summary>
    [JsonPropertyName("synthetic")]
    public required bool Synthetic { get; init; }

    /// <summary>The market's clock, as far as decisions and outcomes tell it, UTC.</summary>
    [JsonPropertyName("feed_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? FeedTime { get; init; }

    /// <summary>The last ledger record that is counted.</summary>
    [JsonPropertyName("as_of")]
    public required long AsOf { get; init; }

    /// <summary>The lanes in the order of the path, without their queues.</summary>
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

    /// <summary>What the lanes have earned.</summary>
    [JsonPropertyName("profit")]
    public required ProfitView Profit { get; init; }

    /// <summary>What a trader should look at.</summary>
    [JsonPropertyName("alerts")]
    public required IReadOnlyList<AlertView> Alerts { get; init; }
}
