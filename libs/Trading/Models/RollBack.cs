using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to go back to a version that served before [REG-14].</summary>
/// <param name="ModelType"><c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
/// <param name="Version">
/// The version to go back to, or the one that serves, to stay with it; it is pinned. Null ends the experiment that runs, or without one goes back
/// to the version before, which is pinned.
/// </param>
public sealed record RollBack(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType,
    [property: JsonPropertyName("version")]
    [property: Description("A version that served before, or that serves; it is pinned. Unless said: ends the A/B test; without one, the version before, pinned.")]
    string? Version = null);
