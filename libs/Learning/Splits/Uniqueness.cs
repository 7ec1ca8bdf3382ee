namespace QuadTurbo.Learning.Splits;

/// <summary>Weights for samples whose labels overlap in time and so tell the same story more than once.</summary>
public static class Uniqueness
{
    /// <summary>u: the mean over a label's ticks of 1/c, c being the labels that cover the tick; 1 of a label that overlaps none.</summary>
    /// <remarks>
    /// López de Prado 2018, 4.4: uᵢ = 1/(t₁ − t₀ + 1) Σ 1/cₜ over t₀ .. t₁, both included. O(n log n), within 1e-15:
    /// the running sum of 1/cₜ is kept in 2⁻⁶⁰ of a tick, so that a short label after a long time loses nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">A span ends before it starts.</exception>
    public static double[] Average(ReadOnlySpan<LabelSpan> spans)
    {
        LabelSpan.Check(spans);
        long[] starts = new long[spans.Length], stops = new long[spans.Length];
        for (int i = 0; i < spans.Length; i++) (starts[i], stops[i]) = (spans[i].Start, spans[i].End + 1);
        Array.Sort(starts);
        Array.Sort(stops);
        long[] edges = [.. starts.Concat(stops).Distinct().Order()];
        var passed = new UInt128[edges.Length];
        for (int k = 1, started = 0, stopped = 0; k < edges.Length; k++)
        {
            while (started < starts.Length && starts[started] <= edges[k - 1]) started++;
            while (stopped < stops.Length && stops[stopped] <= edges[k - 1]) stopped++;
            int covering = started - stopped;
            UInt128 ticks = (UInt128)((Int128)edges[k] - edges[k - 1]);
            passed[k] = passed[k - 1] + (covering == 0 ? 0 : (ticks << 60) / (uint)covering);
        }
        var unique = new double[spans.Length];
        for (int i = 0; i < unique.Length; i++)
        {
            int from = Array.BinarySearch(edges, spans[i].Start), to = Array.BinarySearch(edges, spans[i].End + 1);
            double ticks = (double)((Int128)spans[i].End + 1 - spans[i].Start);
            unique[i] = (double)(passed[to] - passed[from]) / (1UL << 60) / ticks;
        }
        return unique;
    }

    /// <summary>Factors that fall linearly from 1, for the newest sample, over the uniqueness gathered since the oldest.</summary>
    /// <remarks>
    /// López de Prado 2018, 4.7: max(0, 1 − (1 − c)(1 − x)), or with c &lt; 0 max(0, 1 − (1 − x)/(1 + c)); x is the share of all uniqueness that
    /// samples up to this one hold, in order of their starts. The oldest has about c; with c &lt; 0 the oldest −c of all have 0.
    /// </remarks>
    /// <param name="unique">Of <see cref="Average"/>.</param>
    /// <param name="spans">One for each.</param>
    /// <param name="oldest">c, above −1 and at most 1; 1 does not decay.</param>
    /// <exception cref="ArgumentException">The lengths differ, a span ends before it starts, or a uniqueness is not above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">c is not above −1 and at most 1.</exception>
    public static double[] TimeDecay(ReadOnlySpan<double> unique, ReadOnlySpan<LabelSpan> spans, double oldest)
    {
        if (!(oldest > -1 && oldest <= 1)) throw new ArgumentOutOfRangeException(nameof(oldest), oldest, "above -1, at most 1");
        if (unique.Length != spans.Length) throw new ArgumentException($"{unique.Length} uniquenesses for {spans.Length} spans", nameof(unique));
        LabelSpan.Check(spans);
        double total = 0, gathered = 0;
        for (int i = 0; i < unique.Length; i++)
        {
            if (!(unique[i] > 0 && double.IsFinite(unique[i])))
                throw new ArgumentException($"uniqueness {i} is {unique[i]}: above 0", nameof(unique));
            total += unique[i];
        }
        double slope = oldest >= 0 ? 1 - oldest : 1 / (1 + oldest);
        var factors = new double[unique.Length];
        foreach (int row in TimeBlocks.Order(spans))
        {
            gathered += unique[row];
            factors[row] = Math.Clamp(1 - slope * (1 - gathered / total), 0, 1);
        }
        return factors;
    }
}
