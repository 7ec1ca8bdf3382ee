namespace QuadTurbo.Learning.Drift;

/// <summary>Which way a mean went.</summary>
public enum DriftDirection
{
    /// <summary>No alarm.</summary>
    None,

    /// <summary>It rose.</summary>
    Up,

    /// <summary>It fell.</summary>
    Down,
}
