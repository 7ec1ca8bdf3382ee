using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using static QuadTurbo.Libs.Tests.Trading.Example;

namespace QuadTurbo.Libs.Tests.Trading;

public class FeatureTests
{
    private static readonly double[] Mids = [100, 100.2, 100.1, 100.4, 100.3, 100.6, 100.5, 100.9, 100.7, 101.0, 100.8, 101.1, 101.3, 101.2, 101.6, 101.5, 101.9];

    private readonly Example _market = new();

    [Fact]
    public void There_are_32_features_of_distinct_names_in_a_schema_with_a_stable_hash()
    {
        Assert.Equal(32, FeatureSchema.Count);
        Assert.Equal(32, FeatureSchema.Columns.Select(c => c.Name).Distinct().Count());

        // SHA-256 over "1" and a line "name|unit|low|high" per column, computed outside the platform. Another hash is another schema: give it another version.
        Assert.Equal("8aa84a0ba6fe98297ccab24b9e517d2a29833bb32dc800923c23b5c88b7558ad", FeatureSchema.Hash);
    }

    [Fact]
    public void A_feature_is_found_by_its_name()
    {
        Assert.All(FeatureSchema.Columns.Select((column, i) => (column.Name, i)), c => Assert.Equal(c.i, FeatureSchema.IndexOf(c.Name)));
        Assert.Throws<ArgumentException>(() => FeatureSchema.IndexOf("gross_edge"));
    }

    [Fact]
    public void Every_feature_is_clipped_at_its_limits_and_stays_unknown_when_it_is()
    {
        for (int i = 0; i < FeatureSchema.Count; i++)
        {
            Feature column = FeatureSchema.Columns[i];
            Assert.Equal(
                [column.Low, column.Low, column.High, column.High, float.NaN],
                [FeatureSchema.Clip(i, column.Low), FeatureSchema.Clip(i, column.Low - 0.5), FeatureSchema.Clip(i, column.High), FeatureSchema.Clip(i, column.High + 0.5), FeatureSchema.Clip(i, double.NaN)]);
            Assert.Equal((column.Low + column.High) / 2, FeatureSchema.Clip(i, (column.Low + column.High) / 2));
        }
        Assert.Equal((500f, -500f), (FeatureSchema.Clip(0, double.PositiveInfinity), FeatureSchema.Clip(0, double.NegativeInfinity)));
    }

