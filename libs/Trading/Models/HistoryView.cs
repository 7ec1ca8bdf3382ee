using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>The answer to <see cref="HistoryQuestion"/>.</summary>
/// <param name="At">The instant asked for; null for now.</param>
/// <param name="Live">What was live then.</param>
/// <param name="Lines">Lines of history, oldest first; none where an instant was asked for.</param>
public sealed record HistoryView(
    [property: JsonPropertyName("at")] DateTime? At,
    [property: JsonPropertyName("live")] LiveView Live,
    [property: JsonPropertyName("lines")] IReadOnlyList<HistoryLineView> Lines);
