namespace QuadTurbo.Learning.Drift;

/// <summary>One column, compared with its reference.</summary>
public sealed record ColumnDrift
{
    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>Samples compared, missing ones included.</summary>
    public required int Window { get; init; }

    /// <summary>Those whose value is known.</summary>
    public required int Known { get; init; }

    /// <summary>Share of the window that is missing; NaN of nothing.</summary>
    public required double MissingShare { get; init; }

    /// <summary>Population stability index; NaN of nothing.</summary>
    public required double Psi { get; init; }

    /// <summary>Kolmogorov-Smirnov distance of the known values; NaN of too few.</summary>
    public required double KsD { get; init; }

    /// <summary>Its p-value; NaN of too few.</summary>
    public required double KsP { get; init; }

    /// <summary>Wasserstein-1 distance of the known values, in their unit; NaN of too few.</summary>
    public required double W1 { get; init; }

    /// <summary>The same in units of <see cref="ReferenceColumn.Spread"/>; NaN of too few.</summary>
    public required double W1Normalised { get; init; }

    /// <summary>
    /// What <see cref="BenjaminiHochberg"/> judges: <see cref="KsP"/>; where values are missing on either side, twice the smaller of it and the
    /// <see cref="FisherExact"/> p-value of the missing counts. NaN when nothing could be tested.
    /// </summary>
    public required double P { get; init; }

    /// <summary>Whether chance is ruled out, given how many columns were tested.</summary>
    public bool Rejected { get; init; }

    /// <summary>What to make of it.</summary>
    public DriftVerdict Verdict { get; init; }

    /// <summary>How far it has moved.</summary>
    public DriftSeverity Severity { get; init; }

    /// <summary>What custom tests said, in the order they were added.</summary>
    public IReadOnlyList<CustomDrift> Custom { get; init; } = [];
}
