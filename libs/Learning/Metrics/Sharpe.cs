using MathNet.Numerics.Distributions;

namespace QuadTurbo.Learning.Metrics;

/// <summary>Whether a Sharpe ratio is more than luck and search; all ratios are per period, not per year.</summary>
/// <remarks>Bailey and López de Prado 2012 (probabilistic) and 2014 (deflated).</remarks>
public static class Sharpe
{
    // Euler and Mascheroni's γ.
    private const double Gamma = 0.57721566490153286;

    /// <summary>Mean / standard deviation (n − 1) of returns; NaN of fewer than two or of equal ones.</summary>
    /// <exception cref="ArgumentException">A return is NaN or infinite.</exception>
    public static double Ratio(ReadOnlySpan<double> returns)
    {
        (double mean, double second, _, _) = Moments(returns);
        int n = returns.Length;
        return n > 1 && second > 0 ? mean / Math.Sqrt(second * n / (n - 1)) : double.NaN;
    }

    /// <summary>The chance that the true ratio exceeds <paramref name="benchmark"/>; NaN where <see cref="Ratio"/> is.</summary>
    /// <remarks>Skewness m₃/m₂^1.5 and kurtosis m₄/m₂² are those of the returns.</remarks>
    /// <exception cref="ArgumentException">A return is NaN or infinite.</exception>
    public static double Probabilistic(ReadOnlySpan<double> returns, double benchmark = 0)
    {
        (_, double second, double third, double fourth) = Moments(returns);
        double ratio = Ratio(returns);
        return double.IsNaN(ratio)
            ? double.NaN
            : Probabilistic(ratio, benchmark, returns.Length, third / Math.Pow(second, 1.5), fourth / (second * second));
    }

    /// <summary>Φ((SR − SR*) √(n − 1) / √(1 − γ₃ SR + (γ₄ − 1)/4 SR²)); NaN where the root is not real.</summary>
    /// <param name="ratio">SR.</param>
    /// <param name="benchmark">SR*.</param>
    /// <param name="count">n, returns.</param>
    /// <param name="skewness">γ₃; 0 of a normal.</param>
    /// <param name="kurtosis">γ₄, not the excess; 3 of a normal.</param>
    public static double Probabilistic(double ratio, double benchmark, int count, double skewness, double kurtosis)
    {
        double z = (ratio - benchmark) * Math.Sqrt(count - 1.0) / Math.Sqrt(1 - skewness * ratio + (kurtosis - 1) / 4 * ratio * ratio);
        return double.IsNaN(z) ? double.NaN : Normal.CDF(0, 1, z);
    }

    /// <summary>The ratio that the best of many worthless trials is expected to show.</summary>
    /// <remarks>√V ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e))); 0 of one trial, which was not chosen.</remarks>
    /// <param name="variance">V, of the trials' ratios.</param>
    /// <param name="trials">N, of independent trials.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is negative or NaN, or there is no trial.</exception>
    public static double ExpectedMaximum(double variance, int trials)
    {
        if (!(variance >= 0)) throw new ArgumentOutOfRangeException(nameof(variance), variance, "0 or more");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        if (trials == 1) return 0;
        double first = Normal.InvCDF(0, 1, 1 - 1.0 / trials), second = Normal.InvCDF(0, 1, 1 - 1 / (trials * Math.E));
        return Math.Sqrt(variance) * ((1 - Gamma) * first + Gamma * second);
    }

    /// <summary>The chance that the true ratio exceeds what the best of the trials would show by luck.</summary>
    /// <param name="returns">Of the chosen trial.</param>
    /// <param name="trialRatios">Ratios of all independent trials, the chosen one among them.</param>
    /// <exception cref="ArgumentException">A number is NaN or infinite, or there is no trial.</exception>
    public static double Deflated(ReadOnlySpan<double> returns, ReadOnlySpan<double> trialRatios)
    {
        if (trialRatios.IsEmpty) throw new ArgumentException("no trials: the chosen one counts as one", nameof(trialRatios));
        (_, double second, _, _) = Moments(trialRatios);
        double variance = trialRatios.Length > 1 ? second * trialRatios.Length / (trialRatios.Length - 1) : 0;
        return Probabilistic(returns, ExpectedMaximum(variance, trialRatios.Length));
    }

    private static (double Mean, double Second, double Third, double Fourth) Moments(ReadOnlySpan<double> values)
    {
        Samples.CheckFinite(values, "return");
        double mean = values.IsEmpty ? double.NaN : values[0], sum = 0, second = 0, third = 0, fourth = 0;
        // From the first value on, so that equal values have no spread at all.
        foreach (double v in values) sum += v - mean;
        mean += sum / values.Length;
        foreach (double v in values)
        {
            double square = (v - mean) * (v - mean);
            second += square / values.Length;
            third += square * (v - mean) / values.Length;
            fourth += square * square / values.Length;
        }
        return (mean, second, third, fourth);
    }
}
