using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>One message for each topic, with every optional field said at least once and left out at least once.</summary>
internal sealed class Samples
{
    private static readonly DateTime At = new DateTime(2023, 3, 11, 9, 30, 0, DateTimeKind.Utc).AddTicks(1_234_567);
    private static readonly ModelRef Model = new("sha256:00ff", "v1.2.0", 42);

    private static readonly GatePolicy Policy = new(
        [
            new GateDefinition("score_rule", "score of the model, 0 to 1", GateComparison.AtLeast, "score_below_min", true, false),
            new GateDefinition("regime_gate", "state of the market", GateComparison.OneOf, "regime_not_allowed", true, true),
        ],
        """{"min_score":0.70}""");

    private readonly Instrument _kraken, _coinm;

    public Samples(InstrumentTable instruments)
    {
        _kraken = instruments.Get("KRAKEN", "BTC-USD");
        _coinm = instruments.Get("BINANCE_COINM", "BTCUSD-PERP");
    }

    public MarketObserved MarketObserved => new()
    {
        Position = 7,
        KnownAt = At,
        Timing = FeedTiming.Sampled,
        Quotes =
        [
            new Quote(_kraken, 20500.10m, 20500.50m, 1.2500m, null, new QuoteRange(20501.0m, 20499.9m, 20502.00m, 20500.2m), 12.5),
            new Quote(_coinm, 20600m, 20599m, null, 100m),
        ],
        DetectedBefore = 3,
        End = FeedEnd.EndOfFeed,
    };

    public FeedReport FeedReported => new()
    {
        Feed = "cex_l1",
        Session = "recorded",
        Files = ["a.csv"],
        Rows = 9_007_199_254_740_993,
        Quotes = 2,
        SampleSeconds = 60,
        TreatAs = new Dictionary<string, string> { ["USDT"] = "USD" },
        Symbols = [new SymbolReport("BTC-USD", ["KRAKEN"], 5)],
        From = At,
    };

    public OpportunityDetected OpportunityDetected => new() { Position = 7, Opportunities = [Gap, Direction] };

    public OpportunityJudged OpportunityValidated => new() { Position = 7, Decisions = [Passed], JudgedThrough = 5 };

    public OpportunityJudged OpportunityRefused =>
        new() { Position = 7, Decisions = [Refused, Refused with { Ordinal = 2 }], JudgedThrough = 5, Submitted = true };

    public OutcomesKnown OutcomeExecuted => new([Production]);

    public OutcomesKnown OutcomeSimulated => new([Shadow]);

    public OutcomesKnown OutcomeRecorded => new([new Outcome { Decision = Refused, Lane = Lane.Training, At = At }]);

    public AccountChanged AccountChanged =>
        new() { Event = AccountEvent.Tripped, What = Breaker.DailyLoss, Measured = -250.5, Limit = -200, Why = "loss of the day", At = At };

    public AccountSnapshot AccountRestored => new()
    {
        Standing = [AccountChanged, new AccountChanged { Event = AccountEvent.Killed, What = Breaker.KillSwitch, Why = "by hand", At = At }],
        Day = new DateOnly(2023, 3, 11),
        NetToday = -250.50m,
        ConsecutiveLosses = 4,
        Production = 1000,
        Graduation = new GraduationFacts(6, 5, 4, 3, 2, 1),
    };

    public OutcomeReported OutcomeReported => new()
    {
        TradeId = "live_001",
        ModelId = "v1.2.0",
        Features = Features,
        Won = true,
        PnlBps = 12.25,
        Duration = TimeSpan.FromSeconds(90),
        At = At,
    };

    public TwinsReconciled OutcomeReconciled => new([new Twin(Production, Shadow, new GapCauses(0.10m, -0.0500m, 0m, 0m, 0m, 0m, 0m))]);

    public DecisionsCommitted DecisionsCommitted => new([Gap.Id, Direction.Id]);

    public ModelTrained ModelTrained => new()
    {
        Model = Model,
        Package = new byte[] { 0, 1, 254, 255 },
        Trigger = "samples",
        Samples = 500,
        Accuracy = 0.75,
        Auc = double.NaN,
        LogLoss = 0.5,
        BaselineLogLoss = 0.69314718055994531,
        KnownAt = At,
        Ready = true,
        Verdict = "ready",
    };

    public ModelAssigned ModelAssigned => new() { Model = Model, Package = new byte[] { 1, 2, 3 }, Why = "promoted", Share = 0.2 };

    private static FeatureVector Features
    {
        get
        {
            FeatureVector features = FeatureVector.Unknown;
            (features[0], features[1], features[31]) = (0.1f, -12.5f, 0.78f);
            return features;
        }
    }

    private Opportunity Gap => new()
    {
        Id = new OpportunityId(0x00112233445566778, 0x8899AABBCCDDEEFF),
        Position = 7,
        KnownAt = At,
        Timing = FeedTiming.Sampled,
        Kind = OpportunityKind.CrossVenue,
        Mode = TradeMode.Arb,
        Side = TradeSide.Long,
        Buy = new Offer(_kraken, 20500.50m, 1.25m, At),
        Sell = new Offer(_coinm, 20599.0m, null, At),
        Quantity = 0.1000m,
        Size = SizeKnowledge.Assumed,
        GrossEdgeBps = 48.04760859491232,
        FeeBps = 20,
        ExpectedProfit = 5.7500m,
        NetPositive = true,
        Confidence = double.NaN,
        Regime = Regime.Range,
        SpreadBps = 0.2,
        VolumeRatio = double.NaN,
        Features = Features,
    };

    private Opportunity Direction => Gap with
    {
        Id = new OpportunityId(1, 2),
        Kind = OpportunityKind.Directional,
        Mode = TradeMode.Scalp,
        Side = TradeSide.Short,
        Sell = new Offer(_kraken, 20500.10m, 1m, At),
        Barriers = new Barriers(33, 35, TimeSpan.FromMinutes(15)),
        Confidence = 0.78,
        GasCost = 0.10m,
        Hops = 1,
        Submitted = true,
    };

    private Decision Passed => new()
    {
        Opportunity = Gap,
        Passed = true,
        Gates = new GateResult[] { new(GateState.Pass, 0.81, 0.7), new(GateState.Unknown, double.NaN, 0) },
        Policy = Policy,
        Score = 0.81,
        MetaLabel = double.NaN,
        Model = Model,
        Ordinal = 0,
    };

    private Decision Refused => Passed with
    {
        Opportunity = Direction,
        Passed = false,
        Gates = new GateResult[] { new(GateState.Pass, 0.81, 0.7), new(GateState.Fail, 3, 0, "panic") },
        MetaLabel = 0.25,
        Ordinal = 1,
    };

    private Outcome Production => new() { Decision = Passed, Lane = Lane.Production, Missed = MissCode.Guard, Detail = "daily_loss", At = At };

    private Outcome Shadow => new()
    {
        Decision = Passed,
        Lane = Lane.ShadowSim,
        Trade = new Trade
        {
            Entry = new Fill(_kraken, 20500.5m, 20500.50m, 20500.55m, 0.1m, 0.0026m, At),
            Exit = new Fill(_coinm, 20599m, 20599m, 20598.90m, 0.1m, 0.0005m, At.AddMilliseconds(250)),
            Side = TradeSide.Long,
            Reason = ExitReason.Legs,
            ClosedBy = FeedEnd.Shutdown,
            EntryContext = new MarketContext(0.2, double.NaN, Regime.Range),
            ExitContext = new MarketContext(0.25, 12, Regime.Panic),
        },
        At = At,
    };
}
