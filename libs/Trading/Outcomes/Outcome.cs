using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Outcomes;

/// <summary>The four lanes; they keep their numbers.</summary>
public enum Lane
{
    /// <summary>Lane 1: real orders, on a paper venue until everything is unlocked.</summary>
    Production = 1,

    /// <summary>Lane 2: the same opportunity, no money.</summary>
    ShadowSim = 2,

    /// <summary>Lane 3: learn from everything.</summary>
    Training = 3,

    /// <summary>Lane 4: is it worth anyone's time?</summary>
    PreValidator = 4,
}

/// <summary>Why a due outcome did not come about.</summary>
public enum MissCode
{
    /// <summary>It did.</summary>
    None,

    /// <summary>A leg had no good quote when it was due.</summary>
    NoQuote,

    /// <summary>The quote was too old, or the opportunity waited too long.</summary>
    Stale,

    /// <summary>A queue was full.</summary>
    Full,

    /// <summary>The process ended before it was due.</summary>
    Restart,

    /// <summary>Part of the feed is missing.</summary>
    FeedGap,

    /// <summary>The safety guard did not allow it.</summary>
    Guard,
}

/// <summary>What happened to one opportunity in one lane.</summary>
public sealed record Outcome
{
    /// <summary>The decision it follows.</summary>
    public required Decision Decision { get; init; }

    /// <summary>The lane that says so.</summary>
    public required Lane Lane { get; init; }

    /// <summary><see cref="MissCode.None"/> when it was executed, simulated or recorded.</summary>
    public MissCode Missed { get; init; }

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public string? Detail { get; init; }

    /// <summary>The trade; null when missed, or when the lane does not trade.</summary>
    public Trade? Trade { get; init; }

    /// <summary>When it was known, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Trace id of the opportunity.</summary>
    public OpportunityId Id => Decision.Id;

    /// <summary>A trade that was filled.</summary>
    public bool Filled => Trade is not null;

    /// <summary>Profit after fees, quote currency; 0 for a missed one.</summary>
    public decimal Net => Trade?.Net ?? 0m;
}

/// <summary>A trade from entry to exit. A cross-venue trade enters with the buy fill and exits with the sell fill.</summary>
public sealed record Trade
{
    /// <summary>The first fill.</summary>
    public required Fill Entry { get; init; }

    /// <summary>The second fill.</summary>
    public required Fill Exit { get; init; }

    /// <summary>Long unless a directional short.</summary>
    public required TradeSide Side { get; init; }

    /// <summary>Why it ended.</summary>
    public required ExitReason Reason { get; init; }

    /// <summary>Take-profit and stop-loss were both reached within one bar: counted as stop-loss.</summary>
    public bool Ambiguous { get; init; }

    /// <summary>Closed because the feed ended or the platform stopped; null otherwise.</summary>
    public FeedEnd? ClosedBy { get; init; }

    /// <summary>Conditions at entry.</summary>
    public MarketContext EntryContext { get; init; }

    /// <summary>Conditions at exit.</summary>
    public MarketContext ExitContext { get; init; }

    /// <summary>Base currency traded.</summary>
    public decimal Quantity => Entry.Quantity;

    /// <summary>Profit before fees, quote currency.</summary>
    public decimal Gross => Direction * (Exit.Price - Entry.Price) * Quantity;

    /// <summary>Fees of both sides, quote currency.</summary>
    public decimal Fees => Entry.Fee + Exit.Fee;

    /// <summary>Profit after fees on both sides, quote currency.</summary>
    public decimal Net => Gross - Fees;

    /// <summary>Gross profit over the entry price, bps.</summary>
    public double GrossBps => (double)(Direction * (Exit.Price / Entry.Price - 1m)) * 1e4;

    /// <summary>Net profit per unit over the entry price, bps. C16: net of fees on both sides.</summary>
    public double NetBps => (double)(UnitNet / Entry.Price) * 1e4;

    /// <summary>Net profit of one unit of base currency, quote currency, exactly.</summary>
    public decimal UnitNet => Direction * (Exit.Price - Entry.Price) - Entry.Price * Entry.FeeRate - Exit.Price * Exit.FeeRate;

    /// <summary>True when one unit made money after fees.</summary>
    public bool Won => UnitNet > 0m;

    /// <summary>From entry to exit.</summary>
    public TimeSpan Duration => Exit.At - Entry.At;

    private decimal Direction => Side == TradeSide.Long ? 1m : -1m;
}

/// <summary>One filled order, with every price on the way from what was seen to what was paid.</summary>
/// <param name="Instrument">What was traded.</param>
/// <param name="Observed">The touch on the platform's own book at that instant, quote currency.</param>
/// <param name="Quoted">The touch that the venue filled against, quote currency.</param>
/// <param name="Price">What was paid or received, impact included, quote currency.</param>
/// <param name="Quantity">Base currency.</param>
/// <param name="FeeRate">Share of the notional.</param>
/// <param name="At">When it filled, UTC.</param>
public readonly record struct Fill(
    Instrument Instrument, decimal Observed, decimal Quoted, decimal Price, decimal Quantity, decimal FeeRate, DateTime At)
{
    /// <summary>Fee, quote currency.</summary>
    public decimal Fee => Price * Quantity * FeeRate;
}

/// <summary>What the market was like.</summary>
/// <param name="SpreadBps">Spread of the instrument, bps; NaN when not known.</param>
/// <param name="VolatilityBps">Standard deviation of recent returns, bps; NaN when not known.</param>
/// <param name="Regime">The market's state.</param>
public readonly record struct MarketContext(double SpreadBps, double VolatilityBps, Regime Regime);

/// <summary>Why a trade ended.</summary>
public enum ExitReason
{
    /// <summary>Both legs of an arbitrage filled.</summary>
    Legs,

    /// <summary>Take-profit.</summary>
    TakeProfit,

    /// <summary>Stop-loss.</summary>
    StopLoss,

    /// <summary>Time was up, or the feed ended.</summary>
    Timeout,
}

/// <summary>Outcomes of one lane: the message of <c>outcome.executed</c>, <c>outcome.simulated</c> and <c>outcome.recorded</c>.</summary>
/// <param name="Outcomes">In the order in which they came about.</param>
public sealed record OutcomesKnown(Outcome[] Outcomes);
