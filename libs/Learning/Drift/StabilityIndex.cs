namespace QuadTurbo.Learning.Drift;

/// <summary>The population stability index (PSI): how far the shares of ten bins, each a tenth of the reference, have moved.</summary>
/// <remarks>
/// PSI = Σ (q − p) ln(q / p), p and q the shares of a bin in reference and window. Without drift it follows about
/// (1/n + 1/m) χ² with B − 1 degrees of freedom (Yurdakul 2018): in a window of 100 its mean is 0.09, so 0.1 alone says nothing there.
/// </remarks>
public static class StabilityIndex
{
    /// <summary>Bins of a reference without ties.</summary>
    public const int Bins = 10;

    /// <summary>Inner edges: the deciles of the reference, each once.</summary>
    /// <param name="sorted">Ascending and known; of nothing there is no edge.</param>
    /// <remarks>Linear interpolation (Hyndman and Fan 1996, type 7) at (n − 1) k/10, from the nearer neighbour as numpy does: equal bits.</remarks>
    public static double[] Edges(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty) return [];
        var edges = new double[Bins - 1];
        int count = 0;
        for (int k = 1; k < Bins; k++)
        {
            double edge = Quantile(sorted, k / (double)Bins);
            if (count == 0 || edge > edges[count - 1]) edges[count++] = edge;
        }
        return edges[..count];
    }

    /// <summary>Values per bin: a value goes right of every edge at most as large as itself; outer bins are open.</summary>
    /// <param name="sorted">Ascending and known.</param>
    /// <param name="edges">Ascending, each once.</param>
    /// <param name="counts">[edges + 1] overwritten.</param>
    public static void Count(ReadOnlySpan<double> sorted, ReadOnlySpan<double> edges, Span<int> counts)
    {
        int before = 0;
        for (int e = 0; e < edges.Length; e++)
        {
            int left = before;
            for (int right = sorted.Length; left < right;)
            {
                int middle = (left + right) >>> 1;
                if (sorted[middle] < edges[e]) left = middle + 1;
                else right = middle;
            }
            counts[e] = left - before;
            before = left;
        }
        counts[edges.Length] = sorted.Length - before;
    }

    /// <summary>The index of two counts of the same bins; missing values have a bin of their own when either side has one.</summary>
    /// <param name="reference">[B] values per bin.</param>
    /// <param name="referenceMissing">Missing values of the reference.</param>
    /// <param name="window">[B] values per bin.</param>
    /// <param name="windowMissing">Missing values of the window.</param>
    /// <remarks>Shares are (count + ½) / (n + B/2), B with the bin of missing values, so that an empty bin is no infinity.</remarks>
    /// <exception cref="ArgumentException">The bins differ in number.</exception>
    public static double Value(ReadOnlySpan<int> reference, int referenceMissing, ReadOnlySpan<int> window, int windowMissing)
    {
        if (reference.Length != window.Length) throw new ArgumentException($"{reference.Length} bins for {window.Length}", nameof(window));
        bool missing = referenceMissing + windowMissing > 0;
        double half = 0.5 * (reference.Length + (missing ? 1 : 0)), n = referenceMissing + half, m = windowMissing + half;
        foreach (int count in reference) n += count;
        foreach (int count in window) m += count;
        double sum = missing ? Term(referenceMissing, n, windowMissing, m) : 0;
        for (int i = 0; i < reference.Length; i++) sum += Term(reference[i], n, window[i], m);
        return sum;
    }

    /// <summary>The value below which a share <paramref name="p"/> of <paramref name="sorted"/> lies, linear between neighbours.</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        double at = p * (sorted.Length - 1);
        int below = (int)at;
        if (below + 1 >= sorted.Length) return sorted[^1];
        double t = at - below, low = sorted[below], high = sorted[below + 1];
        return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
    }

    private static double Term(int reference, double n, int window, double m)
    {
        double p = (reference + 0.5) / n, q = (window + 0.5) / m;
        return (q - p) * Math.Log(q / p);
    }
}
