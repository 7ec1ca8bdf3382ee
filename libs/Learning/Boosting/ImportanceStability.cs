using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>How far the importance of features has moved from one version of a model to the next.</summary>
/// <param name="Distance">S = ½ Σ |a − b| of normalised shares, the total variation, 0 .. 1: more than 0.30 is a model of another mind [LRN-07].</param>
/// <param name="Spearman">Rank correlation of the shares, ties by their mean rank; NaN where a version has equal shares throughout.</param>
/// <param name="Jaccard">Features that both versions have among their ten greatest, by those that either has; 1 if neither has any.</param>
public sealed record ImportanceStability(double Distance, double Spearman, double Jaccard)
{
    private const int Top = 10;

    /// <summary>Compares two versions.</summary>
    /// <param name="before">[features] shares or amounts, not negative; all 0 for a model without a split.</param>
    /// <param name="after">[features] likewise.</param>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a figure is negative or not finite.</exception>
    public static ImportanceStability Between(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length != after.Length || before.IsEmpty) throw new ArgumentException($"{before.Length} features before, {after.Length} after", nameof(after));
        return new ImportanceStability(DistanceOf(Normalised(before), Normalised(after)), Correlation(Ranks(before), Ranks(after)), JaccardOf(before, after));
    }

    private static double[] Normalised(ReadOnlySpan<double> shares)
    {
        double total = 0;
        for (int f = 0; f < shares.Length; f++)
        {
            if (!(shares[f] >= 0) || !double.IsFinite(shares[f])) throw new ArgumentException($"the importance of feature {f} is {shares[f]}", nameof(shares));
            total += shares[f];
        }
        double[] normalised = shares.ToArray();
        if (total > 0) foreach (ref double share in normalised.AsSpan()) share /= total;
        return normalised;
    }

    // A model without a split has nothing in common with one that has some: 1, where half the sum would say ½.
    private static double DistanceOf(double[] before, double[] after)
    {
        if (before.Any(a => a > 0) != after.Any(b => b > 0)) return 1;
        return 0.5 * before.Zip(after, (a, b) => Math.Abs(a - b)).Sum();
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        int[] order = Sorting.Order(values);
        var ranks = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            for (end = first + 1; end < order.Length && values[order[end]] == values[order[first]];) end++;
            for (int i = first; i < end; i++) ranks[order[i]] = 0.5 * (first + end + 1);
        }
        return ranks;
    }

    private static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average(), covariance = 0, varianceA = 0, varianceB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            covariance += (a[i] - meanA) * (b[i] - meanB);
            varianceA += (a[i] - meanA) * (a[i] - meanA);
            varianceB += (b[i] - meanB) * (b[i] - meanB);
        }
        return covariance / Math.Sqrt(varianceA * varianceB);
    }

    private static double JaccardOf(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        HashSet<int> a = Greatest(before), b = Greatest(after);
        int either = a.Union(b).Count();
        return either == 0 ? 1 : (double)a.Intersect(b).Count() / either;
    }

    private static HashSet<int> Greatest(ReadOnlySpan<double> shares)
    {
        double[] copy = shares.ToArray();
        return [.. Enumerable.Range(0, copy.Length).Where(f => copy[f] > 0).OrderByDescending(f => copy[f]).ThenBy(f => f).Take(Top)];
    }
}
