using System.Text.Json;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class MultiplicityTests
{
    private static readonly Fixture Scipy = Fixture.Load("drift");

    [Fact]
    public void The_step_up_rule_rejects_what_numpy_finds()
    {
        double[] p = Scipy.Input("p");
        bool[][] expected = [.. Scipy.Results.GetProperty("rejected").EnumerateArray().Select(r => Fixture.Numbers(r).Select(v => v == 1).ToArray())];
        double[] levels = [0.001, 0.01, 0.1, 0.5];

        for (int i = 0; i < levels.Length; i++) Assert.Equal(expected[i], BenjaminiHochberg.Reject(p, levels[i]));
        Assert.Contains(expected, r => r.Any(x => x) && !r.All(x => x));
    }

    [Fact]
    public void A_p_value_is_carried_by_a_larger_one_that_passes() =>
        Assert.Equal([true, true, true, false], BenjaminiHochberg.Reject([0.03, 0.035, 0.036, 0.9], 0.05));

    [Fact]
    public void A_test_that_was_not_made_is_neither_rejected_nor_counted()
    {
        Assert.Equal([true, false, false], BenjaminiHochberg.Reject([0.005, double.NaN, double.NaN], 0.01));
        Assert.Equal([false, false, false], BenjaminiHochberg.Reject([0.005, 0.5, 0.6], 0.01));
        Assert.Empty(BenjaminiHochberg.Reject([], 0.01));
    }

    [Fact]
    public void Without_drift_something_is_rejected_as_often_as_q_says()
    {
        SplitMix64 random = SplitMix64.Stream(1, "null-families");
        int families = 0;
        for (int trial = 0; trial < 20_000; trial++)
        {
            var p = new double[34];
            for (int i = 0; i < p.Length; i++) p[i] = random.NextDouble();
            if (BenjaminiHochberg.Reject(p, 0.05).Any(r => r)) families++;
        }

        Assert.Equal(0.05, families / 20_000.0, 0.005);
    }

    [Fact]
    public void What_is_no_probability_is_refused()
    {
        Assert.Contains("p-value 1", Assert.Throws<ArgumentOutOfRangeException>(() => BenjaminiHochberg.Reject([0.1, 1.5], 0.01)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BenjaminiHochberg.Reject([0.1, -0.1], 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => BenjaminiHochberg.Reject([0.1], 0));
    }

    [Fact]
    public void Shares_of_missing_values_are_as_unlikely_as_scipy_finds()
    {
        foreach ((double[] t, JsonElement p) in Scipy.Inputs.GetProperty("tables").EnumerateArray().Select(Fixture.Numbers)
            .Zip(Scipy.Results.GetProperty("tables").EnumerateArray()))
        {
            double found = FisherExact.PValue((int)t[0], (int)t[1], (int)t[2], (int)t[3]);
            Assert.True(Math.Abs(found - p.GetDouble()) <= 1e-9 * p.GetDouble(), $"{string.Join(' ', t)}: {p} became {found:R}");
        }
    }

    [Fact]
    public void Shares_agree_with_counting_all_draws()
    {
        // 3 of 5 and 0 of 4: of C(9, 3) = 84 draws of the hits, C(5, 3) = 10 have all in A and C(4, 3) = 4 all in B, the less likely.
        Assert.Equal(14 / 84.0, FisherExact.PValue(3, 5, 0, 4), 1e-14);
        Assert.Equal(1, FisherExact.PValue(0, 5, 0, 4));
        Assert.Equal(1, FisherExact.PValue(0, 0, 2, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => FisherExact.PValue(6, 5, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => FisherExact.PValue(1, 5, -1, 4));
    }
}
