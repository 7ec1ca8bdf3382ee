namespace QuadTurbo.Learning.Calibration;

/// <summary>How the outcomes of one range of scores have strayed from what the scores said.</summary>
/// <param name="Outcomes">Seen in this range.</param>
/// <param name="Drift">Fading mean of y − q: above 0 when the scores are too low.</param>
/// <param name="Variance">Variance of <paramref name="Drift"/> while the scores are right: the same fading sum of q (1 − q).</param>
public readonly record struct CalibrationBin(long Outcomes, double Drift, double Variance)
{
    /// <summary>Drift in standard deviations; 0 before the first outcome.</summary>
    public double Z => Variance > 0 ? Drift / Math.Sqrt(Variance) : 0;
}
