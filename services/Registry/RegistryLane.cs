using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Registry.Desk;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Registry;

/// <summary>Registers what training makes, says what judges, and takes back what fails.</summary>
/// <remarks>
/// A refresh of what judges (the online learner's next version, a calibrator fitted again) takes its place at once, but for an experiment and a
/// pin: then the latest one waits for their end. Any other ready version begins as a challenger with a share; it gets more, and at last all, by the
/// promotion policy, and is watched beside the one before. A version that is not ready is compared in shadow and judges nothing. History is written
/// before anything is said, so at a restart history decides; evidence comes with it (<see cref="Evidence"/>).
/// </remarks>
public sealed partial class RegistryLane(
    VersionCatalogue catalogue, ArtefactStore artefacts, EvidenceStore evidence, RegistrySettings settings, ITransport transport,
    TimeProvider clock, ILogger<RegistryLane> log, Notifier? notifier = null) : IDisposable
{
    private const VersionType Path = VersionType.MetaLabel;
    private const int MostVerdict = 4_000;

    // Outcomes between two looks at an experiment: the test may be read at any time.
    private const int Between = 32;
    private static readonly string[] Refreshed = ["baseline", "ftrl"];
    private readonly SemaphoreSlim _deciding = new(1, 1);
    private readonly PromotionPolicy _policy = new() { MinPredictions = settings.MinPredictions, MinHours = settings.MinHours, Steps = [settings.ChallengerShare, 0.5, 1] };
    private readonly Evidence _evidence = new(evidence, clock, timed: transport.Schedule == Schedule.Concurrent, log);
    private Contest? _contest;
    private (Rivals Rivals, RollbackGuard Guard)? _watch;
    private ModelVersion? _waiting;
    private (ModelVersion Version, string Of)? _refresh;
    private ExperimentStanding? _standing;
    private long _looked;

    /// <summary>How the challenger stands beside the champion, at the last look; null without one.</summary>
    public ExperimentStanding? Standing => _standing;

    /// <summary>The versions.</summary>
    public VersionCatalogue Catalogue => catalogue;

    /// <summary>Says what judged when the last run ended.</summary>
    public async ValueTask StartAsync(CancellationToken cancel)
    {
        // In lockstep nothing depends on the wall clock, and the market's has not begun.
        DateTime now = clock.GetUtcNow().UtcDateTime;
        catalogue.RegisterBaseline(transport.Schedule == Schedule.Lockstep || now < DateTime.UnixEpoch ? DateTime.UnixEpoch : now);
        LiveModel live = catalogue.LiveNow(Path);
        if (live.Seq > 0 && live.Champion is { } champion) await SayAsync(champion, ModelAssigned.All, "it served before the restart", cancel);
        if (CrownedBy(live.Champion!) != HistoryKind.RolledBack) Watch(restored: true);
        if (live.Challenger is not { } challenger) return;
        Experiment experiment = _evidence.Restore(() => NewExperiment(live, challenger, live.Share, StartOf(live)), live.Share, live.Since);
        Begin(catalogue.Find(challenger.Id)!, experiment, inTraffic: true);
        await SayAsync(challenger, live.Share, "it was the challenger before the restart", cancel);
    }

    /// <summary>Afterwards what was counted is on disk, for the next start.</summary>
    public async ValueTask StopAsync(CancellationToken cancel)
    {
        await _deciding.WaitAsync(cancel);
        try
        {
            KeepEvidence();
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>Takes up a version, and lets it judge what it may.</summary>
    public async ValueTask OnTrainedAsync(ModelTrained trained, CancellationToken cancel)
    {
        await _deciding.WaitAsync(cancel);
        try
        {
            var package = ModelPackage.Load(trained.Package, trained.Model);
            ModelVersion version = Register(catalogue, trained, package);
            CrashPoint.Hit("registry.after-registered");
            if (!trained.Judges) return;
            if (IsRefresh(trained, package))
            {
                if (trained.Ready) await RefreshAsync(version, trained.KnownAt, cancel);
            }
            else await ChallengeAsync(version, trained.KnownAt, cancel);
        }
        catch (Exception e) when (e is IOException or RegistryRefusedException or ModelRefusedException)
        {
            // What judges goes on judging: a version that cannot be kept must not.
            LogNotRegistered(log, trained.Model.ToString(), e.Message);
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>A ledger knows what served before there was a history: it is taken over.</summary>
    public async ValueTask OnAssignedAsync(ModelAssigned assigned, CancellationToken cancel)
    {
        if (assigned.Share < ModelAssigned.All || catalogue.LiveNow(Path).Seq > 0) return;
        await _deciding.WaitAsync(cancel);
        try
        {
            var package = ModelPackage.Load(assigned.Package, assigned.Model);
            catalogue.Register(Registration.Of(package, DateTime.UnixEpoch), assigned.Package, "the ledger holds it", DateTime.UnixEpoch);
            catalogue.Assign(assigned.Model.Id, assigned.Why, DateTime.UnixEpoch);
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>The market's clock, as far as outcomes tell it; null before one.</summary>
    public DateTime? MarketNow { get; private set; }

    /// <summary>Learns how champion and challenger, and the version before, would have done, and decides.</summary>
    public async ValueTask OnOutcomesAsync(OutcomesKnown known, CancellationToken cancel)
    {
        if (known.Outcomes.Length > 0) MarketNow = known.Outcomes[^1].At;
        if (_contest is null && _watch is null) return;
        await _deciding.WaitAsync(cancel);
        try
        {
            foreach (Outcome outcome in known.Outcomes)
            {
                if (outcome.Trade is not { } trade || outcome.Decision.Opportunity.Submitted) continue;
                _contest?.Learn(outcome, trade);
                if (_watch is { } watch && watch.Rivals.Of(outcome, trade, out _, out _) is { } pair && watch.Guard.Learn(pair) is { } breach)
                    await RollBackAsync(watch.Guard.Target.Id, $"{breach.Cause}: {breach.Why}", outcome.At, cancel);
            }
            if (_contest is { } contest && contest.Outcomes >= _looked + Between) await LookAsync(contest, known.Outcomes[^1].At, cancel);
            _evidence.KeepSometimes(InTraffic, _watch?.Guard);
        }
        catch (RegistryRefusedException e) when (e.Reason == Refusal.NotKept)
        {
            // What judges goes on judging; the next outcomes ask again.
            LogNotKept(log, e.Message, e.InnerException?.Message);
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>One decision of people at a time, and none beside the lane's own; what follows from it is said.</summary>
    internal async ValueTask<T> DecideAsync<T>(Func<ValueTask<T>> decide, CancellationToken cancel)
    {
        await _deciding.WaitAsync(cancel);
        try
        {
            return await decide();
        }
        catch (RegistryRefusedException e) when (e.Reason == Refusal.NotKept)
        {
            LogNotKept(log, e.Message, e.InnerException?.Message);
            throw;
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>A version serves alone by a decision of people; to be called within <see cref="DecideAsync"/>, like the following.</summary>
    internal ValueTask CrownAsync(ModelRef model, string why, DateTime at, CancellationToken cancel) => AssignAsync(model.Id, why, at, cancel);

    /// <summary>A version serves a share.</summary>
    /// <exception cref="RegistryRefusedException">As for <see cref="VersionCatalogue.StartExperiment"/>.</exception>
    internal async ValueTask TestAsync(ModelVersion version, double share, string why, DateTime at, CancellationToken cancel)
    {
        LiveModel live = catalogue.StartExperiment(version.Model.Id, share, why, at);
        Begin(version, NewExperiment(live, version.Model, live.Share, at), inTraffic: true);
        Tell("challenger", version.Model, why, at);
        await SayAsync(version.Model, live.Share, why, cancel);
    }

    /// <summary>How the challenger in traffic stands, and what the policy says of it; null without one.</summary>
    public (ExperimentStanding Standing, PromotionVerdict Verdict)? Judge(DateTime at)
    {
        if (_contest is not { InTraffic: true } contest) return null;
        ExperimentStanding standing = contest.Experiment.Standing(at);
        return (standing, _policy.Judge(standing));
    }

    /// <summary>The challenger in traffic serves alone.</summary>
    internal ValueTask CrownChallengerAsync(string why, DateTime at, CancellationToken cancel) => PromoteAsync(_contest!, why, at, cancel);

    /// <summary>The challenger in traffic serves no more, and whoever waits takes its place.</summary>
    internal async ValueTask WithdrawAsync(string why, DateTime at, CancellationToken cancel)
    {
        await EndAsync(why, at, cancel);
        await NextAsync(at, cancel);
    }

    /// <summary>An earlier version serves again; pinned, nothing takes its place by itself.</summary>
    /// <exception cref="RegistryRefusedException">As for <see cref="VersionCatalogue.RollBack"/>.</exception>
    internal async ValueTask RollBackAsync(string? id, string why, DateTime at, CancellationToken cancel, bool pinned = false)
    {
        LiveModel live = catalogue.RollBack(Path, id, why, at, pinned);
        CrashPoint.Hit("registry.after-rolled-back");
        (_watch, _contest) = (null, null);
        KeepEvidence();
        LogRolledBack(log, live.Champion!.ToString(), why);
        Tell("rolled back", live.Champion!, why, at);
        await SayAsync(live.Champion!, ModelAssigned.All, why, cancel);
        await NextAsync(at, cancel);
    }

    /// <summary>The champion is held no longer: what waits goes on.</summary>
    internal async ValueTask UnpinAsync(string why, DateTime at, CancellationToken cancel)
    {
        catalogue.Pin(Path, held: false, why, at);
        await NextAsync(at, cancel);
    }

    /// <summary>Says of a version that it judges nothing: training numbers its next one after it.</summary>
    internal ValueTask ShowAsync(ModelRef model, CancellationToken cancel) => SayAsync(model, 0, "registered by people; it judges nothing", cancel);

    /// <inheritdoc/>
    public void Dispose() => _deciding.Dispose();

    /// <summary>Writes down a version that training has made, with its figures and its verdict.</summary>
    public static ModelVersion Register(VersionCatalogue catalogue, ModelTrained trained, ModelPackage package)
    {
        (string Name, double Value)[] figures =
        [
            ("accuracy", trained.Accuracy), ("auc", trained.Auc), ("log_loss", trained.LogLoss), ("baseline_log_loss", trained.BaselineLogLoss),
            .. ModelPages.FiguresIn(package.Manifest),
        ];
        return catalogue.Register(
            Registration.Of(package, trained.KnownAt) with
            {
                Ready = trained.Ready,
                Verdict = trained.Verdict.Length > MostVerdict ? trained.Verdict[..MostVerdict] : trained.Verdict,
                Metrics = figures.Where(f => double.IsFinite(f.Value)).ToDictionary(f => f.Name, f => f.Value),
            },
            trained.Package, $"trained by trigger {trained.Trigger}", trained.KnownAt);
    }

    // The next version of the learner that judges, or what judges with another calibrator; not that of one that was sent back meanwhile.
    private bool IsRefresh(ModelTrained trained, ModelPackage package)
    {
        ModelRef champion = catalogue.LiveNow(Path).Champion!;
        if (trained.Recalibrates is { } of) return of == champion.Id;
        return package.Manifest.Kind == "ftrl" && Refreshed.Contains(catalogue.Find(champion.Id)!.Kind);
    }

    // While a comparison runs or people hold the champion, it stays what it is: the latest refresh waits, as a newer version does.
    private async ValueTask RefreshAsync(ModelVersion version, DateTime at, CancellationToken cancel)
    {
        LiveModel live = catalogue.LiveNow(Path);
        _refresh = (version, live.Champion!.Id);
        if (live.Pinned || (live.Experiment is not null && !await TimedOutAsync(version, at, cancel))) return;
        await NextAsync(at, cancel);
    }

    private async ValueTask AssignAsync(string id, string why, DateTime at, CancellationToken cancel)
    {
        LiveModel live = catalogue.Assign(id, why, at);
        CrashPoint.Hit("registry.after-assigned");
        await SayAsync(live.Champion!, ModelAssigned.All, why, cancel);
    }

    // One experiment at a time: a newer version waits for its end, or, after long enough without a result, ends it.
    private async ValueTask ChallengeAsync(ModelVersion version, DateTime at, CancellationToken cancel)
    {
        LiveModel live = catalogue.LiveNow(Path);
        if (version.Ready == true) _waiting = version;
        if (live.Experiment is not null && (version.Ready != true || live.Pinned || !await TimedOutAsync(version, at, cancel))) return;
        if (version.Ready != true || live.Pinned)
        {
            LiveModel alone = live with { Experiment = $"shadow-{version.Model.Label}" };
            Begin(version, NewExperiment(alone, version.Model, settings.ChallengerShare, at), inTraffic: false);
            return;
        }
        await NextAsync(at, cancel);
    }

    private async ValueTask<bool> TimedOutAsync(ModelVersion waits, DateTime at, CancellationToken cancel)
    {
        if (_contest is not { InTraffic: true } running || (at - running.Experiment.StartedAt).TotalDays < settings.MostDays) return false;
        await EndAsync($"no result in {settings.MostDays} days, and {waits.Model.Label} waits", at, cancel);
        return true;
    }

    private async ValueTask BeginWaitingAsync(ModelVersion version, DateTime at, CancellationToken cancel)
    {
        _waiting = null;
        string why = $"ready: {version.Verdict}";
        await TestAsync(version, settings.ChallengerShare, why.Length > MostVerdict ? why[..MostVerdict] : why, at, cancel);
    }

    private void Begin(ModelVersion challenger, Experiment experiment, bool inTraffic)
    {
        _contest = new Contest(RivalsOf(experiment.Champion, challenger.Model), experiment, challenger, inTraffic);
        (_looked, _standing) = (_contest.Outcomes, null);
    }

    private static Experiment NewExperiment(LiveModel live, ModelRef challenger, double share, DateTime at) =>
        new(live.Experiment!, live.Champion!, challenger, share, at, new EvidenceSettings());

    private DateTime StartOf(LiveModel live) =>
        catalogue.History.Last(line => line.Details is ExperimentStarted started && started.Experiment == live.Experiment).At;

    private HistoryKind? CrownedBy(ModelRef champion) => catalogue.History
        .LastOrDefault(line => line.Model == champion.Id && line.What is HistoryKind.Assigned or HistoryKind.Promoted or HistoryKind.RolledBack)?.What;

    private Experiment? InTraffic => _contest is { InTraffic: true } contest ? contest.Experiment : null;

    private void KeepEvidence() => _evidence.Keep(InTraffic, _watch?.Guard);

    private async ValueTask LookAsync(Contest contest, DateTime at, CancellationToken cancel)
    {
        _looked = contest.Outcomes;
        _standing = contest.Experiment.Standing(at);
        if (!contest.InTraffic) return;
        PromotionVerdict verdict = _policy.Judge(_standing);
        switch (verdict.Decision)
        {
            case PromotionDecision.Ramp:
                catalogue.Ramp(Path, verdict.NextShare, verdict.Why, at);
                contest.Experiment.Ramp(verdict.NextShare, at);
                await SayAsync(contest.Version.Model, verdict.NextShare, verdict.Why, cancel);
                break;
            case PromotionDecision.Promote when !catalogue.LiveNow(Path).Pinned:
                await PromoteAsync(contest, verdict.Why, at, cancel);
                break;
            case PromotionDecision.Stop:
                await EndAsync(verdict.Why, at, cancel);
                await NextAsync(at, cancel);
                break;
        }
    }

    private async ValueTask PromoteAsync(Contest contest, string why, DateTime at, CancellationToken cancel)
    {
        catalogue.Promote(Path, why, at);
        CrashPoint.Hit("registry.after-promoted");
        Tell("promoted", contest.Version.Model, why, at);
        _contest = null;
        Watch(restored: false);
        KeepEvidence();
        await SayAsync(contest.Version.Model, ModelAssigned.All, why, cancel);
        await NextAsync(at, cancel);
    }

    // A promoted version is held against the one before; what refreshes itself, or was gone back to, has none to go back to.
    private void Watch(bool restored)
    {
        ModelVersion serving = catalogue.Find(catalogue.LiveNow(Path).Champion!.Id)!;
        ModelRef[] warm = [.. catalogue.Warm(Path).Select(v => v.Model)];
        _watch = warm.Length == 0 || Refreshed.Contains(serving.Kind)
            ? null
            : (RivalsOf(warm[0], serving.Model), restored ? _evidence.Restore(Made) : Made());

        RollbackGuard Made() => new(new RollbackPolicy(), serving.Model, warm);
    }

    private Rivals RivalsOf(ModelRef champion, ModelRef challenger) =>
        new(SetOf(champion.Id), SetOf(challenger.Id), timed: transport.Schedule == Schedule.Concurrent);

    private async ValueTask EndAsync(string why, DateTime at, CancellationToken cancel)
    {
        ModelRef challenger = catalogue.LiveNow(Path).Challenger!;
        catalogue.EndExperiment(Path, why, at);
        Tell("experiment ended", challenger, why, at);
        _contest = null;
        KeepEvidence();
        await SayAsync(challenger, 0, why, cancel);
    }

    // After every end: the latest refresh of what still serves takes its place, then the newest version that waits challenges it.
    private async ValueTask NextAsync(DateTime at, CancellationToken cancel)
    {
        LiveModel live = catalogue.LiveNow(Path);
        if (live.Pinned || live.Experiment is not null) return;
        if (_refresh is { } refresh)
        {
            _refresh = null;
            if (refresh.Of == live.Champion!.Id) await AssignAsync(refresh.Version.Model.Id, refresh.Version.Verdict, at, cancel);
        }
        if (_waiting is { } next) await BeginWaitingAsync(next, at, cancel);
    }

    private ModelSet SetOf(string id) => new(artefacts.LoadPackage(id));

    // Who challenges, wins, loses or comes back is told; the learner's refreshes are too many to tell.
    private void Tell(string what, ModelRef model, string why, DateTime at) => notifier?.Notify(new Notification(
        "model", at, $"{what}: {model.Label}, {why}", new JsonObject { ["what"] = what, ["model_id"] = model.Id, ["label"] = model.Label, ["why"] = why }));

    private ValueTask SayAsync(ModelRef model, double share, string why, CancellationToken cancel) =>
        transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = model, Package = artefacts.Load(model.Id), Why = why, Share = share }, cancel);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Model} is not registered, and judges nothing: {Why}")]
    private static partial void LogNotRegistered(ILogger log, string model, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "nothing is decided: {Why} {Cause}")]
    private static partial void LogNotKept(ILogger log, string why, string? cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "rolled back to {Model}: {Why}")]
    private static partial void LogRolledBack(ILogger log, string model, string why);
}
