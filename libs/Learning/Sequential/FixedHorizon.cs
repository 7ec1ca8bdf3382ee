using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Tests of a sample whose size was fixed beforehand: read them once. Whoever looks earlier uses <see cref="AlwaysValidTest"/>.</summary>
public static class FixedHorizon
{
    /// <summary>Difference of two proportions: z = (pB − pA) / √(p q (1 / nA + 1 / nB)), p that of both together; NaN when it is 0 or 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An arm is empty, or has more hits than trials or fewer than none.</exception>
    public static TestResult TwoProportions(long hitsA, long trialsA, long hitsB, long trialsB)
    {
        CheckArm(hitsA, trialsA, nameof(hitsA));
        CheckArm(hitsB, trialsB, nameof(hitsB));
        double p = ((double)hitsA + hitsB) / ((double)trialsA + trialsB);
        double difference = (double)hitsB / trialsB - (double)hitsA / trialsA;
        double z = difference / Math.Sqrt(p * (1 - p) * (1.0 / trialsA + 1.0 / trialsB));
        return new TestResult(difference, z, double.PositiveInfinity, SpecialFunctions.Erfc(Math.Abs(z) / Constants.Sqrt2));
    }

    /// <summary>Difference of two means of unequal variances (Welch 1947): t = (mB − mA) / √(s²A / nA + s²B / nB), Satterthwaite's degrees of
    /// freedom.</summary>
    /// <remarks>NaN when an arm has fewer than 2 values or neither varies.</remarks>
    public static TestResult Welch(Moments a, Moments b)
    {
        double errorA = a.Variance / a.Count, errorB = b.Variance / b.Count, error = errorA + errorB;
        double difference = b.Mean - a.Mean;
        double t = error > 0 ? difference / Math.Sqrt(error) : double.NaN;
        double freedom = error * error / (errorA * errorA / (a.Count - 1) + errorB * errorB / (b.Count - 1));
        double p = double.IsNaN(t) ? double.NaN : SpecialFunctions.BetaRegularized(freedom / 2, 0.5, freedom / (freedom + t * t));
        return new TestResult(difference, t, freedom, p);
    }

    /// <summary>Values per arm for a two-sided test of two means to find <paramref name="effect"/>, rounded up.</summary>
    /// <remarks>n = (s²A + s²B) (z₁₋α/₂ + z_power)² / effect².</remarks>
    /// <param name="deviationA">Standard deviation of arm A.</param>
    /// <param name="deviationB">Standard deviation of arm B.</param>
    /// <param name="effect">Smallest difference that must be found; its sign does not matter.</param>
    /// <param name="alpha">Chance of a false find.</param>
    /// <param name="power">Chance of a true one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static long SamplesForMeans(double deviationA, double deviationB, double effect, double alpha = 0.05, double power = 0.8)
    {
        if (!(deviationA >= 0 && double.IsFinite(deviationA)))
            throw new ArgumentOutOfRangeException(nameof(deviationA), deviationA, "finite and 0 or more");
        if (!(deviationB >= 0 && double.IsFinite(deviationB)))
            throw new ArgumentOutOfRangeException(nameof(deviationB), deviationB, "finite and 0 or more");
        CheckEffect(effect);
        double z = Quantile(1 - Between(alpha, nameof(alpha)) / 2) + Quantile(Between(power, nameof(power)));
        return Up((deviationA * deviationA + deviationB * deviationB) * z * z / (effect * effect));
    }

    /// <summary>Trials per arm for a two-sided test of two proportions to find <paramref name="effect"/>, rounded up.</summary>
    /// <remarks>n = (z₁₋α/₂ √(2 p̄ q̄) + z_power √(pA qA + pB qB))² / effect², pB = pA + effect, p̄ their mean (Fleiss, Levin and Paik 2003, eq.
    /// 4.14).</remarks>
    /// <param name="share">pA: between 0 and 1.</param>
    /// <param name="effect">Smallest difference that must be found: pB − pA.</param>
    /// <param name="alpha">Chance of a false find.</param>
    /// <param name="power">Chance of a true one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static long SamplesForProportions(double share, double effect, double alpha = 0.05, double power = 0.8)
    {
        CheckEffect(effect);
        double a = Between(share, nameof(share)), b = Between(share + effect, nameof(effect)), mean = (a + b) / 2;
        double root = Quantile(1 - Between(alpha, nameof(alpha)) / 2) * Math.Sqrt(2 * mean * (1 - mean))
            + Quantile(Between(power, nameof(power))) * Math.Sqrt(a * (1 - a) + b * (1 - b));
        return Up(root * root / (effect * effect));
    }

    private static double Quantile(double p) => Normal.InvCDF(0, 1, p);

    private static long Up(double samples) => samples < long.MaxValue
        ? (long)Math.Max(2, Math.Ceiling(samples))
        : throw new ArgumentOutOfRangeException(nameof(samples), samples, "more samples than can be counted: a larger effect");

    private static double Between(double share, string name) =>
        share is > 0 and < 1 ? share : throw new ArgumentOutOfRangeException(name, share, "between 0 and 1");

    private static void CheckEffect(double effect)
    {
        if (effect == 0 || !double.IsFinite(effect)) throw new ArgumentOutOfRangeException(nameof(effect), effect, "finite and not 0");
    }

    private static void CheckArm(long hits, long trials, string name)
    {
        if (trials < 1 || hits < 0 || hits > trials) throw new ArgumentOutOfRangeException(name, $"{hits} hits in {trials} trials");
    }
}
