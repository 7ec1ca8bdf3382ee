using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>The formulas of <see cref="Online.Logistic"/> on eight numbers at a time: IEEE operations alone, so that no machine's width
/// shows.</summary>
internal static class VectorLogistic
{
    private const double InverseLn2 = 1.4426950408889634;
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SmallestExponent = -708;

    // Added and taken away it rounds to an integer, which then stands in the low bits of the sum.
    private const double Rounder = 6755399441055744.0; // 1.5 × 2^52

    /// <summary>e^x for x ≤ 0; 0 below −708.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ExpOfNegative(Vector512<double> x)
    {
        Vector512<double> small = Vector512.LessThan(x, Vector512.Create(SmallestExponent));
        x = Vector512.ConditionalSelect(small, Vector512<double>.Zero, x);
        Vector512<double> shifted = x * InverseLn2 + Vector512.Create(Rounder);
        Vector512<double> k = shifted - Vector512.Create(Rounder);
        Vector512<double> r = x - k * Ln2High - k * Ln2Low;
        Vector512<double> r2 = r * r;
        Vector512<double> even = V(1) + r2 * (V(1.0 / 2) + r2 * (V(1.0 / 24) + r2 * (V(1.0 / 720) + r2 * (V(1.0 / 40320)
            + r2 * (V(1.0 / 3628800) + r2 * V(1.0 / 479001600))))));
        Vector512<double> odd = V(1) + r2 * (V(1.0 / 6) + r2 * (V(1.0 / 120) + r2 * (V(1.0 / 5040) + r2 * (V(1.0 / 362880)
            + r2 * (V(1.0 / 39916800) + r2 * V(1.0 / 6227020800))))));
        Vector512<double> power = Vector512.ShiftLeft(shifted.AsInt64() + Vector512.Create(1023L), 52).AsDouble();
        return Vector512.ConditionalSelect(small, Vector512<double>.Zero, (even + r * odd) * power);
    }

    /// <summary>ln(1 + e) for 0 ≤ e ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LogOnePlus(Vector512<double> e)
    {
        Vector512<double> s = e / (V(2) + e);
        Vector512<double> z = s * s;
        // Two halves of the series side by side: half as long a chain of dependent steps.
        Vector512<double> z2 = z * z;
        Vector512<double> even = V(1.0 / 3) + z2 * (V(1.0 / 7) + z2 * (V(1.0 / 11) + z2 * (V(1.0 / 15)
            + z2 * (V(1.0 / 19) + z2 * (V(1.0 / 23) + z2 * (V(1.0 / 27) + z2 * V(1.0 / 31)))))));
        Vector512<double> odd = V(1.0 / 5) + z2 * (V(1.0 / 9) + z2 * (V(1.0 / 13) + z2 * (V(1.0 / 17)
            + z2 * (V(1.0 / 21) + z2 * (V(1.0 / 25) + z2 * V(1.0 / 29))))));
        return V(2) * (s + s * (z * (even + z * odd)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> V(double value) => Vector512.Create(value);
}
