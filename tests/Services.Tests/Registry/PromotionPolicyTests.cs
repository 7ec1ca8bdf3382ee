using QuadTurbo.Learning.Metrics;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Promotion;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public class PromotionPolicyTests
{
    private static readonly PromotionPolicy Policy = new();

    // Everything just within its limit, but for what a test makes of it.
    private static readonly ExperimentStanding Good = new()
    {
        Experiment = "meta_label-3",
        Champion = Package(1).Ref,
        Challenger = Package(2).Ref,
        Share = 0.2,
        Age = TimeSpan.FromHours(24),
        StageAge = TimeSpan.FromHours(24),
        StagePredictions = 200,
        Outcomes = 1_000,
        Units = 500,
        GainBps = new Interval(2, 0.01, 4),
        PValue = 0.01,
        SampleRatioP = 1e-4,
        ChampionArm = new ArmStanding(800, 8, TimeSpan.FromMilliseconds(10), 0.02, 0.7, 4, 50),
        ChallengerArm = new ArmStanding(200, 2, TimeSpan.FromMilliseconds(11), 0.03, 0.698, 4.2, 50),
    };

    public static TheoryData<string> Checks =>
    [
        "enough_predictions", "enough_time", "sample_ratio", "net_bps_gain", "significant", "calibrated", "ranks_as_well", "latency", "errors",
        "stable_importance",
    ];

    [Theory]
    [InlineData(0.002, 1, true)]
    [InlineData(0.002, 1.001, false)]
    [InlineData(10, 11, true)]
    public void Latency_within_a_millisecond_is_held_against_nobody(double champion, double challenger, bool passes)
    {
        ExperimentStanding standing = Good with
        {
            ChampionArm = Good.ChampionArm with { P99 = TimeSpan.FromMilliseconds(champion) },
            ChallengerArm = Good.ChallengerArm with { P99 = TimeSpan.FromMilliseconds(challenger) },
        };

        Assert.Equal(passes, Policy.Judge(standing).Checks.Single(c => c.Name == "latency").Passed);
    }

    [Fact]
    public void At_every_limit_it_passes()
    {
        PromotionVerdict verdict = Policy.Judge(Good, importanceMoved: 0.30);

        Assert.Equal(((IEnumerable<object[]>)Checks).Select(c => (string)c[0]), verdict.Checks.Select(c => c.Name));
        Assert.All(verdict.Checks, c => Assert.True(c.Passed, c.Words));
        Assert.Equal((PromotionDecision.Ramp, 0.5), (verdict.Decision, verdict.NextShare));
        Assert.StartsWith("every check passed", verdict.Why, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Just_beyond_a_limit_that_check_alone_fails_and_is_named(string check)
    {
        ExperimentStanding standing = check switch
        {
            "enough_predictions" => Good with { Outcomes = 999 },
            "enough_time" => Good with { Age = TimeSpan.FromHours(23.99) },
            "sample_ratio" => Good with { SampleRatioP = 0.99e-4 },
            "net_bps_gain" => Good with { ChallengerArm = Good.ChallengerArm with { NetBps = 4.19 } },
            "significant" => Good with { GainBps = new Interval(2, 0, 4) },
            "calibrated" => Good with { ChallengerArm = Good.ChallengerArm with { Ece = 0.0301 } },
            "ranks_as_well" => Good with { ChallengerArm = Good.ChallengerArm with { Auc = 0.6979 } },
            "latency" => Good with { ChallengerArm = Good.ChallengerArm with { P99 = TimeSpan.FromMilliseconds(11.01) } },
            "errors" => Good with { ChallengerArm = Good.ChallengerArm with { Errors = 3 } },
            _ => Good,
        };

        PromotionVerdict verdict = Policy.Judge(standing, check == "stable_importance" ? 0.31 : 0.1);

        Assert.Equal(check, Assert.Single(verdict.Checks, c => c.Passed != true).Name);
        Assert.Equal(check == "stable_importance" ? PromotionDecision.AskPeople : PromotionDecision.Wait, verdict.Decision);
        Assert.StartsWith(check, verdict.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_told_blocks_but_for_importance()
    {
        Assert.Equal(PromotionDecision.Ramp, Policy.Judge(Good, importanceMoved: null).Decision);

        foreach (ExperimentStanding unknown in (ExperimentStanding[])
            [
                Good with { ChallengerArm = Good.ChallengerArm with { Predictions = 99 } },
                Good with { ChallengerArm = Good.ChallengerArm with { Auc = double.NaN } },
                Good with { GainBps = new Interval(2, double.NegativeInfinity, double.PositiveInfinity) },
                Good with { SampleRatioP = double.NaN },
            ])
        {
            PromotionVerdict verdict = Policy.Judge(unknown);
            Assert.Equal(PromotionDecision.Wait, verdict.Decision);
            Assert.Equal(2, verdict.Checks.Count(c => c.Passed is null));
        }
    }

    [Fact]
    public void A_model_of_another_mind_goes_on_when_people_agree() =>
        Assert.Equal(PromotionDecision.Ramp, Policy.Judge(Good, importanceMoved: 0.9, approved: true).Decision);

    [Theory]
    [InlineData(0.1, PromotionDecision.Ramp, 0.2)]
    [InlineData(0.2, PromotionDecision.Ramp, 0.5)]
    [InlineData(0.35, PromotionDecision.Ramp, 0.5)]
    [InlineData(0.5, PromotionDecision.Promote, 1)]
    public void It_ramps_step_by_step(double share, PromotionDecision decision, double next)
    {
        PromotionVerdict verdict = Policy.Judge(Good with { Share = share });

        Assert.Equal((decision, next), (verdict.Decision, verdict.NextShare));
    }

    [Fact]
    public void Each_step_is_checked_and_takes_its_time()
    {
        ExperimentStanding half = Good with { Share = 0.5 };

        Assert.Equal(PromotionDecision.Wait, Policy.Judge(half with { StagePredictions = 199 }).Decision);
        Assert.Equal(PromotionDecision.Wait, Policy.Judge(half with { StageAge = TimeSpan.FromMinutes(59) }).Decision);
        Assert.Equal(PromotionDecision.Wait, Policy.Judge(half with { GainBps = new Interval(1, -1, 3) }).Decision);
        Assert.Equal(PromotionDecision.Promote, Policy.Judge(half with { StageAge = TimeSpan.FromHours(1) }).Decision);
    }

    [Fact]
    public void A_challenger_that_loses_money_beyond_chance_is_stopped_unless_the_assignment_is_broken()
    {
        ExperimentStanding loses = Good with { GainBps = new Interval(-2, -4, -0.01), Outcomes = 150 };

        Assert.Equal(PromotionDecision.Stop, Policy.Judge(loses).Decision);
        Assert.Equal(PromotionDecision.Wait, Policy.Judge(loses with { SampleRatioP = 1e-9 }).Decision);
        Assert.Equal(PromotionDecision.Wait, Policy.Judge(loses with { GainBps = new Interval(-2, -4, 0) }).Decision);
    }

    [Theory]
    [InlineData(4, 4.2, 0.05)]
    [InlineData(-4, -3.8, 0.05)]
    [InlineData(0, 1, double.PositiveInfinity)]
    [InlineData(0, 0, 0)]
    [InlineData(4, 2, -0.5)]
    public void The_gain_is_relative_to_what_the_champion_makes_or_loses(double champion, double challenger, double gain)
    {
        ExperimentStanding standing = Good with
        {
            ChampionArm = Good.ChampionArm with { NetBps = champion },
            ChallengerArm = Good.ChallengerArm with { NetBps = challenger },
        };
        Assert.Equal(gain, standing.RelativeGain, 1e-12);
    }
}
