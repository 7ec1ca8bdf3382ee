using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Gateway.Rest;

// What the predictions' bytes mean, for the OpenAPI document; the bytes themselves are read and written without these records.

/// <summary>One opportunity of a request.</summary>
internal record OpportunityShape(
    [property: JsonPropertyName("route_id"), Description("1 to 256 bytes; comes back as it is. Feeds no feature.")] string RouteId,
    [property: JsonPropertyName("tokens"), Description("2 to 16 tokens. First and last tell whether the amounts can be compared; dollar tokens count as one currency.")] string[] Tokens,
    [property: JsonPropertyName("dexes"), Description("1 to 16 exchanges. Feeds no feature.")] string[] Dexes,
    [property: JsonPropertyName("input_amount"), Description("In units of the first token, 1e-18 to 1e18.")] double InputAmount,
    [property: JsonPropertyName("expected_output"), Description("In units of the last token, 0 to 1e18.")] double ExpectedOutput,
    [property: JsonPropertyName("gas_estimate"), Description("Gas units, a whole number from 0 to 1000000000. What they cost is not known here: feeds no feature.")] long GasEstimate,
    [property: JsonPropertyName("profit_usd"), Description("Profit before gas, -1e15 to 1e15.")] double ProfitUsd,
    [property: JsonPropertyName("confidence_score"), Description("0 to 1.")] double ConfidenceScore,
    [property: JsonPropertyName("chain"), Description("POLYGON, ETHEREUM, ARBITRUM, OPTIMISM or BASE, in any case. Feeds no feature.")] string Chain)
{
    /// <summary>When the caller saw it.</summary>
    [JsonPropertyName("timestamp"), Description("Optional: when it was seen, Unix seconds. Feeds the hour of the day.")]
    public double? Timestamp { get; init; }
}

/// <summary>The body of <c>POST /predict/single</c>.</summary>
internal sealed record SingleRequestShape(
    string RouteId, string[] Tokens, string[] Dexes, double InputAmount, double ExpectedOutput, long GasEstimate, double ProfitUsd, double ConfidenceScore, string Chain)
    : OpportunityShape(RouteId, Tokens, Dexes, InputAmount, ExpectedOutput, GasEstimate, ProfitUsd, ConfidenceScore, Chain)
{
    /// <summary>A score from which on to execute.</summary>
    [JsonPropertyName("threshold"), Description("Score from which on to execute, 0 to 1; default 0.8.")]
    public double? Threshold { get; init; }

    /// <summary>Whether a GPU should score.</summary>
    [JsonPropertyName("use_gpu"), Description("Score on a GPU where there is one; default false. The answer names the provider that scored.")]
    public bool? UseGpu { get; init; }
}

/// <summary>The body of <c>POST /predict/batch</c>.</summary>
internal sealed record BatchRequestShape(
    [property: JsonPropertyName("opportunities"), Description("1 to 10000 opportunities.")] OpportunityShape[] Opportunities)
{
    /// <summary>A score from which on to execute.</summary>
    [JsonPropertyName("threshold"), Description("Score from which on to execute, 0 to 1; default 0.8.")]
    public double? Threshold { get; init; }

    /// <summary>Whether a GPU should score.</summary>
    [JsonPropertyName("use_gpu"), Description("Score on a GPU where there is one; default false. The answer names the provider that scored.")]
    public bool? UseGpu { get; init; }
}

