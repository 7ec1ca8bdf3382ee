using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

public class ExperimentTests
{
    private static readonly ModelRef Champion = Package(1).Ref;
    private static readonly ModelRef Challenger = Package(2).Ref;
    private static readonly EvidenceSettings ByOpportunity = new() { Unit = EvidenceUnit.Opportunity, Start = 2 };

    [Theory]
    [InlineData(0.8, 0.4, 12.5, 0)]
    [InlineData(0.8, 0.8, 12.5, 12.5)]
    [InlineData(0.5, 0.4999, 12.5, 0)]
    [InlineData(0.2, 0.3, 0, 0)]
    public void A_model_earns_what_it_would_trade(double champion, double challenger, double championNet, double challengerNet)
    {
        var outcome = PairedOutcome.Of(Noon, champion, challenger, 12.5, true, 0.5);

        Assert.Equal((championNet, challengerNet), (outcome.ChampionNetBps, outcome.ChallengerNetBps));
    }

    [Fact]
    public void Money_is_paired_by_opportunity_and_the_gain_is_relative_to_the_champion()
    {
        Experiment experiment = Make(ByOpportunity);
        foreach ((double a, double b) in ((double, double)[])[(10, 12), (-20, -10), (4, 4), (0, 3)]) experiment.Learn(Earned(Noon, a, b));

        ExperimentStanding standing = experiment.Standing(Noon.AddHours(2));

        Assert.Equal((4, 4, 3.75), (standing.Outcomes, standing.Units, standing.GainBps.Estimate));
        Assert.Equal((-1.5, 2.25), (standing.ChampionArm.NetBps, standing.ChallengerArm.NetBps));
        Assert.Equal(2.5, standing.RelativeGain);
        Assert.Equal((20, 10), (standing.ChampionArm.DrawdownBps, standing.ChallengerArm.DrawdownBps));
        Assert.Equal(2, standing.Age.TotalHours);
        Assert.Equal(standing.GainBps, experiment.GainBps);
    }

    [Fact]
    public void By_the_minute_the_totals_of_closed_minutes_are_the_samples()
    {
        Experiment experiment = Make(new EvidenceSettings { Start = 2 });
        var test = new PairedMeanTest(new SequentialOptions { Tau = 1, Start = 2 });
        foreach ((int second, double gain) in ((int, double)[])[(0, 1), (59, 2), (60, 4), (30, 8), (120, 16), (300, 32)])
            experiment.Learn(Earned(Noon.AddSeconds(second), 0, gain));
        // The fourth is known late and counts in the minute that is open.
        foreach (double total in (double[])[3, 12, 16]) test.Add(total);

        ExperimentStanding standing = experiment.Standing(Noon);

        Assert.Equal((6, 3), (standing.Outcomes, standing.Units));
        Assert.Equal((test.Interval, test.PValue), (standing.GainBps, standing.PValue));
    }

    [Fact]
    public void Requests_that_go_elsewhere_than_they_should_show_until_the_share_changes()
    {
        Experiment experiment = Make(ByOpportunity);
        Assert.True(double.IsNaN(experiment.Standing(Noon).SampleRatioP));
        for (int i = 0; i < 1_000; i++)
            experiment.Predicted(i % 4 == 0 ? Arm.Challenger : Arm.Champion, TimeSpan.FromMilliseconds(1), failed: i % 100 == 0);

        ExperimentStanding standing = experiment.Standing(Noon);

        Assert.Equal((250, 750), (standing.ChallengerArm.Predictions, standing.ChampionArm.Predictions));
        Assert.Equal(SampleRatio.Test([750, 250], [0.8, 0.2]).PValue, standing.SampleRatioP);
        Assert.True(standing.SampleRatioP < SampleRatio.BlockBelow);
        Assert.Equal(10, standing.ChallengerArm.Errors);
        experiment.Ramp(0.5, Noon.AddHours(1));
        for (int i = 0; i < 100; i++) experiment.Predicted(i % 2 == 0 ? Arm.Challenger : Arm.Champion, TimeSpan.FromMilliseconds(1));
        standing = experiment.Standing(Noon.AddHours(3));
        Assert.Equal((1, 50, 300), (standing.SampleRatioP, standing.StagePredictions, standing.ChallengerArm.Predictions));
        Assert.Equal(2, standing.StageAge.TotalHours);
        Assert.Throws<RegistryRefusedException>(() => experiment.Ramp(0, Noon));
    }

