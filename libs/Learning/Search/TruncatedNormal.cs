using MathNet.Numerics;

namespace QuadTurbo.Learning.Search;

/// <summary>The normal distribution cut off outside [Low, High], where the mean lies within.</summary>
/// <remarks>density(x) = φ((x − mean) / sd) / sd / (Φ((high − mean) / sd) − Φ((low − mean) / sd)).</remarks>
public readonly record struct TruncatedNormal
{
    private readonly double _mass;

    /// <summary>The distribution of given mean and deviation before the cut.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limits do not ascend, the mean is outside them, or the deviation is not above 0.</exception>
    public TruncatedNormal(double mean, double deviation, double low, double high)
    {
        if (!(high > low)) throw new ArgumentOutOfRangeException(nameof(high), high, $"above {low}");
        if (!(mean >= low && mean <= high)) throw new ArgumentOutOfRangeException(nameof(mean), mean, $"within {low} and {high}");
        if (!(deviation > 0)) throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "above 0");
        (Mean, Deviation, Low, High) = (mean, deviation, low, high);
        _mass = Between(low, high);
    }

    /// <summary>Mean before the cut.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation before the cut.</summary>
    public double Deviation { get; }

    /// <summary>The least value.</summary>
    public double Low { get; }

    /// <summary>The largest value.</summary>
    public double High { get; }

    /// <summary>Probability density; 0 outside the limits.</summary>
    public double Density(double x)
    {
        if (!(x >= Low && x <= High)) return 0;
        double z = (x - Mean) / Deviation;
        return Math.Exp(-0.5 * z * z) / (Deviation * Constants.Sqrt2Pi * _mass);
    }

    /// <summary>Probability of a value between two others.</summary>
    public double Mass(double from, double to) => Math.Max(Between(Math.Max(from, Low), Math.Min(to, High)) / _mass, 0);

    /// <summary>The value below which a share of the probability lies.</summary>
    public double Quantile(double share)
    {
        double below = Below(Low) + share * _mass;
        return Math.Clamp(Mean - Constants.Sqrt2 * Deviation * SpecialFunctions.ErfcInv(2 * below), Low, High);
    }

    private double Below(double x) => 0.5 * SpecialFunctions.Erfc((Mean - x) / (Deviation * Constants.Sqrt2));

    private double Between(double from, double to)
    {
        // Above the mean the tails are subtracted, below it the heads: neither loses digits.
        double scale = 1 / (Deviation * Constants.Sqrt2);
        return from > Mean
            ? 0.5 * (SpecialFunctions.Erfc((from - Mean) * scale) - SpecialFunctions.Erfc((to - Mean) * scale))
            : Below(to) - Below(from);
    }
}
