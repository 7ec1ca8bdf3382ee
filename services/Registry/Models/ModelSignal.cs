using System.Text.Json;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>What lies beside an exported version and tells another process that it is there [REG-04].</summary>
/// <param name="ModelId">Identity of the version.</param>
/// <param name="Label">Its label.</param>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="File">The numbered file, in the same folder: its bytes never change.</param>
/// <param name="Metrics">Its figures by name.</param>
/// <param name="ExportedAt">When, UTC.</param>
/// <param name="Type">What it is for, such as <c>onnx</c>; null in signals of older builds.</param>
public sealed record ModelSignal(
    string ModelId, string Label, int Ordinal, string File, IReadOnlyDictionary<string, double> Metrics, DateTime ExportedAt, string? Type = null)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="RegistryRefusedException">The bytes are no signal.</exception>
    internal static ModelSignal Read(byte[] bytes, string path)
    {
        try
        {
            ModelSignal? signal = JsonSerializer.Deserialize<ModelSignal>(bytes, Json);
            if (signal is { ModelId: not null, File: not null } && ArtefactStore.IsId(signal.ModelId)) return signal;
        }
        catch (JsonException)
        {
        }
        throw new RegistryRefusedException(Refusal.Invalid, $"'{path}' is no signal of an exported model: expected model_id and file");
    }
}
