namespace QuadTurbo.Learning.Drift;

/// <summary>The two-sample Kolmogorov-Smirnov test, two-sided: are these two samples of one distribution?</summary>
/// <remarks>
/// D = sup |F − G|, measured where groups of equal values end. The default p-value follows scipy's rule (exact up to 10,000 values):
/// a comparison made once can afford it. Streaming checks take <see cref="KsMethod.Series"/>, because their windows overlap and only the
/// order of magnitude of a small p decides.
/// </remarks>
public static class KolmogorovSmirnov
{
    /// <summary>Values of the larger sample up to which <see cref="KsMethod.Auto"/> is exact.</summary>
    public const int ExactLimit = 10_000;

    // 2 exp(−2 × 372) is below the smallest double: counting paths would find 0 as well.
    private const double Vanishing = 372;

    /// <summary>Tests two samples in any order. O(n log n), and the cost of the p-value.</summary>
    /// <exception cref="ArgumentException">A sample is empty, or holds NaN or an infinity.</exception>
    public static KsResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b, KsMethod method = KsMethod.Auto) =>
        Result(SampleDistance.Of(a, b).Steps, a.Length, b.Length, method);

    /// <summary>Chance of a distance of <paramref name="d"/> or more between samples of n and m values from one continuous distribution.</summary>
    /// <param name="n">Values of one sample.</param>
    /// <param name="m">Values of the other.</param>
    /// <param name="d">max |F − G|; for the exact method the nearest multiple of 1 / lcm(n, m) is meant.</param>
    /// <param name="method">How to compute it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sample is empty, or d is not between 0 and 1.</exception>
    public static double PValue(int n, int m, double d, KsMethod method = KsMethod.Auto)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(m);
        if (!(d >= 0 && d <= 1)) throw new ArgumentOutOfRangeException(nameof(d), d, "between 0 and 1");
        return Tail((long)Math.Round(d * SampleDistance.Scale(n, m)), d, n, m, Choose(n, m, method));
    }

    /// <summary>The test, given its distance in steps of 1 / lcm(n, m).</summary>
    internal static KsResult Result(long steps, int n, int m, KsMethod method)
    {
        method = Choose(n, m, method);
        double d = steps / (double)SampleDistance.Scale(n, m);
        return new KsResult(d, Tail(steps, d, n, m, method), method);
    }

    private static KsMethod Choose(int n, int m, KsMethod method) =>
        method != KsMethod.Auto ? method : Math.Max(n, m) <= ExactLimit ? KsMethod.Exact : KsMethod.OneSample;

    private static double Tail(long steps, double d, int n, int m, KsMethod method)
    {
        double p = method switch
        {
            KsMethod.Exact => Exact(steps, d, Math.Max(n, m), Math.Min(n, m)),
            KsMethod.OneSample => KolmogorovLaw.Tail((int)Math.Round(Effective(n, m)), d),
            KsMethod.Series => Series(n, m, d),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "a method of KsMethod"),
        };
        return Math.Clamp(p, 0, 1);
    }

    // Q(λ) = 2 Σ (−1)^(k−1) exp(−2k²λ²), λ = D (√e + 0.12 + 0.11/√e), e = nm / (n + m) (Stephens 1970). Below λ = 0.2, Q is 1 − 1e-12 or more.
    private static double Series(int n, int m, double d)
    {
        double root = Math.Sqrt(Effective(n, m));
        double lambda = d * (root + 0.12 + 0.11 / root);
        if (lambda < 0.2) return 1;
        double sum = 0, sign = 1;
        for (int k = 1; k < 100; k++, sign = -sign)
        {
            double term = Math.Exp(-2 * k * k * lambda * lambda);
            sum += sign * term;
            if (term <= 1e-17 * sum) break;
        }
        return Math.Min(1, 2 * sum);
    }

    private static double Effective(int n, int m) => (double)n * m / ((double)n + m);

    private static double Exact(long steps, double d, int n, int m) =>
        steps == 0 ? 1 : Effective(n, m) * d * d > Vanishing ? 0 : n == m ? OutsideSquare(n, steps) : Outside(n, m, steps);

    // Of all paths from (0, 0) to (n, n), the share that meets |x − y| ≥ h: 2 Σ (−1)^(k−1) C(2n, n − kh) / C(2n, n) (Gnedenko, Korolyuk
    // 1951), nested so that no large terms cancel. Terms beyond `last` are below 1e-20 of the first: C(2n, n − a) / C(2n, n) < e^(−a²/(n+a)).
    private static double OutsideSquare(int n, long h)
    {
        double p = 0;
        long last = Math.Min(n / h, (long)Math.Sqrt(2 + 93.0 * n / ((double)h * h)) + 1);
        for (long k = last - 1; k >= 0; k--)
        {
            double ratio = 1;
            for (long j = 1; j <= h; j++) ratio = ratio * (n - k * h - j + 1) / (n + k * h + j);
            p = ratio * (1 - p);
        }
        return 2 * p;
    }

    // reached[y] at column x: of all paths from (0, 0) to (x, y), the share that has met |x/n − y/m| ≥ D (Hodges 1958). A path comes from the
    // left with chance x / (x + y), from below with y / (x + y); shares are averaged, never subtracted, so small ones keep their digits.
    private static double Outside(int n, int m, long steps)
    {
        int divisor = SampleDistance.Divisor(n, m);
        long rise = n / divisor, run = m / divisor;
        var reached = new double[m + 1];
        Array.Fill(reached, 1);
        Array.Clear(reached, 0, (int)Math.Min((steps + rise - 1) / rise, m + 1));
        for (int x = 1; x <= n; x++)
        {
            long ahead = run * x - steps;
            int low = ahead < 0 ? 0 : (int)(ahead / rise) + 1;
            int high = (int)Math.Min((run * x + steps - 1) / rise, m);
            if (low > high) return 1;
            double below = 1;
            for (int y = low; y <= high; y++)
            {
                double share = 1.0 / (x + y);
                below = reached[y] * (x * share) + below * (y * share);
                reached[y] = below;
            }
        }
        return reached[m];
    }
}
