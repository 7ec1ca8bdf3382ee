namespace QuadTurbo.Learning.Drift;

/// <summary>How a two-sample Kolmogorov-Smirnov distance becomes a p-value.</summary>
public enum KsMethod
{
    /// <summary><see cref="Exact"/> up to <see cref="KolmogorovSmirnov.ExactLimit"/> values of the larger sample, then <see cref="OneSample"/>.</summary>
    Auto,

    /// <summary>By counting lattice paths: exact for continuous data, conservative with ties. O(n m D).</summary>
    Exact,

    /// <summary>By the exact one-sample law at round(nm / (n + m)) values: scipy's "asymp"; 0.25 % low at 10,000 against 100.</summary>
    OneSample,

    /// <summary>By Kolmogorov's series with the correction of Stephens: no loop over the samples; some 2 % low where p is small.</summary>
    Series,
}
