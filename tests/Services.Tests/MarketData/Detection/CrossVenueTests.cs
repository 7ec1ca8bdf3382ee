using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using static QuadTurbo.Services.Tests.MarketData.Detection.Market;

namespace QuadTurbo.Services.Tests.MarketData.Detection;

public class CrossVenueTests
{
    [Fact]
    public void A_sampled_feed_is_compared_by_the_rows_of_one_instant_only()
    {
        var market = new Market(FeedTiming.Sampled);

        Assert.Empty(market.Gaps(At(0), Quote(market.A, 99m, 100m)));
        Assert.Empty(market.Gaps(At(60), Quote(market.B, 101m, 102m)));
        Assert.Empty(market.Gaps(At(60).AddTicks(1), Quote(market.A, 99m, 100m)));
        Assert.Single(market.Gaps(At(120), Quote(market.A, 99m, 100m), Quote(market.B, 101m, 102m)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void An_event_feed_is_compared_by_quotes_up_to_the_maximum_age(long ticksOlder, int gaps)
    {
        var market = new Market(FeedTiming.Event);
        market.Gaps(At(0), Quote(market.A, 99m, 100m));

        Opportunity[] found = market.Gaps(At(0) + MaxQuoteAge + TimeSpan.FromTicks(ticksOlder), Quote(market.B, 101m, 102m));

        Assert.Equal(gaps, found.Length);
        if (gaps > 0) Assert.Equal((At(0), At(5)), (found[0].Buy.QuotedAt, found[0].Sell.QuotedAt));
    }

    [Fact]
    public void Each_pair_of_venues_has_one_gap_bought_where_it_is_cheap()
    {
        var market = new Market(FeedTiming.Sampled);

        Opportunity[] found = market.Gaps(At(0), Quote(market.C, 103m, 104m), Quote(market.A, 99m, 100m), Quote(market.B, 101m, 102m));

        Assert.Equal(["A>B 100>101", "A>C 100>103", "B>C 102>103"], found.Select(Legs).Order());
        Assert.Equal(3, found.Select(o => o.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("99.99", 0)]
    [InlineData("100", 0)]
    [InlineData("100.01", 1)]
    public void A_gap_is_a_bid_above_an_ask(string bid, int gaps)
    {
        var market = new Market(FeedTiming.Sampled);

        Assert.Equal(gaps, market.Gaps(At(0), Quote(market.A, 99m, 100m), Quote(market.B, decimal.Parse(bid), 102m)).Length);
    }

    [Fact]
    public void A_crossed_quote_is_compared_with_nothing()
    {
        var market = new Market(FeedTiming.Event);

        Assert.Empty(market.Gaps(At(0), Quote(market.A, 99m, 100m), Quote(market.B, 102m, 102m)));
        Assert.Equal(0, Assert.Single(market.Symbols).Aligned);
        Assert.Single(market.Gaps(At(1), Quote(market.B, 101m, 102m)));
        Assert.Empty(market.Gaps(At(2), Quote(market.A, 100m, 100m)));
    }

    [Fact]
    public void An_instant_is_aligned_once_however_many_venues_it_has()
    {
        var market = new Market(FeedTiming.Sampled);
        market.Gaps(At(0), Quote(market.A, 99m, 100m));
        market.Gaps(At(60), Quote(market.A, 99m, 100m), Quote(market.B, 99m, 100m));
        market.Gaps(At(120), Quote(market.A, 99m, 100m), Quote(market.B, 101m, 102m), Quote(market.C, 99m, 100m));
        market.Gaps(At(180), Quote(market.Instruments.Get("A", "Y-USD"), 99m, 100m));

        Assert.Equal([("X-USD", 2L), ("Y-USD", 0L)], market.Symbols.Select(s => (s.Symbol, s.Aligned)));
        Assert.Equal(["A", "B", "C"], market.Symbols[0].Venues);
    }

    [Fact]
    public void Symbols_are_joined_only_when_their_currencies_are_treated_as_one()
    {
        var joined = new Market(FeedTiming.Sampled, new Dictionary<string, string> { ["USDT"] = "USD" });
        var apart = new Market(FeedTiming.Sampled);

        Opportunity gap = Assert.Single(joined.Gaps(At(0), Quote(joined.A, 99m, 100m), Quote(joined.Instruments.Get("B", "X-USDT"), 101m, 102m)));
        Assert.Equal(("X-USD", 1f), (gap.Market, gap.Features[FeatureSchema.IndexOf("joined_quotes")]));
        Assert.Empty(joined.Gaps(At(60), Quote(joined.A, 99m, 100m), Quote(joined.Instruments.Get("A", "X-USDT"), 101m, 102m)));
        Assert.Empty(apart.Gaps(At(0), Quote(apart.A, 99m, 100m), Quote(apart.Instruments.Get("B", "X-USDT"), 101m, 102m)));
    }

    // 100.1 × 0.999 = 99.9 × 1.001 = 99.9999, exactly; as doubles the two products differ.
    [Theory]
    [InlineData("100.0999999999", false)]
    [InlineData("100.1", false)]
    [InlineData("100.1000000001", true)]
    public void A_gap_is_net_positive_when_it_pays_more_than_both_fees(string bid, bool netPositive)
    {
        var market = new Market(FeedTiming.Sampled);

        Opportunity gap = Assert.Single(market.Gaps(At(0), Quote(market.A, 99m, 99.9m), Quote(market.B, decimal.Parse(bid), 102m)));

        Assert.Equal(netPositive, gap.NetPositive);
    }

    [Fact]
    public void A_contract_of_unknown_value_is_not_sized_and_promises_nothing()
    {
        var market = new Market(FeedTiming.Sampled);
        Instrument known = market.Instruments.Get("BINANCE_COINM", "BTCUSD-PERP"), unknown = market.Instruments.Get("ELSEWHERE", "BTCUSD-PERP");

        Opportunity refused = Assert.Single(market.Gaps(At(0), Quote(known, 99m, 100m, 9m, 9m), Quote(unknown, 110m, 111m, 9m, 9m)));
        Assert.Equal((SizeKnowledge.Refused, 0m, true), (refused.Size, refused.ExpectedProfit, refused.NetPositive));

        Opportunity sized = Assert.Single(market.Gaps(At(60), Quote(known, 99m, 100m, 9m, 9m), Quote(market.Instruments.Get("BYBIT_INVERSE", "BTCUSD-PERP"), 110m, 111m, 9m, 9m)));
        Assert.Equal((SizeKnowledge.Known, 9.79m), (sized.Size, sized.ExpectedProfit));
    }

    [Theory]
    [InlineData(5.0, 5.0, 1.0, SizeKnowledge.Known)]
    [InlineData(0.4, 5.0, 0.4, SizeKnowledge.Known)]
    [InlineData(5.0, 0.3, 0.3, SizeKnowledge.Known)]
    [InlineData(null, 0.3, 0.3, SizeKnowledge.Assumed)]
    [InlineData(null, null, 1.0, SizeKnowledge.Assumed)]
    public void An_order_is_a_hundred_in_currency_limited_by_the_touch(double? askSize, double? bidSize, double quantity, SizeKnowledge knowledge)
    {
        var market = new Market(FeedTiming.Sampled);

        Opportunity gap = Assert.Single(market.Gaps(At(0), Quote(market.A, 99m, 100m, 9m, (decimal?)askSize), Quote(market.B, 101m, 102m, (decimal?)bidSize, 9m)));

        // One unit earns 101 × 0.999 − 100 × 1.001 = 0.799.
        Assert.Equal(((decimal)quantity, knowledge, 0.799m * (decimal)quantity), (gap.Quantity, gap.Size, gap.ExpectedProfit));
        Assert.Equal(100, gap.GrossEdgeBps, 9);
        Assert.Equal(20.1, gap.FeeBps, 9);
        Assert.Equal(79.9, gap.NetEdgeBps, 9);
    }

    [Fact]
    public void A_gap_says_how_long_it_has_been_open_and_how_it_changed()
    {
        var market = new Market(FeedTiming.Sampled);
        (double Change, double Persistence)[] seen = [.. new[] { 101m, 102m, 101.5m, 99m, 101m, 101m }.Select((bid, i) =>
        {
            Opportunity? gap = market.Gaps(At(60 * i), Quote(market.A, 90m, 100m), Quote(market.B, bid, 110m)).SingleOrDefault();
            return gap is null ? (double.NaN, -1) : ((double)gap.Features[FeatureSchema.IndexOf("edge_change_bps")], gap.Features[FeatureSchema.IndexOf("edge_persistence")]);
        })];

        Assert.Equal([0, 1, 2, -1, 0, 1], seen.Select(s => s.Persistence));
        Assert.Equal([double.NaN, 100, -50, double.NaN, double.NaN, 0], seen.Select(s => double.IsNaN(s.Change) ? s.Change : Math.Round(s.Change, 3)));
    }

    [Fact]
    public void Features_are_the_ones_that_the_feature_builder_gives()
    {
        var market = new Market(FeedTiming.Event);
        var bought = new Dynamics();
        var sold = new Dynamics();
        Quote last = default;
        for (int i = 0; i <= 20; i++)
        {
            last = new Quote(market.A, 99m + i % 3 * 0.1m, 100m + i % 3 * 0.1m, 3m, 2m, null, 10 + i);
            Quote other = Quote(market.B, 98m + i % 4 * 0.1m, 100m, 4m, 5m);
            market.Gaps(At(i), last, other);
            bought.Observe(last, At(i));
            sold.Observe(other, At(i));
        }
        Quote rich = Quote(market.B, 102m, 103m, 4m, 5m);
        sold.Observe(rich, At(22));

        Opportunity gap = Assert.Single(market.Gaps(At(22), rich));

        double confidence = gap.GrossEdgeBps / (gap.GrossEdgeBps + 0.5 * (FeatureBuilder.SpreadBps(last) + FeatureBuilder.SpreadBps(rich)) + bought.VolatilityBps);
        Assert.Equal(confidence, gap.Confidence);
        FeatureVector expected = FeatureBuilder.Build(new Book(last, At(20)), new Book(rich, At(22)), new FeatureInputs
        {
            BuyDynamics = bought,
            SellDynamics = sold,
            KnownAt = At(22),
            Hour = (Math.Sin(Math.PI), Math.Cos(Math.PI)),
            GrossEdgeBps = gap.GrossEdgeBps,
            FeeBps = gap.FeeBps,
            EdgeChangeBps = double.NaN,
            EdgePersistence = 0,
            Quantity = gap.Quantity,
            Kind = OpportunityKind.CrossVenue,
            Side = TradeSide.Long,
            Mode = TradeMode.Arb,
            Confidence = confidence,
        });
        Assert.Equal(Bits(expected), Bits(gap.Features));
        Assert.Equal((bought.Regime, bought.VolumeRatio), (gap.Regime, gap.VolumeRatio));
    }

    private static string Legs(Opportunity gap) => $"{gap.Buy.Instrument.Venue}>{gap.Sell.Instrument.Venue} {gap.Buy.Price}>{gap.Sell.Price}";
}
