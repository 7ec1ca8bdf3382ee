namespace QuadTurbo.Learning.Drift;

/// <summary>How far a column has moved, by its PSI, once chance is ruled out.</summary>
public enum DriftSeverity
{
    /// <summary>Chance is not ruled out, or the PSI is small.</summary>
    None,

    /// <summary>PSI from <see cref="DriftOptions.WarnPsi"/>, or drift by another figure.</summary>
    Warn,

    /// <summary>PSI from <see cref="DriftOptions.MajorPsi"/>.</summary>
    Major,
}
