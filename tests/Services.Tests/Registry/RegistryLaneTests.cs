using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using static QuadTurbo.Services.Tests.Production.Example;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>One column foretells what wins. A wise model reads it, a foolish one reads it the wrong way round, the baseline does not read it.</summary>
public sealed class RegistryLaneTests : IDisposable
{
    private static readonly GatePolicy Policy = new([new GateDefinition("score_rule", "0..1", GateComparison.AtLeast, "score_too_low", true, true)], "{}");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("registry-lane");
    private readonly List<IHost> _hosts = [];
    private DateTime _now = Noon;
    private long _opportunity;

    public void Dispose()
    {
        foreach (IHost host in _hosts) host.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_next_version_of_the_learner_that_judges_takes_its_place_at_once()
    {
        Registry registry = await StartAsync();

        await registry.TrainAsync(Version(1, "ftrl", weight: 3), ready: false);
        await registry.TrainAsync(Version(2, "ftrl", weight: 3), ready: true);
        await registry.TrainAsync(Version(3, "ftrl", weight: 4), ready: true);

        Assert.Equal([("v0.2.2", 1.0), ("v0.2.3", 1.0)], registry.Said);
        Assert.Equal(["v0.1.0", "v0.2.1", "v0.2.2", "v0.2.3"], registry.Catalogue.Versions(VersionType.MetaLabel).Select(v => v.Model.Label));
    }

    [Fact]
    public async Task Another_kind_of_model_begins_with_a_share_gets_more_as_it_earns_more_and_is_promoted()
    {
        Registry registry = await StartAsync();

        await registry.TrainAsync(Version(1, "ensemble", weight: 3), ready: true);
        await LearnAsync(registry, 4_000);

        Assert.Equal([("v0.2.1", 0.2), ("v0.2.1", 0.5), ("v0.2.1", 1.0)], registry.Said);
        Assert.Equal(
            [HistoryKind.Registered, HistoryKind.Registered, HistoryKind.ExperimentStarted, HistoryKind.Ramped, HistoryKind.Promoted],
            registry.Catalogue.History.Select(line => line.What));
        Assert.Equal("v0.2.1", registry.Catalogue.LiveNow(VersionType.MetaLabel).Champion?.Label);
    }

    [Fact]
    public async Task A_challenger_that_loses_money_against_the_champion_is_withdrawn()
    {
        Registry registry = await StartAsync();

        await registry.TrainAsync(Version(1, "ensemble", weight: -3), ready: true);
        await LearnAsync(registry, 1_000);

        Assert.Equal([("v0.2.1", 0.2), ("v0.2.1", 0.0)], registry.Said);
        Assert.Equal(HistoryKind.ExperimentEnded, registry.Catalogue.History[^1].What);
        Assert.Equal("v0.1.0", registry.Catalogue.LiveNow(VersionType.MetaLabel).Champion?.Label);
    }

    [Fact]
    public async Task A_promoted_version_that_begins_to_lose_goes_back_to_the_one_before()
    {
        Registry registry = await StartAsync();
        await registry.TrainAsync(Version(1, "ensemble", weight: 3), ready: true);
        await LearnAsync(registry, 4_000);
        int outcomes = 0;

        for (; registry.Said[^1].Label != "v0.1.0" && outcomes < 400; outcomes++) await LearnAsync(registry, 1, turned: true);

        Assert.Equal(("v0.1.0", 1.0), registry.Said[^1]);
        Assert.Equal((HistoryKind.RolledBack, "v0.1.0"), (registry.Catalogue.History[^1].What, registry.Catalogue.LiveNow(VersionType.MetaLabel).Champion?.Label));
        Assert.True(outcomes < 400, $"{outcomes} outcomes");
    }

    [Fact]
    public async Task A_version_that_is_not_ready_is_compared_and_judges_nothing()
    {
        Registry registry = await StartAsync();

        await registry.TrainAsync(Version(1, "ensemble", weight: 3), ready: false);
        await LearnAsync(registry, 2_000);

        Assert.Empty(registry.Said);
        Assert.True(registry.Lane.Standing!.GainBps.Low > 0, $"{registry.Lane.Standing.GainBps}");
    }

    [Fact]
    public async Task A_newer_ready_version_waits_for_the_end_of_the_experiment()
    {
        Registry registry = await StartAsync();
        await registry.TrainAsync(Version(1, "ensemble", weight: -3), ready: true);
        await registry.TrainAsync(Version(2, "ensemble", weight: 3), ready: true);
        Assert.Equal([("v0.2.1", 0.2)], registry.Said);

        await LearnAsync(registry, 1_000);

        Assert.Equal([("v0.2.1", 0.2), ("v0.2.1", 0.0), ("v0.2.2", 0.2)], registry.Said);
    }

    [Fact]
    public async Task After_a_restart_champion_and_challenger_judge_what_they_judged()
    {
        Registry first = await StartAsync();
        await first.TrainAsync(Version(1, "ftrl", weight: 3), ready: true);
        await first.TrainAsync(Version(2, "ensemble", weight: 3), ready: true);
        await StopAsync();

        Registry second = await StartAsync();

        Assert.Equal([("v0.2.1", 1.0), ("v0.2.2", 0.2)], second.Said);
        Assert.Equal(2, await second.Transport.AskAsync(Queries.LastOrdinal, new LastOrdinalQuestion()));
    }

    [Fact]
    public async Task What_a_ledger_says_served_is_taken_over_where_there_is_no_history()
    {
        Registry registry = await StartAsync();
        ModelPackage served = Version(7, "ftrl", weight: 1);

        await registry.Transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = served.Ref, Package = served.Bytes, Why = "it served before the restart" });
        await registry.TrainAsync(Version(8, "ftrl", weight: 3), ready: true);

