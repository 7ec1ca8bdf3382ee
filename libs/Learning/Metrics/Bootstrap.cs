using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Metrics;

/// <summary>An estimate and where it lies with the stated confidence.</summary>
/// <param name="Estimate">From the values as they are.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High);

/// <summary>How sure a figure is, by drawing again from what was seen (Efron 1979); equal seeds give equal bits.</summary>
public static class Bootstrap
{
    /// <summary>Percentile interval of the mean of independent values; NaN of nothing.</summary>
    /// <param name="values">Money, or any other unit; the interval has the same.</param>
    /// <param name="level">Confidence, between 0 and 1: 0.95.</param>
    /// <param name="draws">How often to draw again; cost is draws × values.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1, or there are fewer than 2 draws.</exception>
    public static Interval MeanInterval(ReadOnlySpan<double> values, double level, int draws, long seed)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "between 0 and 1");
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
        Array.Sort(means);
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
        var counts = new int[scores.Length];
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

    private static void CountBlocks(Span<int> counts, int blockLength, ref SplitMix64 random)
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
