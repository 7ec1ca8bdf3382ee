using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to let the challenger serve alone, if every check of the promotion policy allows it [AB-05].</summary>
/// <param name="ModelType">What the experiment is about: <c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
/// <param name="Confirm">Label of the challenger, typed by a person; null where nobody is asked to.</param>
public sealed record PromoteWinner(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType,
    [property: JsonPropertyName("confirm"), Description("Label of the challenger; refused where it is another. Left out: not checked.")] string? Confirm = null);
