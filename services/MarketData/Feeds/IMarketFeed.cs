using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds;

/// <summary>A market as a sequence of known-at instants.</summary>
public interface IMarketFeed
{
    /// <summary>Whether rows are sampled or events.</summary>
    FeedTiming Timing { get; }

    /// <summary>What was read and rejected so far; complete once <see cref="ReadAsync"/> has ended. Cheap enough to call every second.</summary>
    FeedReport Report { get; }

    /// <summary>The instants in time order, each with every row that becomes known then, crossed quotes included.</summary>
    /// <remarks>Ends by itself at the end of a recording; a synthetic or live feed ends when <paramref name="stop"/> is cancelled (without throwing).</remarks>
    IAsyncEnumerable<FeedInstant> ReadAsync(CancellationToken stop);
}

/// <summary>All rows that became known at one instant.</summary>
/// <param name="KnownAt">UTC.</param>
/// <param name="Quotes">In feed order; may be empty when only trades or rejected rows fell on the instant. Not reused.</param>
public readonly record struct FeedInstant(DateTime KnownAt, Quote[] Quotes);
