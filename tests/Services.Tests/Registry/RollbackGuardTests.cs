using QuadTurbo.Learning.Numerics;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public class RollbackGuardTests
{
    private static readonly ModelRef Serving = Package(3).Ref;
    private static readonly ModelRef[] Warm = [Package(2).Ref, Package(1).Ref];
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void It_names_the_versions_that_stay_warm_and_the_one_to_go_back_to()
    {
        RollbackGuard guard = Make();

        Assert.Equal((Serving, Warm[0]), (guard.Serving, guard.Target));
        Assert.Equal(Warm, guard.Warm);
        Assert.Throws<ArgumentException>(() => new RollbackGuard(new RollbackPolicy(), Serving, []));
    }

    [Fact]
    public void A_model_that_makes_less_money_is_sent_back_for_it_and_an_equal_one_stays()
    {
        (RollbackGuard worse, RollbackGuard equal) = (Make(), Make());
        var random = SplitMix64.Stream(1, "guard");
        for (int i = 0; i < 1_000; i++)
        {
            double difference = 15 * random.NextNormal();
            worse.Learn(Paid(i, 3, 3 + difference - 5));
            equal.Learn(Paid(i, 3, 3 + difference));
        }

        Assert.Equal((BreachCause.NetBps, 0), (worse.Breach!.Cause, worse.Breach.Limit));
        Assert.True(worse.Breach.Measured < 0);
        Assert.Contains("v1.0.2", worse.Breach.Why, StringComparison.Ordinal);
        Assert.Null(equal.Breach);
    }

    [Fact]
    public void A_model_that_makes_more_money_stays()
    {
        RollbackGuard guard = Make();
        var random = SplitMix64.Stream(1, "guard");

        for (int i = 0; i < 1_000; i++) Assert.Null(guard.Learn(Paid(i, 3, 8 + 15 * random.NextNormal())));

        Assert.True(guard.GainBps.Low > 0);
    }

    [Fact]
    public void Probabilities_that_stray_are_found_even_after_a_long_good_time()
    {
        RollbackGuard guard = Make();
        var random = SplitMix64.Stream(2, "guard");
        int Strays(int most, double shift)
        {
            for (int i = 0; i < most; i++)
            {
                double p = 0.3 + 0.4 * random.NextDouble();
                if (guard.Learn(new PairedOutcome(Noon, p, Math.Min(1, p + shift), 0, 0, random.NextDouble() < p)) is not null) return i;
            }
            return most;
        }

        Assert.Equal(20_000, Strays(20_000, 0));
        Assert.InRange(Strays(1_000, 0.15), 0, 999);
        Assert.Equal(BreachCause.Calibration, guard.Breach!.Cause);
        Assert.True(guard.Breach.Measured > guard.Breach.Limit);
    }

    [Fact]
    public void Money_that_falls_too_far_sends_back_unless_the_version_before_would_have_fallen_as_far()
    {
        (RollbackGuard alone, RollbackGuard together) = (Make(), Make());
        for (int i = 0; i < 50; i++)
        {
            alone.Learn(Paid(i, 1, -20));
            together.Learn(Paid(i, -20, -20.5));
        }
        Assert.Null(alone.Breach); // 50 × 20 bps: at the limit.
        Assert.Null(together.Breach);

        alone.Learn(Paid(50, 1, -0.5));
        together.Learn(Paid(50, 1, -0.5));

        Assert.Equal((BreachCause.Drawdown, 1_000.5, 1_000), (alone.Breach!.Cause, alone.Breach.Measured, alone.Breach.Limit));
        Assert.Null(together.Breach);
    }

    [Fact]
    public void Failures_crowding_into_the_last_requests_send_back_and_rare_ones_do_not()
    {
        RollbackGuard rare = Make(), crowded = Make();
        for (int i = 0; i < 10_000; i++) Assert.Null(rare.Predicted(Fast, failed: i % 23 == 0)); // At most 9 of 200.

        for (int i = 0; i < 9; i++) Assert.Null(crowded.Predicted(Fast, failed: true));
        Breach? breach = crowded.Predicted(Fast, failed: true);

        Assert.Equal((BreachCause.Errors, 10, 9), (breach!.Cause, breach.Measured, breach.Limit));
    }

    [Theory]
    [InlineData(1.45, false)]
    [InlineData(1.55, true)]
    public void A_model_that_is_too_slow_for_too_many_is_sent_back(double slow, bool breached)
    {
        RollbackGuard guard = new(new RollbackPolicy(), Serving, Warm, latencyBefore: Fast);
        for (int i = 0; i < 5_000; i++) guard.Predicted(Fast); // What was fast before does not hide what is slow now.
        for (int i = 0; i < 1_000; i++) guard.Predicted(i % 50 == 0 ? Fast * slow : Fast);

        Assert.Equal(breached ? BreachCause.Latency : null, guard.Breach?.Cause);
        Assert.Null(Slow(new(new RollbackPolicy(), Serving, Warm)).Breach);
        static RollbackGuard Slow(RollbackGuard unknown)
        {
            for (int i = 0; i < 1_000; i++) unknown.Predicted(TimeSpan.FromSeconds(1));
            return unknown;
        }
    }

    [Fact]
    public void The_first_breach_stays()
    {
        RollbackGuard guard = Make();
        for (int i = 0; i < 10; i++) guard.Predicted(Fast, failed: true);
        Breach first = guard.Breach!;
        for (int i = 0; i < 1_000; i++) guard.Predicted(Fast);

        Assert.Same(first, guard.Learn(Paid(0, 0, -9_999)));
    }

    [Fact]
    public void What_was_saved_goes_on_as_if_it_had_never_stopped()
    {
        RollbackGuard whole = Make(), before = Make(), after = Make();
        Feed(whole, 0, 2_000);
        Feed(before, 0, 1_300);
        after.Load(before.Save());
        Feed(after, 1_300, 2_000);
        Assert.Equal(whole.Save(), after.Save());

        for (int i = 0; i < 10; i++) after.Predicted(Fast, failed: true);
        RollbackGuard last = Make();
        last.Load(after.Save());
        Assert.Equal((after.Breach, BreachCause.Errors), (last.Breach, last.Breach!.Cause));

        Assert.Throws<InvalidDataException>(() => new RollbackGuard(new RollbackPolicy(), Warm[0], [Warm[1]]).Load(after.Save()));
        Assert.Throws<InvalidDataException>(() => Make().Load(after.Save().AsSpan(..^1)));
    }

    private static RollbackGuard Make() =>
        new(new RollbackPolicy { Money = new EvidenceSettings { Unit = EvidenceUnit.Opportunity, MdeBps = 5, Alpha = 0.01 } }, Serving, Warm, Fast);

    private static PairedOutcome Paid(int i, double before, double now) => new(Noon.AddSeconds(i), 0.5, 0.5, before, now, i % 2 == 0);

    private static void Feed(RollbackGuard guard, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            var random = new SplitMix64(i);
            guard.Predicted(TimeSpan.FromTicks(random.NextInt(10_000)), random.NextInt(200) == 0);
            double p = random.NextDouble();
            guard.Learn(new PairedOutcome(Noon.AddSeconds(i), p, p, random.NextNormal(), random.NextNormal(), random.NextDouble() < p));
        }
    }
}
