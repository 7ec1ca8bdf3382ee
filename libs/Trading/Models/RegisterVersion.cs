using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry to take up a model file [REG-10].</summary>
/// <param name="ModelType"><c>xgboost</c>, <c>onnx</c> or <c>meta_label</c>.</param>
/// <param name="ModelPath">The file, below the import folder.</param>
/// <param name="Version">Its label, <c>v1.1.0</c>, not taken yet.</param>
/// <param name="Metrics">Figures by name, finite; null for none.</param>
/// <param name="Activate">Whether it may be assigned. It serves nothing before an A/B test [AB-10].</param>
public sealed record RegisterVersion(
    [property: JsonPropertyName("model_type"), Description("xgboost, onnx or meta_label.")] string ModelType,
    [property: JsonPropertyName("model_path"), Description("A file below the import folder: an xgboost JSON model, an .onnx file or a package.")] string ModelPath,
    [property: JsonPropertyName("version"), Description("Label of the form v1.1.0.")] string Version,
    [property: JsonPropertyName("metrics"), Description("Finite figures by name; accuracy, precision and recall are from 0 to 1.")] IReadOnlyDictionary<string, double>? Metrics = null,
    [property: JsonPropertyName("activate"), Description("Whether it may be put into an A/B test; default false. It serves nothing by itself.")] bool Activate = false);
