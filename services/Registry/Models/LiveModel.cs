using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Which version of a type serves, or served, and why.</summary>
/// <param name="Champion">The version; null where a type has none yet.</param>
/// <param name="Challenger">The version that serves <paramref name="Share"/> of the traffic; null without an experiment.</param>
/// <param name="Share">Of the challenger, 0 to 1; the champion serves the rest.</param>
/// <param name="Experiment">Name of the experiment; null without one.</param>
/// <param name="Since">Since when it is so, UTC; the beginning of time before the first decision.</param>
/// <param name="Why">The reason, in words.</param>
/// <param name="Seq">The line of history that made it so; 0 for none.</param>
public sealed record LiveModel(
    ModelRef? Champion, ModelRef? Challenger, double Share, string? Experiment, DateTime Since, string Why, long Seq)
{
    /// <summary>Whether people hold the champion: nothing takes its place by itself.</summary>
    public bool Pinned { get; init; }
}
