using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>The part of a package that answers one row: a probability in a meta-label package, bps in a slippage package; immutable.</summary>
public abstract class ModelHead : ModelPart
{
    private protected ModelHead(long samples) : base(samples)
    {
    }

    /// <summary>The answer to one row in schema order, or NaN when an input it cannot do without is missing. Allocates nothing.</summary>
    public abstract double Score(ReadOnlySpan<float> features);

    /// <summary>The answers to a batch, each with the bits that it has alone. Allocates nothing.</summary>
    /// <param name="rows">[rows, 32], row-major, in schema order.</param>
    /// <param name="scores">[rows], filled.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public virtual void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        CheckBatch(rows, scores);
        for (int i = 0; i < scores.Length; i++) scores[i] = Score(rows.Slice(i * FeatureSchema.Count, FeatureSchema.Count));
    }

    /// <summary>The score of one row in schema order and what is known of it. Allocates nothing.</summary>
    public virtual ModelAnswer Answer(ReadOnlySpan<float> features)
    {
        double score = Score(features);
        return new ModelAnswer(score, Trained ? score : double.NaN, Confidence: double.NaN);
    }

    /// <summary>Its trees: itself, or the member of an ensemble; null where there are none.</summary>
    public TreesHead? FindTrees() => this switch
    {
        TreesHead trees => trees,
        EnsembleHead ensemble => ensemble.TreesMember,
        _ => null,
    };

    /// <summary>The same with other trees in the place of its own.</summary>
    /// <exception cref="InvalidOperationException">It has no trees.</exception>
    public ModelHead WithTrees(TreesHead trees) => this switch
    {
        TreesHead => trees,
        EnsembleHead { TreesMember: not null } ensemble => ensemble.With(trees),
        _ => throw new InvalidOperationException("a head without trees cannot be given others"),
    };

    /// <summary>Throws unless there are as many rows of 32 as scores.</summary>
    private protected static void CheckBatch(ReadOnlySpan<float> rows, Span<double> scores)
    {
        if (rows.Length != scores.Length * FeatureSchema.Count)
            throw new ArgumentException($"{rows.Length} features for {scores.Length} scores; {FeatureSchema.Count} a row are needed", nameof(rows));
    }
}
