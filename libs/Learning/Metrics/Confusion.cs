namespace QuadTurbo.Learning.Metrics;

/// <summary>What a threshold made of the samples, each cell in units of weight.</summary>
/// <param name="TruePositives">Positives that were called so.</param>
/// <param name="FalsePositives">Negatives that were called positive.</param>
/// <param name="TrueNegatives">Negatives that were called so.</param>
/// <param name="FalseNegatives">Positives that were called negative.</param>
public readonly record struct Confusion(double TruePositives, double FalsePositives, double TrueNegatives, double FalseNegatives)
{
    /// <summary>Of the call "score ≥ <paramref name="threshold"/>".</summary>
    /// <exception cref="ArgumentException">
    /// The lengths differ, a score or weight is NaN or infinite, a weight is negative, or the threshold is NaN.
    /// </exception>
    public static Confusion At(double threshold, ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        if (double.IsNaN(threshold)) throw new ArgumentException("the threshold is NaN", nameof(threshold));
        Samples.Check(scores, labels, weights);
        Span<double> cells = stackalloc double[4];
        for (int i = 0; i < scores.Length; i++)
            cells[(scores[i] >= threshold ? 0 : 2) + (labels[i] ? 0 : 1)] += Samples.Weight(weights, i);
        return new Confusion(cells[0], cells[1], cells[3], cells[2]);
    }

    /// <summary>Share of right calls; NaN of nothing.</summary>
    public double Accuracy => (TruePositives + TrueNegatives) / (TruePositives + FalsePositives + TrueNegatives + FalseNegatives);

    /// <summary>Share of positives among those called positive; NaN when none is.</summary>
    public double Precision => TruePositives / (TruePositives + FalsePositives);

    /// <summary>Share of the positives that were called so; NaN when there is none.</summary>
    public double Recall => TruePositives / (TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall; NaN when nothing is positive or called so.</summary>
    public double F1 => 2 * TruePositives / (2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Correlation of call and label (Matthews 1975), −1 to 1; 0 when one class is absent or never called, NaN of nothing.</summary>
    public double Matthews
    {
        get
        {
            double called = TruePositives + FalsePositives, passed = TrueNegatives + FalseNegatives;
            double positives = TruePositives + FalseNegatives, negatives = TrueNegatives + FalsePositives;
            if (!(called + passed > 0)) return double.NaN;
            double scale = Math.Sqrt(called) * Math.Sqrt(passed) * Math.Sqrt(positives) * Math.Sqrt(negatives);
            return scale > 0 ? (TruePositives * TrueNegatives - FalsePositives * FalseNegatives) / scale : 0;
        }
    }
}
