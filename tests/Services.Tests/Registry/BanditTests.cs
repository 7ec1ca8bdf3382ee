using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Registry.Experiments;

namespace QuadTurbo.Services.Tests.Registry;

public class BanditTests
{
    private static readonly double[] Truth = [0.5, 0.6, 0.3];

    [Fact]
    public void It_chooses_as_often_as_it_says_and_no_arm_less_than_the_floor()
    {
        var bandit = new Bandit(3, seed: 1, new BanditSettings());
        for (int i = 0; i < 400; i++) bandit.Learn(i % 3, i % 3 == 1 ? 1 : 0);
        IReadOnlyList<double> propensities = bandit.Propensities;
        var counts = new int[3];
        for (int i = 0; i < 50_000; i++)
        {
            BanditChoice choice = bandit.Choose();
            Assert.Equal(propensities[choice.Arm], choice.Propensity);
            counts[choice.Arm]++;
        }

        Assert.Equal(1, propensities.Sum(), 1e-12);
        Assert.Equal([0.02, 0.96, 0.02], propensities.Select(p => Math.Round(p, 12)));
        // Four standard deviations of a binomial share of 2 % are 0.25 %.
        for (int arm = 0; arm < 3; arm++) Assert.Equal(propensities[arm], counts[arm] / 50_000.0, 0.004);
    }

    [Fact]
    public void The_chance_of_being_best_is_that_of_two_beta_laws()
    {
        var bandit = new Bandit(2, seed: 2, new BanditSettings { Discount = 1, Floor = 0, Draws = 200_000 });
        for (int i = 0; i < 20; i++) bandit.Learn(0, i < 9 ? 1 : 0);
        for (int i = 0; i < 30; i++) bandit.Learn(1, i < 17 ? 1 : 0);

        // P(Beta(18, 14) > Beta(10, 12)) = Σᵢ B(10 + i, 12 + 14) / ((14 + i) B(1 + i, 14) B(10, 12)), i below 18 (Miller 2015), of B over A.
        double expected = Enumerable.Range(0, 18).Sum(i => Math.Exp(LogBeta(10 + i, 26) - Math.Log(14 + i) - LogBeta(1 + i, 14) - LogBeta(10, 12)));
        // Four standard deviations of 200,000 draws are 0.004.
        Assert.Equal(expected, bandit.Propensities[1], 0.004);
        static double LogBeta(int a, int b) => LogFactorial(a - 1) + LogFactorial(b - 1) - LogFactorial(a + b - 1);
        static double LogFactorial(int n) => Enumerable.Range(1, n).Sum(k => Math.Log(k));
    }

    [Fact]
    public void With_much_money_seen_the_chance_of_being_best_is_normal()
    {
        var bandit = new Bandit(2, seed: 2, new BanditSettings { Law = RewardLaw.Normal, Discount = 1, Floor = 0, Draws = 100_000 });
        for (int i = 0; i < 2_000; i++)
        {
            bandit.Learn(0, i % 2 == 0 ? 11 : -9);
            bandit.Learn(1, i % 2 == 0 ? 11.3 : -8.7);
        }

        // Means 1 and 1.3, standard deviation 10: z = 0.3 / √(2 × 100 / 2,000) = 0.9487, Φ = 0.8286. The prior pulls by 1 in 2,000.
        Assert.Equal(0.8286, bandit.Propensities[1], 0.006);
    }

    [Theory]
    [InlineData(RewardLaw.Bernoulli)]
    [InlineData(RewardLaw.Normal)]
    public void It_finds_the_better_arm_and_follows_when_the_world_changes(RewardLaw law)
    {
        var bandit = new Bandit(2, seed: 3, new BanditSettings { Law = law, Draws = 50 });
        var random = SplitMix64.Stream(3, "world");
        double Share(int from, int to, int best)
        {
            int chosen = 0;
            for (int i = from; i < to; i++)
            {
                int arm = bandit.Choose().Arm;
                if (arm == best) chosen++;
                double edge = arm == best ? 1 : 0;
                double won = random.NextDouble() < 0.35 + 0.3 * edge ? 1 : 0;
                bandit.Learn(arm, law == RewardLaw.Bernoulli ? won : 10 * edge + 15 * random.NextNormal());
            }
            return (double)chosen / (to - from);
        }

        Share(0, 1_000, best: 0);
        Assert.InRange(Share(1_000, 3_000, best: 0), 0.85, 0.99);
        Share(3_000, 5_000, best: 1);
        Assert.InRange(Share(5_000, 7_000, best: 1), 0.85, 0.99);
    }

