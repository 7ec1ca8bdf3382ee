using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Metrics;

/// <summary>Samples grouped by score, for the reliability diagram and the calibration errors; empty groups are left out.</summary>
/// <remarks>
/// With bins k of weight n_k of N, mean score p̄ and mean label ȳ: ECE = Σ n_k/N |ȳ − p̄| (Naeini, Cooper and Hauskrecht 2015),
/// MCE its largest term's distance. All are NaN of nothing.
/// </remarks>
public sealed class ReliabilityCurve
{
    /// <summary>Bins unless said otherwise.</summary>
    public const int DefaultBins = 15;

    private ReliabilityCurve(ReadOnlySpan<int> binOf, int bins, ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        var sums = new (double Score, double Label, double Weight, double Squares, int Count)[bins];
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = Samples.Weight(weights, i);
            if (weight == 0) continue;
            ref (double Score, double Label, double Weight, double Squares, int Count) s = ref sums[binOf[i]];
            s = (s.Score + weight * scores[i], s.Label + (labels[i] ? weight : 0), s.Weight + weight, s.Squares + weight * weight, s.Count + 1);
        }
        Bins = [.. sums.Where(s => s.Count > 0).Select(
            s => new ReliabilityBin(s.Score / s.Weight, s.Label / s.Weight, s.Count, s.Weight, s.Weight * s.Weight / s.Squares))];
        double total = Bins.Sum(b => b.Weight);
        Ece = Bins.Sum(b => b.Weight * Math.Abs(b.MeanLabel - b.MeanScore)) / total;
        Mce = Bins.Count == 0 ? double.NaN : Bins.Max(b => Math.Abs(b.MeanLabel - b.MeanScore));
        DebiasedSquare = Bins.Sum(Debiased) / total;
    }

    /// <summary>The groups in order of their scores.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>Expected calibration error, biased upwards in small samples: compare it with <see cref="Floor"/>.</summary>
    public double Ece { get; }

    /// <summary>Maximum calibration error.</summary>
    public double Mce { get; }

    /// <summary>Σ n_k/N [(ȳ − p̄)² − ȳ(1 − ȳ)/(n_k − 1)]: the squared error less its expected noise (Bröcker 2012); may be negative.</summary>
    /// <remarks>A bin of one sample has no noise to estimate and keeps its square; with weights n_k is the effective count.</remarks>
    public double DebiasedSquare { get; }

    /// <summary>Bins ((m − 1)/M, m/M], a score of 0 in the first.</summary>
    /// <param name="scores">Between 0 and 1.</param>
    /// <param name="labels">One for each score.</param>
    /// <param name="weights">None, or one for each score.</param>
    /// <param name="bins">M, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is not between 0 and 1, or a weight is negative or not finite.</exception>
    public static ReliabilityCurve EqualWidth(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default, int bins = DefaultBins)
    {
        Samples.CheckProbabilities(scores, labels, weights);
        return new ReliabilityCurve(WidthBins(scores, bins), bins, scores, labels, weights);
    }

    /// <summary>Bins of equal weight, as near as equal scores that stay together allow: bin ⌊M (below + own/2) / N⌋ of each score.</summary>
    /// <inheritdoc cref="EqualWidth"/>
    public static ReliabilityCurve EqualMass(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default, int bins = DefaultBins)
    {
        Samples.CheckProbabilities(scores, labels, weights);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        int[] order = Sorting.Order(scores), binOf = new int[order.Length];
        double total = 0, below = 0;
        for (int i = 0; i < order.Length; i++) total += Samples.Weight(weights, i);
        for (int start = 0, end; start < order.Length; start = end)
        {
            double own = 0;
            for (end = start; end < order.Length && scores[order[end]] == scores[order[start]]; end++) own += Samples.Weight(weights, order[end]);
            int bin = total > 0 ? Math.Min((int)((below + own / 2) * bins / total), bins - 1) : 0;
            for (int i = start; i < end; i++) binOf[order[i]] = bin;
            below += own;
        }
        return new ReliabilityCurve(binOf, bins, scores, labels, weights);
    }

    /// <summary>The equal-width error of labels drawn from the scores themselves, y ~ Bernoulli(p), again and again.</summary>
    /// <param name="scores">Between 0 and 1.</param>
    /// <param name="seed">Equal seeds give equal bits.</param>
    /// <param name="weights">None, or one for each score.</param>
    /// <param name="bins">M, at least 1.</param>
    /// <param name="draws">How often, at least 1; cost is draws × scores.</param>
    /// <exception cref="ArgumentException">A score is not between 0 and 1, or a weight is negative or not finite.</exception>
    public static EceFloor Floor(
        ReadOnlySpan<double> scores, long seed, ReadOnlySpan<double> weights = default, int bins = DefaultBins, int draws = 200)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        Samples.CheckProbabilities(scores);
        Samples.CheckWeights(weights, scores.Length);
        if (scores.IsEmpty) return new EceFloor(double.NaN, double.NaN);
        int[] binOf = WidthBins(scores, bins);
        double total = 0;
        for (int i = 0; i < scores.Length; i++) total += Samples.Weight(weights, i);
        var random = SplitMix64.Stream(seed, "ece-floor");
        double[] errors = new double[draws], excess = new double[bins];
        for (int d = 0; d < draws; d++)
        {
            Array.Clear(excess);
            for (int i = 0; i < scores.Length; i++)
                excess[binOf[i]] += Samples.Weight(weights, i) * ((random.NextDouble() < scores[i] ? 1 : 0) - scores[i]);
            foreach (double e in excess) errors[d] += Math.Abs(e) / total;
        }
        double mean = errors.Average();
        Sorting.Sort(errors);
        return new EceFloor(mean, errors[(int)Math.Ceiling(0.95 * draws) - 1]);
    }

    internal static int[] WidthBins(ReadOnlySpan<double> scores, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var binOf = new int[scores.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            // The product may round across an edge; the edge itself, m/M as a double, decides.
            int bin = Math.Clamp((int)Math.Ceiling(scores[i] * bins) - 1, 0, bins - 1);
            if (bin > 0 && scores[i] <= (double)bin / bins) bin--;
            else if (bin < bins - 1 && scores[i] > (double)(bin + 1) / bins) bin++;
            binOf[i] = bin;
        }
        return binOf;
    }

    private static double Debiased(ReliabilityBin b)
    {
        double off = b.MeanLabel - b.MeanScore, noise = b.Count > 1 ? b.MeanLabel * (1 - b.MeanLabel) / (b.EffectiveCount - 1) : 0;
        return b.Weight * (off * off - noise);
    }
}
