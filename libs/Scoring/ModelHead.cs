namespace QuadTurbo.Scoring;

/// <summary>The part of a package that answers one row: a probability in a meta-label package, bps in a slippage package; immutable.</summary>
public abstract class ModelHead : ModelPart
{
    private protected ModelHead(long samples) : base(samples)
    {
    }

    /// <summary>The answer to one row in schema order, or NaN when an input it cannot do without is missing. Allocates nothing.</summary>
    public abstract double Score(ReadOnlySpan<float> features);

    /// <summary>The score of one row in schema order and what is known of it. Allocates nothing.</summary>
    public virtual ModelAnswer Answer(ReadOnlySpan<float> features)
    {
        double score = Score(features);
        return new ModelAnswer(score, Trained ? score : double.NaN, Confidence: double.NaN);
    }
}
