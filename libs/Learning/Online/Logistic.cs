namespace QuadTurbo.Learning.Online;

/// <summary>The logistic function, with the same bits on every machine.</summary>
/// <remarks>Built from IEEE additions, multiplications and divisions alone: the C library's exp differs by an ulp between CPUs.</remarks>
public static class Logistic
{
    private const double InverseLn2 = 1.4426950408889634;

    // ln 2 in two parts, the high one with trailing zeros so that k × high is exact (Cody and Waite 1980).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // Below this 2^k would be subnormal; e^-708 is 3e-308.
    private const double SmallestExponent = -708;

    /// <summary>1 / (1 + e^−<paramref name="margin"/>), within 4 ulp; NaN stays NaN.</summary>
    public static double Sigmoid(double margin)
    {
        double e = ExpOfNegative(-Math.Abs(margin));
        return margin >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>ln(1 + e^<paramref name="margin"/>), within 4 ulp: −ln of the probability of label 0; NaN stays NaN.</summary>
    public static double SoftPlus(double margin) => Math.Max(margin, 0) + LogOnePlus(ExpOfNegative(-Math.Abs(margin)));

    // ln(1 + e) for 0 ≤ e ≤ 1: 2 artanh(s) with s = e / (2 + e) ≤ 1/3; the series to s^31 leaves 2e-17.
    private static double LogOnePlus(double e)
    {
        double s = e / (2 + e);
        double z = s * s, z2 = z * z;
        double even = 1.0 / 3 + z2 * (1.0 / 7 + z2 * (1.0 / 11 + z2 * (1.0 / 15
            + z2 * (1.0 / 19 + z2 * (1.0 / 23 + z2 * (1.0 / 27 + z2 * (1.0 / 31)))))));
        double odd = 1.0 / 5 + z2 * (1.0 / 9 + z2 * (1.0 / 13 + z2 * (1.0 / 17 + z2 * (1.0 / 21 + z2 * (1.0 / 25 + z2 * (1.0 / 29))))));
        return 2 * (s + s * (z * (even + z * odd)));
    }

    // e^x for x ≤ 0: x = k ln 2 + r with |r| ≤ ln 2 / 2; Taylor to the 13th power leaves 4e-18.
    private static double ExpOfNegative(double x)
    {
        if (x < SmallestExponent) return 0;
        double k = Math.Round(x * InverseLn2);
        double r = x - k * Ln2High - k * Ln2Low;
        double r2 = r * r;
        double even = 1 + r2 * (1.0 / 2 + r2 * (1.0 / 24 + r2 * (1.0 / 720 + r2 * (1.0 / 40320
            + r2 * (1.0 / 3628800 + r2 * (1.0 / 479001600))))));
        double odd = 1 + r2 * (1.0 / 6 + r2 * (1.0 / 120 + r2 * (1.0 / 5040 + r2 * (1.0 / 362880
            + r2 * (1.0 / 39916800 + r2 * (1.0 / 6227020800))))));
        return (even + r * odd) * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52);
    }
}
