using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Platform.Tests.Paths;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Platform.Tests.Processes;

/// <summary>A recorded market through services that are processes of their own: what is written is what one process writes.</summary>
public sealed class ReplayByProcessesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), LongPatience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Every_decision_and_every_outcome_equals_that_of_one_process()
    {
        using var recording = new MadeUpRecording();

        await SameAsync(BrokerFlavour.Redis, recording.Path, "safety", Patience, static _ => Task.CompletedTask);
    }

    [Fact]
    public async Task Under_duplicates_reordering_and_cut_connections_with_services_killed_on_the_way_they_are_equal_too()
    {
        using var recording = new MadeUpRecording();

        await SameAsync(BrokerFlavour.Redis, recording.Path, "safety", Patience, static processes => KillEachAsync(processes, seed: 5, times: 1));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_service_that_is_not_there_yet_is_waited_for_and_named()
    {
        using var recording = new MadeUpRecording();
        await using ServiceProcesses processes = await ServiceProcesses.StartWithoutAsync("registry", BrokerFlavour.Redis, recording.Path);

        await processes.WaitsAsync("training", "the registry has not said which versions there are");
        await processes.StartAsync("registry");

        await processes.CompletedAsync(Patience);
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(BrokerFlavour.Redis, null)]
    [InlineData(BrokerFlavour.Kafka, "safety")]
    public async Task Two_weeks_of_minutes_are_equal(BrokerFlavour flavour, string? preset)
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording) is not { } recording) return;

        await SameAsync(flavour, recording, preset, LongPatience, static _ => Task.CompletedTask);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task While_models_are_learnt_what_is_detected_what_fills_and_what_is_owed_are_equal()
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording) is not { } recording) return;
        using Replayed expected = await Replayed.OfAsync(recording, null);
        await using ServiceProcesses processes = await ServiceProcesses.StartAsync(BrokerFlavour.Redis, recording);
        await processes.CompletedAsync(LongPatience);
        await processes.StopAsync();

        Assert.Equal(expected.Decisions.Select(static d => d.Decision.Id), Replayed.DecisionsIn(processes.Ledger).Select(static d => d.Decision.Id));
        Assert.Equal(
            expected.Outcomes.OrderBy(static o => (o.Key.Id.High, o.Key.Id.Low, o.Key.Lane)),
            Replayed.OutcomesIn(processes.Ledger).OrderBy(static o => (o.Key.Id.High, o.Key.Id.Low, o.Key.Lane)));
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task Two_weeks_of_minutes_are_equal_under_faults_with_each_service_killed_twice(BrokerFlavour flavour)
    {
        if (Replayed.Shared(TwoWeeksOfMinutes.Recording) is not { } recording) return;

        await SameAsync(flavour, recording, "safety", LongPatience, static processes => KillEachAsync(processes, seed: 11, times: 2));
    }

    private static async Task SameAsync(BrokerFlavour flavour, string recording, string? preset, TimeSpan patience, Func<ServiceProcesses, Task> meanwhile)
    {
        using Replayed expected = await Replayed.OfAsync(recording, preset, "training.learn=off");
        string[] arguments = ["--learn", "off", .. (string[])(preset is null ? [] : ["--preset", preset])];
        await using ServiceProcesses processes = await ServiceProcesses.StartAsync(flavour, recording, arguments);
        await meanwhile(processes);
        await processes.CompletedAsync(patience);
        await processes.StopAsync();

        Assert.IsType<LedgerVerification.Intact>(LedgerVerifier.Verify(processes.Ledger));
        Assert.Equal(expected.Decisions.Select(static d => Told(d.Decision)), Replayed.DecisionsIn(processes.Ledger).Select(static d => Told(d.Decision)));
        IReadOnlyDictionary<(OpportunityId Id, Lane Lane), string> wanted = expected.Outcomes, got = Replayed.OutcomesIn(processes.Ledger);
        Assert.Equal(wanted.Count, got.Count);
        foreach (((OpportunityId Id, Lane Lane) key, string outcome) in wanted) Assert.Equal((key, outcome), (key, got[key]));
    }

    // 5 % come twice, 20 % late, 1 % of calls break; and every service dies, by SIGKILL, at a moment drawn from the seed.
    private static async Task KillEachAsync(ServiceProcesses processes, int seed, int times)
    {
        processes.Mesh.Faults.Plan = new FaultPlan
        {
            Seed = seed,
            Rates = new Dictionary<Fault, double>
            {
                [Fault.Duplicate] = 0.05,
                [Fault.Reorder] = 0.2,
                [Fault.CutRequest] = 0.005,
                [Fault.CutAnswer] = 0.005,
            },
        };
        var random = new Random(seed);
        string[] doomed = [.. Enumerable.Repeat(ServiceProcesses.Names, times).SelectMany(static n => n)];
        random.Shuffle(doomed);
        foreach (string name in doomed)
        {
            using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(100, 900)));
            await moment.WaitForNextTickAsync();
            processes.Kill(name);
            await processes.StartAsync(name);
        }
    }

    private static string Told(Decision decision) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{decision.Id} {decision.Passed} {decision.Score:r} {decision.Model.Id} {string.Join(' ', decision.Gates.ToArray().Select(static g => $"{g.State} {g.Measured:r} {g.Limit:r}"))}");
}
