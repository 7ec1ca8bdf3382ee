using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to let refreshes and promotions take the champion's place again, after a rollback by people.</summary>
/// <param name="ModelType"><c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>: all three judge by one champion.</param>
public sealed record Unpin(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label; all three judge by one champion.")] string ModelType);
