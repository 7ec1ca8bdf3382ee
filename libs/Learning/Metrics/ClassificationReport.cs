namespace QuadTurbo.Learning.Metrics;

/// <summary>Every figure of probabilities that foretold a label; one that is not defined for the samples is NaN.</summary>
public sealed record ClassificationReport
{
    /// <summary>Samples.</summary>
    public required int Rows { get; init; }

    /// <summary>Those with label 1.</summary>
    public required int Positives { get; init; }

    /// <summary>Their share by weight.</summary>
    public required double BaseRate { get; init; }

    /// <summary>With DeLong's standard error and 95 % interval.</summary>
    public required AucEstimate Auc { get; init; }

    /// <summary>Area under the precision-recall curve in steps.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Largest distance of the two classes' scores.</summary>
    public required double KolmogorovSmirnov { get; init; }

    /// <summary>Nats; <see cref="LogLossOfBaseRate"/> is what always saying the base rate costs.</summary>
    public required double LogLoss { get; init; }

    /// <summary>−ȳ ln ȳ − (1 − ȳ) ln(1 − ȳ), nats.</summary>
    public required double LogLossOfBaseRate { get; init; }

    /// <summary>Mean squared error.</summary>
    public required double Brier { get; init; }

    /// <summary>What is gained over the base rate.</summary>
    public required double BrierSkill { get; init; }

    /// <summary>The Brier score taken apart over 15 bins of equal width.</summary>
    public required BrierDecomposition Decomposition { get; init; }

    /// <summary>15 bins of equal width: <see cref="ReliabilityCurve.Ece"/> is the primary calibration error.</summary>
    public required ReliabilityCurve EqualWidth { get; init; }

    /// <summary>15 bins of equal weight.</summary>
    public required ReliabilityCurve EqualMass { get; init; }

    /// <summary>The error of <see cref="EqualWidth"/> that faultless scores would show, by 200 draws.</summary>
    public required EceFloor EceFloor { get; init; }

    /// <summary>The calls are "score ≥ this".</summary>
    public required double Threshold { get; init; }

    /// <summary>Accuracy, precision, recall, F1 and Matthews' correlation at the threshold.</summary>
    public required Confusion Confusion { get; init; }

    /// <summary>Of scores and labels.</summary>
    /// <param name="scores">Between 0 and 1.</param>
    /// <param name="labels">One for each score.</param>
    /// <param name="weights">None, or one for each score.</param>
    /// <param name="seed">Of the draws of <see cref="EceFloor"/>.</param>
    /// <param name="threshold">Of the calls.</param>
    /// <exception cref="ArgumentException">
    /// There is nothing to measure, the lengths differ, a score is not between 0 and 1, a weight is negative, or all are 0.
    /// </exception>
    public static ClassificationReport Of(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights, long seed, double threshold = 0.5)
    {
        if (scores.IsEmpty) throw new ArgumentException("no rows to measure", nameof(scores));
        Samples.CheckProbabilities(scores, labels, weights);
        double rate = Classification.BaseRate(labels, weights);
        if (double.IsNaN(rate)) throw new ArgumentException("all weights are 0", nameof(weights));
        var ranking = new Ranking(scores, labels);
        return new ClassificationReport
        {
            Rows = scores.Length,
            Positives = labels.Count(true),
            BaseRate = rate,
            Auc = DeLong.Estimate(ranking, labels, weights, level: 0.95),
            AveragePrecision = ranking.AveragePrecision(weights),
            KolmogorovSmirnov = ranking.KolmogorovSmirnov(weights),
            LogLoss = Classification.LogLoss(scores, labels, weights),
            LogLossOfBaseRate = rate * Classification.LogLoss(rate, true) + (1 - rate) * Classification.LogLoss(rate, false),
            Brier = Classification.Brier(scores, labels, weights),
            BrierSkill = Classification.BrierSkill(scores, labels, weights),
            Decomposition = BrierDecomposition.Of(scores, labels, weights),
            EqualWidth = ReliabilityCurve.EqualWidth(scores, labels, weights),
            EqualMass = ReliabilityCurve.EqualMass(scores, labels, weights),
            EceFloor = ReliabilityCurve.Floor(scores, seed, weights),
            Threshold = threshold,
            Confusion = Confusion.At(threshold, scores, labels, weights),
        };
    }
}
