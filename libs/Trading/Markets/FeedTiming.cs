namespace QuadTurbo.Trading.Markets;

/// <summary>When rows of a feed become known.</summary>
public enum FeedTiming
{
    /// <summary>One row per fixed period, known at the end of the period. Decisions use the rows of one instant only.</summary>
    Sampled,

    /// <summary>A row is known at its own time. Decisions use the last quote of each venue, within the maximum quote age.</summary>
    Event,
}
