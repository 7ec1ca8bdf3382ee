namespace QuadTurbo.Learning.Drift;

/// <summary>Fisher's exact test of two shares, two-sided (Fisher 1922): is a value missing as often as before?</summary>
public static class FisherExact
{
    // Two tables are equally likely when they differ by rounding only; scipy draws the line here as well.
    private const double Same = 1 + 1e-7;

    /// <summary>Chance of a table at most as likely as this one, its margins given. O(total hits).</summary>
    /// <param name="hitsA">Hits in sample A, 0 to <paramref name="n"/>.</param>
    /// <param name="n">Size of sample A.</param>
    /// <param name="hitsB">Hits in sample B, 0 to <paramref name="m"/>.</param>
    /// <param name="m">Size of sample B.</param>
    /// <remarks>Probabilities are relative to the most likely table, by the ratio of neighbours, and divided by their sum: no factorials.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Hits are negative or more than the sample.</exception>
    public static double PValue(int hitsA, int n, int hitsB, int m)
    {
        Check(hitsA, n, nameof(hitsA));
        Check(hitsB, m, nameof(hitsB));
        long hits = (long)hitsA + hitsB;
        long low = Math.Max(0, hits - n), high = Math.Min(hits, m);
        long mode = Math.Clamp((long)((hits + 1.0) * (m + 1.0) / ((double)n + m + 2)), low, high);
        double observed = Ratio(mode, hitsB, n, m, hits) * Same;
        double all = 0, rare = 0, weight = 1;
        for (long x = mode; x <= high && weight > 0; x++) Count(ref weight, Up(x, n, m, hits));
        weight = 1 / Up(mode - 1, n, m, hits);
        for (long x = mode - 1; x >= low && weight > 0; x--) Count(ref weight, 1 / Up(x - 1, n, m, hits));
        return Math.Min(1, rare / all);

        void Count(ref double w, double step)
        {
            all += w;
            if (w <= observed) rare += w;
            w *= step;
        }
    }

    // P(x + 1) / P(x), x hits in sample B.
    private static double Up(long x, long n, long m, long hits) =>
        (double)(m - x) * (hits - x) / ((x + 1.0) * (n - hits + x + 1.0));

    // P(to) / P(from).
    private static double Ratio(long from, long to, long n, long m, long hits)
    {
        double ratio = 1;
        for (long x = from; x < to; x++) ratio *= Up(x, n, m, hits);
        for (long x = from; x > to; x--) ratio /= Up(x - 1, n, m, hits);
        return ratio;
    }

    private static void Check(int hits, int size, string name)
    {
        if (hits < 0 || hits > size) throw new ArgumentOutOfRangeException(name, hits, $"between 0 and the {size} of the sample");
    }
}
