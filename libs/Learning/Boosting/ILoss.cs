using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>A loss of margin and target: its derivatives by the margin, sixteen rows at a time, with the same bits on every machine.</summary>
internal interface ILoss
{
    /// <summary>First and second derivative; <paramref name="quantile"/> is read by the pinball loss alone.</summary>
    static abstract (Vector512<float> First, Vector512<float> Second) Derive(Vector512<float> margin, Vector512<float> target, Vector512<float> quantile);
}

/// <summary>−log likelihood of a label 0 .. 1: p − y and p (1 − p).</summary>
internal readonly struct LogisticLoss : ILoss
{
    private const float InverseLn2 = 1.44269504f;

    // ln 2 in two parts, the high one with trailing zeros so that k × high is exact (Cody and Waite 1980).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Below this 2^k would be subnormal; e^-87 is 2e-38.
    private const float SmallestExponent = -87;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Derive(Vector512<float> margin, Vector512<float> target, Vector512<float> quantile)
    {
        Vector512<float> e = ExpOfNegative(-Vector512.Abs(margin));
        Vector512<float> q = Vector512<float>.One / (Vector512<float>.One + e);
        Vector512<float> p = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(margin, Vector512<float>.Zero), q, e * q);
        return (p - target, e * q * q);
    }

    // e^x for x ≤ 0: x = k ln 2 + r with |r| ≤ ln 2 / 2; Taylor to the 7th power leaves 5e-9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfNegative(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(SmallestExponent));
        Vector512<float> k = Vector512.Round(x * InverseLn2);
        Vector512<float> r = x - k * Ln2High - k * Ln2Low;
        Vector512<float> sum = Vector512.Create(1f / 5040);
        sum = sum * r + Vector512.Create(1f / 720);
        sum = sum * r + Vector512.Create(1f / 120);
        sum = sum * r + Vector512.Create(1f / 24);
        sum = sum * r + Vector512.Create(1f / 6);
        sum = sum * r + Vector512.Create(1f / 2);
        sum = sum * r + Vector512<float>.One;
        sum = sum * r + Vector512<float>.One;
        Vector512<int> power = (Vector512.ConvertToInt32(k) + Vector512.Create(127)) << 23;
        return sum * power.AsSingle();
    }
}

/// <summary>Half the squared error: f − y and 1.</summary>
internal readonly struct SquaredLoss : ILoss
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Derive(Vector512<float> margin, Vector512<float> target, Vector512<float> quantile) =>
        (margin - target, Vector512<float>.One);
}

/// <summary>The pinball loss: −τ below the target, 1 − τ from it on; 1 stands for the second derivative, which it has not.</summary>
internal readonly struct PinballLoss : ILoss
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Derive(Vector512<float> margin, Vector512<float> target, Vector512<float> quantile) =>
        (Vector512.ConditionalSelect(Vector512.LessThan(margin, target), -quantile, Vector512<float>.One - quantile), Vector512<float>.One);
}
