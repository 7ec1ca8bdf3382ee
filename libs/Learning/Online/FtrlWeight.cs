using System.Runtime.CompilerServices;

namespace QuadTurbo.Learning.Online;

/// <summary>What FTRL-Proximal keeps of one weight.</summary>
internal struct FtrlWeight
{
    /// <summary>Summed gradients less the steps already taken.</summary>
    public double Z;

    /// <summary>Σ g².</summary>
    public double N;

    /// <summary>√<see cref="N"/>.</summary>
    public double Root;

    /// <summary>The next value of <paramref name="weight"/> under the gradient <paramref name="g"/>: McMahan et al. 2013, algorithm 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Step(double weight, double g, double inverseAlpha, double beta, double l1, double l2)
    {
        N += g * g;
        double root = Math.Sqrt(N);
        Z += g - (root - Root) * inverseAlpha * weight;
        Root = root;
        double excess = Math.Abs(Z) - l1;
        return excess > 0 ? -Math.CopySign(excess, Z) / ((beta + root) * inverseAlpha + l2) : 0;
    }
}
