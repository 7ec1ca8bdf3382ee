namespace QuadTurbo.Scoring;

/// <summary>The part of a package that scores one kind of opportunity; immutable.</summary>
public abstract class ModelHead
{
    private protected ModelHead(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        Samples = samples;
    }

    /// <summary>Labelled samples that it was fitted to; 0 for a prior.</summary>
    public long Samples { get; }

    /// <summary>True when it was fitted to samples rather than written down beforehand.</summary>
    public bool Trained => Samples > 0;

    /// <summary>The score of one row in schema order, 0 to 1, or NaN when an input it cannot do without is missing.</summary>
    internal abstract double Score(ReadOnlySpan<float> features);
}
