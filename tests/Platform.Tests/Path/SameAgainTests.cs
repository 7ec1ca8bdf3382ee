namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>Same market, same settings, same seed: same decisions, to the bit. Anything else: other decisions.</summary>
public sealed class SameAgainTests
{
    private static readonly string[] Quiet = ["detection.directional=false"];

    [Fact]
    public async Task Two_replays_of_one_recording_are_one()
    {
        using var recording = new MadeUpRecording();
        using Replayed first = await Replayed.OfAsync(recording.Path, "safety", Quiet);
        using Replayed second = await Replayed.OfAsync(recording.Path, "safety", Quiet);

        Assert.Equal(55, first.Get<long>("detected/total"));
        Assert.Equal((first.DecisionHash, first.LedgerContent), (second.DecisionHash, second.LedgerContent));
        Assert.Equal(first.Outcomes, second.Outcomes);
    }

    [Fact]
    public async Task One_tick_in_one_quote_of_a_gap_is_another_hash()
    {
        using var recording = new MadeUpRecording();
        using Replayed before = await Replayed.OfAsync(recording.Path, null, Quiet);
        recording.RaiseByOneTick(minute: 30);
        using Replayed after = await Replayed.OfAsync(recording.Path, null, Quiet);

        Assert.Equal(before.Get<long>("detected/total"), after.Get<long>("detected/total"));
        Assert.NotEqual(before.DecisionHash, after.DecisionHash);
    }

    [Fact]
    public async Task One_threshold_is_another_hash()
    {
        using var recording = new MadeUpRecording();
        using Replayed before = await Replayed.OfAsync(recording.Path, null, Quiet);
        using Replayed after = await Replayed.OfAsync(recording.Path, null, [.. Quiet, "gates.spread.maxBps=5.1"]);

        Assert.NotEqual(before.DecisionHash, after.DecisionHash);
    }

    [Fact]
    public async Task Another_model_is_another_hash()
    {
        string[] world = [.. Quiet, "feed.instants=1000", "feed.symbols=2"];
        using Replayed baseline = await Replayed.OfSyntheticAsync([.. world, "training.learn=off"]);
        using Replayed learnt = await Replayed.OfSyntheticAsync([.. world, "triggers.interval=200"]);
        using Replayed learntLater = await Replayed.OfSyntheticAsync([.. world, "triggers.interval=400", "triggers.performanceGain=10"]);

        Assert.Null(baseline.Report["lanes"]!["training"]!["serving"]);
        Assert.NotNull(learnt.Report["lanes"]!["training"]!["serving"]);
        Assert.Equal(3, new[] { baseline.DecisionHash, learnt.DecisionHash, learntLater.DecisionHash }.Distinct().Count());
    }

    [Fact]
    public async Task A_seed_is_a_world_of_its_own_and_the_same_one_each_time()
    {
        string[] world = [.. Quiet, "feed.instants=200", "feed.symbols=2"];
        using Replayed first = await Replayed.OfSyntheticAsync([.. world, "feed.seed=7"]);
        using Replayed again = await Replayed.OfSyntheticAsync([.. world, "feed.seed=7"]);
        using Replayed other = await Replayed.OfSyntheticAsync([.. world, "feed.seed=8"]);

        Assert.Equal((first.DecisionHash, first.LedgerContent), (again.DecisionHash, again.LedgerContent));
        Assert.NotEqual(first.DecisionHash, other.DecisionHash);
    }
}
