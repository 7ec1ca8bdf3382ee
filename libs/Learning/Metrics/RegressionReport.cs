namespace QuadTurbo.Learning.Metrics;

/// <summary>Every figure of predictions of a number; see <see cref="Regression"/>.</summary>
/// <param name="Rows">Samples.</param>
/// <param name="Rmse">In the target's unit.</param>
/// <param name="Mae">In the target's unit.</param>
/// <param name="RSquared">NaN when all targets are equal.</param>
/// <param name="Pinball">At <paramref name="Quantile"/>.</param>
/// <param name="Coverage">Share of targets at or below their prediction.</param>
/// <param name="Quantile">Which quantile the predictions are held to be: 0.5 of a mean or median.</param>
public sealed record RegressionReport(int Rows, double Rmse, double Mae, double RSquared, double Pinball, double Coverage, double Quantile)
{
    /// <summary>Of targets and predictions.</summary>
    /// <exception cref="ArgumentException">
    /// There is nothing to measure, lengths differ, a number is NaN or infinite, a weight is negative or all are 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is not between 0 and 1.</exception>
    public static RegressionReport Of(
        ReadOnlySpan<double> targets, ReadOnlySpan<double> predictions, ReadOnlySpan<double> weights = default, double quantile = 0.5)
    {
        if (targets.IsEmpty) throw new ArgumentException("no rows to measure", nameof(targets));
        double rmse = Regression.Rmse(targets, predictions, weights);
        if (double.IsNaN(rmse)) throw new ArgumentException("all weights are 0", nameof(weights));
        return new RegressionReport(
            targets.Length, rmse, Regression.Mae(targets, predictions, weights), Regression.RSquared(targets, predictions, weights),
            Regression.Pinball(targets, predictions, quantile, weights), Regression.Coverage(targets, predictions, weights), quantile);
    }
}
