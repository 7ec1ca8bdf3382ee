namespace QuadTurbo.Learning.Calibration;

/// <summary>The shape of a calibrator; from the plainest to the freest.</summary>
public enum CalibratorKind
{
    /// <summary>σ(f).</summary>
    Identity,

    /// <summary>σ(f / T).</summary>
    Temperature,

    /// <summary>σ(a f + b).</summary>
    Platt,

    /// <summary>logit q = a ln p − b ln(1 − p) + c, where p = σ(f).</summary>
    Beta,

    /// <summary>A table that never falls.</summary>
    Isotonic,
}
