using MathNet.Numerics.Distributions;

namespace QuadTurbo.Learning.Metrics;

/// <summary>Two scores of the same samples, compared by <see cref="DeLong.Compare"/>.</summary>
/// <param name="First">AUC of the first score; NaN when a class is absent.</param>
/// <param name="Second">AUC of the second score.</param>
/// <param name="StandardError">Of the difference, the correlation of the two accounted for; NaN when a class has fewer than two samples.</param>
/// <param name="Z">Difference / standard error; 0 where both are 0, as of two scores that order alike.</param>
/// <param name="PValue">Two-sided: how often equals would differ this much.</param>
public readonly record struct AucComparison(double First, double Second, double StandardError, double Z, double PValue)
{
    /// <summary>First less second.</summary>
    public double Difference => First - Second;

    /// <summary>Difference ± z × standard error.</summary>
    /// <param name="level">Confidence, between 0 and 1: 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public Interval DifferenceInterval(double level = 0.95)
    {
        Samples.CheckLevel(level);
        double reach = Normal.InvCDF(0, 1, 0.5 + level / 2) * StandardError;
        return new Interval(Difference, Difference - reach, Difference + reach);
    }
}
