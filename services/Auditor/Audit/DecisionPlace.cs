using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Audit;

/// <summary>Where a decision stands in feed order.</summary>
/// <param name="Position">Position of its instant.</param>
/// <param name="Ordinal">Its place within the instant.</param>
public readonly record struct DecisionPlace(long Position, int Ordinal)
{
    /// <summary>Before the first.</summary>
    public static DecisionPlace None { get; } = new(-1, -1);

    /// <summary>The place of <paramref name="decision"/>.</summary>
    public static DecisionPlace Of(Decision decision) => new(decision.Opportunity.Position, decision.Ordinal);

    /// <summary>Whether it comes after <paramref name="other"/>.</summary>
    public bool IsAfter(DecisionPlace other) => Position > other.Position || (Position == other.Position && Ordinal > other.Ordinal);
}
