using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.MarketData.Detection;

/// <summary>Finds gaps: the bid of one venue above the ask of another, for the same symbol.</summary>
/// <remarks>
/// Sampled feeds compare quotes of the very same instant; event feeds compare as-of books that are not older than the maximum quote age. Only
/// symbols with a row at the instant are looked at. Single writer.
/// </remarks>
public sealed class CrossVenue(MarketView view, FeedTiming timing, TimeSpan maxQuoteAge)
{
    private readonly Dictionary<string, Market> _markets = new(StringComparer.Ordinal);
    private readonly List<Market> _touched = [];
    private Market?[] _marketOf = new Market?[64];
    private readonly TimeSpan _maxAge = timing == FeedTiming.Sampled ? TimeSpan.Zero : maxQuoteAge;

    /// <summary>Per symbol: the venues seen, and how often two of them were comparable.</summary>
    public IEnumerable<SymbolReport> Symbols =>
        _markets.Values.OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => new SymbolReport(m.Name, [.. m.Instruments.Select(i => i.Venue).Distinct().Order(StringComparer.Ordinal)], m.Aligned));

    /// <summary>Adds what the quotes of this instant show to <paramref name="found"/>.</summary>
    public void Detect(ReadOnlySpan<Quote> quotes, List<Opportunity> found)
    {
        foreach (ref readonly Quote quote in quotes) Touch(MarketOf(quote.Instrument));
        foreach (Market market in _touched)
        {
            market.Touched = false;
            Compare(market, found);
        }
        _touched.Clear();
    }

    private void Touch(Market market)
    {
        if (market.Touched) return;
        market.Touched = true;
        _touched.Add(market);
    }

    private Market MarketOf(Instrument instrument)
    {
        if (instrument.Index >= _marketOf.Length) Array.Resize(ref _marketOf, Math.Max(instrument.Index + 1, _marketOf.Length * 2));
        return _marketOf[instrument.Index] ??= Join(instrument);
    }

    private Market Join(Instrument instrument)
    {
        if (!_markets.TryGetValue(instrument.Market, out Market? market)) _markets[instrument.Market] = market = new Market(instrument.Market);
        market.Add(instrument);
        return market;
    }

    private void Compare(Market market, List<Opportunity> found)
    {
        market.Comparisons++;
        bool aligned = false;
        for (int i = 0; i < market.Instruments.Count; i++)
        {
            ref readonly Book first = ref view.Books[market.Instruments[i]];
            if (!first.FreshAt(view.KnownAt, _maxAge)) continue;
            for (int j = i + 1; j < market.Instruments.Count; j++)
            {
                if (market.Instruments[j].Venue == market.Instruments[i].Venue) continue;
                ref readonly Book second = ref view.Books[market.Instruments[j]];
                if (!second.FreshAt(view.KnownAt, _maxAge)) continue;
                aligned = true;
                if (second.Quote.Bid > first.Quote.Ask) found.Add(Gap(first, second, market.Route(i, j, view), market.Comparisons));
                else if (first.Quote.Bid > second.Quote.Ask) found.Add(Gap(second, first, market.Route(j, i, view), market.Comparisons));
            }
        }
        if (aligned) market.Aligned++;
    }

    private Opportunity Gap(in Book buy, in Book sell, Route route, long comparison)
    {
        var bought = new Offer(buy.Quote.Instrument, buy.Quote.Ask, buy.Quote.AskSize, buy.KnownAt);
        var sold = new Offer(sell.Quote.Instrument, sell.Quote.Bid, sell.Quote.BidSize, sell.KnownAt);
        decimal unitNet = view.Fees.UnitNet(bought, sold);
        (decimal quantity, SizeKnowledge size) = view.SizeOf(bought.Price, bought, sold);
        double gross = ((double)sold.Price / (double)bought.Price - 1) * 1e4;
        double fee = gross - (double)unitNet / (double)bought.Price * 1e4;
        Dynamics dynamics = view.Dynamics[bought.Instrument];
        Dynamics soldDynamics = view.Dynamics[sold.Instrument];
        double buySpread = FeatureBuilder.SpreadBps(buy.Quote), sellSpread = FeatureBuilder.SpreadBps(sell.Quote);
        double confidence = Confidence(gross, buySpread, sellSpread, dynamics.VolatilityBps);
        (double change, int persistence) = route.Follow(gross, comparison);
        return new Opportunity
        {
            Id = OpportunityId.Of(route.Key, view.Position),
            Position = view.Position,
            KnownAt = view.KnownAt,
            Timing = timing,
            Kind = OpportunityKind.CrossVenue,
            Mode = TradeMode.Arb,
            Side = TradeSide.Long,
            Buy = bought,
            Sell = sold,
            Quantity = quantity,
            Size = size,
            GrossEdgeBps = gross,
            FeeBps = fee,
            ExpectedProfit = size == SizeKnowledge.Refused ? 0m : unitNet * quantity,
            NetPositive = unitNet > 0m,
            Confidence = confidence,
            Regime = dynamics.Regime,
            SpreadBps = Math.Max(buySpread, sellSpread),
            VolumeRatio = dynamics.VolumeRatio,
            Features = FeatureBuilder.Build(buy, sell, new FeatureInputs
            {
                BuyDynamics = dynamics,
                SellDynamics = soldDynamics,
                KnownAt = view.KnownAt,
                Hour = view.Hour,
                GrossEdgeBps = gross,
                FeeBps = fee,
                EdgeChangeBps = change,
                EdgePersistence = persistence,
                Quantity = quantity,
                Kind = OpportunityKind.CrossVenue,
                Side = TradeSide.Long,
                Mode = TradeMode.Arb,
                Confidence = confidence,
            }),
        };
    }

    /// <summary>The gap as a share of the gap and what may move against it before the fills: half of both spreads, and one observation's volatility.</summary>
    private static double Confidence(double grossBps, double buySpreadBps, double sellSpreadBps, double volatilityBps) =>
        grossBps / (grossBps + 0.5 * (buySpreadBps + sellSpreadBps) + volatilityBps);

    /// <summary>Everything that trades under one symbol.</summary>
    private sealed class Market(string name)
    {
        private Route?[,] _routes = new Route?[0, 0];

        public string Name { get; } = name;

        public List<Instrument> Instruments { get; } = [];

        public bool Touched { get; set; }

        public long Aligned { get; set; }

        public long Comparisons { get; set; }

        public void Add(Instrument instrument)
        {
            Instruments.Add(instrument);
            var grown = new Route?[Instruments.Count, Instruments.Count];
            for (int i = 0; i < _routes.GetLength(0); i++)
                for (int j = 0; j < _routes.GetLength(1); j++)
                    grown[i, j] = _routes[i, j];
            _routes = grown;
        }

        public Route Route(int buy, int sell, MarketView view) =>
            _routes[buy, sell] ??= new Route(view.RouteOf($"arb|{Instruments[buy]}|{Instruments[sell]}"));
    }

    /// <summary>One direction between two venues, and how long its gap has been open.</summary>
    private sealed class Route(RouteKey key)
    {
        private double _gross;
        private long _seenAt = -1;
        private int _persistence;

        public RouteKey Key { get; } = key;

        public (double ChangeBps, int Persistence) Follow(double gross, long comparison)
        {
            bool stillOpen = _seenAt == comparison - 1;
            double change = stillOpen ? gross - _gross : double.NaN;
            _persistence = stillOpen ? _persistence + 1 : 0;
            (_gross, _seenAt) = (gross, comparison);
            return (change, _persistence);
        }
    }
}
