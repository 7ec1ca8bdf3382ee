using QuadTurbo.Learning.Regimes;

namespace QuadTurbo.Scoring;

/// <summary>A regime detector.</summary>
public sealed class RegimePart(RegimeModel model, long samples) : ModelPart(samples)
{
    /// <summary>The hidden Markov model with named states; its output is read through a filter.</summary>
    public RegimeModel Model { get; } = model ?? throw new ArgumentNullException(nameof(model));
}
