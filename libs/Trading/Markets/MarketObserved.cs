namespace QuadTurbo.Trading.Markets;

/// <summary>What the market showed at one known-at instant: the message <c>market.observed</c>.</summary>
/// <remarks>The one clock of the path: whoever fills or exits a trade uses nothing but these, in order of <see cref="Position"/>.</remarks>
public sealed record MarketObserved
{
    /// <summary>Contiguous number of the instant within its feed session, from 0.</summary>
    public required long Position { get; init; }

    /// <summary>When these quotes became known, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Whether the feed is sampled or a stream of events.</summary>
    public required FeedTiming Timing { get; init; }

    /// <summary>The quotes that became known, in feed order; crossed ones too.</summary>
    public required Quote[] Quotes { get; init; }

    /// <summary>How many opportunities were detected at earlier positions: whoever fills waits for that many verdicts first.</summary>
    public required long DetectedBefore { get; init; }

    /// <summary>Set on the last message of a feed: what is still due is closed now.</summary>
    public FeedEnd? End { get; init; }
}

/// <summary>Why a feed ended.</summary>
public enum FeedEnd
{
    /// <summary>The recording has no more rows.</summary>
    EndOfFeed,

    /// <summary>The platform was asked to stop.</summary>
    Shutdown,
}
