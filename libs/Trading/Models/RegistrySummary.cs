namespace QuadTurbo.Trading.Models;

/// <summary>The answer to <see cref="SummariseVersions"/>.</summary>
/// <param name="Versions">In the order of registration.</param>
/// <param name="OnlineVersions">Versions of the online learner that are counted and not listed.</param>
/// <param name="Experiment">The experiment in traffic; null for none.</param>
/// <param name="Live">What judges.</param>
public sealed record RegistrySummary(IReadOnlyList<VersionView> Versions, int OnlineVersions, ExperimentView? Experiment, LiveView Live);
