using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Publication;
using static QuadTurbo.Services.Tests.Production.Example;

namespace QuadTurbo.Services.Tests.Training;

public sealed class TrainingLaneTests : IDisposable
{
    private static readonly TriggerSettings SamplesOnly = new() { PerformanceGain = 10, CoolDown = TimeSpan.Zero };

    private readonly List<IHost> _hosts = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("training");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        foreach (IHost host in _hosts) host.Dispose();
    }

    [Fact]
    public async Task Every_interval_makes_a_version()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly);

        for (int n = 0; n < 149; n++) await Learn(lane, n, won: n % 3 == 0);
        Assert.Equal([(1, 50L, "samples"), (2, 100L, "samples")], ear.Trained.Select(t => (t.Model.Ordinal, t.Samples, t.Trigger)));
        await Learn(lane, 149, won: true);

        Assert.Equal(["v0.1.1", "v0.1.2", "v0.1.3"], ear.Trained.Select(t => t.Model.Label));
        Assert.Equal(150, lane.Samples);
        Assert.All(ear.Trained, t => Assert.Equal(t.Model, ModelPackage.Load(t.Package, t.Model).Ref));
    }

    [Fact]
    public async Task It_tells_what_it_learnt_what_it_made_and_what_every_trigger_waits_for()
    {
        (TrainingLane lane, _, _) = Compose(triggers: SamplesOnly);
        LearningView before = lane.View();
        Assert.Equal((0L, false, 0L, null), (before.Samples.Labelled, before.Retraining.Running, before.Retraining.Runs, before.Retraining.LastText));
        Assert.All(before.Metrics.Where(m => m.Value is null), m => Assert.Equal("unknown", m.State));

        for (int n = 0; n < 60; n++) await Learn(lane, n, won: n % 3 == 0);
        LearningView after = lane.View();

        Assert.Equal((60L, 60), (after.Samples.Labelled, after.Samples.Buffer));
        Assert.Equal(60, after.Samples.ByLane.Sum(l => l.Count));
        Assert.Equal((1L, true), (after.Retraining.Runs, after.Retraining.LastText!.Contains("v0.1.1", StringComparison.Ordinal)));
        TriggerView samples = after.Triggers.Single(t => t.Name == "samples");
        Assert.Equal(("10", "50", false, "online"), (samples.Measured, samples.Limit, samples.Fired, samples.Kind));
        Assert.Contains("10 of 50", samples.WaitsFor);
        Assert.Equal(60, lane.Learners().Sum(l => l.Learner.N));
    }

    [Fact]
    public void Training_on_request_is_refused_where_a_replay_keeps_step_with_its_feed()
    {
        (TrainingLane lane, _, _) = Compose(triggers: SamplesOnly);

        TrainingBegun begun = lane.Begin(new TrainNow("meta_label"));

        Assert.False(begun.Started);
        Assert.Contains("in step", begun.Text);
    }

    [Fact]
    public async Task Versions_are_a_cool_down_apart_on_the_platforms_clock()
    {
        (TrainingLane lane, Ear ear, FeedClock clock) = Compose(triggers: SamplesOnly with { CoolDown = TimeSpan.FromMinutes(1) });
        clock.MoveTo(Noon);
        for (int n = 0; n < 120; n++) await Learn(lane, n, won: n % 3 == 0);
        Assert.Single(ear.Trained);

        clock.MoveTo(Noon.AddMinutes(1).AddTicks(-1));
        await Learn(lane, 120, won: true);
        Assert.Single(ear.Trained);
        clock.MoveTo(Noon.AddMinutes(1));
        await Learn(lane, 121, won: true);

        Assert.Equal([50L, 122L], ear.Trained.Select(t => t.Samples));
    }

    [Fact]
    public async Task A_head_is_ready_once_it_has_seen_enough_and_beats_the_baseline()
    {
        // What wins is told by one feature that the baseline does not read.
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly with { Interval = 10, MinNewSamples = 1, MinSamplesToServe = 200 });
        for (int n = 0; n < 400; n++) await Learn(lane, n, won: n % 2 == 0, signal: n % 2 == 0 ? 1 : -1);

        Assert.Equal(Enumerable.Range(20, 21), ear.Ready.Select(a => a.Model.Ordinal));
        Assert.All(ear.Trained.Where(t => t.Samples >= 200), t => Assert.True(t.LogLoss < t.BaselineLogLoss));
        ModelPackage last = ModelPackage.Load(ear.Trained[^1].Package, ear.Trained[^1].Model);
        Assert.Equal((true, false, 400L), (last.CrossVenue.Trained, last.Directional.Trained, last.CrossVenue.Samples));
        Assert.Equal("its cross-venue head beat the baseline's log-loss on samples scored before they were learnt", ear.Trained[^1].Verdict);
    }

    [Fact]
    public async Task A_head_that_does_not_beat_the_baseline_is_not_ready()
    {
        // What wins is told by the net edge in exactly the way the baseline says: nothing can beat it on average.
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly);
        var baseline = new ModelSet(ModelPackage.Baseline);
        SeededRandom random = SeededRandom.Stream(3, "baseline world");
        for (int n = 0; n < 1_000; n++)
        {
            Opportunity gap = Gap(n, Noon).With("net_edge_bps", (float)(8 * random.NextNormal()));
            await lane.LearnAsync(Label(gap, random.NextDouble() < baseline.Score(gap.Features, gap.Kind)), CancellationToken.None);
        }

        Assert.Equal(20, ear.Trained.Count);
        Assert.Empty(ear.Ready);
        Assert.True(ear.Trained[^1].LogLoss > ear.Trained[^1].BaselineLogLoss);
        Assert.False(ModelPackage.Load(ear.Trained[^1].Package, ear.Trained[^1].Model).CrossVenue.Trained);
    }

    [Fact]
    public async Task A_restored_learner_goes_on_bit_for_bit()
    {
        TriggerSettings triggers = SamplesOnly with { MinSamplesToServe = 100 };
        (TrainingLane first, Ear firstEar, _) = Compose(triggers: triggers);
        (TrainingLane second, Ear secondEar, _) = Compose(triggers: triggers);
        for (int n = 0; n < 300; n++) await Learn(first, n, won: n % 3 == 0, signal: n % 3 == 0 ? 1 : -0.4f, directional: n % 5 == 0);

        second.Restore(first.Save());
        for (int n = 300; n < 500; n++)
        {
            await Learn(first, n, won: n % 3 == 0, signal: n % 3 == 0 ? 1 : -0.4f, directional: n % 5 == 0);
            await Learn(second, n, won: n % 3 == 0, signal: n % 3 == 0 ? 1 : -0.4f, directional: n % 5 == 0);
        }

        Assert.Equal([7, 8, 9, 10], secondEar.Trained.Select(t => t.Model.Ordinal));
        Assert.Equal(firstEar.Trained.Skip(6).Select(t => t.Model.Id), secondEar.Trained.Select(t => t.Model.Id));
        Assert.Equal(firstEar.Trained[^1].Accuracy, secondEar.Trained[^1].Accuracy);
        LearnerState a = first.Save(), b = second.Save();
        Assert.Equal((a.Ordinal, a.Samples), (b.Ordinal, b.Samples));
        Assert.Equal(a.CrossVenue, b.CrossVenue);
        Assert.Equal(a.Directional, b.Directional);
    }

    [Fact]
    public async Task A_learner_that_knows_the_odds_but_not_which_trade_wins_does_not_serve()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly with { MinSamplesToServe = 100 });

        // The baseline is sure that so wide an edge wins; a quarter do, and what sets them apart changes its sign with every sample.
        for (int n = 0; n < 300; n++)
        {
            Opportunity gap = Gap(n, Noon).With("net_edge_bps", 30).With("buy_imbalance", n % 4 == 0 ? (n % 8 == 0 ? 1 : -1) : (n % 8 < 4 ? -1 : 1));
            await lane.LearnAsync(Label(gap, won: n % 4 == 0), CancellationToken.None);
        }

        ModelTrained last = ear.Trained[^1];
        Assert.True(last.Auc <= 0.5 && last.LogLoss < last.BaselineLogLoss, $"AUC {last.Auc}, log-loss {last.LogLoss} against {last.BaselineLogLoss}");
        Assert.False(last.Ready);
    }

    [Fact]
    public async Task What_it_counted_outlives_a_restart_and_what_does_not_names_its_window()
    {
        DateTime before = DateTime.UtcNow;
        (TrainingLane first, _, _) = Compose(triggers: SamplesOnly);
        await first.RecordAsync(new OpportunityJudged { Position = 0, Decisions = [Gap(0, Noon).Passed()], JudgedThrough = 1 }, MissCode.None, CancellationToken.None);
        await first.LearnReportedAsync(Reported("live_1", won: true), CancellationToken.None);
        for (int n = 1; n < 60; n++) await Learn(first, n, won: n % 2 == 0);
        (TrainingLane second, _, _) = Compose(triggers: SamplesOnly);

        second.Restore(first.Save());

        LearningView view = second.View();
        Assert.Equal((1L, 1L, 1L), (view.Samples.Collected, view.Samples.Reported, view.Retraining.Runs));
        Assert.InRange(view.Since, before, DateTime.UtcNow);
        Assert.Equal(view.Since, view.Activity.Since);
    }

    [Fact]
    public async Task A_request_makes_a_version_from_one_new_sample_and_says_why_it_makes_none()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly);

        Assert.Equal((null, "no new labelled sample since the last version"), await lane.RetrainAsync(CancellationToken.None));
        await Learn(lane, 0, won: true);
        (ModelRef? model, string why) = await lane.RetrainAsync(CancellationToken.None);

        Assert.Equal((1, "requested"), (model?.Ordinal, why));
        Assert.Equal("manual", Assert.Single(ear.Trained).Trigger);
        Assert.Equal((null, "no new labelled sample since the last version"), await lane.RetrainAsync(CancellationToken.None));
        (TrainingLane off, _, _) = Compose(learn: LearnMode.Off);
        await Learn(off, 0, won: true);
        Assert.Equal((null, "learning is off (training.learn)"), await off.RetrainAsync(CancellationToken.None));
        Assert.Equal(0, off.Samples);
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 0, 1)]
    public async Task The_label_is_the_shadow_outcome_or_productions_where_there_is_no_shadow(bool shadow, int fromShadow, int fromProduction)
    {
        (TrainingLane lane, _, _) = Compose(new LaneSettings { EnableShadowSim = shadow });

        await lane.LearnAsync(Label(Gap(0, Noon), won: true, Lane.ShadowSim), CancellationToken.None);
        Assert.Equal(fromShadow, lane.Samples);
        await lane.LearnAsync(Label(Gap(0, Noon), won: true, Lane.Production), CancellationToken.None);
        Assert.Equal(fromShadow + fromProduction, lane.Samples);
    }

    [Fact]
    public async Task A_missed_trade_is_no_label()
    {
        (TrainingLane lane, _, _) = Compose();
        var missed = new Outcome { Decision = Gap(0, Noon).Passed(), Lane = Lane.ShadowSim, Missed = MissCode.NoQuote, At = Noon };

        await lane.LearnAsync(new OutcomesKnown([missed]), CancellationToken.None);

        Assert.Equal(0, lane.Samples);
    }

    [Fact]
    public async Task A_night_that_cannot_train_says_why_and_counts_wins_with_and_without_the_band()
    {
        (TrainingLane lane, Ear ear, _) = Compose(learn: LearnMode.Nightly, triggers: SamplesOnly);
        DateTime midnight = Noon.Date.AddDays(1);
        for (int n = 0; n < 200; n++) await Learn(lane, n, won: n % 50 == 0, at: midnight.AddSeconds(-200 + n));
        await lane.LearnAsync(new OutcomesKnown([Barely(200, midnight)]), CancellationToken.None);
        Assert.Empty(Nights);

        await Learn(lane, 201, won: true, at: midnight.AddTicks(1));

        Night night = Assert.Single(Nights);
        Assert.Equal((midnight, 201L, 5L, 4L, 196L), (night.At, night.CrossVenue.Labelled, night.CrossVenue.Wins, night.CrossVenue.BandWins, night.CrossVenue.BandLosses));
        Assert.Equal((0, false, 0), (ear.Trained.Count, night.Ready, night.Models.Count));
        Assert.Contains("cross-venue has 4 wins and 196 losses, at least 50 of each are needed", night.Why, StringComparison.Ordinal);
        Assert.Contains("5 wins (net > 0) among 201 cross-venue outcomes, as labels 4 wins and 196 losses", night.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_night_retrains_on_what_was_known_by_midnight_and_two_runs_make_the_same_bytes()
    {
        (TrainingLane first, Ear firstEar, _) = Compose(learn: LearnMode.Nightly, triggers: SamplesOnly);
        (TrainingLane second, Ear secondEar, _) = Compose(learn: LearnMode.Nightly, triggers: SamplesOnly);
        DateTime midnight = Noon.Date.AddDays(1);
        foreach (TrainingLane lane in new[] { first, second })
        {
            for (int n = 0; n < 1_000; n++) await Learn(lane, n, won: n % 2 == 0, signal: n % 2 == 0 == (n % 5 > 0) ? 1 : -1, at: midnight.AddSeconds(-1_000 + n), decided: midnight.AddSeconds(-1_001 + n));
            await lane.AdvanceAsync(Market(0, midnight.AddSeconds(30)), CancellationToken.None);
        }

        ModelTrained trained = Assert.Single(firstEar.Trained);
        Assert.Equal(("nightly", midnight, "v0.2.1"), (trained.Trigger, trained.KnownAt, trained.Model.Label));
        Assert.Equal(trained.Model, Assert.Single(secondEar.Trained).Model);
        ModelPackage package = ModelPackage.Load(trained.Package, trained.Model);
        Assert.Equal(["xgboost", "onnx"], Assert.IsType<EnsembleHead>(package.CrossVenue).Members.Select(m => m.Name));
        Assert.Same(ModelPackage.Baseline.Directional.GetType(), package.Directional.GetType());
        Assert.Equal((0.8, "ensemble"), (Math.Round(trained.Auc, 2), package.Manifest.Kind));
        Assert.Equal(trained.Model, Assert.Single(firstEar.Ready).Model);
    }

    [Fact]
    public async Task A_column_that_tells_the_label_outright_keeps_a_model_from_serving()
    {
        (TrainingLane lane, Ear ear, _) = Compose(learn: LearnMode.Nightly, triggers: SamplesOnly);
        DateTime midnight = Noon.Date.AddDays(1);
        for (int n = 0; n < 1_000; n++) await Learn(lane, n, won: n % 2 == 0, signal: n % 2 == 0 ? 1 : -1, at: midnight.AddSeconds(-1_000 + n), decided: midnight.AddSeconds(-1_001 + n));

        await lane.AdvanceAsync(Market(0, midnight.AddSeconds(30)), CancellationToken.None);

        Assert.Single(ear.Trained);
        Assert.Empty(ear.Ready);
        Assert.Contains("no_leak (tells the label too well to have been known at the decision: buy_imbalance)", Assert.Single(Nights).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_too_large_for_the_ledger_is_kept_and_does_not_judge()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly with { Profile = TriggerProfile.Elite }, boosting: new BoostingSettings { Rounds = 2_000, Depth = 6, Lambda = 0, MinChildWeight = 0 });
        var random = new Random(1);
        for (int n = 0; n < 600; n++) await Learn(lane, n, won: random.Next(2) == 0, signal: random.NextSingle(), at: Noon.AddSeconds(n), decided: Noon.AddSeconds(n - 1));

        await lane.RetrainAsync(CancellationToken.None);

        Assert.Empty(ear.Trained);
        ModelTrained large = ear.Others.First(t => ModelPackage.Load(t.Package, t.Model).Manifest.Type == ModelType.MetaLabel);
        Assert.False(large.Ready);
        Assert.Contains("bytes do not fit into the ledger", large.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ordinals_go_on_after_the_model_that_serves_and_after_what_is_registered()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly);
        ModelPackage served = ModelPackage.Create(
            new ModelManifest { Label = "v0.1.7", Ordinal = 7, Kind = "ftrl", Samples = 1, Seed = 0 }, ModelPackage.Baseline.CrossVenue, ModelPackage.Baseline.Directional);

        await lane.ServeAsync(new ModelAssigned { Model = served.Ref, Package = served.Bytes, Why = "it served before the restart" }, CancellationToken.None);
        for (int n = 0; n < 50; n++) await Learn(lane, n, won: n % 3 == 0);
        lane.GoOnAfter(12);
        lane.GoOnAfter(3);
        for (int n = 50; n < 100; n++) await Learn(lane, n, won: n % 3 == 0);

        Assert.Equal([8, 13], ear.Trained.Select(t => t.Model.Ordinal));
    }

    [Theory]
    [InlineData(true, MissCode.None, 2)]
    [InlineData(true, MissCode.Full, 2)]
    [InlineData(false, MissCode.None, 0)]
    public async Task Every_judged_opportunity_is_recorded_passed_or_refused(bool enabled, MissCode missed, int recorded)
    {
        (TrainingLane lane, Ear ear, _) = Compose(new LaneSettings { EnableTraining = enabled });

        await lane.RecordAsync(Judged(0, 2, Gap(0, Noon), Gap(1, Noon)), missed, CancellationToken.None);
        await lane.RecordAsync(Judged(1, 2), missed, CancellationToken.None);

        Assert.Equal(Enumerable.Repeat((Lane.Training, missed), recorded), ear.Recorded.Select(o => (o.Lane, o.Missed)));
    }

    [Fact]
    public async Task The_lane_explains_why_there_was_no_version()
    {
        (TrainingLane lane, _, _) = Compose(triggers: SamplesOnly);
        for (int n = 0; n < 57; n++) await Learn(lane, n, won: n % 3 == 0);

        TrainingAnswer answer = lane.Explain();

        Assert.Equal((57L, 7L, 1, "7 new samples; at least 10 are needed"), (answer.Samples, answer.NewSamples, answer.Version, answer.Guard));
        Assert.Equal(57, answer.CrossVenue.Count);
        Assert.Equal((57, 19), (lane.Recent(OpportunityKind.CrossVenue).Scores.Length, lane.Recent(OpportunityKind.CrossVenue).Labels.Count(l => l)));
    }

    [Fact]
    public async Task A_trade_that_another_program_reports_joins_the_next_batch_once()
    {
        (TrainingLane lane, Ear ear, _) = Compose(triggers: SamplesOnly);
        EmbeddedTransport transport = _hosts[^1].Services.GetRequiredService<EmbeddedTransport>();
        for (int n = 0; n < 48; n++) await Learn(lane, n, won: n % 3 == 0);

        await transport.PublishAsync(Topics.OutcomeReported, Reported("live_001", won: true));
        await transport.PublishAsync(Topics.OutcomeReported, Reported("live_001", won: true));
        Assert.Empty(ear.Trained);
        await transport.PublishAsync(Topics.OutcomeReported, Reported("live_002", won: false, directional: 1));

        Assert.Equal([50L], ear.Trained.Select(t => t.Samples));
        LearnerState state = lane.Save();
        Sample[] samples = [.. SampleBytes.Read(state.Dataset).Skip(48)];
        // Known now on the clock of the feed, where it is noon, not when the caller's clock says.
        Assert.Equal([(OpportunityKind.CrossVenue, true, 13.2), (OpportunityKind.Directional, false, -13.2)], samples.Select(s => (s.Kind, s.Won, s.NetBps)));
        Assert.All(samples, s => Assert.Equal((Lane.Production, Noon, Noon.AddSeconds(-480)), (s.Lane, s.KnownAt, s.DecidedAt)));
        Assert.All(samples, s => Assert.True(double.IsNaN(s.SlippageBps) && double.IsNaN(s.Score)));
        Assert.Equal((1, 0), (state.DirectionalCounts.Labelled, state.DirectionalCounts.Wins));
    }

    [Fact]
    public async Task A_reported_trade_is_known_after_a_restart_and_not_learnt_again()
    {
        (TrainingLane before, _, _) = Compose(triggers: SamplesOnly);
        OutcomeReported reported = Reported("live_001", won: true);
        await before.LearnReportedAsync(reported, CancellationToken.None);
        (TrainingLane lane, _, _) = Compose(triggers: SamplesOnly);

        // Of the dataset the trade has long given way: its name is remembered on its own.
        lane.Restore(before.Save() with { Dataset = [] });
        await lane.LearnReportedAsync(reported, CancellationToken.None);

        Assert.Equal(1, lane.Samples);
        Assert.Equal(reported.Digest, lane.Reported(new ReportedQuestion(reported.Id)).Digest);
        Assert.Null(lane.Reported(new ReportedQuestion(Reported("live_002", won: true).Id)).Digest);
    }

    [Fact]
    public async Task What_a_reported_trade_did_not_say_of_slippage_is_not_learnt_as_slippage()
    {
        (TrainingLane lane, Ear ear, _) = Compose(learn: LearnMode.Nightly, triggers: SamplesOnly);
        for (int n = 0; n < 700; n++)
        {
            await Learn(lane, n, won: n % 2 == 0, signal: n % 2 == 0 ? 1 : -1, decided: Noon.AddSeconds(n), at: Noon.AddSeconds(n + 1));
            if (n is > 300 and < 306) await lane.LearnReportedAsync(Reported($"live_{n}", won: n % 2 == 0), CancellationToken.None);
        }

        await lane.RetrainAsync(CancellationToken.None);

        ModelTrained slippage = Assert.Single(ear.Others, t => ModelPackage.Load(t.Package, t.Model).Manifest.Type == ModelType.Slippage);
        ModelPackage package = ModelPackage.Load(slippage.Package, slippage.Model);
        Assert.True(double.IsFinite(((ModelHead)package.Parts["cross_venue"]).Score(Gap(0, Noon).ReadFeatures())));
    }

    private static OutcomeReported Reported(string trade, bool won, float directional = 0)
    {
        FeatureVector features = FeatureVector.Unknown;
        features[FeatureSchema.IndexOf("net_edge_bps")] = 5;
        features[FeatureSchema.IndexOf("directional")] = directional;
        return new OutcomeReported
        {
            TradeId = trade,
            ModelId = "v1.2.0",
            Features = features,
            Won = won,
            PnlBps = won ? 13.2 : -13.2,
            Duration = TimeSpan.FromSeconds(480),
            At = Noon.AddDays(30),
        };
    }

    private IReadOnlyList<Night> Nights => _hosts[^1].Services.GetRequiredService<Diary>().Nights;

    // Net of 0.2 bps: a win of money, break-even as a label.
    private static Outcome Barely(int n, DateTime at) => Gap(n, Noon).Earned(0.002m, at) with { Lane = Lane.ShadowSim };

    private static async Task Learn(TrainingLane lane, int n, bool won, float signal = 0, bool directional = false, DateTime? at = null, DateTime? decided = null)
    {
        Opportunity opportunity = (directional ? Long(n, decided ?? Noon) : Gap(n, decided ?? Noon)).With("net_edge_bps", 3).With("buy_imbalance", signal);
        await lane.LearnAsync(Label(opportunity, won, at: at), CancellationToken.None);
    }

    private static OutcomesKnown Label(Opportunity opportunity, bool won, Lane lane = Lane.ShadowSim, DateTime? at = null) =>
        new([opportunity.Earned(won ? 1m : -1m, at ?? Noon) with { Lane = lane, Decision = opportunity.Passed() with { Score = 0.6 } }]);

    private (TrainingLane Lane, Ear Ear, FeedClock Clock) Compose(LaneSettings? lanes = null, LearnMode learn = LearnMode.Online, TriggerSettings? triggers = null, BoostingSettings? boosting = null, Schedule schedule = Schedule.Lockstep)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        var clock = new FeedClock();
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(lanes ?? new LaneSettings()).AddSingleton(new TrainingSettings { Learn = learn });
        builder.Services.AddSingleton(triggers ?? new TriggerSettings()).AddSingleton<Ear>();
        builder.CarryEmbedded(schedule);
        builder.Services.AddSingleton(boosting ?? new BoostingSettings { Rounds = 20 });
        builder.Services.AddSingleton(new ServiceHostOptions { Schedule = schedule, DataDirectory = _folder.FullName, Clock = clock, Settings = PlatformSettings.Load(ServiceHost.CatalogueOf([TrainingService.Definition]), new SettingsSources()) });
        TrainingService.Definition.Add(builder);
        builder.Services.AddSingleton(new Notifier(_folder.FullName, webhook: null, NullLogger<Notifier>.Instance));
        builder.Subscribe<Ear, ModelTrained>(Topics.ModelTrained, static _ => Listen<ModelTrained>(static (ear, m) => (m.Judges ? ear.Trained : ear.Others).Add(m)));
        builder.Subscribe<Ear, OutcomesKnown>(Topics.OutcomeRecorded, static _ => Listen<OutcomesKnown>(static (ear, m) => ear.Recorded.AddRange(m.Outcomes)));
        IHost host = builder.Build();
        _hosts.Add(host);
        host.Services.GetRequiredService<EmbeddedTransport>().Start();
        return (host.Services.GetRequiredService<TrainingLane>(), host.Services.GetRequiredService<Ear>(), clock);
    }

    private static Listener<Ear, TMessage> Listen<TMessage>(Action<Ear, TMessage> take)
        where TMessage : class =>
        new(
            (ear, message, _) =>
            {
                take(ear, message);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(1000));

    private sealed class Ear
    {
        public List<ModelTrained> Trained { get; } = [];

        public IEnumerable<ModelTrained> Ready => Trained.Where(t => t.Ready);

        public List<ModelTrained> Others { get; } = [];

        public List<Outcome> Recorded { get; } = [];
    }
}
