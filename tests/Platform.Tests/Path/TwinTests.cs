using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>Paper production beside its shadow: every gap has a cause, and each cause shows alone when it alone is there.</summary>
public sealed class TwinTests(ITestOutputHelper output)
{
    // USD. Decimal divisions leave less than 1e-25.
    private const decimal Tolerance = 1e-9m;

    private static readonly string[] Exact =
    [
        "detection.directional=false", "training.learn=off", "preValidator.minScore=0", "gates.spread.maxBps=1000", "guard.dailyLoss=0",
        "guard.consecutiveLosses=0", "paper.latencySigma=0", "paper.impactBps=0", "paper.priceMoveBps=0", "paper.partialFillProbability=0",
        "paper.rejectProbability=0",
    ];

    [Fact]
    public async Task On_two_weeks_of_minutes_every_order_has_a_twin_and_every_gap_a_cause()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording, output) is not { } path) return;
        using Replayed replay = await Replayed.OfAsync(path, "safety");

        Assert.True(replay.Get<long>("comparison/total") > 0);
        Assert.Equal(replay.Get<long>("lanes/production/processed"), replay.Get<long>("comparison/total"));
        Assert.InRange(replay.Get<decimal>("comparison/gap") - Causes(replay).Values.Sum(), -Tolerance, Tolerance);
        Assert.InRange(Causes(replay)["unexplained"], -Tolerance, Tolerance);
        decimal gap = replay.Get<decimal>("lanes/production/total_profit") - replay.Get<decimal>("lanes/shadow/passed/total_profit");
        Assert.InRange(replay.Get<decimal>("comparison/gap") - gap, -Tolerance, Tolerance);
        Assert.True(replay.Get<double>("labelled/ratio") >= 4, $"{replay.Get<double>("labelled/ratio")} labelled samples for each of production's");
        Assert.Equal(0, replay.Get<long>("conservation/missing"));
    }

    [Fact]
    public async Task A_venue_that_does_what_the_shadow_does_leaves_no_gap()
    {
        using var recording = new MadeUpRecording();
        using Replayed replay = await Replayed.OfAsync(recording.Path, "safety", Exact);

        Assert.Equal((55L, 55L), (replay.Get<long>("lanes/production/processed"), replay.Get<long>("comparison/both_filled")));
        Assert.All(Causes(replay), cause => Assert.InRange(cause.Value, -Tolerance, Tolerance));
        Assert.InRange(replay.Get<decimal>("comparison/avg_discrepancy"), 0m, Tolerance);
    }

    [Theory]
    [InlineData("latency", "paper.latencyMedian=90s")]
    [InlineData("price_move", "paper.priceMoveBps=2")]
    [InlineData("impact", "paper.impactBps=20")]
    [InlineData("fee", "paper.feeBpsExtra=1.5")]
    [InlineData("size", "paper.partialFillProbability=1")]
    [InlineData("missed", "paper.rejectProbability=0.5")]
    public async Task A_difference_that_is_the_only_one_is_the_only_cause(string cause, string difference)
    {
        using var recording = new MadeUpRecording();
        using Replayed replay = await Replayed.OfAsync(recording.Path, "safety", [.. Exact, difference]);
        Dictionary<string, decimal> causes = Causes(replay);

        Assert.Equal(55, replay.Get<long>("comparison/total"));
        Assert.NotInRange(causes[cause], -0.0001m, 0.0001m);
        Assert.All(causes.Where(c => c.Key != cause), other => Assert.InRange(other.Value, -Tolerance, Tolerance));
        Assert.InRange(replay.Get<decimal>("comparison/gap") - causes[cause], -Tolerance, Tolerance);
    }

    private static Dictionary<string, decimal> Causes(Replayed replay) =>
        replay.Report["comparison"]!["causes"]!.AsObject().ToDictionary(c => c.Key, c => c.Value!.GetValue<decimal>(), StringComparer.Ordinal);
}
