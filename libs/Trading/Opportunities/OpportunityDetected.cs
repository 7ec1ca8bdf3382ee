namespace QuadTurbo.Trading.Opportunities;

/// <summary>Everything detected at one instant: the message <c>opportunity.detected</c>.</summary>
public sealed record OpportunityDetected
{
    /// <summary>Feed position of the instant; of a submission, its number.</summary>
    public required long Position { get; init; }

    /// <summary>In feed order.</summary>
    public required Opportunity[] Opportunities { get; init; }

    /// <summary>True for what a caller sent in: it does not count towards the feed's watermark.</summary>
    public bool Submitted { get; init; }
}
