using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>One check of the promotion policy.</summary>
/// <param name="Name">Stable name: <c>enough_predictions</c>, <c>significant</c>.</param>
/// <param name="Passed">Null where it cannot be told yet.</param>
/// <param name="Measured">What was measured; null where it cannot be told.</param>
/// <param name="Limit">What it was held against; null where there is nothing.</param>
/// <param name="Words">Both in words, with units.</param>
public sealed record CheckView(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("passed")] bool? Passed,
    [property: JsonPropertyName("measured")] double? Measured,
    [property: JsonPropertyName("limit")] double? Limit,
    [property: JsonPropertyName("words")] string Words);