        Assert.Equal(["v0.2.7", "v0.2.8"], registry.Catalogue.History.Where(line => line.What == HistoryKind.Assigned).Select(line => registry.Catalogue.Find(line.Model)!.Model.Label));
    }

    [Fact]
    public async Task A_version_that_cannot_be_kept_does_not_judge_and_the_next_one_does()
    {
        Registry registry = await StartAsync();
        string artefacts = System.IO.Path.Combine(_folder.FullName, RegistryService.Folder, "artefacts"), aside = artefacts + "-aside";
        Directory.Move(artefacts, aside);
        File.WriteAllText(artefacts, "a file where the folder should be");
        await registry.TrainAsync(Version(1, "ftrl", weight: 3), ready: true);
        Assert.Empty(registry.Said);

        File.Delete(artefacts);
        Directory.Move(aside, artefacts);
        await registry.TrainAsync(Version(2, "ftrl", weight: 3), ready: true);

        Assert.Equal([("v0.2.2", 1.0)], registry.Said);
    }

    [Fact]
    public async Task People_promote_a_challenger_before_its_next_step_when_every_check_has_passed()
    {
        Registry registry = await StartAsync();
        await registry.TrainAsync(Version(1, "ensemble", weight: 3), ready: true);

        await LearnAsync(registry, 100);
        PromotionView early = await registry.Transport.AskAsync(Queries.PromoteWinner, new PromoteWinner("meta_label"));
        Assert.False(early.Promoted);
        Assert.Equal("v0.1.0", early.Champion.Label);
        Assert.Contains(early.Checks, c => c is { Name: "enough_predictions", Passed: false, Measured: < 200, Limit: 200 });

        await LearnAsync(registry, 700);
        PromotionView promoted = await registry.Transport.AskAsync(Queries.PromoteWinner, new PromoteWinner("meta_label"));
        Assert.True(promoted.Promoted, promoted.Why);
        Assert.Equal([("v0.2.1", 0.2), ("v0.2.1", 1.0)], registry.Said);
        Assert.Equal("v0.2.1", registry.Roster.Champion.Ref.Label);
    }

    [Fact]
    public async Task A_test_keeps_its_champion_and_its_evidence_while_the_learner_refreshes_and_the_latest_refresh_serves_when_it_ends()
    {
        Registry registry = await StartAsync();
        await BeginAsync(registry, Version(7, "ensemble", weight: 3), [0.7, 0.3]);
        await LearnAsync(registry, 50);

        await registry.TrainAsync(Version(8, "ftrl", weight: 3), ready: true);
        await registry.TrainAsync(Version(9, "ftrl", weight: 4), ready: false);
        await registry.TrainAsync(Version(10, "ftrl", weight: 4), ready: true);
        await LearnAsync(registry, 50);

        Assert.Equal([("v0.2.7", 0.3)], registry.Said);
        Assert.Equal((100, "v0.1.0"), (registry.Lane.Judge(_now)!.Value.Standing.Outcomes, registry.Live.Champion!.Label));
        Assert.NotNull(registry.Catalogue.Resolve(VersionType.MetaLabel, "v0.2.9"));
        LiveView ended = await registry.Transport.AskAsync(Queries.RollBack, new RollBack("meta_label"));
        Assert.Equal([("v0.2.7", 0.3), ("v0.2.7", 0.0), ("v0.2.10", 1.0)], registry.Said);
        Assert.Equal((null, false, "v0.2.10"), (ended.Experiment, ended.Pinned, ended.Champion!.Label));
    }

    [Fact]
    public async Task A_test_with_a_refreshing_champion_is_promoted_like_any_other_and_the_refresh_that_waited_is_void()
    {
        Registry registry = await StartAsync();
        await BeginAsync(registry, Version(7, "ensemble", weight: 3), null);

        for (int refresh = 8; registry.Said[^1].Share < 1 && refresh < 1_000; refresh++)
        {
            await registry.TrainAsync(Version(refresh, "ftrl", weight: 0.01), ready: true);
            await LearnAsync(registry, 50);
        }

        Assert.Equal([("v0.2.7", 0.2), ("v0.2.7", 0.5), ("v0.2.7", 1.0)], registry.Said);
        Assert.Equal("v0.2.7", registry.Live.Champion!.Label);
    }

    [Fact]
    public async Task A_test_without_a_result_ends_for_the_refresh_that_waits_after_the_most_days()
    {
        Registry registry = await StartAsync();
        await BeginAsync(registry, Version(7, "ensemble", weight: 3), null);

        DateTime week = registry.Live.Since.AddDays(7);
        await registry.TrainAsync(Version(8, "ftrl", weight: 3), ready: true, knownAt: week.AddSeconds(-1));
        Assert.Equal([("v0.2.7", 0.2)], registry.Said);
        await registry.TrainAsync(Version(9, "ftrl", weight: 3), ready: true, knownAt: week);

        Assert.Equal([("v0.2.7", 0.2), ("v0.2.7", 0.0), ("v0.2.9", 1.0)], registry.Said);
    }

    [Fact]
    public async Task Evidence_survives_a_restart_and_what_is_damaged_or_of_another_test_begins_anew()
    {
        Registry first = await StartAsync();
        await first.TrainAsync(Version(1, "ensemble", weight: 3), ready: true);
        await LearnAsync(first, 150);
        var before = first.Lane.Judge(_now)!.Value.Standing;
        await StopAsync();

        Registry second = await StartAsync();
        var after = second.Lane.Judge(_now)!.Value.Standing;
        Assert.Equal(before, after);
        Assert.Equal(150, after.Outcomes);
        await LearnAsync(second, 3_000);
        Assert.Equal([("v0.1.0", 1.0), ("v0.2.1", 0.2), ("v0.2.1", 0.5), ("v0.2.1", 1.0)], second.Said);
        await StopAsync();
        Assert.Equal([EvidenceFile("guard")], Directory.GetFiles(System.IO.Path.Combine(_folder.FullName, RegistryService.Folder), "evidence-*"));

        Registry third = await StartAsync();
        await third.TrainAsync(Version(2, "ensemble", weight: 4), ready: true);
        await LearnAsync(third, 100);
        await StopAsync();
        byte[] evidence = File.ReadAllBytes(EvidenceFile("experiment"));
        evidence[^1] ^= 1;
        File.WriteAllBytes(EvidenceFile("experiment"), evidence);
        Registry fourth = await StartAsync();
        Assert.Equal(0, fourth.Lane.Judge(_now)!.Value.Standing.Outcomes);
        Assert.Equal("v0.2.2", fourth.Live.Challenger!.Label);
    }

    [Fact]
    public async Task A_ramp_that_history_tells_of_and_the_evidence_does_not_counts_the_arms_anew_from_then_on()
    {
        Registry first = await StartAsync();
        await first.TrainAsync(Version(1, "ensemble", weight: 3), ready: true);
        await LearnAsync(first, 50);
        DateTime began = first.Live.Since;
        first.Catalogue.Ramp(VersionType.MetaLabel, 0.5, "a crash came before the evidence was kept", _now);
        await StopAsync();

        var standing = (await StartAsync()).Lane.Judge(_now.AddHours(1))!.Value.Standing;

        Assert.Equal((0.5, 50, 0), (standing.Share, standing.Outcomes, standing.StagePredictions));
        Assert.Equal((_now.AddHours(1) - began, TimeSpan.FromHours(1)), (standing.Age, standing.StageAge));
    }

    [Fact]
    public async Task What_people_go_back_to_stays_until_they_lift_the_pin_over_a_restart_too()
    {
        Registry first = await StartAsync();
        await first.TrainAsync(Version(1, "ftrl", weight: 3), ready: true);
        await first.TrainAsync(Version(2, "ftrl", weight: 3), ready: true);

        LiveView back = await first.Transport.AskAsync(Queries.RollBack, new RollBack("meta_label"));
        await first.TrainAsync(Version(3, "ftrl", weight: 3), ready: true);
        await first.TrainAsync(Version(4, "ensemble", weight: 3), ready: true);
        Assert.Equal((true, "v0.2.1"), (back.Pinned, back.Champion!.Label));
        Assert.Equal([("v0.2.1", 1.0), ("v0.2.2", 1.0), ("v0.2.1", 1.0)], first.Said);
        await StopAsync();

        Registry second = await StartAsync();
        await second.TrainAsync(Version(5, "ftrl", weight: 3), ready: true);
        await second.TrainAsync(Version(6, "ensemble", weight: 3), ready: true);
        await LearnAsync(second, 400);
        Assert.Equal([("v0.2.1", 1.0)], second.Said);
        Assert.True(second.Live.Pinned);
        Assert.True((await second.Transport.AskAsync(Queries.SummariseVersions, new SummariseVersions(Online: false))).Live.Pinned);

        LiveView free = await second.Transport.AskAsync(Queries.Unpin, new Unpin("meta_label"));
        Assert.False(free.Pinned);
        Assert.Equal([("v0.2.1", 1.0), ("v0.2.5", 1.0), ("v0.2.6", 0.2)], second.Said);
        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(async () => await second.Transport.AskAsync(Queries.Unpin, new Unpin("meta_label")));
        Assert.Equal(Refusal.Conflict, refused.Reason);
    }

    [Fact]
    public async Task While_people_hold_the_champion_a_test_of_theirs_is_promoted_by_them_alone_which_lifts_the_pin()
    {
        Registry registry = await StartAsync();
        ModelPackage package = Version(7, "ensemble", weight: 3);
        registry.Catalogue.Register(Registration.Of(package, Noon), package.Bytes, "by hand", Noon);
        Assert.True((await registry.Transport.AskAsync(Queries.RollBack, new RollBack("meta_label", "v0.1.0"))).Pinned);
        await registry.Transport.AskAsync(Queries.StartAbTest, new StartAbTest("meta_label", "v0.1.0", package.Ref.Label));

        await LearnAsync(registry, 4_000);
        Assert.Equal([("v0.2.7", 0.2), ("v0.2.7", 0.5)], registry.Said);

        Assert.True((await registry.Transport.AskAsync(Queries.PromoteWinner, new PromoteWinner("meta_label"))).Promoted);
        Assert.Equal(("v0.2.7", false), (registry.Live.Champion!.Label, registry.Live.Pinned));
    }

    [Fact]
    public async Task A_version_that_was_sent_back_does_not_return_at_once_with_another_calibrator()
    {
        Registry registry = await StartAsync();
        ModelPackage bad = Version(1, "ensemble", weight: 3);
        await registry.TrainAsync(bad, ready: true);
        await LearnAsync(registry, 4_000);
        while (registry.Said[^1].Label != "v0.1.0") await LearnAsync(registry, 1, turned: true);

        await registry.TrainAsync(Version(2, "ensemble", weight: 3.1), ready: true, recalibrates: bad.Ref.Id);

        Assert.Equal(("v0.2.2", 0.2), registry.Said[^1]);
        Assert.Equal("v0.1.0", registry.Live.Champion!.Label);
    }

    [Fact]
    public async Task A_model_that_gives_no_score_has_errors_and_not_evidence()
    {
        Registry registry = await StartAsync();
        var head = new LogisticHead(0, [new LogisticTerm("sell_imbalance", 0, 3, MissingRule.Unknown)], samples: 100);
        ModelPackage silent = ModelPackage.Create(
            new ModelManifest { Label = "v0.2.1", Ordinal = 1, Kind = "ensemble", Samples = 100, Seed = 0 }, head, ModelPackage.Baseline.Directional);
        await registry.TrainAsync(silent, ready: true);

        await LearnAsync(registry, 400);

        var (standing, verdict) = registry.Lane.Judge(_now)!.Value;
        Assert.Equal((0, 1.0, 0.0), (standing.Outcomes, standing.ChallengerArm.ErrorRate, standing.ChampionArm.ErrorRate));
        Assert.InRange(standing.ChallengerArm.Predictions, 40, 120);
        Assert.False(verdict.Checks.Single(c => c.Name == "errors").Passed);
        Assert.DoesNotContain(verdict.Checks, c => c.Words.Contains("NaN", StringComparison.Ordinal) || c.Words.Contains("Infinity", StringComparison.Ordinal));
    }

    private static ModelPackage Version(int ordinal, string kind, double weight)
    {
        var head = new LogisticHead(0, [new LogisticTerm("buy_imbalance", 0, weight, MissingRule.Unknown)], samples: 100);
        return ModelPackage.Create(new ModelManifest { Label = $"v0.2.{ordinal}", Ordinal = ordinal, Kind = kind, Samples = 100, Seed = 0 }, head, ModelPackage.Baseline.Directional);
    }

    private static async Task BeginAsync(Registry registry, ModelPackage package, double[]? split)
    {
        registry.Catalogue.Register(Registration.Of(package, Noon), package.Bytes, "by hand", Noon);
        ExperimentView begun = await registry.Transport.AskAsync(Queries.StartAbTest, new StartAbTest("meta_label", "v0.1.0", package.Ref.Label, split));
        Assert.Equal(0, begun.Outcomes);
        Assert.DoesNotContain(begun.Checks, c => c.Words.Contains("NaN", StringComparison.Ordinal) || c.Words.Contains("Infinity", StringComparison.Ordinal));
        Assert.Contains(begun.Checks, c => c.Words.Contains("not known yet", StringComparison.Ordinal));
    }

    private string EvidenceFile(string of) => System.IO.Path.Combine(_folder.FullName, RegistryService.Folder, $"evidence-{of}.bin");

    // One outcome a minute, 10 bps won or lost in turn; turned, the column says the opposite of what happens.
    private async Task LearnAsync(Registry registry, int outcomes, bool turned = false)
    {
        for (int n = 0; n < outcomes; n++)
        {
            _now = _now.AddMinutes(1);
            bool wins = _opportunity % 2 == 0;
            Opportunity gap = Gap(_opportunity++, _now).With("net_edge_bps", 5).With("buy_imbalance", wins == turned ? -1 : 1);
            ModelSet judge = registry.Roster.For(gap.Id.High);
            Outcome earned = gap.Earned(wins ? 0.1m : -0.1m, _now);
            Decision decision = gap.Passed() with { Policy = Policy, Gates = new[] { GateResult.AtLeast(0.9, 0.6) }, Model = judge.Ref };
            await registry.Transport.PublishAsync(Topics.OutcomeSimulated, new OutcomesKnown([earned with { Lane = Lane.ShadowSim, Decision = decision }]));
        }
    }

    private async Task<Registry> StartAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(new FixedClock(() => _now)).AddSingleton(new RegistrySettings { MinPredictions = 200, MinHours = 1 });
        builder.Services.AddSingleton(new ServiceHostOptions
        {
            Schedule = Schedule.Lockstep,
            DataDirectory = _folder.FullName,
            Clock = TimeProvider.System,
            Settings = PlatformSettings.Load(ServiceHost.CatalogueOf([RegistryService.Definition]), new SettingsSources()),
        });
        builder.CarryEmbedded(Schedule.Lockstep);
        builder.Services.AddSingleton<Registry>();
        RegistryService.Definition.Add(builder);
        builder.Subscribe<Registry, ModelAssigned>(Topics.ModelAssigned, static _ => new Listener<Registry, ModelAssigned>(
            static (ear, assigned, _) =>
            {
                ear.Hear(assigned);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(16)));
        IHost host = builder.Build();
        _hosts.Add(host);
        host.Services.GetRequiredService<EmbeddedTransport>().Start();
        await host.StartAsync();
        return host.Services.GetRequiredService<Registry>();
    }

    private async Task StopAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        _hosts.Clear();
    }

    private sealed class FixedClock(Func<DateTime> now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now();
    }

    private sealed class Registry(IServiceProvider services)
    {
        public List<(string Label, double Share)> Said { get; } = [];

        public ModelRoster Roster { get; private set; } = ModelRoster.Baseline;

        public RegistryLane Lane => services.GetRequiredService<RegistryLane>();

        public VersionCatalogue Catalogue => services.GetRequiredService<VersionCatalogue>();

        public LiveModel Live => Catalogue.LiveNow(VersionType.MetaLabel);

        public EmbeddedTransport Transport => services.GetRequiredService<EmbeddedTransport>();

        public void Hear(ModelAssigned assigned)
        {
            Said.Add((assigned.Model.Label, assigned.Share));
            Roster = Roster.After(assigned);
        }

        public async Task TrainAsync(ModelPackage package, bool ready, DateTime? knownAt = null, string? recalibrates = null) => await Transport.PublishAsync(Topics.ModelTrained, new ModelTrained
        {
            Model = package.Ref,
            Package = package.Bytes,
            Trigger = "test",
            Samples = 100,
            Accuracy = 0.9,
            Auc = 0.9,
            LogLoss = double.NaN,
            BaselineLogLoss = double.NaN,
            KnownAt = knownAt ?? Noon,
            Recalibrates = recalibrates,
            Ready = ready,
            Verdict = "made up",
        });
    }
}
