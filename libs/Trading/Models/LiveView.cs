using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Models;

/// <summary>What judges, or judged, and why.</summary>
/// <param name="Champion">Judges what the challenger does not; null where nothing does.</param>
/// <param name="Challenger">Null without an experiment.</param>
/// <param name="Share">Of the challenger, 0 to 1.</param>
/// <param name="Experiment">Its name; null without one.</param>
/// <param name="Since">Since when, UTC; null for "from the beginning".</param>
/// <param name="Why">In words.</param>
/// <param name="Line">The line of history that made it so; 0 for none.</param>
/// <param name="Pinned">Whether people hold the champion: nothing takes its place by itself.</param>
public sealed record LiveView(
    [property: JsonPropertyName("champion")] ModelRef? Champion,
    [property: JsonPropertyName("challenger")] ModelRef? Challenger,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("experiment")] string? Experiment,
    [property: JsonPropertyName("since")] DateTime? Since,
    [property: JsonPropertyName("why")] string Why,
    [property: JsonPropertyName("line")] long Line,
    [property: JsonPropertyName("pinned")]
    [property: Description("Whether a rollback by people holds the champion: no refresh and no promotion takes its place by itself.")]
    bool Pinned = false);
