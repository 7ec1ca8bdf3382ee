using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Scoring;

/// <summary>A package ready to score: one head per kind of opportunity; immutable, safe to share between threads, swapped as a whole.</summary>
/// <remarks>Scoring allocates nothing. A row has the same bits in a batch, alone and on any machine.</remarks>
public sealed class ModelSet
{
    private readonly ModelHead _crossVenue;
    private readonly ModelHead _directional;

    /// <summary>The set that <paramref name="package"/> describes.</summary>
    public ModelSet(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        Package = package;
        Ref = package.Ref;
        _crossVenue = package.CrossVenue;
        _directional = package.Directional;
    }

    /// <summary>What it was made from.</summary>
    public ModelPackage Package { get; }

    /// <summary>The model's names.</summary>
    public ModelRef Ref { get; }

    /// <summary>True when at least one head was fitted to samples; false for the baseline, whose score is no probability of a win.</summary>
    public bool Trained => _crossVenue.Trained || _directional.Trained;

    /// <summary>True when the head of <paramref name="kind"/> was fitted to samples.</summary>
    public bool IsTrained(OpportunityKind kind) => HeadOf(kind).Trained;

    /// <summary>Answers a batch: <paramref name="answers"/>[i] is of <paramref name="opportunities"/>[i].</summary>
    /// <exception cref="ArgumentException">There is less room than opportunities.</exception>
    public void Answer(ReadOnlySpan<Opportunity> opportunities, Span<ModelAnswer> answers)
    {
        if (answers.Length < opportunities.Length)
            throw new ArgumentException($"room for {answers.Length} answers to {opportunities.Length} opportunities", nameof(answers));
        for (int i = 0; i < opportunities.Length; i++)
            answers[i] = Answer(opportunities[i]);
    }

    /// <summary>Answers one.</summary>
    public ModelAnswer Answer(Opportunity opportunity)
    {
        ArgumentNullException.ThrowIfNull(opportunity);
        return HeadOf(opportunity.Kind).Answer(opportunity.ReadFeatures());
    }

    /// <summary>The score of one row, 0 to 1, or NaN when it cannot say.</summary>
    public double Score(in FeatureVector features, OpportunityKind kind) => HeadOf(kind).Score(features);

    private ModelHead HeadOf(OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? _crossVenue : _directional;
}
