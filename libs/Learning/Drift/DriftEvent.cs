namespace QuadTurbo.Learning.Drift;

/// <summary>A column has begun to drift: said once, and again only after it had stopped.</summary>
/// <param name="Sample">Samples seen so far.</param>
/// <param name="Figures">The column in the window that found it.</param>
public sealed record DriftEvent(long Sample, ColumnDrift Figures);