    [Fact]
    public void What_was_saved_goes_on_as_if_it_had_never_stopped()
    {
        foreach (EvidenceSettings settings in (EvidenceSettings[])[new(), ByOpportunity])
        {
            Experiment whole = Make(settings), before = Make(settings), after = Make(settings);
            Feed(whole, 0, 700);
            Feed(before, 0, 300);
            after.Load(before.Save());
            Feed(after, 300, 700);

            Assert.Equal(whole.Standing(Noon), after.Standing(Noon));
            Assert.Equal(whole.Save(), after.Save());
        }
    }

    [Fact]
    public void Evidence_of_something_else_is_refused()
    {
        Experiment experiment = Make(new EvidenceSettings());
        Feed(experiment, 0, 100);
        byte[] saved = experiment.Save();

        Assert.Contains("other", Throws(new Experiment("other", Champion, Challenger, 0.2, Noon, new EvidenceSettings()), saved),
            StringComparison.Ordinal);
        Assert.Contains("weighed by", Throws(Make(new EvidenceSettings { MdeBps = 2 }), saved), StringComparison.Ordinal);
        Throws(Make(new EvidenceSettings()), saved[..^1]);
        Throws(Make(new EvidenceSettings()), [.. saved, 0]);
        Throws(Make(new EvidenceSettings()), [1, 2, 3, 4, 5]);
        static string Throws(Experiment into, byte[] bytes) => Assert.Throws<InvalidDataException>(() => into.Load(bytes)).Message;
    }

    [Fact]
    public void Numbers_that_are_none_are_refused_by_name_and_change_nothing()
    {
        Experiment experiment = Make(ByOpportunity);
        byte[] before = experiment.Save();

        Assert.Contains("champion's score", Refused(new PairedOutcome(Noon, double.NaN, 0.5, 0, 0, true)), StringComparison.Ordinal);
        Assert.Contains("challenger's score", Refused(new PairedOutcome(Noon, 0.5, 1.5, 0, 0, true)), StringComparison.Ordinal);
        Assert.Contains("champion's net bps", Refused(new PairedOutcome(Noon, 0.5, 0.5, double.NaN, 0, true)), StringComparison.Ordinal);
        Assert.Contains("challenger's net bps", Refused(new PairedOutcome(Noon, 0.5, 0.5, 0, double.NegativeInfinity, true)),
            StringComparison.Ordinal);

        Assert.Equal(before, experiment.Save());
        string Refused(PairedOutcome outcome) => Assert.Throws<ArgumentException>(() => experiment.Learn(outcome)).Message;
    }

    private static Experiment Make(EvidenceSettings settings) => new("meta_label-3", Champion, Challenger, 0.2, Noon, settings);

    private static PairedOutcome Earned(DateTime at, double champion, double challenger) => new(at, 0.5, 0.5, champion, challenger, true);

    private static void Feed(Experiment experiment, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            var random = new SplitMix64(i);
            experiment.Predicted(random.NextInt(5) == 0 ? Arm.Challenger : Arm.Champion, TimeSpan.FromTicks(random.NextInt(100_000)), random.NextInt(50) == 0);
            experiment.Learn(PairedOutcome.Of(
                Noon.AddSeconds(7 * i), random.NextDouble(), random.NextDouble(), 10 * random.NextNormal(), random.NextInt(2) == 0, 0.5));
        }
    }
}
