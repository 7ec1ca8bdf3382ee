namespace QuadTurbo.Learning.Drift;

/// <summary>The Wasserstein-1 (earth mover's) distance of two samples: how far their values lie apart, in the unit of the values.</summary>
public static class Wasserstein
{
    /// <summary>∫ |F − G| dx = Σ |F(zᵢ) − G(zᵢ)| (zᵢ₊₁ − zᵢ) over the merged order z (Vallender 1974). O(n log n).</summary>
    /// <exception cref="ArgumentException">A sample is empty, or holds NaN or an infinity.</exception>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => SampleDistance.Of(a, b).Area;
}