    [Fact]
    public void Every_feature_of_a_gap_agrees_with_a_calculation_by_hand()
    {
        Instrument tether = _market.Instruments.Get("B", "X-USDT");
        var bought = new Book(new Quote(_market.A, 101.8m, 102.0m, 12m, 4m), At(7.5));
        var sold = new Book(new Quote(tether, 102.5m, 102.9m, 2m, 6m), At(10));
        FeatureInputs inputs = Inputs(Observed(_market.A, Mids, usualVolume: 10, lastVolume: 25), Observed(tether, [50, 50.1, 50.05]));

        FeatureVector features = FeatureBuilder.Build(bought, sold, inputs);

        var expected = new (string Name, double Value)[]
        {
            ("gross_edge_bps", 49), ("fee_bps", 20), ("net_edge_bps", 29), ("edge_to_cost", 2.45), ("edge_change_bps", -1.5), ("edge_persistence", 3),
            ("directional", 0), ("side", 0), ("runner", 0), ("joined_quotes", 1),
            ("buy_spread_bps", 0.2 / 101.9 * 1e4), ("sell_spread_bps", 0.4 / 102.7 * 1e4),
            ("buy_touch_ratio", 3), ("sell_touch_ratio", 2), ("buy_imbalance", 0.5), ("sell_imbalance", -0.5), ("imbalance_product", -0.25),
            ("volume_ratio", 2.5), ("hour_sin", 0.6), ("hour_cos", 0.8), ("buy_quote_age_s", 2.5), ("sell_quote_age_s", 0),
            ("return_1_bps", 39.40886699507429), ("return_5_bps", 79.12957467853809), ("return_15_bps", 169.6606786427157),
            ("volatility_bps", 24.412949134458323), ("volatility_ratio", 1.1968377090574454), ("sell_return_1_bps", -9.980039920161055),
            ("sell_volatility_bps", 19.492906738619936), ("efficiency_ratio", 1.7 / 3.5), ("regime", 2), ("confidence", 0.75),
        };
        Assert.Equal(FeatureSchema.Columns.Select(c => c.Name), expected.Select(e => e.Name));
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i].Value - features[i]) < 1e-4, $"{expected[i].Name}: {features[i]}, expected {expected[i].Value}");
    }

    [Theory]
    [InlineData(TradeSide.Long, TradeMode.Scalp, 1, 0)]
    [InlineData(TradeSide.Short, TradeMode.Runner, -1, 1)]
    public void A_direction_says_its_side_and_mode(TradeSide side, TradeMode mode, float sign, float runner)
    {
        var book = new Book(Quote(_market.A, 99m, 101m), At(10));
        FeatureInputs inputs = Inputs(new Dynamics(), new Dynamics()) with { Kind = OpportunityKind.Directional, Side = side, Mode = mode };

        FeatureVector features = FeatureBuilder.Build(book, book, inputs);

        Assert.Equal([1, sign, runner, 0], [Of(features, "directional"), Of(features, "side"), Of(features, "runner"), Of(features, "joined_quotes")]);
    }

    [Fact]
    public void What_is_not_known_is_not_a_number_and_never_nought()
    {
        var bought = new Book(Quote(_market.A, 99m, 101m), At(10));
        var sold = new Book(Quote(_market.B, 102m, 103m, 1m), At(10));
        FeatureInputs inputs = Inputs(new Dynamics(), new Dynamics()) with { FeeBps = 0, EdgeChangeBps = double.NaN, Confidence = double.NaN };

        FeatureVector features = FeatureBuilder.Build(bought, sold, inputs);

        string[] unknown =
        [
            "edge_to_cost", "edge_change_bps", "buy_touch_ratio", "buy_imbalance", "sell_imbalance", "imbalance_product", "volume_ratio", "return_1_bps",
            "return_5_bps", "return_15_bps", "volatility_bps", "volatility_ratio", "sell_return_1_bps", "sell_volatility_bps", "efficiency_ratio",
            "regime", "confidence",
        ];
        float[] all = [.. (ReadOnlySpan<float>)features];
        Assert.Equal(unknown, FeatureSchema.Columns.Where((_, i) => float.IsNaN(all[i])).Select(c => c.Name));
        Assert.Equal(1f, Of(features, "sell_touch_ratio"));
    }

    [Fact]
    public void A_touch_of_nothing_has_no_ratio()
    {
        var bought = new Book(Quote(_market.A, 99m, 101m, 0m, 0m), At(10));
        FeatureVector features = FeatureBuilder.Build(bought, bought, Inputs(new Dynamics(), new Dynamics()));

        Assert.All(["buy_touch_ratio", "sell_touch_ratio", "buy_imbalance"], name => Assert.Equal(float.NaN, Of(features, name)));
    }

    private static float Of(in FeatureVector features, string name) => features[FeatureSchema.IndexOf(name)];

    private static FeatureInputs Inputs(Dynamics bought, Dynamics sold) => new()
    {
        BuyDynamics = bought,
        SellDynamics = sold,
        KnownAt = At(10),
        Hour = (0.6, 0.8),
        GrossEdgeBps = 49,
        FeeBps = 20,
        EdgeChangeBps = -1.5,
        EdgePersistence = 3,
        Quantity = 0.5m,
        Kind = OpportunityKind.CrossVenue,
        Side = TradeSide.Long,
        Mode = TradeMode.Arb,
        Confidence = 0.75,
    };

    private static Dynamics Observed(Instrument instrument, double[] mids, double? usualVolume = null, double? lastVolume = null)
    {
        var dynamics = new Dynamics();
        for (int i = 0; i < mids.Length; i++)
        {
            double? volume = i == mids.Length - 1 ? lastVolume : usualVolume;
            dynamics.Observe(new Quote(instrument, (decimal)mids[i] - 0.01m, (decimal)mids[i] + 0.01m, null, null, null, volume), At(i - mids.Length));
        }
        return dynamics;
    }
}
