using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>One line of the registry's history.</summary>
/// <param name="Line">Its number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="What">What happened.</param>
/// <param name="Model">The version that it is about.</param>
/// <param name="Why">In words.</param>
/// <param name="Hash">Of this line and all before it.</param>
public sealed record HistoryLineView(
    [property: JsonPropertyName("line")] long Line,
    [property: JsonPropertyName("at")] DateTime At,
    [property: JsonPropertyName("what")] string What,
    [property: JsonPropertyName("model")] ModelRef Model,
    [property: JsonPropertyName("why")] string Why,
    [property: JsonPropertyName("hash")] string Hash);
