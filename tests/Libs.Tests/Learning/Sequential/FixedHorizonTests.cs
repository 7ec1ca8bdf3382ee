using System.Text.Json;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Libs.Tests.Learning.Sequential;

public sealed class FixedHorizonTests
{
    private static readonly Fixture Scipy = Fixture.Load("sequential");

    [Fact]
    public void Welchs_test_agrees_with_scipy()
    {
        TestResult[] found = [.. Scipy.Inputs.GetProperty("samples").EnumerateArray().Select(s =>
            FixedHorizon.Welch(Moments.Of(Fixture.Numbers(s.GetProperty("a"))), Moments.Of(Fixture.Numbers(s.GetProperty("b")))))];

        AssertNear(Scipy.Result("welch_t"), found.Select(f => f.Statistic));
        AssertNear(Scipy.Result("welch_p"), found.Select(f => f.PValue));
    }

    [Fact]
    public void The_test_of_two_proportions_agrees_with_scipys_normal()
    {
        TestResult[] found = [.. Scipy.Inputs.GetProperty("proportions").EnumerateArray().Select(Fixture.Numbers)
            .Select(c => FixedHorizon.TwoProportions((long)c[0], (long)c[1], (long)c[2], (long)c[3]))];

        AssertNear(Scipy.Result("z"), found.Select(f => f.Statistic));
        AssertNear(Scipy.Result("z_p"), found.Select(f => f.PValue));
    }

    [Fact]
    public void Sample_ratios_agree_with_scipy_and_a_broken_one_blocks()
    {
        (long[] Counts, double[] Shares)[] inputs = [.. Scipy.Inputs.GetProperty("ratios").EnumerateArray().Select(r =>
            (Fixture.Numbers(r.GetProperty("counts")).Select(c => (long)c).ToArray(), Fixture.Numbers(r.GetProperty("shares"))))];

        TestResult[] found = [.. inputs.Select(i => SampleRatio.Test(i.Counts, i.Shares))];

        AssertNear(Scipy.Result("chi"), found.Select(f => f.Statistic));
        AssertNear(Scipy.Result("chi_p"), found.Select(f => f.PValue));
        Assert.Equal([false, true, false, false, true], inputs.Select(i => SampleRatio.Blocks(i.Counts, i.Shares)));
        Assert.Equal(1, SampleRatio.Test([4, 1], [0.8, 0.2]).PValue);
    }

    [Fact]
    public void Sample_sizes_agree_with_scipys_quantiles()
    {
        AssertNear(Scipy.Result("mean_sizes"), Scipy.Inputs.GetProperty("means").EnumerateArray().Select(Fixture.Numbers)
            .Select(m => (double)FixedHorizon.SamplesForMeans(m[0], m[1], m[2], m[3], m[4])));
        AssertNear(Scipy.Result("share_sizes"), Scipy.Inputs.GetProperty("shares").EnumerateArray().Select(Fixture.Numbers)
            .Select(s => (double)FixedHorizon.SamplesForProportions(s[0], s[1], s[2], s[3])));
    }

    [Fact]
    public void A_sample_of_the_stated_size_has_the_stated_power()
    {
        long n = FixedHorizon.SamplesForProportions(0.3, 0.1, 0.05, 0.8);
        int found = 0;
        for (int run = 0; run < 2000; run++)
        {
            var random = SplitMix64.Stream(run, "power");
            long a = 0, b = 0;
            for (long i = 0; i < n; i++)
            {
                if (random.NextDouble() < 0.3) a++;
                if (random.NextDouble() < 0.4) b++;
            }
            if (FixedHorizon.TwoProportions(a, n, b, n).PValue < 0.05) found++;
        }
        Assert.InRange(found / 2000.0, 0.77, 0.83);
    }

    [Fact]
    public void What_cannot_be_tested_is_NaN_and_what_makes_no_sense_is_refused()
    {
        Assert.Equal(double.NaN, FixedHorizon.Welch(Moments.Of([1]), Moments.Of([1, 2])).PValue);
        Assert.Equal(double.NaN, FixedHorizon.Welch(Moments.Of([1, 1]), Moments.Of([2, 2])).PValue);
        Assert.Equal(double.NaN, FixedHorizon.TwoProportions(0, 5, 0, 9).PValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.TwoProportions(0, 0, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.TwoProportions(3, 2, 1, 2));
        Assert.Throws<ArgumentException>(() => SampleRatio.Test([1], [1]));
        Assert.Throws<ArgumentException>(() => SampleRatio.Test([0, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => SampleRatio.Test([1, -1], [1, 1]));
        Assert.Throws<ArgumentException>(() => SampleRatio.Test([1, 1], [1, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.SamplesForMeans(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.SamplesForMeans(-1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.SamplesForMeans(1e150, 1, 1e-150));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.SamplesForProportions(0.9, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedHorizon.SamplesForProportions(0.5, 0.1, power: 1));
    }

    private static void AssertNear(double[] expected, IEnumerable<double> values)
    {
        double[] found = [.. values];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-12 * Math.Abs(expected[i]), $"[{i}]: {expected[i]:R} became {found[i]:R}");
    }
}
