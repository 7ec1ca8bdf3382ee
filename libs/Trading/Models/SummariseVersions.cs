namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry for every version, the experiment, and what is live.</summary>
/// <param name="Online">Whether versions of the online learner that serve nothing are listed too, one for each refresh.</param>
public readonly record struct SummariseVersions(bool Online);
