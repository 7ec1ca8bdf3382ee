using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>An A/B test in traffic, and how it stands.</summary>
public sealed record ExperimentView
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("experiment")]
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    [JsonPropertyName("model_type")]
    public required string ModelType { get; init; }

    /// <summary>Label of what the champion has of that type.</summary>
    [JsonPropertyName("version_a")]
    public required string VersionA { get; init; }

    /// <summary>Label of what the challenger has of that type.</summary>
    [JsonPropertyName("version_b")]
    public required string VersionB { get; init; }

    /// <summary>Shares of the two, which sum to 1.</summary>
    [JsonPropertyName("traffic_split")]
    public required IReadOnlyList<double> TrafficSplit { get; init; }

    /// <summary>The version that judges the first share.</summary>
    [JsonPropertyName("champion")]
    public required ModelRef Champion { get; init; }

    /// <summary>The version that judges the second share.</summary>
    [JsonPropertyName("challenger")]
    public required ModelRef Challenger { get; init; }

    /// <summary>Since when the shares are what they are, UTC.</summary>
    [JsonPropertyName("since")]
    public required DateTime Since { get; init; }

    /// <summary>Why, in words.</summary>
    [JsonPropertyName("why")]
    public required string Why { get; init; }

    /// <summary>Outcomes that both have foretold.</summary>
    [JsonPropertyName("outcomes")]
    public long Outcomes { get; init; }

    /// <summary>Net bps of the challenger less those of the champion; null before it can be told.</summary>
    [JsonPropertyName("gain_bps")]
    public double? GainBps { get; init; }

    /// <summary>Ends of its interval, at any time 1 − α; null before it can be told.</summary>
    [JsonPropertyName("gain_bps_interval")]
    public IReadOnlyList<double>? GainBpsInterval { get; init; }

    /// <summary>What the promotion policy says of it; empty where evidence is not at hand.</summary>
    [JsonPropertyName("checks")]
    public IReadOnlyList<CheckView> Checks { get; init; } = [];

    /// <summary>Words of caution to whoever asked for it.</summary>
    [JsonPropertyName("notes")]
    public IReadOnlyList<string> Notes { get; init; } = [];
}
