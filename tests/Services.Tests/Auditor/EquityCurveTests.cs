using QuadTurbo.Auditor.Audit;

namespace QuadTurbo.Services.Tests.Auditor;

public sealed class EquityCurveTests
{
    private static readonly DateTime Start = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_hundred_thousand_trades_stay_within_the_bound_and_end_at_the_last_sum()
    {
        var curve = new EquityCurve();
        for (int i = 1; i <= 100_000; i++) curve.Add(new EquitySums(Start.AddSeconds(7 * i), i, 2 * i, 3 * i));

        Assert.InRange(curve.Points.Count, EquityCurve.MostPoints / 2, EquityCurve.MostPoints);
        Assert.Equal(new EquitySums(Start.AddSeconds(700_000), 100_000, 200_000, 300_000), curve.Points[^1]);
        foreach (int most in new[] { 1, 2, 600 })
        {
            IReadOnlyList<EquitySums> thin = curve.Thin(most);
            Assert.InRange(thin.Count, 1, most);
            Assert.Equal(curve.Points[^1], thin[^1]);
            Assert.All(thin, p => Assert.Contains(p, curve.Points));
        }
    }

    [Fact]
    public void Every_point_is_the_sum_after_a_trade_at_its_instant()
    {
        var curve = new EquityCurve();
        for (int i = 1; i <= 10_000; i++) curve.Add(new EquitySums(Start.AddSeconds(i), i, 0, 0));

        Assert.All(curve.Points, p => Assert.Equal((decimal)(p.At - Start).TotalSeconds, p.Production));
    }

    [Fact]
    public void A_trade_that_is_known_late_counts_at_the_latest_instant()
    {
        var curve = new EquityCurve();
        curve.Add(new EquitySums(Start.AddMinutes(2), 1, 1, 1));
        curve.Add(new EquitySums(Start, 1, 1, 3));

        Assert.Equal([new EquitySums(Start.AddMinutes(2), 1, 1, 3)], curve.Points);
    }
}
