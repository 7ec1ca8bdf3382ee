using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>A registered version for people and programs [REG-11].</summary>
public sealed record VersionView
{
    /// <summary>Label.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary><c>xgboost</c>, <c>onnx</c>, <c>meta_label</c>, <c>slippage</c> or <c>regime</c>.</summary>
    [JsonPropertyName("model_type")]
    public required string ModelType { get; init; }

    /// <summary>Identity.</summary>
    [JsonPropertyName("model_id")]
    public required string ModelId { get; init; }

    /// <summary>Running number within its type.</summary>
    [JsonPropertyName("ordinal")]
    public required int Ordinal { get; init; }

    /// <summary>What sort of model it is.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The artefact, relative to the registry's folder.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>When it was registered, UTC; null where that is not known.</summary>
    [JsonPropertyName("created_at")]
    public DateTime? CreatedAt { get; init; }

    /// <summary>Figures by name.</summary>
    [JsonPropertyName("metrics")]
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Whether it may be assigned.</summary>
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    /// <summary>Share of the traffic that it judges, by itself or as a member, 0 to 1.</summary>
    [JsonPropertyName("traffic_weight")]
    public required double TrafficWeight { get; init; }

    /// <summary><c>candidate</c>, <c>challenger</c>, <c>champion</c> or <c>archived</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>Whether it passed every check of its training; null where none was made.</summary>
    [JsonPropertyName("ready")]
    public bool? Ready { get; init; }

    /// <summary>Those checks in words.</summary>
    [JsonPropertyName("verdict")]
    public string Verdict { get; init; } = "";

    /// <summary>In words.</summary>
    [JsonPropertyName("notes")]
    public string Notes { get; init; } = "";

    /// <summary>Identity of the version that it was made from; null for none.</summary>
    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    /// <summary>Words that people and programs hang on it.</summary>
    [JsonPropertyName("tags")]
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
