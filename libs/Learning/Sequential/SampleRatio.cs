using MathNet.Numerics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>Whether the arms were filled in the ratio that was meant; where not, the assignment is broken and no conclusion stands.</summary>
public static class SampleRatio
{
    /// <summary>A p-value below this blocks (Fabijan et al. 2019 use as strict a one).</summary>
    public const double BlockBelow = 1e-4;

    /// <summary>Pearson's χ² of the counts against the shares, Σ (n − N s)² / (N s).</summary>
    /// <param name="counts">Samples of each arm: [arms].</param>
    /// <param name="shares">What was meant, in any unit, above 0: [arms].</param>
    /// <exception cref="ArgumentException">There are fewer than 2 arms, the lengths differ, nothing was counted, or a number is out of
    /// range.</exception>
    public static TestResult Test(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        if (counts.Length < 2 || counts.Length != shares.Length)
            throw new ArgumentException($"{counts.Length} counts for {shares.Length} shares: as many, and at least 2", nameof(counts));
        double total = 0, whole = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0) throw new ArgumentException($"count {i} is {counts[i]}", nameof(counts));
            if (!(shares[i] > 0 && double.IsFinite(shares[i])))
                throw new ArgumentException($"share {i} is {shares[i]}: finite and above 0", nameof(shares));
            total += counts[i];
            whole += shares[i];
        }
        if (total == 0) throw new ArgumentException("nothing was counted", nameof(counts));
        double statistic = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double meant = total * (shares[i] / whole);
            statistic += (counts[i] - meant) * (counts[i] - meant) / meant;
        }
        int freedom = counts.Length - 1;
        double p = statistic > 0 ? SpecialFunctions.GammaUpperRegularized(freedom / 2.0, statistic / 2) : 1;
        return new TestResult(statistic, statistic, freedom, p);
    }

    /// <summary>Whether the counts are too far from the shares for any conclusion.</summary>
    /// <inheritdoc cref="Test"/>
    public static bool Blocks(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares) => Test(counts, shares).PValue < BlockBelow;
}
