using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Boosting;

/// <summary>The losses in double precision, one row at a time: what reports and refreshed leaves are made of.</summary>
internal static class Loss
{
    /// <summary>Weighted mean loss of margins, or NaN of no weight.</summary>
    public static double Mean(BoostingOptions options, TrainingRows rows, ReadOnlySpan<float> margins)
    {
        double sum = 0, total = 0;
        ReadOnlySpan<float> targets = rows.Targets.Span, weights = rows.Weights.Span;
        for (int i = 0; i < margins.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight * Of(options, margins[i], targets[i]);
            total += weight;
        }
        return sum / total;
    }

    /// <summary>First and second derivative by the margin.</summary>
    public static (double First, double Second) Derive(BoostingOptions options, double margin, double target)
    {
        switch (options.Objective)
        {
            case Objective.Logistic:
                double p = Logistic.Sigmoid(margin);
                return (p - target, p * Logistic.Sigmoid(-margin));
            case Objective.Squared:
                return (margin - target, 1);
            default:
                return (margin < target ? -options.Quantile : 1 - options.Quantile, 1);
        }
    }

    /// <summary>The constant margin of least loss.</summary>
    public static float Base(BoostingOptions options, TrainingRows rows)
    {
        if (options.Objective == Objective.Pinball)
        {
            float[] ones = new float[rows.Weights.IsEmpty ? rows.Count : 0];
            Array.Fill(ones, 1);
            return (float)WeightedQuantile.Of(rows.Targets.Span, rows.Weights.IsEmpty ? ones : rows.Weights.Span, options.Quantile);
        }
        double sum = 0, total = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            sum += (double)rows.Weight(i) * rows.Targets.Span[i];
            total += rows.Weight(i);
        }
        return (float)(options.Objective == Objective.Logistic ? Math.Log(sum / (total - sum)) : sum / total);
    }

    private static double Of(BoostingOptions options, double margin, double target) => options.Objective switch
    {
        Objective.Logistic => Math.Max(margin, 0) - target * margin + Math.Log(1 + Math.Exp(-Math.Abs(margin))),
        Objective.Squared => (margin - target) * (margin - target),
        _ => margin < target ? options.Quantile * (target - margin) : (1 - options.Quantile) * (margin - target),
    };
}