    [Fact]
    public void What_each_arm_would_have_earned_is_told_from_the_log()
    {
        OffPolicyValue[] values = Log(60_000, offset: 0);
        foreach (OffPolicyValue value in values)
        {
            double truth = Truth[value.Arm];
            foreach (Interval told in (Interval[])[value.Ips, value.DoublyRobust])
            {
                // Five standard errors: a 95 % interval reaches just under two of them.
                double reach = 2.6 * (told.High - told.Estimate);
                Assert.InRange(truth, told.Estimate - reach, told.Estimate + reach);
            }
            Assert.Equal(truth, value.Snips, 0.05);
            Assert.InRange(value.EffectiveCount, 1_000, 60_000);
        }
    }

    [Fact]
    public void Ninety_five_percent_intervals_hold_the_truth_that_often()
    {
        int ips = 0, robust = 0, runs = 200;
        for (int run = 0; run < runs; run++)
        {
            OffPolicyValue value = Log(2_000, offset: 0, seed: run, draws: 20)[1];
            if (value.Ips.Low <= Truth[1] && Truth[1] <= value.Ips.High) ips++;
            if (value.DoublyRobust.Low <= Truth[1] && Truth[1] <= value.DoublyRobust.High) robust++;
        }
        // 95 % of 200 less four standard deviations of 3.1.
        Assert.InRange(ips, 177, 200);
        Assert.InRange(robust, 177, 200);
    }

    [Fact]
    public void The_doubly_robust_value_is_surer_where_rewards_are_far_from_nothing()
    {
        OffPolicyValue value = Log(5_000, offset: 10)[0];

        Assert.True(value.DoublyRobust.High - value.DoublyRobust.Low < 0.3 * (value.Ips.High - value.Ips.Low));
        Assert.Equal(10.5, value.DoublyRobust.Estimate, 0.2);
    }

    [Fact]
    public void Equal_seeds_choose_alike()
    {
        Bandit a = new(3, 9, new BanditSettings()), b = new(3, 9, new BanditSettings());
        for (int i = 0; i < 200; i++)
        {
            BanditChoice choice = a.Choose();
            Assert.Equal(choice, b.Choose());
            a.Learn(choice.Arm, i % 2);
            b.Learn(choice.Arm, i % 2);
        }
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        var bandit = new Bandit(2, 1, new BanditSettings());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bandit(1, 1, new BanditSettings()));
        Assert.Throws<ArgumentException>(() => new Bandit(2, 1, new BanditSettings { Floor = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bandit(2, 1, new BanditSettings { Floor = -0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bandit(2, 1, new BanditSettings { Discount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bandit(2, 1, new BanditSettings { PriorDeviation = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bandit(2, 1, new BanditSettings { Draws = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => bandit.Learn(2, 1));
        Assert.Throws<ArgumentException>(() => bandit.Learn(0, 0.5));
        Assert.Throws<ArgumentException>(() => new Bandit(2, 1, new BanditSettings { Law = RewardLaw.Normal }).Learn(0, double.NaN));
        Assert.Throws<ArgumentException>(() => new OffPolicyValue(0).Add(new BanditChoice(0, 0), 1));
        Assert.Throws<ArgumentException>(() => new OffPolicyValue(0).Add(new BanditChoice(0, 0.5), double.NaN));
    }

    // A bandit at work on wins of known chances, and what its log tells of every arm.
    private static OffPolicyValue[] Log(int choices, double offset, long seed = 4, int draws = 50)
    {
        var bandit = new Bandit(3, seed, new BanditSettings { Draws = draws, Floor = 0.1 });
        var random = SplitMix64.Stream(seed, "log");
        OffPolicyValue[] values = [.. Enumerable.Range(0, 3).Select(a => new OffPolicyValue(a))];
        for (int i = 0; i < choices; i++)
        {
            BanditChoice choice = bandit.Choose();
            double won = random.NextDouble() < Truth[choice.Arm] ? 1 : 0;
            foreach (OffPolicyValue value in values) value.Add(choice, won + offset);
            // Learning now and then keeps the test quick: draws are made anew after each reward.
            if (i % 20 == 0) bandit.Learn(choice.Arm, won);
        }
        return values;
    }
}
