using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Trading;

/// <summary>One symbol at three venues, and decisions on it; the market opens at noon.</summary>
internal sealed class Example
{
    public static readonly DateTime Noon = new(2025, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    private static readonly GatePolicy Policy = new([], "{}");
    private long _position;

    public Example(InstrumentTable? instruments = null)
    {
        Instruments = instruments ?? new InstrumentTable();
        (A, B, C) = (Instruments.Get("A", "X-USD"), Instruments.Get("B", "X-USD"), Instruments.Get("C", "X-USD"));
        Other = Instruments.Get("A", "Y-USD");
    }

    public InstrumentTable Instruments { get; }

    public Instrument A { get; }

    public Instrument B { get; }

    public Instrument C { get; }

    public Instrument Other { get; }

    public static DateTime At(double seconds) => Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static Quote Quote(Instrument instrument, decimal bid, decimal ask, decimal? bidSize = null, decimal? askSize = null) =>
        new(instrument, bid, ask, bidSize, askSize);

    public MarketObserved Observed(DateTime knownAt, params Quote[] quotes) =>
        new() { Position = _position++, KnownAt = knownAt, Timing = FeedTiming.Event, Quotes = quotes, DetectedBefore = 0 };

    /// <summary>Buy at <paramref name="buy"/>, sell at <paramref name="sell"/>, decided at noon.</summary>
    public Decision Gap(Instrument buy, Instrument sell, FeedTiming timing, decimal quantity = 1m) =>
        Decide(OpportunityKind.CrossVenue, TradeMode.Arb, TradeSide.Long, buy, sell, timing, quantity, null);

    /// <summary>A direction at A, decided at noon, with the seed's scalp barriers.</summary>
    public Decision Direction(TradeSide side, decimal quantity = 1m, double takeProfitBps = 33, double stopLossBps = 35) =>
        Decide(
            OpportunityKind.Directional, TradeMode.Scalp, side, A, A, FeedTiming.Event, quantity,
            new Barriers(takeProfitBps, stopLossBps, TimeSpan.FromMinutes(15)));

    private Decision Decide(
        OpportunityKind kind, TradeMode mode, TradeSide side, Instrument buy, Instrument sell, FeedTiming timing, decimal quantity, Barriers? barriers) => new()
        {
            Opportunity = new Opportunity
            {
                Id = OpportunityId.Of(RouteKey.Of("feed", "session", $"{kind}|{side}|{buy}|{sell}"), _position++),
                Position = _position,
                KnownAt = Noon,
                Timing = timing,
                Kind = kind,
                Mode = mode,
                Side = side,
                Buy = new Offer(buy, 100m, null, Noon),
                Sell = new Offer(sell, 101m, null, Noon),
                Quantity = quantity,
                Size = SizeKnowledge.Known,
                GrossEdgeBps = 100,
                FeeBps = 20,
                ExpectedProfit = 1m,
                NetPositive = true,
                Barriers = barriers,
                Confidence = 0.78,
                Regime = Regime.Trend,
                SpreadBps = 4.2,
                VolumeRatio = 1.2,
                Features = FeatureVector.Unknown,
            },
            Passed = true,
            Gates = default,
            Policy = Policy,
            Score = 0.78,
            MetaLabel = double.NaN,
            Model = new ModelRef("sha256:0", "v0.1.0", 0),
            Ordinal = 0,
        };
}
