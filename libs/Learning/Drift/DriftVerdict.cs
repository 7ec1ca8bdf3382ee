namespace QuadTurbo.Learning.Drift;

/// <summary>What one comparison says about a column.</summary>
public enum DriftVerdict
{
    /// <summary>Too few known values to tell: not the same as stable.</summary>
    Unknown,

    /// <summary>No difference that is both beyond chance and large.</summary>
    Stable,

    /// <summary>A difference beyond chance and large enough to matter, or a custom test that says so.</summary>
    Drift,
}
