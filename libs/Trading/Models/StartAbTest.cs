using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry for an experiment between two versions [AB-01].</summary>
/// <param name="ModelType"><c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
/// <param name="VersionA">Serves the first share: the version that serves, or one that takes its place by this.</param>
/// <param name="VersionB">Serves the second share.</param>
/// <param name="TrafficSplit">The two shares, which sum to 1; null for 0.8 and 0.2.</param>
public sealed record StartAbTest(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType,
    [property: JsonPropertyName("version_a"), Description("The version that serves, as predictions name it; another one takes its place.")] string VersionA,
    [property: JsonPropertyName("version_b"), Description("The version that challenges it.")] string VersionB,
    [property: JsonPropertyName("traffic_split"), Description("Two shares above 0 that sum to 1; default [0.8, 0.2].")] IReadOnlyList<double>? TrafficSplit = null);
