namespace QuadTurbo.Learning.Sequential;

/// <summary>What a test of a fixed sample found.</summary>
/// <param name="Estimate">The difference, B less A; for counts their statistic.</param>
/// <param name="Statistic">z, t or χ².</param>
/// <param name="DegreesOfFreedom">Of t or χ²; +∞ for z.</param>
/// <param name="PValue">Two-sided; for χ² its upper tail. NaN where the statistic is.</param>
public readonly record struct TestResult(double Estimate, double Statistic, double DegreesOfFreedom, double PValue);
