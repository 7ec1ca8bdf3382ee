using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace QuadTurbo.Learning.Metrics;

/// <summary>How sure an AUC is, and whether two scores of the same samples differ, without assuming how scores are distributed.</summary>
/// <remarks>
/// DeLong, DeLong and Clarke-Pearson 1988, by mid-ranks in O(n log n) (Sun and Xu 2014). The variance is, summed over the two classes,
/// Σ w²(V − A)² / ((Σw)² − Σw²), where V is a sample's placement among the other class: with equal weights DeLong's S/n.
/// Weights say how much a sample is worth, not how often it was seen; samples count as independent
/// (where they are not: <see cref="Bootstrap.AucStandardError"/>).
/// </remarks>
public static class DeLong
{
    /// <summary>The AUC with its interval.</summary>
    /// <remarks>
    /// The interval is built on ln(A / (1 − A)), so it never leaves 0 to 1: σ(logit A ± z s / (A(1 − A))) (Pepe 2003, 5.2).
    /// An AUC of exactly 0 or 1 has variance 0 and an interval of one point.
    /// </remarks>
    /// <param name="scores">Any finite numbers.</param>
    /// <param name="labels">One for each score.</param>
    /// <param name="weights">None, or one for each score.</param>
    /// <param name="level">Confidence, between 0 and 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score or weight is NaN or infinite, or a weight is negative.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static AucEstimate Estimate(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default, double level = 0.95)
    {
        Samples.CheckLevel(level);
        Samples.CheckWeights(weights, scores.Length);
        return Estimate(new Ranking(scores, labels), labels, weights, level);
    }

    /// <summary>Whether the first score orders the samples better than the second.</summary>
    /// <param name="first">Any finite numbers.</param>
    /// <param name="second">Of the same samples in the same order.</param>
    /// <param name="labels">One for each sample.</param>
    /// <param name="weights">None, or one for each sample.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score or weight is NaN or infinite, or a weight is negative.</exception>
    public static AucComparison Compare(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        Samples.CheckWeights(weights, labels.Length);
        double[] a = new double[labels.Length], b = new double[labels.Length];
        double aucOfFirst = new Ranking(first, labels).Placements(weights, a);
        double aucOfSecond = new Ranking(second, labels).Placements(weights, b);
        for (int i = 0; i < a.Length; i++) a[i] -= b[i];
        double difference = aucOfFirst - aucOfSecond, error = Math.Sqrt(Variance(a, difference, labels, weights));
        double z = difference == 0 && error == 0 ? 0 : difference / error;
        return new AucComparison(aucOfFirst, aucOfSecond, error, z, SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2)));
    }

    internal static AucEstimate Estimate(Ranking ranking, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights, double level)
    {
        var placements = new double[labels.Length];
        double auc = ranking.Placements(weights, placements);
        double error = Math.Sqrt(Variance(placements, auc, labels, weights));
        if (auc is 0 or 1) return new AucEstimate(auc, error, auc, auc);
        double logit = Math.Log(auc / (1 - auc)), reach = Normal.InvCDF(0, 1, 0.5 + level / 2) * error / (auc * (1 - auc));
        return new AucEstimate(auc, error, 1 / (1 + Math.Exp(reach - logit)), 1 / (1 + Math.Exp(-reach - logit)));
    }

    private static double Variance(ReadOnlySpan<double> values, double mean, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        (double Spread, double Total, double Squares) positives = default, negatives = default;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = Samples.Weight(weights, i), off = weight * (values[i] - mean);
            ref (double Spread, double Total, double Squares) own = ref labels[i] ? ref positives : ref negatives;
            own = (own.Spread + off * off, own.Total + weight, own.Squares + weight * weight);
        }
        return Share(positives) + Share(negatives);

        static double Share((double Spread, double Total, double Squares) s)
        {
            double free = s.Total * s.Total - s.Squares;
            return free > 0 ? s.Spread / free : double.NaN;
        }
    }
}
