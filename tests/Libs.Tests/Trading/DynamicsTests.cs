using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using static QuadTurbo.Libs.Tests.Trading.Example;

namespace QuadTurbo.Libs.Tests.Trading;

public class DynamicsTests
{
    private static readonly double[] Mids = [100, 100.2, 100.1, 100.4, 100.3, 100.6, 100.5, 100.9, 100.7, 101.0, 100.8, 101.1, 101.3, 101.2, 101.6, 101.5, 101.9];

    private readonly Example _market = new();

    [Fact]
    public void Returns_volatility_and_efficiency_agree_with_a_calculation_by_hand()
    {
        // net move 1.7 over a path of 3.5; weights 1/15 and 1/240, begun at the first squared return.
        Dynamics dynamics = Of(Mids);

        Assert.Equal(39.40886699507429, dynamics.ReturnBps(1), 1e-9);
        Assert.Equal(79.12957467853809, dynamics.ReturnBps(5), 1e-9);
        Assert.Equal(169.6606786427157, dynamics.ReturnBps(15), 1e-9);
        Assert.Equal(24.412949134458323, dynamics.VolatilityBps, 1e-9);
        Assert.Equal(1.1968377090574454, dynamics.VolatilityRatio, 1e-9);
        Assert.Equal(1.7 / 3.5, dynamics.EfficiencyRatio, 1e-9);
        Assert.Equal(Regime.Trend, dynamics.Regime);
    }

    [Fact]
    public void What_needs_more_history_than_there_is_is_unknown()
    {
        Dynamics one = Of(Mids[..1]), two = Of(Mids[..2]), fifteen = Of(Mids[..15]), sixteen = Of(Mids[..16]);

        Assert.All([one.VolatilityBps, one.VolatilityRatio, one.ReturnBps(1), two.ReturnBps(2), fifteen.EfficiencyRatio], x => Assert.Equal(double.NaN, x));
        Assert.Equal(Regime.Unknown, fifteen.Regime);
        Assert.Equal(20, two.VolatilityBps, 1e-9);
        Assert.Equal(20, two.ReturnBps(1), 1e-9);
        Assert.Equal(1, two.VolatilityRatio);
        Assert.Equal(1.5 / 3.3, sixteen.EfficiencyRatio, 1e-9);
        Assert.Equal(Regime.Trend, sixteen.Regime);
    }

