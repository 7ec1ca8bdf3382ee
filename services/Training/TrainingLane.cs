using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Drift;
using QuadTurbo.Training.Evaluation;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Training;

/// <summary>Lane 3: records every sample, learns from every label, and makes a new version when a trigger fires. Never in the way of the other lanes.</summary>
/// <remarks>
/// The label of an opportunity is its shadow outcome, refused ones too, so that nothing is learnt from passed ones alone; where there is no shadow lane
/// it is the production outcome. What another program reports of its own trades is a label too. A sample is learnt once. What a caller submitted is recorded, but its prices are the caller's word, so nothing is learnt
/// from it. In lockstep a version is made before the next instant is seen; concurrently in the background, one after the other.
/// </remarks>
public sealed partial class TrainingLane(
    LaneSettings lanes, TrainingSettings training, TriggerSettings settings, TriggerEngine triggers, FullRetrain retrain, RetrainSlot slot,
    ModelPublisher publisher, Diary diary, ITransport transport, TimeProvider clock)
{
    /// <summary>Labels that a full queue dropped: they are in the ledger, and were not learnt.</summary>
    internal static readonly Counter<long> LabelsDropped =
        Meters.Shared.CreateCounter<long>("quadturbo_labels_dropped_total", null, "Labels that a full queue dropped before they were learnt.");

    private readonly Lock _learning = new();
    private readonly OnlineLearners _online = new();
    private readonly SampleBuffer _dataset = new(triggers.BufferSize);
    private readonly ReportedTrades _reports = new();
    private readonly DailyCycle _cycle = new();
    private readonly KindWatch _crossVenue = new(OpportunityKind.CrossVenue, training, PaceOf(transport));
    private readonly KindWatch _directional = new(OpportunityKind.Directional, training, PaceOf(transport));
    private readonly List<Work> _due = [];
    private string? _drifted;
    private Task _background = Task.CompletedTask;
    private int _retraining;
    private DayTally _today = diary.Today;
    private ModelAssigned? _serving;
    private DateTime? _servingSince;
    private long _samples;
    private long _newSamples;
    private long _newSinceFull;
    private DateTimeOffset? _versionAt;
    private double _gainMade;
    private DateTime? _fullAt;
    private DateTime _seen;
    private int _ordinal;
    private volatile bool _knowsVersions = true;

    /// <summary>Samples learnt from so far.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Says that every sample of a batch is recorded; what did not fit into the queue is missed.</summary>
    public ValueTask RecordAsync(OpportunityJudged judged, MissCode missed, CancellationToken cancel)
    {
        if (!lanes.EnableTraining || judged.Decisions.Length == 0) return ValueTask.CompletedTask;
        lock (_learning)
        {
            _today.Count(judged);
            if (missed == MissCode.None) _counted = _counted with { Collected = _counted.Collected + judged.Decisions.Length };
        }
        var outcomes = new Outcome[judged.Decisions.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            Decision decision = judged.Decisions[i];
            outcomes[i] = new Outcome { Decision = decision, Lane = Lane.Training, Missed = missed, At = decision.Opportunity.KnownAt };
        }
        return transport.PublishAsync(Topics.OutcomeRecorded, new OutcomesKnown(outcomes), cancel);
    }

    /// <summary>Learns from the filled ones of <paramref name="known"/>, then makes a version if a trigger fires.</summary>
    public ValueTask LearnAsync(OutcomesKnown known, CancellationToken cancel)
    {
        if (!Learning) return ValueTask.CompletedTask;
        Work[] due;
        lock (_learning)
        {
            foreach (Outcome outcome in known.Outcomes) Learn(outcome);
            if (triggers.Fires(Facts()) is { } fired) _due.Add(WorkOf(fired));
            due = TakeDue();
        }
        return DoAsync(due, cancel);
    }

    /// <summary>Learns from a trade of another program as from any other label, once: it is in the next batch [REG-07].</summary>
    /// <remarks>It counts as known now on the clock of the feed, whatever the time of day is where it was reported.</remarks>
    public ValueTask LearnReportedAsync(OutcomeReported reported, CancellationToken cancel)
    {
        if (!Learning) return ValueTask.CompletedTask;
        Work[] due;
        lock (_learning)
        {
            if (!_reports.TryAdd(reported) || _dataset.Contains(reported.Id)) return ValueTask.CompletedTask;
            DateTime at = _seen == default ? reported.At : _seen;
            Learn(Sample.Of(reported, at), at);
            _counted = _counted with { Reported = _counted.Reported + 1 };
            if (triggers.Fires(Facts()) is { } fired) _due.Add(WorkOf(fired));
            due = TakeDue();
        }
        return DoAsync(due, cancel);
    }

    /// <summary>What was reported of a trade of another program, in this run or an earlier one.</summary>
    public ReportedAnswer Reported(ReportedQuestion asked)
    {
        lock (_learning) return new ReportedAnswer(_reports.DigestOf(asked.Trade));
    }

    /// <summary>Moves the day on to what the market showed: nights and summaries that are due are worked off.</summary>
    public ValueTask AdvanceAsync(MarketObserved market, CancellationToken cancel)
    {
        if (!Learning) return ValueTask.CompletedTask;
        Work[] due;
        lock (_learning)
        {
            Advance(market.KnownAt, market.End is not null);
            due = TakeDue();
        }
        return DoAsync(due, cancel);
    }

    /// <summary>From now on <paramref name="assigned"/>, if it judges everything, is the champion that a new model is held against.</summary>
    public ValueTask ServeAsync(ModelAssigned assigned, CancellationToken cancel)
    {
        lock (_learning)
        {
            // A crash may have lost versions made since the last save: their ordinals are not given twice.
            _ordinal = Math.Max(_ordinal, assigned.Model.Ordinal);
            if (assigned.Share < ModelAssigned.All) return ValueTask.CompletedTask;
            _serving = assigned;
            _gainMade = 0;
            // At a start, before anything is seen, it is the model of the last run: it serves since whenever that run said.
            if (_seen != default) _servingSince = _seen;
            ModelPackage package = ModelPackage.Load(assigned.Package, assigned.Model);
            _crossVenue.Calibration.Serve(package, _seen);
            _directional.Calibration.Serve(package, _seen);
            if (package.Manifest.Kind != ModelPublisher.Ftrl) Refer(_dataset.ToArray(), new ModelSet(package));
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a version now, whatever the triggers say: a full retrain where there are labels enough for one, otherwise what the online learner knows.</summary>
    /// <returns>Its names, or why there is none.</returns>
    public async Task<(ModelRef? Model, string Why)> RetrainAsync(CancellationToken cancel)
    {
        if (training.Learn == LearnMode.Off) return (null, "learning is off (training.learn)");
        Work work;
        lock (_learning)
        {
            bool full = _newSinceFull > 0 && retrain.Shortage(_dataset) is null;
            if (!full && _newSamples == 0) return (null, "no new labelled sample since the last version");
            work = WorkOf(new Fired("manual", full ? VersionKind.Full : VersionKind.Online));
        }
        await DoAsync([work], cancel);
        await UntilPublishedAsync();
        return work.Model is { } model ? (model, "requested") : (null, work.Why);
    }

    /// <summary>"Why was there no retrain?" [TRN-22]</summary>
    public TrainingAnswer Explain()
    {
        lock (_learning)
        {
            TriggerFacts facts = Facts();
            return new TrainingAnswer(
                _samples, _newSamples, _ordinal, triggers.Guard(facts), triggers.Ask(facts), _online.CrossVenue.Learner, _online.CrossVenue.BaselineFigures,
                triggers.Profile.ToString().ToLowerInvariant(), _newSinceFull, _dataset.Count, _drifted);
        }
    }

    /// <summary>The prequential scores and labels of one kind, the last 20,000.</summary>
    public (double[] Scores, bool[] Labels) Recent(OpportunityKind kind)
    {
        lock (_learning) return _online.Of(kind).Recent();
    }

    /// <summary>Everything learnt, to go on from after a restart.</summary>
    public LearnerState Save()
    {
        lock (_learning)
        {
            return new LearnerState(
                _ordinal, _samples, [.. _online.CrossVenue.Save()], [.. _online.Of(OpportunityKind.Directional).Save()],
                SampleBytes.Write(_dataset.ToArray()), _cycle.Next, _fullAt, _servingSince, _newSinceFull, _crossVenue.Counts, _directional.Counts, _reports.Save(),
                _counted);
        }
    }

    /// <summary>Goes on from <paramref name="state"/>; call before the first message.</summary>
    public void Restore(LearnerState state)
    {
        lock (_learning)
        {
            (_ordinal, _samples, _counted) = (state.Ordinal, state.Samples, state.Counted);
            _online.CrossVenue.Restore(state.CrossVenue);
            _online.Of(OpportunityKind.Directional).Restore(state.Directional);
            foreach (Sample sample in SampleBytes.Read(state.Dataset)) _dataset.Add(sample);
            _reports.Restore(state.Reported);
            _cycle.Restore(state.NextTask);
            (_fullAt, _servingSince, _newSinceFull, _crossVenue.Counts, _directional.Counts) = (state.FullAt, state.ServingSince, state.NewSinceFull, state.CrossVenueCounts, state.DirectionalCounts);
        }
    }

    /// <summary>False while it is not known which versions there are: until then nothing is learnt, and labels wait.</summary>
    public bool KnowsVersions => _knowsVersions;

    /// <summary>Lets labels wait until <see cref="GoOnAfter"/>.</summary>
    public void AwaitVersions() => _knowsVersions = false;

    /// <summary>Versions made from now on come after <paramref name="ordinal"/>.</summary>
    public void GoOnAfter(int ordinal)
    {
        lock (_learning) _ordinal = Math.Max(_ordinal, ordinal);
        _knowsVersions = true;
    }

    /// <summary>Completes when no version is on its way.</summary>
    public Task UntilPublishedAsync()
    {
        lock (_learning) return _background;
    }

    private static TimeProvider? PaceOf(ITransport transport) => transport.Schedule == Schedule.Concurrent ? TimeProvider.System : null;

    private bool Learning => lanes.EnableTraining && training.Learn != LearnMode.Off;

    private void Learn(Outcome outcome)
    {
        Lane source = lanes.EnableShadowSim ? Lane.ShadowSim : Lane.Production;
        if (outcome.Lane != source || outcome.Decision.Opportunity.Submitted) return;
        Advance(outcome.At, ended: false);
        if (outcome.Trade is not { } trade)
        {
            _today.CountMissed(outcome.Decision);
            return;
        }
        Sample sample = Sample.Of(outcome.Decision, outcome.Lane, trade);
        _today.Count(outcome.Decision, sample, trade.Net);
        Learn(sample, outcome.At);
    }

    private void Learn(Sample sample, DateTime at)
    {
        _online.Learn(sample);
        _dataset.Add(sample);
        KindWatch watch = sample.Kind == OpportunityKind.CrossVenue ? _crossVenue : _directional;
        watch.Count(sample);
        if (watch.Calibration.Add(sample) is { } head && _serving is { } serving) _due.Add(new CalibrationWork(sample.Kind, head, serving, at));
        IReadOnlyList<DriftEvent> drift = watch.Drift.Add(sample);
        if (drift.Count > 0) Drifted(sample.Kind, drift, at);
        _samples++;
        _newSamples++;
        _newSinceFull++;
    }

    private void Advance(DateTime knownAt, bool ended)
    {
        foreach (DueTask task in _cycle.Advance(knownAt, ended))
        {
            if (task.Task == DailyTask.Summary) Summarise(task.At);
            else Midnight(task.At);
        }
        if (knownAt > _seen) _seen = knownAt;
    }

    private void Drifted(OpportunityKind kind, IReadOnlyList<DriftEvent> drift, DateTime at)
    {
        _drifted = string.Join(", ", drift.Select(d => d.Figures.Name));
        _due.Add(new SayWork(Diary.Drift(kind, drift, at)));
    }

    private void Summarise(DateTime at)
    {
        _due.Add(new SayWork(diary.Summarise(at, _today)));
        diary.Today = _today = new DayTally();
        _todaySince = at;
    }

    private void Midnight(DateTime at)
    {
        TriggerFacts facts = Facts() with { DayEnded = true };
        var night = new Night
        {
            At = at,
            CrossVenue = _crossVenue.Counts,
            Directional = _directional.Counts,
            Rows = _dataset.Count,
            Models = [],
            Ready = false,
            Why = $"Not trained: {triggers.Guard(facts) ?? WhyNot(facts)}.",
        };
        _due.Add(triggers.Fires(facts) is { Kind: VersionKind.Full } fired ? FullWorkOf(fired.Name, at, night) : new NightWork(night));
    }

    private string WhyNot(in TriggerFacts facts) =>
        $"no trigger of profile {triggers.Profile.ToString().ToLowerInvariant()} fires ({string.Join("; ", triggers.Ask(facts).Select(a => $"{a.Name}: {a.Why}"))})";

    private Work WorkOf(Fired fired)
    {
        if (fired.Kind == VersionKind.Full) return FullWorkOf(fired.Name, _seen, night: null);
        _newSamples = 0;
        _versionAt = clock.GetUtcNow();
        double gain = _online.CrossVenue.RecentServing - _online.CrossVenue.RecentLearner;
        _gainMade = gain > 0 ? gain : 0;
        return new OnlineWork(_online.Draft(++_ordinal, fired.Name, _samples, _seen, settings.MinSamplesToServe));
    }

    private FullWork FullWorkOf(string trigger, DateTime at, Night? night)
    {
        _retraining++;
        _newSinceFull = 0;
        _newSamples = 0;
        _drifted = null;
        _fullAt = at;
        return new FullWork(new RetrainRequest { Trigger = trigger, At = at, Samples = _dataset.ToArray(), Serving = _serving, ServingSince = _servingSince }, night);
    }

    private Work[] TakeDue()
    {
        if (_due.Count == 0) return [];
        Work[] due = [.. _due];
        _due.Clear();
        return due;
    }

    private async ValueTask DoAsync(Work[] due, CancellationToken cancel)
    {
        foreach (Work work in due)
        {
            if (transport.Schedule == Schedule.Lockstep)
            {
                await DoAsync(work, cancel);
                continue;
            }
            lock (_learning) _background = AfterAsync(_background, work);
        }
    }

    private async Task AfterAsync(Task before, Work work)
    {
        await before;
        await Task.Run(() => TryAsync(work));
    }

    // What fails in the background, as on a full disk, fails alone: what comes after it is tried.
    private async Task TryAsync(Work work)
    {
        try
        {
            await DoAsync(work, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            work.Why = $"failed: {e.Message}";
            diary.Failed(e);
            if (work is FullWork { Night: { } night }) diary.Write(night with { Why = $"Not trained: it {work.Why}" });
        }
    }

    private async Task DoAsync(Work work, CancellationToken cancel)
    {
        switch (work)
        {
            case OnlineWork online:
                PlatformMeters.Accuracy.Record(online.Draft.Figures.Accuracy);
                await publisher.PublishAsync(online.Draft, cancel);
                online.Model = online.Draft.Model;
                Made(online.Draft.KnownAt, $"{online.Draft.Model?.Label} of the online learner by trigger {online.Draft.Trigger}, {online.Draft.Samples} samples");
                break;
            case FullWork full:
                await RetrainAsync(full, cancel);
                break;
            case CalibrationWork calibration:
                int ordinal;
                lock (_learning) ordinal = ++_ordinal;
                await publisher.RecalibrateAsync(calibration.Kind, calibration.Head, calibration.Serving, ordinal, calibration.At, cancel);
                break;
            case NightWork night:
                diary.Write(night.Night);
                break;
            case SayWork say:
                diary.Say(say.Notification);
                break;
        }
    }

    private async Task RetrainAsync(FullWork work, CancellationToken cancel)
    {
        try
        {
            await PublishAsync(work, cancel);
        }
        finally
        {
            lock (_learning) _retraining--;
        }
    }

    private async Task PublishAsync(FullWork work, CancellationToken cancel)
    {
        RetrainResult result;
        using (await slot.EnterAsync(cancel)) result = retrain.Run(work.Request);
        var exports = new List<Export>();
        foreach (ModelDraft draft in result.Drafts)
        {
            int ordinal;
            lock (_learning) ordinal = ++_ordinal;
            exports.Add(await publisher.PublishAsync(draft, ordinal, work.Request, cancel));
        }
        Export? metaLabel = exports.Find(e => e.Package.Manifest.Type == ModelType.MetaLabel);
        if (metaLabel is not null)
            lock (_learning) Refer(work.Request.Samples, model: null);
        if (result.Why.Length == 0) result = result with { Why = result.Also };
        work.Model = (metaLabel ?? exports.FirstOrDefault())?.Package.Ref;
        work.Why = result.Why;
        Made(work.Request.At, $"retrain by {work.Request.Trigger}: {result.Why}");
        bool ready = metaLabel is { Ready: true };
        diary.Note(result with { Adopted = ready, Sound = exports.Count(e => e.Sound) }, work.Request.Trigger, work.Night is not null);
        if (work.Night is { } night)
            diary.Write(night with { Models = [.. exports.Select(e => e.Package.Ref)], MetaLabel = metaLabel?.Package.Ref, Ready = ready, Why = result.Why });
    }

    // Drift is measured since the last full retrain, and that of the answers since the model that gives them serves.
    private void Refer(Sample[] samples, ModelSet? model)
    {
        Sample[] unseen = samples[(samples.Length - samples.Length / 5)..];
        _crossVenue.Drift.Refer(samples, unseen, model);
        _directional.Drift.Refer(samples, unseen, model);
    }

    private TriggerFacts Facts() => new()
    {
        NewSamples = _newSamples,
        SinceLast = clock.GetUtcNow() - _versionAt,
        NewSinceFull = _newSinceFull,
        SinceFull = _seen - _fullAt,
        LearnerLoss = _online.CrossVenue.RecentLearner,
        ServingLoss = _online.CrossVenue.RecentServing,
        GainMade = _gainMade,
        DayEnded = false,
        Drifted = _drifted,
        Retraining = _retraining > 0,
        Requested = false,
    };
}
