using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Libs.Tests.Learning.Sequential;

public sealed class AlwaysValidTests
{
    private const int Runs = 2000;
    private const int Samples = 1000;

    // α = 0.05 and three standard errors of 2,000 runs.
    private const double MostFalse = 0.05 + 0.0147;

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Whoever_looks_after_every_sample_still_errs_in_no_more_than_alpha_of_all_runs(double tau)
    {
        int rejected = 0, missed = 0;
        for (int run = 0; run < Runs; run++)
        {
            var random = new SplitMix64(run);
            var test = new PairedMeanTest(new SequentialOptions { Tau = tau });
            bool left = false;
            for (int i = 0; i < Samples; i++)
            {
                test.Add(random.NextNormal());
                left |= test.Interval.Low > 0 || test.Interval.High < 0;
            }
            if (test.Rejects) rejected++;
            if (left) missed++;
        }
        Assert.InRange(rejected / (double)Runs, 0, MostFalse);
        // The interval leaves the truth exactly when the test rejects it.
        Assert.Equal(rejected, missed);
    }

    [Fact]
    public void Skewed_money_errs_no_more_either()
    {
        int rejected = Count(random =>
        {
            var test = new PairedMeanTest(new SequentialOptions { Tau = 0.2 });
            for (int i = 0; i < Samples; i++) test.Add(-Math.Log(1 - random.NextDouble()) - 1);
            return test.Rejects;
        });
        Assert.InRange(rejected / (double)Runs, 0, MostFalse);
    }

