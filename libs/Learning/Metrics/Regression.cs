namespace QuadTurbo.Learning.Metrics;

/// <summary>How far predictions of a number are from it.</summary>
/// <remarks>
/// Samples weigh 1 each unless weights of 0 or more are given; a figure of nothing, or of no weight at all, is NaN.
/// Every method throws <see cref="ArgumentException"/> when lengths differ, a number is NaN or infinite, or a weight is negative.
/// </remarks>
public static class Regression
{
    /// <summary>√ of the mean squared error, in the target's unit.</summary>
    public static double Rmse(ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights = default) =>
        Math.Sqrt(Mean(targets, predictions, weights, 0, static (y, p, _) => (y - p) * (y - p)));

    /// <summary>Mean absolute error, in the target's unit.</summary>
    public static double Mae(ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights = default) =>
        Mean(targets, predictions, weights, 0, static (y, p, _) => Math.Abs(y - p));

    /// <summary>Mean pinball loss max(q (y − p), (q − 1)(y − p)), least at the true q-quantile (Koenker and Bassett 1978).</summary>
    /// <param name="targets">y.</param>
    /// <param name="predictions">p, one for each target.</param>
    /// <param name="quantile">q, between 0 and 1: 0.95.</param>
    /// <param name="weights">None, or one for each target.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is not between 0 and 1.</exception>
    public static double Pinball(
        ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, double quantile, ReadOnlySpan<double> weights = default)
    {
        if (!(quantile > 0 && quantile < 1)) throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "between 0 and 1");
        return Mean(targets, predictions, weights, quantile, static (y, p, q) => Math.Max(q * (y - p), (q - 1) * (y - p)));
    }

    /// <summary>Share of targets at or below their prediction: q, if the predictions are q-quantiles.</summary>
    public static double Coverage(ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights = default) =>
        Mean(targets, predictions, weights, 0, static (y, p, _) => y <= p ? 1 : 0);

    /// <summary>1 − Σ(y − p)² / Σ(y − ȳ)²: what is gained over always saying the mean; NaN when all targets are equal.</summary>
    public static double RSquared(ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights = default)
    {
        double error = Mean(targets, predictions, weights, 0, static (y, p, _) => (y - p) * (y - p));
        if (targets.IsEmpty) return double.NaN;
        // From the first target on, so that equal targets have no spread at all.
        double mean = targets[0] + Mean(targets, targets, weights, targets[0], static (y, _, first) => y - first);
        double spread = Mean(targets, targets, weights, mean, static (y, _, m) => (y - m) * (y - m));
        return spread > 0 ? 1 - error / spread : double.NaN;
    }

    private static double Mean(
        ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights, double parameter,
        Func<double, double, double, double> loss)
    {
        if (targets.Length != predictions.Length)
            throw new ArgumentException($"{predictions.Length} predictions for {targets.Length} targets", nameof(predictions));
        Samples.CheckFinite(targets, "target");
        Samples.CheckFinite(predictions, "prediction");
        Samples.CheckWeights(weights, targets.Length);
        double sum = 0, total = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double weight = Samples.Weight(weights, i);
            sum += weight * loss(targets[i], predictions[i], parameter);
            total += weight;
        }
        return sum / total;
    }
}
