namespace QuadTurbo.Learning.Metrics;

/// <summary>The Brier score taken apart by bins of equal width, without remainder: see <see cref="Brier"/>.</summary>
/// <remarks>
/// With bins k of weight n_k of N, mean score p̄_k and mean label ȳ_k: Murphy 1973 for the first three, which are exact only if all scores
/// of a bin are equal; the within-bin terms of Stephenson, Coelho and Jolliffe 2008 make it an identity. All are NaN of nothing.
/// </remarks>
/// <param name="Reliability">Σ n_k/N (p̄_k − ȳ_k)²: how far what was foretold is from what happened; smaller is better.</param>
/// <param name="Resolution">Σ n_k/N (ȳ_k − ȳ)²: how far the bins differ from the base rate; larger is better.</param>
/// <param name="Uncertainty">ȳ(1 − ȳ): of the labels alone.</param>
/// <param name="WithinVariance">1/N ΣΣ (p − p̄_k)².</param>
/// <param name="WithinCovariance">2/N ΣΣ (y − ȳ_k)(p − p̄_k).</param>
public readonly record struct BrierDecomposition(
    double Reliability, double Resolution, double Uncertainty, double WithinVariance, double WithinCovariance)
{
    /// <summary>Of scores and labels.</summary>
    /// <param name="scores">Between 0 and 1.</param>
    /// <param name="labels">One for each score.</param>
    /// <param name="weights">None, or one for each score.</param>
    /// <param name="bins">At least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is not between 0 and 1, or a weight is negative or not finite.</exception>
    public static BrierDecomposition Of(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default, int bins = ReliabilityCurve.DefaultBins)
    {
        Samples.CheckProbabilities(scores, labels, weights);
        int[] binOf = ReliabilityCurve.WidthBins(scores, bins);
        double[] mass = new double[bins], score = new double[bins], label = new double[bins];
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = Samples.Weight(weights, i);
            mass[binOf[i]] += weight;
            score[binOf[i]] += weight * scores[i];
            if (labels[i]) label[binOf[i]] += weight;
        }
        double total = mass.Sum(), rate = label.Sum() / total, reliability = 0, resolution = 0, variance = 0, covariance = 0;
        for (int k = 0; k < bins; k++)
        {
            if (mass[k] == 0) continue;
            (score[k], label[k]) = (score[k] / mass[k], label[k] / mass[k]);
            reliability += mass[k] * (score[k] - label[k]) * (score[k] - label[k]);
            resolution += mass[k] * (label[k] - rate) * (label[k] - rate);
        }
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = Samples.Weight(weights, i), off = scores[i] - score[binOf[i]];
            variance += weight * off * off;
            covariance += weight * off * ((labels[i] ? 1 : 0) - label[binOf[i]]);
        }
        return new BrierDecomposition(reliability / total, resolution / total, rate * (1 - rate), variance / total, 2 * covariance / total);
    }

    /// <summary>Reliability − Resolution + Uncertainty + WithinVariance − WithinCovariance: the Brier score.</summary>
    public double Brier => Reliability - Resolution + Uncertainty + WithinVariance - WithinCovariance;
}
