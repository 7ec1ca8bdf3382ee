namespace QuadTurbo.Learning.Drift;

/// <summary>What a two-sample Kolmogorov-Smirnov test found.</summary>
/// <param name="D">Largest distance of the two empirical distribution functions, 0 to 1.</param>
/// <param name="PValue">Chance of this distance or more between two samples of one continuous distribution.</param>
/// <param name="Method">How the p-value was computed; never <see cref="KsMethod.Auto"/>.</param>
public readonly record struct KsResult(double D, double PValue, KsMethod Method);