    [Fact]
    public void Figures_agree_with_the_whole_history_whatever_the_prices() =>
        Prop.ForAll(Gen.Choose(9_000, 11_000).NonEmptyListOf().ToArbitrary(), cents =>
        {
            double[] mids = [.. cents.Select(c => c / 100.0)];
            Dynamics dynamics = Of(mids);
            double[] returns = [.. mids.Skip(1).Zip(mids, (now, before) => (now / before - 1) * 1e4)];
            Assert.Equal(returns.Length == 0 ? double.NaN : returns[^1], dynamics.ReturnBps(1), 1e-9);
            Assert.Equal(returns.Length == 0 ? double.NaN : Math.Sqrt(Weighted(returns, 1.0 / 15)), dynamics.VolatilityBps, 1e-6);
            if (mids.Length < 16)
            {
                Assert.Equal(double.NaN, dynamics.EfficiencyRatio);
                return;
            }
            double[] last = mids[^16..];
            double path = last.Skip(1).Zip(last, (now, before) => Math.Abs(now - before)).Sum();
            Assert.Equal(path > 0 ? Math.Abs(last[^1] - last[0]) / path : 0, dynamics.EfficiencyRatio, 1e-9);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_event_feed_gives_at_most_one_observation_a_second()
    {
        var dynamics = new Dynamics();

        Assert.True(dynamics.Observe(Quote(_market.A, 99m, 101m), At(0)));
        Assert.False(dynamics.Observe(Quote(_market.A, 109m, 111m), At(1).AddTicks(-1)));
        Assert.Equal(double.NaN, dynamics.ReturnBps(1));
        Assert.True(dynamics.Observe(Quote(_market.A, 100m, 102m), At(1)));
        Assert.Equal(100, dynamics.ReturnBps(1), 1e-9);
        Assert.False(dynamics.Observe(Quote(_market.A, 109m, 111m), At(2).AddTicks(-1)));
        Assert.True(dynamics.Observe(Quote(_market.A, 101m, 103m), At(2.5)));
        Assert.False(dynamics.Observe(Quote(_market.A, 109m, 111m), At(3.4)));
        Assert.Equal(200, dynamics.ReturnBps(2), 1e-9);
    }

    [Fact]
    public void A_crossed_quote_is_no_observation()
    {
        var table = new DynamicsTable();
        table.Apply([Quote(_market.A, 99m, 101m), Quote(_market.B, 99m, 101m)], At(0));
        table.Apply([Quote(_market.A, 102m, 102m), Quote(_market.B, 100m, 102m)], At(1));

        Assert.Equal(double.NaN, table[_market.A].ReturnBps(1));
        Assert.Equal(100, table[_market.B].ReturnBps(1), 1e-9);
    }

    // 15 moves: net 6 of a path of 20 is 0.3, net 8 is 0.4.
    [Theory]
    [InlineData(new[] { 2, -1, 2, -1, 2, -1, 2, -1, 2, -1, 1, -1, 1, -1, 1 }, 0.3, Regime.Range)]
    [InlineData(new[] { 2, -1, 2, -1, 2, -1, 2, -1, 2, -1, 2, -1, 1, 0, 1 }, 0.4, Regime.Trend)]
    [InlineData(new[] { -2, 1, -2, 1, -2, 1, -2, 1, -2, 1, -2, 1, -1, 0, -1 }, 0.4, Regime.Trend)]
    [InlineData(new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0.0, Regime.Range)]
    public void A_trend_has_an_efficiency_ratio_above_three_tenths(int[] moves, double efficiency, Regime regime)
    {
        double mid = 1000;
        Dynamics dynamics = Of([mid, .. moves.Select(move => mid += move)]);

        Assert.Equal(efficiency, dynamics.EfficiencyRatio);
        Assert.Equal(regime, dynamics.Regime);
    }

    // After steady moves of 1, a move of m gives a ratio above 2.5 when m² > 1 + 5.25 / (1/15 − 6.25/240), m = 11.41.
    [Theory]
    [InlineData(11.3, Regime.Trend)]
    [InlineData(11.5, Regime.Panic)]
    [InlineData(-11.5, Regime.Panic)]
    public void A_panic_has_more_than_two_and_a_half_times_the_usual_volatility(double jump, Regime regime)
    {
        double[] steady = [.. Enumerable.Range(0, 41).Select(i => 100_000.0 + i % 2)];
        Dynamics dynamics = Of([.. steady, steady[^1] + jump]);

        Assert.Equal(regime, dynamics.Regime);
        Assert.InRange(dynamics.VolatilityRatio, 2.45, 2.55);
    }

    [Fact]
    public void Volume_is_measured_against_its_usual_level()
    {
        var dynamics = new Dynamics();
        double[] ratios = [.. new double?[] { 10, 20, null, 30, 15, 0 }.Select((volume, i) =>
        {
            dynamics.Observe(new Quote(_market.A, 99m, 101m, null, null, null, volume), At(i));
            return dynamics.VolumeRatio;
        })];

        // Usual: 10, 10 + 10/60, + (30 − that)/60 and so on; what the feed does not say leaves it alone.
        Assert.Equal([double.NaN, 2.0, double.NaN, 2.9508196721311477, 1.4289494575284467, 0], ratios, (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
    }

    private Dynamics Of(params double[] mids)
    {
        var dynamics = new Dynamics();
        for (int i = 0; i < mids.Length; i++)
            dynamics.Observe(Quote(_market.A, (decimal)mids[i] - 0.01m, (decimal)mids[i] + 0.01m), At(i));
        return dynamics;
    }

    private static double Weighted(double[] returns, double weight)
    {
        double sum = returns[0] * returns[0] * Math.Pow(1 - weight, returns.Length - 1);
        for (int i = 1; i < returns.Length; i++) sum += weight * Math.Pow(1 - weight, returns.Length - 1 - i) * returns[i] * returns[i];
        return sum;
    }
}
