namespace QuadTurbo.Learning.Drift;

/// <summary>One check of all columns.</summary>
/// <param name="Sample">Samples seen so far.</param>
/// <param name="Columns">Every column in every window that is full, window by window.</param>
/// <param name="Events">Columns that began to drift at this check.</param>
public sealed record DriftCheck(long Sample, IReadOnlyList<ColumnDrift> Columns, IReadOnlyList<DriftEvent> Events);
