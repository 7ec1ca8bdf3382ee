using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Metrics;

/// <summary>How sure a figure is, by drawing again from what was seen (Efron 1979); equal seeds give equal bits.</summary>
public static class Bootstrap
{
    /// <summary>Percentile interval of the mean of independent values; NaN of nothing.</summary>
    /// <param name="values">Money, or any other unit; the interval has the same.</param>
    /// <param name="level">Confidence, between 0 and 1: 0.95.</param>
    /// <param name="draws">How often to draw again; cost is draws × values.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1, or there are fewer than 2 draws.</exception>
    public static Interval MeanInterval(ReadOnlySpan<double> values, double level, int draws, long seed)
    {
        Samples.CheckLevel(level);
        Samples.CheckFinite(values, "value");
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        if (values.IsEmpty) return new Interval(double.NaN, double.NaN, double.NaN);
        var random = new SplitMix64(seed);
        var means = new double[draws];
        for (int d = 0; d < draws; d++)
        {
            double sum = 0;
            for (int i = 0; i < values.Length; i++) sum += values[random.NextInt(values.Length)];
            means[d] = sum / values.Length;
        }
        Sorting.Sort(means);
        double total = 0;
        foreach (double value in values) total += value;
        return new Interval(total / values.Length, Quantile(means, (1 - level) / 2), Quantile(means, (1 + level) / 2));
    }

    /// <summary>Percentile interval of the sum of independent values: that of the mean, times their number; 0 of nothing.</summary>
    /// <inheritdoc cref="MeanInterval"/>
    public static Interval SumInterval(ReadOnlySpan<double> values, double level, int draws, long seed)
    {
        Interval mean = MeanInterval(values, level, draws, seed);
        int n = values.Length;
        return n == 0 ? default : new Interval(mean.Estimate * n, mean.Low * n, mean.High * n);
    }

    /// <summary>Standard error of the AUC of samples that resemble their neighbours in time; NaN when a class is absent.</summary>
    /// <remarks>
    /// Moving blocks (Künsch 1989): each draw strings blocks of <paramref name="blockLength"/> consecutive samples together up to n.
    /// Draws that lack a class are left out.
    /// </remarks>
    /// <param name="scores">In order of time.</param>
    /// <param name="labels">In order of time.</param>
    /// <param name="blockLength">Samples per block; longer than the samples depend on each other. 1 for independent ones.</param>
    /// <param name="draws">How often to draw again; cost is draws × samples.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The block is empty or longer than the samples, or there are fewer than 2 draws.</exception>
    public static double AucStandardError(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, int blockLength, int draws, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        if (scores.Length == 0) return double.NaN;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockLength, scores.Length);
        var ranking = new Ranking(scores, labels);
        var random = new SplitMix64(seed);
        var counts = new double[scores.Length];
        double n = 0, mean = 0, squares = 0;
        for (int d = 0; d < draws; d++)
        {
            CountBlocks(counts, blockLength, ref random);
            double auc = ranking.Auc(counts);
            if (double.IsNaN(auc)) continue;
            n++;
            double before = auc - mean;
            mean += before / n;
            squares += before * (auc - mean);
        }
        return n < 2 ? double.NaN : Math.Sqrt(squares / (n - 1));
    }

    /// <summary>Percentile interval of any figure that takes weights, of samples that resemble their neighbours in time.</summary>
    /// <remarks>
    /// Moving blocks as in <see cref="AucStandardError"/>; each sample weighs as often as it was drawn. Draws whose figure is NaN are left out;
    /// both ends are NaN when fewer than two remain. A figure that grows with noise, as <see cref="ReliabilityCurve.Ece"/> does, has an interval
    /// that lies too high.
    /// </remarks>
    /// <param name="count">Samples, at least 1.</param>
    /// <param name="blockLength">Samples per block; longer than the samples depend on each other. 1 for independent ones.</param>
    /// <param name="figure">Of weights, [count], which it must not keep; a caller with weights of its own multiplies them in.</param>
    /// <param name="level">Confidence, between 0 and 1: 0.95.</param>
    /// <param name="draws">How often to draw again.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block is empty or longer than the samples; level or draws are out of range.</exception>
    public static Interval BlockInterval(int count, int blockLength, Func<double[], double> figure, double level, int draws, long seed)
    {
        ArgumentNullException.ThrowIfNull(figure);
        Samples.CheckLevel(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockLength, count);
        var random = new SplitMix64(seed);
        var counts = new double[count];
        Array.Fill(counts, 1);
        double estimate = figure(counts);
        var drawn = new List<double>(draws);
        for (int d = 0; d < draws; d++)
        {
            CountBlocks(counts, blockLength, ref random);
            if (figure(counts) is var value && !double.IsNaN(value)) drawn.Add(value);
        }
        if (drawn.Count < 2) return new Interval(estimate, double.NaN, double.NaN);
        double[] sorted = [.. drawn];
        Sorting.Sort(sorted);
        return new Interval(estimate, Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2));
    }

    private static void CountBlocks(Span<double> counts, int blockLength, ref SplitMix64 random)
    {
        counts.Clear();
        for (int filled = 0; filled < counts.Length; filled += blockLength)
        {
            int start = random.NextInt(counts.Length - blockLength + 1);
            int length = Math.Min(blockLength, counts.Length - filled);
            for (int i = start; i < start + length; i++) counts[i]++;
        }
    }

    // Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
    private static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        double at = p * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
