namespace QuadTurbo.Learning.Metrics;

/// <summary>The calibration error that chance alone gives to scores without fault.</summary>
/// <param name="Mean">Over the draws.</param>
/// <param name="Upper">What 95 % of the draws stay below or at: an error above it is no chance.</param>
public readonly record struct EceFloor(double Mean, double Upper);
