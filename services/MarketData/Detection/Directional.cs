using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.MarketData.Detection;

/// <summary>Finds directions: an instrument whose price has begun to move one way.</summary>
/// <remarks>
/// When the efficiency ratio of the last 15 observations crosses a threshold upwards, the direction of their return is signalled: a scalp at the lower
/// threshold, a runner at the higher one. Confidence = (1 + efficiency ratio) / 2. Single writer.
/// </remarks>
public sealed class Directional(MarketView view, FeedTiming timing, DetectionSettings settings)
{
    private readonly Barriers _scalp = new(settings.ScalpTakeProfitBps, settings.ScalpStopLossBps, settings.DirectionalTimeout);
    private readonly Barriers _runner = new(settings.RunnerTakeProfitBps, settings.RunnerStopLossBps, settings.DirectionalTimeout);
    private Seen?[] _seen = new Seen?[64];

    /// <summary>Adds what the quotes of this instant show to <paramref name="found"/>.</summary>
    public void Detect(ReadOnlySpan<Quote> quotes, List<Opportunity> found)
    {
        foreach (ref readonly Quote quote in quotes)
        {
            if (quote.Crossed) continue;
            Dynamics dynamics = view.Dynamics[quote.Instrument];
            Seen seen = SeenOf(quote.Instrument);
            double before = seen.Efficiency, now = dynamics.EfficiencyRatio;
            seen.Efficiency = now;
            if (Crossed(before, now, settings.RunnerEfficiency)) found.Add(Signal(quote.Instrument, dynamics, TradeMode.Runner, _runner));
            else if (Crossed(before, now, settings.ScalpEfficiency)) found.Add(Signal(quote.Instrument, dynamics, TradeMode.Scalp, _scalp));
        }
    }

    private static bool Crossed(double before, double now, double threshold) => before <= threshold && now > threshold;

    private Opportunity Signal(Instrument instrument, Dynamics dynamics, TradeMode mode, Barriers barriers)
    {
        ref readonly Book book = ref view.Books[instrument];
        Quote quote = book.Quote;
        TradeSide side = dynamics.ReturnBps(Dynamics.Window) >= 0 ? TradeSide.Long : TradeSide.Short;
        var buy = new Offer(instrument, quote.Ask, quote.AskSize, book.KnownAt);
        var sell = new Offer(instrument, quote.Bid, quote.BidSize, book.KnownAt);
        Offer entry = side == TradeSide.Long ? buy : sell;
        (decimal quantity, SizeKnowledge size) = view.SizeOf(entry.Price, entry, entry);
        double confidence = (1 + dynamics.EfficiencyRatio) / 2;
        double expected = confidence * barriers.TakeProfitBps - (1 - confidence) * barriers.StopLossBps;
        double fee = 2e4 * (double)view.Fees.RateAt(instrument.Venue);
        double spread = FeatureBuilder.SpreadBps(quote);
        decimal profit = (decimal)(expected - fee) / 10_000m * entry.Price * quantity;
        return new Opportunity
        {
            Id = OpportunityId.Of(SeenOf(instrument).Route(view, instrument, side, mode), view.Position),
            Position = view.Position,
            KnownAt = view.KnownAt,
            Timing = timing,
            Kind = OpportunityKind.Directional,
            Mode = mode,
            Side = side,
            Buy = buy,
            Sell = sell,
            Quantity = quantity,
            Size = size,
            Hops = 1,
            GrossEdgeBps = expected,
            FeeBps = fee,
            ExpectedProfit = size == SizeKnowledge.Refused ? 0m : profit,
            NetPositive = expected > fee,
            Barriers = barriers,
            Confidence = confidence,
            Regime = dynamics.Regime,
            SpreadBps = spread,
            VolumeRatio = dynamics.VolumeRatio,
            Features = FeatureBuilder.Build(book, book, new FeatureInputs
            {
                BuyDynamics = dynamics,
                SellDynamics = dynamics,
                KnownAt = view.KnownAt,
                Hour = view.Hour,
                GrossEdgeBps = expected,
                FeeBps = fee,
                EdgeChangeBps = double.NaN,
                EdgePersistence = 0,
                Quantity = quantity,
                Kind = OpportunityKind.Directional,
                Side = side,
                Mode = mode,
                Confidence = confidence,
            }),
        };
    }

    private Seen SeenOf(Instrument instrument)
    {
        if (instrument.Index >= _seen.Length) Array.Resize(ref _seen, Math.Max(instrument.Index + 1, _seen.Length * 2));
        return _seen[instrument.Index] ??= new Seen();
    }

    /// <summary>What was seen of one instrument, and the keys of its four routes.</summary>
    private sealed class Seen
    {
        private readonly RouteKey?[] _routes = new RouteKey?[4];

        public double Efficiency { get; set; } = double.NaN;

        public RouteKey Route(MarketView view, Instrument instrument, TradeSide side, TradeMode mode)
        {
            ref RouteKey? key = ref _routes[(int)side * 2 + (mode == TradeMode.Runner ? 1 : 0)];
            return key ??= view.RouteOf($"{side}|{mode}|{instrument}");
        }
    }
}
