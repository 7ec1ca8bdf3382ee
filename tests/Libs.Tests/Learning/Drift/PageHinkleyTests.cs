using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class PageHinkleyTests
{
    [Theory]
    [InlineData(0.6)]
    [InlineData(-0.6)]
    public void It_alarms_where_sums_made_anew_for_every_value_do(double shift)
    {
        var alarm = new PageHinkley(0.05, 20);
        double[] values = [.. Draw.Normals(500, "page"), .. Draw.Normals(500, "hinkley", shift)];
        int start = 0;
        var directions = new List<DriftDirection>();
        for (int i = 0; i < values.Length; i++)
        {
            DriftDirection expected = Naive(values.AsSpan(start, i + 1 - start), 0.05, 20);
            if (expected != DriftDirection.None)
            {
                start = i + 1;
                directions.Add(expected);
            }
            Assert.Equal(expected, alarm.Add(values[i]));
        }
        Assert.Contains(shift > 0 ? DriftDirection.Up : DriftDirection.Down, directions);
    }

    // Found within 150 values of a shift by one deviation, in trials of 500 values without and 150 with it.
    [Theory]
    [InlineData(0.005, 50, 150, 180)]
    [InlineData(0.25, 15, 50, 190)]
    public void A_mean_that_moves_by_one_deviation_is_found(double tolerance, double threshold, int within, int least)
    {
        int found = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            var alarm = new PageHinkley(tolerance, threshold);
            bool early = Draw.Normals(500, $"before-{trial}").Any(v => alarm.Add(v) != DriftDirection.None);
            if (!early && Draw.Normals(within, $"after-{trial}", shift: 1).Any(v => alarm.Add(v) == DriftDirection.Up)) found++;
        }

        Assert.True(found >= least, $"{found}");
    }

    // Without drift the sums wander: the published d = 0.005 hardly holds them, and λ = 50 is crossed every 1,500 values or so.
    [Theory]
    [InlineData(0.005, 50, 200)]
    [InlineData(0.25, 15, 40)]
    public void A_steady_series_alarms_seldom(double tolerance, double threshold, int most)
    {
        var alarm = new PageHinkley(tolerance, threshold);

        int alarms = Draw.Normals(200_000, "steady").Count(v => alarm.Add(v) != DriftDirection.None);

        Assert.True(alarms <= most, $"{alarms}");
    }

    [Fact]
    public void It_waits_for_thirty_values_and_refuses_what_is_no_number()
    {
        var alarm = new PageHinkley(0, 1, 30);
        for (int i = 1; i < 30; i++) Assert.Equal(DriftDirection.None, alarm.Add(i));
        Assert.Equal(DriftDirection.Up, alarm.Add(30));
        Assert.Equal(0, alarm.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => alarm.Add(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PageHinkley(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PageHinkley(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PageHinkley(0, 1, 0));
    }

    private static DriftDirection Naive(ReadOnlySpan<double> values, double d, double threshold)
    {
        double sum = 0, up = 0, down = 0, least = 0, most = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i];
            up += values[i] - sum / (i + 1) - d;
            down += values[i] - sum / (i + 1) + d;
            (least, most) = (Math.Min(least, up), Math.Max(most, down));
        }
        if (values.Length < 30) return DriftDirection.None;
        return up - least > threshold ? DriftDirection.Up : most - down > threshold ? DriftDirection.Down : DriftDirection.None;
    }
}
