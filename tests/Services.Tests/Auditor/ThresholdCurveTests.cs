using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>What other limits would have blocked, and when a better one is said to be one [GATE-12].</summary>
public sealed class ThresholdCurveTests
{
    [Theory]
    [InlineData(GateComparison.Above)]
    [InlineData(GateComparison.AtLeast)]
    [InlineData(GateComparison.Below)]
    [InlineData(GateComparison.AtMost)]
    public void Every_point_is_what_a_count_over_all_trades_gives(GateComparison comparison)
    {
        var gate = new GateDefinition("g", "x", comparison, "r", true, true);
        var curve = new ThresholdCurve(comparison);
        var trades = new List<(double Value, double Net)>();
        SeededRandom random = SeededRandom.Stream(1, "curve");
        for (int i = 0; i < 5_000; i++)
        {
            // Whole values too, so that some lie on a limit.
            double value = i % 3 == 0 ? (int)(random.NextDouble() * 12) : 12 * random.NextDouble();
            double net = random.NextDouble() - 0.5;
            trades.Add((value, net));
            curve.Add(value, 5, net > 0, net);
        }

        IReadOnlyList<LimitOutcome> points = curve.Points();

        Assert.InRange(points.Count, 10, ThresholdCurve.MostPoints + 2);
        Assert.Equal(points.Select(p => p.Threshold).Order(), points.Select(p => p.Threshold));
        Assert.Contains(points, p => p.Threshold == 5);
        Assert.All(points, point =>
        {
            (double Value, double Net)[] blocked = [.. trades.Where(t => gate.Judge(t.Value, point.Threshold).State == GateState.Fail)];
            Assert.Equal(blocked.Length, point.Blocked);
            Assert.Equal(-blocked.Where(b => b.Net <= 0).Sum(b => b.Net), point.Saved, 1e-9);
            Assert.Equal(blocked.Where(b => b.Net > 0).Sum(b => b.Net), point.Missed, 1e-9);
        });
    }

    [Fact]
    public void A_limit_that_lets_sure_losers_pass_is_told_to_be_tightened_to_where_they_end()
    {
        ThresholdCurve curve = World(limit: 0.5, wins: value => value > 0.75);

        LimitGain best = curve.Best()!.Value;

        Assert.True(best.Tighter);
        Assert.InRange(best.Limit, 0.73, 0.77);
        Assert.InRange(best.Gain, 400, 520);
    }

    [Fact]
    public void A_limit_that_blocks_sure_winners_is_told_to_be_loosened_to_where_they_begin()
    {
        ThresholdCurve curve = World(limit: 0.75, wins: value => value > 0.5);

        LimitGain best = curve.Best()!.Value;

        Assert.False(best.Tighter);
        Assert.InRange(best.Limit, 0.48, 0.52);
    }

    [Fact]
    public void A_limit_where_wins_begin_and_one_beside_nothing_but_chance_are_kept()
    {
        Assert.Null(World(limit: 0.5, wins: value => value > 0.5).Best());
        SeededRandom random = SeededRandom.Stream(2, "coin");
        Assert.Null(World(limit: 0.5, wins: _ => random.NextDouble() < 0.5).Best());
        Assert.Null(new ThresholdCurve(GateComparison.AtLeast).Best());
    }

    [Fact]
    public void Fewer_trades_than_are_enough_recommend_nothing()
    {
        var curve = new ThresholdCurve(GateComparison.AtLeast);
        for (int i = 0; i < ThresholdCurve.Enough - 1; i++) curve.Add(0.55, 0.5, won: false, -1);
        for (int i = 0; i < 1_000; i++) curve.Add(0.9, 0.5, won: true, 1);
        Assert.Null(curve.Best());

        curve.Add(0.55, 0.5, won: false, -1);
        Assert.True(curve.Best()!.Value.Tighter);
    }

    [Fact]
    public void What_was_counted_stays_counted_when_the_limit_changes()
    {
        ThresholdCurve curve = World(limit: 0.5, wins: value => value > 0.75);
        long trades = curve.Trades;

        curve.Add(0.9, 0.6, won: true, 1);

        Assert.Equal((0.6, trades + 1), (curve.Limit, curve.Trades));
        LimitOutcome now = curve.Points().Single(p => p.Threshold == 0.6);
        Assert.InRange(now.Blocked, 1_150, 1_250);
        Assert.InRange(curve.Best()!.Value.Limit, 0.70, 0.80);
    }

    /// <summary>2,000 trades with measures spread evenly over 0..1; each wins or loses 1.</summary>
    private static ThresholdCurve World(double limit, Func<double, bool> wins)
    {
        var curve = new ThresholdCurve(GateComparison.AtLeast);
        for (int i = 0; i < 2_000; i++)
        {
            double value = (i + 0.5) / 2_000;
            bool won = wins(value);
            curve.Add(value, limit, won, won ? 1 : -1);
        }
        return curve;
    }
}
