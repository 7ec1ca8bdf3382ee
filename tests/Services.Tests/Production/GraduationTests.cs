using QuadTurbo.Hosting.Platform;
using QuadTurbo.Production.Account;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

public class GraduationTests
{
    private static readonly GraduationFacts Ready = new(
        Opportunities: 1000, NetPositive: 1000, NetPositivePassed: 801, FilledTwins: 100, SameSign: 90, ShadowFilled: 500);

    [Fact]
    public void Everything_shown_makes_production_eligible() =>
        Assert.Equal((Stage.ProductionEligible, 0), (Judge(Ready).Stage, Judge(Ready).Unmet.Count));

    [Theory]
    [InlineData(999, 801, 100, 90, 500, Stage.SpringTraining, "opportunities")]
    [InlineData(1000, 800, 100, 90, 500, Stage.Graduated, "pass_rate")]
    [InlineData(1000, 751, 100, 90, 500, Stage.Graduated, "pass_rate")]
    [InlineData(1000, 750, 100, 90, 500, Stage.SpringTraining, "pass_rate,pass_rate")]
    [InlineData(1000, 801, 99, 99, 500, Stage.Graduated, "twins,shadow_accuracy")]
    [InlineData(1000, 801, 100, 89, 500, Stage.Graduated, "shadow_accuracy")]
    [InlineData(1000, 801, 100, 90, 0, Stage.SpringTraining, "shadow_trades")]
    [InlineData(0, 0, 0, 0, 0, Stage.SpringTraining, "opportunities,pass_rate,shadow_trades,pass_rate,twins,shadow_accuracy")]
    public void Each_stage_has_its_limits_and_every_unmet_condition_is_named(
        long opportunities, long passed, long twins, long sameSign, long shadow, Stage stage, string unmet)
    {
        GraduationVerdict verdict = Judge(new GraduationFacts(opportunities, opportunities, passed, twins, sameSign, shadow));

        Assert.Equal(stage, verdict.Stage);
        Assert.Equal(unmet, string.Join(',', verdict.Unmet.Select(c => c.Name)));
    }

    [Fact]
    public void An_unmet_condition_says_what_was_measured_and_what_is_needed()
    {
        GraduationVerdict verdict = Judge(Ready with { NetPositivePassed = 700, FilledTwins = 7, SameSign = 7 });

        Assert.Equal(
            [
                "pass_rate is 0.7, graduation needs above 0.75",
                "pass_rate is 0.7, production needs above 0.8",
                "twins is 7, production needs at least 100",
                "shadow_accuracy is unknown, production needs at least 0.9",
            ],
            verdict.Unmet.Select(c => c.Text));
    }

    [Fact]
    public void Live_trading_lists_every_reason_against_it()
    {
        IReadOnlyList<string> reasons = LiveTrading.Refusals(
            Role.Learner, live: false, execute: false, new LaneSettings { EnablePrevalidation = false }, new GuardSettings { DailyLoss = 0 },
            guardHealthy: false, Judge(Ready with { SameSign = 89 }));

        string[] subjects = ["role", "--live", "--execute", "enableProduction", "enablePrevalidation", "daily_loss", "not healthy", "shadow_accuracy", "no live venue"];
        Assert.Equal(subjects.Length, reasons.Count);
        Assert.All(subjects.Zip(reasons), pair => Assert.Contains(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(Role.AllInOne)]
    [InlineData(Role.Trader)]
    public void With_everything_in_order_only_the_missing_venue_is_against_live_trading(Role role)
    {
        IReadOnlyList<string> reasons = LiveTrading.Refusals(
            role, live: true, execute: true, new LaneSettings { EnableProduction = true }, new GuardSettings(), guardHealthy: true, Judge(Ready));

        Assert.Equal(["no live venue exists yet"], reasons);
    }

    [Fact]
    public void Capital_grows_with_each_run_of_close_twins_and_shrinks_with_a_run_of_wide_ones()
    {
        var ramp = new CapitalRamp(twinsPerStep: 2, maxAverageGap: 0.10m);
        List<decimal> shares = [ramp.Share];

        foreach (decimal gap in new[] { 0.1m, -0.1m, 0m, 0m, 0m, 0.3m, 0.2m, 0m, 0m, 0m, 0m, 0m })
        {
            ramp.Observe(gap);
            shares.Add(ramp.Share);
        }

        Assert.Equal([0.10m, 0.10m, 0.25m, 0.25m, 0.50m, 0.50m, 0.25m, 0.25m, 0.50m, 0.50m, 1m, 1m, 1m], shares);
        Assert.Equal(1m, new CapitalRamp(1, 0m).ShareOf(live: false));
        Assert.Equal(0.10m, new CapitalRamp(1, 0m).ShareOf(live: true));
    }

    private static GraduationVerdict Judge(GraduationFacts facts) => Graduation.Judge(facts, new GraduationSettings());
}
