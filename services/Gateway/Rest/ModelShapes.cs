using System.ComponentModel;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway.Rest;

// What ModelPages writes, for the OpenAPI document.

/// <summary>The answer to <c>GET /model/status</c>.</summary>
internal sealed record ModelStatusShape(
    [property: JsonPropertyName("model_version")] string ModelVersion,
    [property: JsonPropertyName("model_id")] string ModelId,
    int Ordinal,
    string Kind,
    long Samples,
    [property: JsonPropertyName("model_scope")] string ModelScope,
    string Provider,
    [property: Description("How its members vote; absent for a model without members.")] string? Voting,
    MemberShape[] Members,
    DateTime Since,
    string Why);

/// <summary>One voice of a model.</summary>
internal sealed record MemberShape(string Name, string Version, double Weight);

/// <summary>The answer to <c>GET /models/summary</c>.</summary>
internal sealed record ModelSummaryShape(
    ModelStatusShape Serving,
    [property: JsonPropertyName("providers_available")] string[] ProvidersAvailable,
    ArmShape[] Arms,
    [property: JsonPropertyName("challenger_score_difference")] ScoreDifferenceShape ChallengerScoreDifference,
    long Requests,
    long Predictions,
    [property: Description("Requests that failed whole; rows without a score are errors of their arm.")] long Errors,
    [property: JsonPropertyName("refused_requests")] long RefusedRequests,
    [property: JsonPropertyName("refused_models")] long RefusedModels,
    [property: JsonPropertyName("latency_ms")] LatencyShape LatencyMs,
    [property: Description("Which features each field of a request feeds.")] IReadOnlyDictionary<string, string[]> Fields,
    [property: JsonPropertyName("unused_fields")] string[] UnusedFields,
    [property: Description("Versions by type; absent without a registry.")] IReadOnlyDictionary<string, VersionView[]>? Versions,
    [property: JsonPropertyName("online_versions")] int? OnlineVersions,
    ExperimentView? Experiment,
    LiveView? Live);

/// <summary>One model that judges requests.</summary>
internal sealed record ArmShape(
    [property: JsonPropertyName("model_version")] string ModelVersion,
    [property: JsonPropertyName("model_id")] string ModelId,
    double Share,
    MemberShape[] Members,
    long Predictions,
    [property: Description("Opportunities that fell to it and that it gave no score: answered with null.")] long Errors,
    [property: JsonPropertyName("second_opinions")] long SecondOpinions,
    [property: JsonPropertyName("latency_ms")] LatencyShape LatencyMs,
    DateTime Since,
    string Why);

/// <summary>Score of the challenger less that of the champion.</summary>
internal sealed record ScoreDifferenceShape(
    long Opportunities, double? Mean, [property: JsonPropertyName("mean_absolute")] double? MeanAbsolute, long Dropped);

/// <summary>Quantiles, ms; absent before the first.</summary>
internal sealed record LatencyShape(double? P50, double? P95, double? P99);
