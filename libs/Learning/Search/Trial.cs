namespace QuadTurbo.Learning.Search;

/// <summary>A point that was tried.</summary>
/// <param name="Number">From 0, in order of proposal.</param>
/// <param name="Point">A value for each parameter.</param>
/// <param name="Folds">The loss of each fold that was run.</param>
/// <param name="Pruned">True when it was given up before its last fold.</param>
/// <param name="Value">Mean loss of the folds it ran plus the cost of their deviation; less is better. Only those not pruned compare.</param>
public sealed record Trial(int Number, IReadOnlyList<double> Point, IReadOnlyList<double> Folds, bool Pruned, double Value);
