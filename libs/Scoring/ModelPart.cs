namespace QuadTurbo.Scoring;

/// <summary>Part of a package; immutable.</summary>
public abstract class ModelPart
{
    private protected ModelPart(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        Samples = samples;
    }

    /// <summary>Samples that it was fitted to; 0 for a prior.</summary>
    public long Samples { get; }

    /// <summary>True when it was fitted to samples rather than written down beforehand.</summary>
    public bool Trained => Samples > 0;
}
