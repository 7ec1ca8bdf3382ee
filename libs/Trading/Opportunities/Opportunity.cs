using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Trading.Opportunities;

/// <summary>A chance to trade that detection found: a gap between two venues, or a direction at one.</summary>
public sealed record Opportunity
{
    private readonly FeatureVector _features;

    /// <summary>Trace id and idempotency key.</summary>
    public required OpportunityId Id { get; init; }

    /// <summary>Where it came from: the feed's position, or the number of the submission.</summary>
    public required long Position { get; init; }

    /// <summary>The instant whose quotes it was computed from, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Whether fills are looked up on a sampled feed or a stream of events.</summary>
    public required FeedTiming Timing { get; init; }

    /// <summary>Gap or direction.</summary>
    public required OpportunityKind Kind { get; init; }

    /// <summary>How it is traded.</summary>
    public required TradeMode Mode { get; init; }

    /// <summary>Long, or short (directional only).</summary>
    public required TradeSide Side { get; init; }

    /// <summary>What would be bought, at the ask. Of a directional opportunity: the ask of its one instrument.</summary>
    public required Offer Buy { get; init; }

    /// <summary>What would be sold, at the bid. Of a directional opportunity: the bid of its one instrument.</summary>
    public required Offer Sell { get; init; }

    /// <summary>Order size in base currency of the pair, already limited by the touch.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>What is assumed about the size.</summary>
    public required SizeKnowledge Size { get; init; }

    /// <summary>bid of the sold side / ask of the bought side − 1, in bps; of a directional one: the expected move.</summary>
    public required double GrossEdgeBps { get; init; }

    /// <summary>Taker fees of both sides, in bps of the bought notional.</summary>
    public required double FeeBps { get; init; }

    /// <summary>Profit after fees if both legs fill at the quotes seen, quote currency, for <see cref="Quantity"/>.</summary>
    public required decimal ExpectedProfit { get; init; }

    /// <summary>True when one unit pays after fees at the quotes seen; decided in decimal, exactly.</summary>
    public required bool NetPositive { get; init; }

    /// <summary>Gas the trade burns, quote currency; 0 at exchanges.</summary>
    public decimal GasCost { get; init; }

    /// <summary>How many trades the route has.</summary>
    public int Hops { get; init; } = 2;

    /// <summary>Exit prices of a directional trade; null for a gap.</summary>
    public Barriers? Barriers { get; init; }

    /// <summary>How sure detection is, 0 to 1; NaN when it cannot say. Not the model's probability.</summary>
    public required double Confidence { get; init; }

    /// <summary>The market's state at the bought side.</summary>
    public required Regime Regime { get; init; }

    /// <summary>Widest spread of the legs, bps.</summary>
    public required double SpreadBps { get; init; }

    /// <summary>Volume against its usual level; NaN when the feed has no volume.</summary>
    public required double VolumeRatio { get; init; }

    /// <summary>Model inputs, computed once, at detection.</summary>
    public required FeatureVector Features { get => _features; init => _features = value; }

    /// <summary>Sent in by a caller rather than detected on the feed.</summary>
    public bool Submitted { get; init; }

    /// <summary>The model inputs [<see cref="FeatureSchema.Count"/>] where they lie, without a copy.</summary>
    public ReadOnlySpan<float> ReadFeatures() => _features;

    /// <summary>The symbol it is reported under.</summary>
    public string Market => Buy.Instrument.Market;

    /// <summary>Gross edge less fees, in bps.</summary>
    public double NetEdgeBps => GrossEdgeBps - FeeBps;
}

/// <summary>One side of an opportunity as it was quoted.</summary>
/// <param name="Instrument">What is quoted.</param>
/// <param name="Price">Ask to buy at, or bid to sell at, quote currency.</param>
/// <param name="Size">Size at that price in base currency; null when not known.</param>
/// <param name="QuotedAt">When the quote became known, UTC.</param>
public readonly record struct Offer(Instrument Instrument, decimal Price, decimal? Size, DateTime QuotedAt);

/// <summary>Where a directional trade ends.</summary>
/// <param name="TakeProfitBps">Favourable move from the entry price, gross bps.</param>
/// <param name="StopLossBps">Adverse move from the entry price, gross bps, positive.</param>
/// <param name="Timeout">Time after entry at which it is closed anyway.</param>
public sealed record Barriers(double TakeProfitBps, double StopLossBps, TimeSpan Timeout);

/// <summary>What an opportunity is.</summary>
public enum OpportunityKind
{
    /// <summary>Buy at one venue, sell at another.</summary>
    CrossVenue,

    /// <summary>A long or short position at one venue.</summary>
    Directional,
}

/// <summary>How an opportunity is traded.</summary>
public enum TradeMode
{
    /// <summary>Two legs at once.</summary>
    Arb,

    /// <summary>A small target, quickly.</summary>
    Scalp,

    /// <summary>A larger target.</summary>
    Runner,
}

/// <summary>Direction of a trade.</summary>
public enum TradeSide
{
    /// <summary>Buy, then sell.</summary>
    Long,

    /// <summary>Sell, then buy back.</summary>
    Short,
}

/// <summary>What is known about the size that could be traded.</summary>
public enum SizeKnowledge
{
    /// <summary>Both touches are known.</summary>
    Known,

    /// <summary>A touch is not recorded: unit size is assumed.</summary>
    Assumed,

    /// <summary>A contract of unknown value: it is not sized, and not traded.</summary>
    Refused,
}
