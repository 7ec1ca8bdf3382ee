using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>The answer to <see cref="PromoteWinner"/>.</summary>
/// <param name="Promoted">Whether the challenger serves alone now.</param>
/// <param name="Experiment">The experiment that was judged.</param>
/// <param name="Champion">What serves now.</param>
/// <param name="Why">What speaks against it, or that nothing does, in words.</param>
/// <param name="Checks">Each check of the policy.</param>
public sealed record PromotionView(
    [property: JsonPropertyName("promoted")] bool Promoted,
    [property: JsonPropertyName("experiment")] string Experiment,
    [property: JsonPropertyName("champion")] ModelRef Champion,
    [property: JsonPropertyName("why")] string Why,
    [property: JsonPropertyName("checks")] IReadOnlyList<CheckView> Checks);
