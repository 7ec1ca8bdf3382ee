namespace QuadTurbo.Learning.Metrics;

/// <summary>How well scores between 0 and 1 foretell a label.</summary>
public static class Classification
{
    /// <summary>Probabilities are held this far from 0 and 1 inside logarithms.</summary>
    public const double Clip = 1e-15;

    /// <summary>The chance that a positive scores above a negative, ties half; NaN when a class is absent.</summary>
    /// <remarks>(Σ mid-ranks of positives − n₁(n₁ + 1) / 2) / (n₁ n₀): Mann and Whitney 1947. O(n log n).</remarks>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels) =>
        new Ranking(scores, labels).Auc();

    /// <summary>Mean of −ln of the probability that was given to what happened, nats; NaN of nothing.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double LogLoss(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        CheckLengths(scores, labels);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += LogLoss(scores[i], labels[i]);
        return sum / scores.Length;
    }

    /// <summary>−ln of the probability that <paramref name="score"/> gave to <paramref name="label"/>, nats.</summary>
    public static double LogLoss(double score, bool label) => -Math.Log(Math.Clamp(label ? score : 1 - score, Clip, 1 - Clip));

    /// <summary>Mean squared distance of score and label; NaN of nothing.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Brier(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        CheckLengths(scores, labels);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += Brier(scores[i], labels[i]);
        return sum / scores.Length;
    }

    /// <summary>Squared distance of <paramref name="score"/> and <paramref name="label"/>.</summary>
    public static double Brier(double score, bool label) => label ? (1 - score) * (1 - score) : score * score;

    /// <summary>Share of labels that "score ≥ <paramref name="threshold"/>" foretold; NaN of nothing.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Accuracy(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double threshold = 0.5)
    {
        CheckLengths(scores, labels);
        long right = 0;
        for (int i = 0; i < scores.Length; i++)
            if (scores[i] >= threshold == labels[i]) right++;
        return (double)right / scores.Length;
    }

    internal static void CheckLengths(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length) throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels", nameof(labels));
    }
}