    [Fact]
    public void A_fixed_horizon_test_that_is_peeked_at_errs_in_many_more()
    {
        int rejected = Count(random =>
        {
            var moments = default(Moments);
            bool found = false;
            for (int i = 0; i < Samples; i++)
            {
                moments.Add(random.NextNormal());
                found |= i >= 100 && Math.Abs(moments.Mean) > 1.96 * Math.Sqrt(moments.Variance / moments.Count);
            }
            return found;
        });
        Assert.InRange(rejected / (double)Runs, 0.2, 1);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)]
    public void Two_arms_of_equal_means_differ_in_no_more_than_alpha_of_all_runs(double shareOfB)
    {
        int rejected = Count(random =>
        {
            var test = new TwoSampleMeanTest(new SequentialOptions { Tau = 0.2 });
            for (int i = 0; i < Samples; i++)
            {
                bool toB = random.NextDouble() < shareOfB;
                test.Add(toB, 3 + (toB ? 2 : 1) * random.NextNormal());
            }
            return test.Rejects;
        });
        Assert.InRange(rejected / (double)Runs, 0, MostFalse);
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.2, 0.3)]
    [InlineData(0.2, 0.02)]
    public void Two_arms_of_equal_shares_differ_in_no_more_than_alpha_of_all_runs(double shareOfB, double hits)
    {
        int rejected = Count(random =>
        {
            var test = new TwoSampleProportionTest(new SequentialOptions { Tau = 0.05 });
            for (int i = 0; i < Samples; i++) test.Add(random.NextDouble() < shareOfB, random.NextDouble() < hits);
            return test.Rejects;
        });
        Assert.InRange(rejected / (double)Runs, 0, MostFalse);
    }

    [Fact]
    public void All_intervals_of_a_run_hold_the_true_effect_in_1_less_alpha_of_all_runs()
    {
        int missed = Count(random =>
        {
            var test = new TwoSampleMeanTest(new SequentialOptions { Tau = 0.3, Alpha = 0.1 });
            bool left = false;
            for (int i = 0; i < Samples; i++)
            {
                bool toB = i % 2 == 0;
                test.Add(toB, (toB ? 0.3 : 0) + random.NextNormal());
                left |= test.Interval is var at && (at.Low > 0.3 || at.High < 0.3);
            }
            return left;
        });
        Assert.InRange(missed / (double)Runs, 0, 0.1 + 0.02);
    }

    [Fact]
    public void A_planted_effect_is_found()
    {
        int mean = Count(random => Found(new PairedMeanTest(new SequentialOptions { Tau = 0.1 }), t => t.Add(0.1 + random.NextNormal())), 300);
        int share = Count(random => Found(new TwoSampleProportionTest(new SequentialOptions { Tau = 0.1 }),
            t => Toss(t, random.NextDouble() < 0.5, random.NextDouble())), 300);
        // A fixed sample of 2,000 has power 0.994 for either; looking all along costs some of it.
        Assert.InRange(mean / 300.0, 0.9, 1);
        Assert.InRange(share / 300.0, 0.9, 1);

        static void Toss(TwoSampleProportionTest test, bool toB, double draw) => test.Add(toB, draw < (toB ? 0.6 : 0.5));

        static bool Found<T>(T test, Action<T> add)
            where T : AlwaysValidTest
        {
            for (int i = 0; i < 2 * Samples; i++) add(test);
            return test.Rejects && test.Estimate > 0;
        }
    }

    [Fact]
    public void Lambda_and_the_interval_are_the_closed_forms()
    {
        var paired = new PairedMeanTest(new SequentialOptions { Tau = 0.3, Alpha = 0.1, Start = 4 });
        double[] values = [1, -0.5, 0.25, 2];
        foreach (double value in values) paired.Add(value);

        double n = 4, mean = 0.6875, v = values.Sum(x => (x - mean) * (x - mean)) / 3, tau2 = 0.09;
        Assert.Equal(mean, paired.Estimate);
        Assert.Equal(v, paired.Variance, 1e-15);
        double lambda = Math.Sqrt(v / (v + n * tau2)) * Math.Exp(n * n * tau2 * mean * mean / (2 * v * (v + n * tau2)));
        Assert.Equal(Math.Log(lambda), paired.LogLambda, 1e-14);
        Assert.Equal(Math.Min(1, 1 / lambda), paired.PValue, 1e-14);
        double half = Math.Sqrt(v * (v + n * tau2) / (n * n * tau2) * (2 * Math.Log(10) + Math.Log((v + n * tau2) / v)));
        Assert.Equal(new Interval(mean, mean - half, mean + half), paired.Interval);

        // The same values against an arm of constants: its variance adds nothing.
        var two = new TwoSampleMeanTest(paired.Options);
        foreach (double value in values)
        {
            two.Add(true, value);
            two.Add(false, 0);
        }
        Assert.Equal(paired.LogLambda, two.LogLambda, 1e-14);

        var shares = new TwoSampleProportionTest(new SequentialOptions { Tau = 0.3, Start = 2 });
        for (int i = 0; i < 40; i++) shares.Add(i % 2 == 0, i % 3 == 0);
        double smoothed = (7 + 1) / (20.0 + 2), error = 2 * smoothed * (1 - smoothed) / 20;
        Assert.Equal((0.35, 0.35, 0), (shares.ShareA, shares.ShareB, shares.Estimate));
        Assert.Equal(Math.Log(error / (error + tau2)) / 2, shares.LogLambda, 1e-14);
    }

    [Fact]
    public void Nothing_is_said_before_the_start_without_variance_or_of_rare_hits()
    {
        var paired = new PairedMeanTest(new SequentialOptions { Tau = 1 });
        Assert.Equal(double.NaN, paired.Estimate);
        for (int i = 0; i < 99; i++) paired.Add(5 + i % 2);
        Assert.Equal((1.0, 0.0), (paired.PValue, paired.LogLambda));
        Assert.Equal(double.PositiveInfinity, paired.Interval.High);
        paired.Add(5);
        Assert.True(paired.Rejects);

        var constant = new PairedMeanTest(new SequentialOptions { Tau = 1 });
        for (int i = 0; i < 1000; i++) constant.Add(0.1);
        Assert.Equal((1.0, double.NegativeInfinity), (constant.PValue, constant.Interval.Low));

        var oneArm = new TwoSampleMeanTest(new SequentialOptions { Tau = 1 });
        for (int i = 0; i < 1000; i++) oneArm.Add(true, i % 2);
        Assert.Equal(1, oneArm.PValue);

        var rare = new TwoSampleProportionTest(new SequentialOptions { Tau = 1 });
        for (int i = 0; i < 1000; i++) rare.Add(i % 2 == 0, i < 18 && i % 2 == 0);
        Assert.Equal(0, rare.LogLambda);
        Assert.Equal(9 / 500.0, rare.ShareB);
        rare.Add(true, true);
        Assert.NotEqual(0, rare.LogLambda);
    }

    [Fact]
    public void A_p_value_never_rises_again()
    {
        var random = new SplitMix64(3);
        var test = new PairedMeanTest(new SequentialOptions { Tau = 0.2 });
        double before = 1;
        for (int i = 0; i < 3000; i++)
        {
            test.Add((i < 500 ? 0.3 : 0) + random.NextNormal());
            Assert.InRange(test.PValue, 0, before);
            before = test.PValue;
        }
        Assert.True(test.Rejects && Math.Exp(-test.LogLambda) > test.PValue);
    }

    [Fact]
    public void A_restored_test_continues_bit_for_bit()
    {
        var random = new SplitMix64(4);
        var paired = new PairedMeanTest(new SequentialOptions { Tau = 0.2, Alpha = 0.01, Start = 10 });
        var means = new TwoSampleMeanTest(paired.Options);
        var shares = new TwoSampleProportionTest(paired.Options);
        Add(paired, means, shares, 150, ref random);
        (PairedMeanTest paired2, TwoSampleMeanTest means2, TwoSampleProportionTest shares2) =
            (PairedMeanTest.Restore(paired.Save()), TwoSampleMeanTest.Restore(means.Save()), TwoSampleProportionTest.Restore(shares.Save()));
        SplitMix64 same = random;
        Add(paired, means, shares, 150, ref random);
        Add(paired2, means2, shares2, 150, ref same);

        Assert.Equal(paired.Save(), paired2.Save());
        Assert.Equal(means.Save(), means2.Save());
        Assert.Equal(shares.Save(), shares2.Save());
        Assert.True(paired2.PValue < 1 && paired2.Interval == paired.Interval);
        Refused(paired.Save(), b => PairedMeanTest.Restore(b));
        Refused(means.Save(), b => TwoSampleMeanTest.Restore(b));
        Refused(shares.Save(), b => TwoSampleProportionTest.Restore(b));

        static void Add(PairedMeanTest paired, TwoSampleMeanTest means, TwoSampleProportionTest shares, int samples, ref SplitMix64 random)
        {
            for (int i = 0; i < samples; i++)
            {
                paired.Add(0.3 + random.NextNormal());
                means.Add(i % 2 == 0, random.NextNormal());
                shares.Add(i % 2 == 0, random.NextDouble() < 0.4);
            }
        }

        static void Refused(byte[] saved, Action<byte[]> restore)
        {
            for (int cut = 0; cut < saved.Length; cut++) Assert.Throws<InvalidDataException>(() => restore(saved[..cut]));
            Assert.Throws<InvalidDataException>(() => restore([.. saved, 0]));
        }
    }

    [Fact]
    public void Bad_values_and_options_are_refused()
    {
        var options = new SequentialOptions { Tau = 1 };
        Assert.Throws<ArgumentException>(() => new PairedMeanTest(options).Add(double.NaN));
        Assert.Throws<ArgumentException>(() => new TwoSampleMeanTest(options).Add(true, double.PositiveInfinity));
        foreach (SequentialOptions bad in (SequentialOptions[])[options with { Tau = 0 }, options with { Tau = double.NaN },
            options with { Alpha = 0 }, options with { Alpha = 1 }, options with { Start = 1 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => new PairedMeanTest(bad));
    }

    private sealed class Draws(SplitMix64 random)
    {
        private SplitMix64 _random = random;

        public double NextNormal() => _random.NextNormal();

        public double NextDouble() => _random.NextDouble();
    }

    private static int Count(Func<Draws, bool> run, int runs = Runs)
    {
        int count = 0;
        for (int r = 0; r < runs; r++)
            if (run(new Draws(SplitMix64.Stream(r, "always valid")))) count++;
        return count;
    }
}
