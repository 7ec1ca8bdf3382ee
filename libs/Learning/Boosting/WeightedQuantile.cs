using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>A quantile of weighted values.</summary>
internal static class WeightedQuantile
{
    /// <summary>The smallest of the values such that those up to it have <paramref name="quantile"/> of the weight or more; 0 of no weight.</summary>
    public static double Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, double quantile)
    {
        double total = 0, below = 0, found = 0;
        foreach (float weight in weights) total += weight;
        foreach (int i in Sorting.Order(values))
        {
            if (weights[i] == 0) continue;
            found = values[i];
            below += weights[i];
            if (below >= quantile * total) break;
        }
        return found;
    }
}
