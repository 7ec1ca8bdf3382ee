using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Where each feature is cut into bins of about equal weight: bin(x) = #{cuts ≤ x}, so that "bin ≤ j" is the same question as "x &lt; cut j".</summary>
/// <remarks>
/// Cuts ascend strictly and are stored as float32, as the trees store them: what a tree learns on bins is what it answers on numbers.
/// The last cut is +∞, for the question "is it known?"; missing values have <see cref="MissingBin"/>.
/// </remarks>
public sealed class QuantileCuts
{
    /// <summary>The bin of NaN.</summary>
    public const byte MissingBin = 255;

    // A quantile of so many rows has a rank within 0.1 % of the true one: a quarter of a bin.
    private const int MostSamples = 200_000;
    private readonly float[][] _cuts;

    private QuantileCuts(float[][] cuts) => _cuts = cuts;

    /// <summary>Number of features.</summary>
    public int Features => _cuts.Length;

    /// <summary>The ascending cuts of a feature; the last is +∞.</summary>
    public ReadOnlySpan<float> this[int feature] => _cuts[feature];

    /// <summary>
    /// Cuts between the distinct values of a feature where they are fewer than <paramref name="maxBins"/>, otherwise at its weighted quantiles
    /// (of 200,000 evenly spaced rows, if there are more). Rows of weight 0 and missing values do not count.
    /// </summary>
    /// <param name="rows">Rows to cut.</param>
    /// <param name="maxBins">Bins of a feature, the one for missing values included.</param>
    /// <param name="threads">Threads to use.</param>
    public static QuantileCuts Of(TrainingRows rows, int maxBins, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int features = rows.Features;
        var cuts = new float[features][];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var values = new float[Math.Min(rows.Count, MostSamples)];
            float[] weights = rows.Weights.IsEmpty ? [] : new float[values.Length];
            for (int f = part; f < features; f += threads)
            {
                int known = Sample(rows, f, values, weights);
                cuts[f] = weights.Length == 0
                    ? OfEqual(values.AsSpan(0, known), maxBins - 1)
                    : OfWeighted(values.AsSpan(0, known), weights.AsSpan(0, known), maxBins - 1);
            }
        });
        return new QuantileCuts(cuts);
    }

    /// <summary>The bin of a value: #{cuts ≤ value}, or <see cref="MissingBin"/> for NaN.</summary>
    public byte Bin(int feature, float value)
    {
        if (float.IsNaN(value)) return MissingBin;
        float[] cuts = _cuts[feature];
        int at = Array.BinarySearch(cuts, value);
        return (byte)(at >= 0 ? at + 1 : ~at);
    }

    private static int Sample(TrainingRows rows, int feature, float[] values, float[] weights)
    {
        ReadOnlySpan<float> from = rows.Values.Span;
        ReadOnlySpan<float> weight = rows.Weights.Span;
        int known = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int row = (int)((long)i * rows.Count / values.Length);
            float value = from[row * rows.Features + feature];
            if (float.IsNaN(value) || (weights.Length > 0 && weight[row] == 0)) continue;
            if (weights.Length > 0) weights[known] = weight[row];
            values[known++] = value;
        }
        return known;
    }

    private static float[] OfEqual(Span<float> values, int bins)
    {
        Sorting.Sort(values);
        if (Between(values, bins) is { } all) return all;
        var cuts = new List<float>(bins);
        for (int b = 1; b < bins; b++) Add(cuts, values[(int)((long)b * values.Length / bins)], values[0]);
        return [.. cuts, float.PositiveInfinity];
    }

    private static float[] OfWeighted(Span<float> values, Span<float> weights, int bins)
    {
        int[] order = Sorting.Order(values);
        var sorted = new float[order.Length];
        double total = 0;
        for (int i = 0; i < order.Length; i++)
        {
            sorted[i] = values[order[i]];
            total += weights[order[i]];
        }
        if (Between(sorted, bins) is { } all) return all;
        var cuts = new List<float>(bins);
        double below = 0;
        for (int i = 0, b = 1; i < sorted.Length && b < bins; i++)
        {
            below += weights[order[i]];
            if (below * bins <= b * total) continue;
            Add(cuts, sorted[i], sorted[0]);
            while (b < bins && below * bins > b * total) b++;
        }
        return [.. cuts, float.PositiveInfinity];
    }

    // The cuts midway between neighbouring values, or null if there are too many values.
    private static float[]? Between(ReadOnlySpan<float> sorted, int bins)
    {
        var cuts = new List<float>(bins);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) continue;
            if (cuts.Count == bins - 1) return null;
            float middle = (float)(0.5 * ((double)sorted[i - 1] + sorted[i]));
            Add(cuts, middle > sorted[i - 1] && middle <= sorted[i] ? middle : sorted[i], sorted[0]);
        }
        return [.. cuts, float.PositiveInfinity];
    }

    // +∞ is there in any case, and a cut at the lowest value parts nothing.
    private static void Add(List<float> cuts, float cut, float lowest)
    {
        if (cut > lowest && cut < float.PositiveInfinity && (cuts.Count == 0 || cut > cuts[^1])) cuts.Add(cut);
    }
}
