using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to let the challenger serve alone, if every check of the promotion policy allows it [AB-05].</summary>
/// <param name="ModelType">What the experiment is about: <c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
public sealed record PromoteWinner(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType);
