namespace QuadTurbo.Learning.Metrics;

/// <summary>A group of samples with like scores: a point of the reliability diagram.</summary>
/// <param name="MeanScore">p̄: what was foretold.</param>
/// <param name="MeanLabel">ȳ: what happened.</param>
/// <param name="Count">Samples of positive weight.</param>
/// <param name="Weight">What they weigh together.</param>
/// <param name="EffectiveCount">(Σw)² / Σw² (Kish 1965): <paramref name="Count"/> when all weigh alike.</param>
public readonly record struct ReliabilityBin(double MeanScore, double MeanLabel, int Count, double Weight, double EffectiveCount);
