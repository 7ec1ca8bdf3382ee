namespace QuadTurbo.Learning.Drift;

/// <summary>Which of many p-values to believe, so that at most a share q of those believed is false.</summary>
/// <remarks>Benjamini and Hochberg 1995, step-up: with p₍₁₎ ≤ … ≤ p₍F₎, reject up to the largest k with p₍k₎ ≤ k q / F.</remarks>
public static class BenjaminiHochberg
{
    /// <summary>Whether each is rejected; a NaN stands for no test: it is not rejected and not counted in F.</summary>
    /// <param name="pValues">[F] between 0 and 1.</param>
    /// <param name="q">Share of false rejections, between 0 and 1: 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">q or a p-value is not between 0 and 1.</exception>
    public static bool[] Reject(ReadOnlySpan<double> pValues, double q)
    {
        if (!(q > 0 && q < 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "between 0 and 1");
        var known = new double[pValues.Length];
        int count = 0;
        for (int i = 0; i < pValues.Length; i++)
        {
            double p = pValues[i];
            if (double.IsNaN(p)) continue;
            if (p < 0 || p > 1) throw new ArgumentOutOfRangeException(nameof(pValues), p, $"p-value {i} is not between 0 and 1");
            known[count++] = p;
        }
        Array.Sort(known, 0, count);
        double largest = -1;
        for (int k = 1; k <= count; k++)
            if (known[k - 1] <= k * q / count) largest = known[k - 1];
        var rejected = new bool[pValues.Length];
        for (int i = 0; i < rejected.Length; i++) rejected[i] = pValues[i] <= largest;
        return rejected;
    }
}
