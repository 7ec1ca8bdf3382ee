namespace QuadTurbo.Registry.Experiments;

/// <summary>Who of the two.</summary>
public enum Arm
{
    /// <summary>The one that serves already; after a promotion, the one that served before.</summary>
    Champion,

    /// <summary>The one that is tried; after a promotion, the one that serves.</summary>
    Challenger,
}
