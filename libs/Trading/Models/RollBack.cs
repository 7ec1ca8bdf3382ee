using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to go back to a version that served before [REG-14].</summary>
/// <param name="ModelType"><c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
/// <param name="Version">The version to go back to; null for the one before. The one that serves ends the experiment against it.</param>
public sealed record RollBack(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType,
    [property: JsonPropertyName("version"), Description("A version that served before; the one before unless said. The one that serves: ends the A/B test.")] string? Version = null);
