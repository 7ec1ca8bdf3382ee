namespace QuadTurbo.Registry.Promotion;

/// <summary>What was breached.</summary>
public enum BreachCause
{
    /// <summary>It makes less money than the version before, beyond chance.</summary>
    NetBps,

    /// <summary>Its probabilities have strayed.</summary>
    Calibration,

    /// <summary>Its money has fallen too far.</summary>
    Drawdown,

    /// <summary>Too many requests fail.</summary>
    Errors,

    /// <summary>It is too slow.</summary>
    Latency,
}

/// <summary>Why a version must go.</summary>
/// <param name="Cause">What was breached.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Limit">What it was held against.</param>
/// <param name="Why">Both in words, with units.</param>
public sealed record Breach(BreachCause Cause, double Measured, double Limit, string Why);
