namespace QuadTurbo.Learning.Metrics;

/// <summary>An estimate and where it lies with the stated confidence.</summary>
/// <param name="Estimate">From the values as they are.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High);
