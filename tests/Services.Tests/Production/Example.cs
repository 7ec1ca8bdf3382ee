using QuadTurbo.Hosting.Platform;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

/// <summary>A market of two venues that quote one symbol, and opportunities between them.</summary>
internal static class Example
{
    public static readonly DateTime Noon = new(2023, 3, 11, 12, 0, 0, DateTimeKind.Utc);

    private static readonly InstrumentTable Instruments = new();
    private static readonly GatePolicy NoGates = new([], "{}");
    private static readonly ModelRef Baseline = new("sha256:00", "v0.1.0", 0);
    private static readonly RouteKey Route = RouteKey.Of("example", "1", "A>B");

    public static Instrument A { get; } = Instruments.Get("A", "BTC-USD");

    public static Instrument B { get; } = Instruments.Get("B", "BTC-USD");

    public static AccountSnapshot NewAccount { get; } = new AccountFold().ToSnapshot(new GraduationFacts(0, 0, 0, 0, 0, 0));

    public static TradingAccount Account(GuardSettings guard) => new(guard, new GraduationSettings(), TimeProvider.System);

    public static PaperVenue Venue(PaperVenueSettings settings) => new(settings, new CostSettings());

    /// <summary>Buy at A for 1000, sell at B for 1010: 0.1 BTC, a notional of 100.</summary>
    public static Opportunity Gap(long n, DateTime at, decimal quantity = 0.1m, FeedTiming timing = FeedTiming.Sampled, decimal? touch = 5m) => new()
    {
        Id = OpportunityId.Of(Route, n),
        Position = n,
        KnownAt = at,
        Timing = timing,
        Kind = OpportunityKind.CrossVenue,
        Mode = TradeMode.Arb,
        Side = TradeSide.Long,
        Buy = new Offer(A, 1000m, touch, at),
        Sell = new Offer(B, 1010m, touch, at),
        Quantity = quantity,
        Size = SizeKnowledge.Known,
        GrossEdgeBps = 100,
        FeeBps = 20,
        ExpectedProfit = 0.8m,
        NetPositive = true,
        Confidence = 0.9,
        Regime = Regime.Range,
        SpreadBps = 1,
        VolumeRatio = double.NaN,
        Features = FeatureVector.Unknown,
    };

    /// <summary>Long at A for 15 minutes at most, with barriers at 1 %.</summary>
    public static Opportunity Long(long n, DateTime at) => Gap(n, at) with
    {
        Kind = OpportunityKind.Directional,
        Mode = TradeMode.Scalp,
        Barriers = new Barriers(100, 100, TimeSpan.FromMinutes(15)),
        Sell = new Offer(A, 999m, 5m, at),
    };

    public static Opportunity With(this Opportunity opportunity, string feature, float value)
    {
        FeatureVector features = opportunity.Features;
        features[FeatureSchema.IndexOf(feature)] = value;
        return opportunity with { Features = features };
    }

    public static Decision Passed(this Opportunity opportunity) => new()
    {
        Opportunity = opportunity,
        Passed = true,
        Gates = default,
        Policy = NoGates,
        Score = 0.9,
        MetaLabel = double.NaN,
        Model = Baseline,
        Ordinal = 0,
    };

    /// <summary>What production would report of <paramref name="opportunity"/> if it earned <paramref name="net"/>, without fees.</summary>
    public static Outcome Earned(this Opportunity opportunity, decimal net, DateTime at)
    {
        decimal quantity = opportunity.Quantity;
        return new Outcome
        {
            Decision = opportunity.Passed(),
            Lane = Lane.Production,
            At = at,
            Trade = new Trade
            {
                Entry = new Fill(A, 1000m, 1000m, 1000m, quantity, 0m, at),
                Exit = new Fill(B, 1000m, 1000m, 1000m + net / quantity, quantity, 0m, at),
                Side = TradeSide.Long,
                Reason = ExitReason.Legs,
            },
        };
    }

    public static OpportunityJudged Judged(long position, long judgedThrough, params Opportunity[] opportunities) => new()
    {
        Position = position,
        Decisions = [.. opportunities.Select(static o => o.Passed())],
        JudgedThrough = judgedThrough,
    };

    /// <summary>A at 999/1000 and B at 1010/1011, both moved by <paramref name="moved"/>; A's ask alone by <paramref name="askMoved"/>.</summary>
    public static MarketObserved Market(
        long position, DateTime at, long detectedBefore = 0, decimal moved = 0m, decimal askMoved = 0m, FeedEnd? end = null,
        FeedTiming timing = FeedTiming.Sampled, decimal size = 5m) => new()
        {
            Position = position,
            KnownAt = at,
            Timing = timing,
            DetectedBefore = detectedBefore,
            End = end,
            Quotes =
            [
                new Quote(A, 999m + moved, 1000m + moved + askMoved, size, size),
                new Quote(B, 1010m + moved, 1011m + moved, size, size),
            ],
        };

    /// <summary>The end of a feed: no quotes, nothing more to come.</summary>
    public static MarketObserved End(long position, DateTime at, long detectedBefore, FeedEnd end = FeedEnd.EndOfFeed) =>
        Market(position, at, detectedBefore) with { Quotes = [], End = end };
}
