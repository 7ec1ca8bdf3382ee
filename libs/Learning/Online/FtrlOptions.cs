namespace QuadTurbo.Learning.Online;

/// <summary>How an online learner learns.</summary>
/// <remarks>
/// The defaults were chosen on generated rows of 32 features, so that noise is hardly fitted (log-loss ≤ ln 2 + 0.01 over 20,000 samples)
/// while four additive features of AUC ≤ 0.60 and a product are found within 2,000.
/// </remarks>
public sealed record FtrlOptions
{
    /// <summary>Learning rate of a weight at n = 0 is alpha / beta.</summary>
    public double Alpha { get; init; } = 0.03;

    /// <summary>Flattens the first steps.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>A weight stays 0 until its summed gradient exceeds this.</summary>
    public double L1 { get; init; } = 5;

    /// <summary>Added to the denominator of a weight: pulls it to 0.</summary>
    public double L2 { get; init; }

    /// <summary>The constant term starts as if this many samples had said 0.5.</summary>
    public double PriorSamples { get; init; } = 12;

    /// <summary>The bins are cut at the octiles of this many first samples; until then there are none.</summary>
    public int CutSamples { get; init; } = 512;

    /// <summary>Samples after which running mean, variance and constant term forget as fast as they learn.</summary>
    public int Horizon { get; init; } = 20_000;

    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range; the message names it.</exception>
    internal void Check()
    {
        Within(Alpha, double.Epsilon, nameof(Alpha));
        Within(Beta, double.Epsilon, nameof(Beta));
        Within(L1, 0, nameof(L1));
        Within(L2, 0, nameof(L2));
        Within(PriorSamples, 1, nameof(PriorSamples));
        ArgumentOutOfRangeException.ThrowIfLessThan(CutSamples, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CutSamples, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Horizon, 2);
    }

    private static void Within(double value, double lowest, string name)
    {
        if (!(value >= lowest && value <= double.MaxValue)) throw new ArgumentOutOfRangeException(name, value, $"at least {lowest} and finite");
    }
}