/// <summary>The answer for one opportunity.</summary>
internal record PredictionShape(
    [property: JsonPropertyName("route_id")] string RouteId,
    [property: JsonPropertyName("prediction_score"), Description("0 to 1; null when an input that the model cannot do without is missing.")] double? PredictionScore,
    [property: JsonPropertyName("should_execute"), Description("Whether the score is at least the threshold.")] bool ShouldExecute,
    [property: JsonPropertyName("model_version_xgb")]
    [property: Description("The trees that scored, or a model without members (the online learner) in their place; v0.1.0 stands for one that did not.")]
    string ModelVersionXgb,
    [property: JsonPropertyName("model_version_onnx"), Description("The ONNX member that scored; v0.1.0 stands for a member that did not.")] string ModelVersionOnnx,
    [property: JsonPropertyName("inference_time_ms"), Description("The batch's time by the size of the batch.")] double InferenceTimeMs,
    [property: JsonPropertyName("timestamp"), Description("UTC, 2024-01-15T10:30:00.")] string Timestamp,
    [property: JsonPropertyName("missing_features"), Description("How many of the 32 features were not known.")] int MissingFeatures,
    [property: JsonPropertyName("degraded"), Description("True when above half of the features were missing, or a member did not score.")] bool Degraded,
    [property: JsonPropertyName("disagreement"), Description("Largest less smallest score of the members; null with fewer than two.")] double? Disagreement)
{
    /// <summary>Why there is no score.</summary>
    [JsonPropertyName("no_score"), Description("Where prediction_score is null: which version gave no number, and why; else absent.")]
    public NoScoreShape? NoScore { get; init; }
}

/// <summary>Why a row has no score.</summary>
internal sealed record NoScoreShape(
    [property: JsonPropertyName("model_version"), Description("The model that the row fell to.")] string ModelVersion,
    [property: JsonPropertyName("reason")] string Reason);

/// <summary>The answer to <c>POST /predict/single</c>.</summary>
internal sealed record SingleAnswerShape(
    string RouteId, double? PredictionScore, bool ShouldExecute, string ModelVersionXgb, string ModelVersionOnnx, double InferenceTimeMs, string Timestamp,
    int MissingFeatures, bool Degraded, double? Disagreement,
    [property: JsonPropertyName("missing_feature_names")] string[] MissingFeatureNames,
    [property: JsonPropertyName("model_scope")] string ModelScope,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    [property: JsonPropertyName("model_id")] string ModelId,
    [property: JsonPropertyName("challenger_version"), Description("The challenger of an experiment where it judged some of the predictions beside the model above; else null.")]
    string? ChallengerVersion,
    [property: JsonPropertyName("challenger_id")] string? ChallengerId,
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("provider_note")] string? ProviderNote)
    : PredictionShape(RouteId, PredictionScore, ShouldExecute, ModelVersionXgb, ModelVersionOnnx, InferenceTimeMs, Timestamp, MissingFeatures, Degraded, Disagreement);

/// <summary>The answer to <c>POST /predict/batch</c>.</summary>
internal sealed record BatchAnswerShape(
    [property: JsonPropertyName("predictions"), Description("In the order of the request.")] PredictionShape[] Predictions,
    [property: JsonPropertyName("total_opportunities")] int TotalOpportunities,
    [property: JsonPropertyName("executable_count")] int ExecutableCount,
    [property: JsonPropertyName("total_inference_time_ms")] double TotalInferenceTimeMs,
    [property: JsonPropertyName("avg_inference_time_ms")] double AvgInferenceTimeMs,
    [property: JsonPropertyName("missing_feature_names"), Description("Features that were not known of at least one opportunity.")] string[] MissingFeatureNames,
    [property: JsonPropertyName("degraded"), Description("True when at least one prediction is.")] bool Degraded,
    [property: JsonPropertyName("model_scope"), Description("The part of the model that scored.")] string ModelScope,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    [property: JsonPropertyName("model_id")] string ModelId,
    [property: JsonPropertyName("challenger_version"), Description("The challenger of an experiment where it judged some of the predictions beside the model above; else null.")]
    string? ChallengerVersion,
    [property: JsonPropertyName("challenger_id")] string? ChallengerId,
    [property: JsonPropertyName("provider"), Description("CPUExecutionProvider, CUDAExecutionProvider or TensorrtExecutionProvider.")] string Provider,
    [property: JsonPropertyName("provider_note")] string? ProviderNote);
