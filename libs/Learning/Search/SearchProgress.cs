namespace QuadTurbo.Learning.Search;

/// <summary>How far a search is.</summary>
/// <param name="Trial">The trial that just ended.</param>
/// <param name="Best">The best so far; null while every trial was pruned.</param>
/// <param name="Done">Trials ended.</param>
/// <param name="Pruned">Those of them that were pruned.</param>
/// <param name="Total">Trials asked for.</param>
public sealed record SearchProgress(Trial Trial, Trial? Best, int Done, int Pruned, int Total);
