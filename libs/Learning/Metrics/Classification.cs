using System.Buffers;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Metrics;

/// <summary>How well scores foretell a label; figures of probabilities ask for scores between 0 and 1.</summary>
/// <remarks>
/// Samples weigh 1 each unless weights of 0 or more are given; a figure of nothing, or of no weight at all, is NaN.
/// Every method throws <see cref="ArgumentException"/> when lengths differ, a score or weight is NaN or infinite, or a weight is negative.
/// </remarks>
public static class Classification
{
    /// <summary>Probabilities are held this far from 0 and 1 inside logarithms.</summary>
    public const double Clip = 1e-15;

    /// <summary>The chance that a positive scores above a negative, ties half; NaN when a class is absent.</summary>
    /// <remarks>(Σ mid-ranks of positives − n₁(n₁ + 1) / 2) / (n₁ n₀): Mann and Whitney 1947; a pair weighs the product of its weights.</remarks>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        if (weights.IsEmpty) return UnweightedAuc(scores, labels);
        Samples.CheckWeights(weights, scores.Length);
        return new Ranking(scores, labels).Auc(weights);
    }

    /// <summary>Average precision, the area under the precision-recall curve in steps: Σ (Rₙ − Rₙ₋₁) Pₙ; NaN without a positive.</summary>
    /// <remarks>Equal scores are one step; no interpolation, which would flatter (Davis and Goadrich 2006).</remarks>
    public static double AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        Samples.CheckWeights(weights, scores.Length);
        return new Ranking(scores, labels).AveragePrecision(weights);
    }

    /// <summary>Largest distance of the distribution functions of the two classes' scores, 0 to 1; NaN when a class is absent.</summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        Samples.CheckWeights(weights, scores.Length);
        return new Ranking(scores, labels).KolmogorovSmirnov(weights);
    }

    /// <summary>Mean of −ln of the probability that was given to what happened, nats; scores between 0 and 1.</summary>
    public static double LogLoss(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default) =>
        Mean(scores, labels, weights, LogLoss);

    /// <summary>−ln of the probability that <paramref name="score"/> gave to <paramref name="label"/>, nats.</summary>
    public static double LogLoss(double score, bool label) => -Math.Log(Math.Clamp(label ? score : 1 - score, Clip, 1 - Clip));

    /// <summary>Mean squared distance of score and label; scores between 0 and 1.</summary>
    public static double Brier(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default) =>
        Mean(scores, labels, weights, Brier);

    /// <summary>Squared distance of <paramref name="score"/> and <paramref name="label"/>.</summary>
    public static double Brier(double score, bool label) => label ? (1 - score) * (1 - score) : score * score;

    /// <summary>1 − Brier / (ȳ(1 − ȳ)): what is gained over always saying the base rate ȳ; NaN when a class is absent.</summary>
    public static double BrierSkill(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        double brier = Brier(scores, labels, weights), rate = BaseRate(labels, weights);
        return rate is 0 or 1 ? double.NaN : 1 - brier / (rate * (1 - rate));
    }

    /// <summary>Share of labels that "score ≥ <paramref name="threshold"/>" foretold.</summary>
    public static double Accuracy(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double threshold = 0.5, ReadOnlySpan<double> weights = default) =>
        Confusion.At(threshold, scores, labels, weights).Accuracy;

    /// <summary>Share of positives.</summary>
    public static double BaseRate(ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        Samples.CheckWeights(weights, labels.Length);
        double positives = 0, total = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = Samples.Weight(weights, i);
            if (labels[i]) positives += weight;
            total += weight;
        }
        return positives / total;
    }

    // The two classes are sorted apart and counted off against each other: half the time of an order of all, and nothing is allocated.
    private static double UnweightedAuc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        Samples.Check(scores, labels, default);
        double[] rented = ArrayPool<double>.Shared.Rent(scores.Length + 1);
        int up = 0, down = scores.Length;
        for (int i = 0; i < scores.Length; i++)
        {
            // Written at both ends, kept at one: labels follow no pattern that a branch could learn.
            int positive = labels[i] ? 1 : 0;
            rented[up] = rented[down] = scores[i];
            up += positive;
            down -= 1 - positive;
        }
        Span<double> positives = rented.AsSpan(0, up), negatives = rented.AsSpan(up + 1, scores.Length - up);
        Sorting.Sort(positives);
        Sorting.Sort(negatives);
        long halfWins = 0;
        int below = 0, upTo = 0;
        foreach (double score in positives)
        {
            while (below < negatives.Length && negatives[below] < score) below++;
            upTo = Math.Max(upTo, below);
            while (upTo < negatives.Length && negatives[upTo] == score) upTo++;
            halfWins += below + upTo;
        }
        ArrayPool<double>.Shared.Return(rented);
        return halfWins / 2.0 / ((double)up * negatives.Length);
    }

    private static double Mean(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights, Func<double, bool, double> loss)
    {
        Samples.CheckProbabilities(scores, labels, weights);
        double sum = 0, total = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = Samples.Weight(weights, i);
            sum += weight * loss(scores[i], labels[i]);
            total += weight;
        }
        return sum / total;
    }
}
