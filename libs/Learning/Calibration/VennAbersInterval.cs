namespace QuadTurbo.Learning.Calibration;

/// <summary>The probabilities of label 1 if the sample itself were a 0 and if it were a 1.</summary>
/// <param name="P0">The lower.</param>
/// <param name="P1">The upper.</param>
public readonly record struct VennAbersInterval(double P0, double P1)
{
    /// <summary>How sure the sample lets us be: 1 − (P1 − P0).</summary>
    public double Confidence => 1 - (P1 - P0);

    /// <summary>One probability for both, of least regret in log-loss: P1 / (1 − P0 + P1).</summary>
    public double Probability => P1 / (1 - P0 + P1);
}
