using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Training;

/// <summary>Lane 3: records every sample, learns from every label, and makes a new version when a trigger fires. Never in the way of the other lanes.</summary>
/// <remarks>
/// The label of an opportunity is its shadow outcome, refused ones too, so that nothing is learnt from passed ones alone; where there is no shadow lane
/// it is the production outcome. A sample is learnt once. What a caller submitted is recorded, but its prices are the caller's word, so nothing is learnt from it.
/// </remarks>
public sealed class TrainingLane(
    LaneSettings lanes, TrainingSettings training, TriggerSettings settings, TriggerEngine triggers, ModelPublisher publisher, EmbeddedTransport transport,
    TimeProvider clock)
{
    private static readonly Counter<long> Retrains = Meters.Shared.CreateCounter<long>("quadturbo_retrains_total", null, "Model versions made, by trigger.");

    /// <summary>Labels that a full queue dropped: they are in the ledger, and were not learnt.</summary>
    internal static readonly Counter<long> LabelsDropped =
        Meters.Shared.CreateCounter<long>("quadturbo_labels_dropped_total", null, "Labels that a full queue dropped before they were learnt.");

    private readonly Lock _learning = new();
    private readonly HeadLearner _crossVenue = new(OpportunityKind.CrossVenue);
    private readonly HeadLearner _directional = new(OpportunityKind.Directional);
    private Task _publishing = Task.CompletedTask;
    private long _samples;
    private long _newSamples;
    private DateTimeOffset? _versionAt;
    private DateOnly _day;
    private DateTime _seen;
    private bool _dayEnded;
    private bool _requested;
    private int _ordinal;

    /// <summary>Samples learnt from so far.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Says that every sample of a batch is recorded; what did not fit into the queue is missed.</summary>
    public ValueTask RecordAsync(OpportunityJudged judged, MissCode missed, CancellationToken cancel)
    {
        if (!lanes.EnableTraining || judged.Decisions.Length == 0) return ValueTask.CompletedTask;
        var outcomes = new Outcome[judged.Decisions.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            Decision decision = judged.Decisions[i];
            outcomes[i] = new Outcome { Decision = decision, Lane = Lane.Training, Missed = missed, At = decision.Opportunity.KnownAt };
        }
        return transport.PublishAsync(Topics.OutcomeRecorded, new OutcomesKnown(outcomes), cancel);
    }

    /// <summary>Learns from the filled ones of <paramref name="known"/>, then makes a version if a trigger fires.</summary>
    public async ValueTask LearnAsync(OutcomesKnown known, CancellationToken cancel)
    {
        if (!lanes.EnableTraining || training.Learn == LearnMode.Off) return;
        VersionDraft? draft;
        lock (_learning)
        {
            foreach (Outcome outcome in known.Outcomes) Learn(outcome);
            draft = DraftIfDue();
        }
        if (draft is not null) await MakeAsync(draft, cancel);
    }

    /// <summary>Makes a version now, whatever the triggers say.</summary>
    /// <returns>Its names, or why there is none.</returns>
    public async Task<(ModelRef? Model, string Why)> RetrainAsync(CancellationToken cancel)
    {
        VersionDraft? draft;
        lock (_learning)
        {
            _requested = true;
            draft = DraftIfDue();
            _requested = false;
        }
        if (draft is null) return (null, training.Learn == LearnMode.Off ? "learning is off (training.learn)" : "no new labelled sample since the last version");
        await MakeAsync(draft, cancel);
        await _publishing;
        return (draft.Model, "requested");
    }

    /// <summary>"Why was there no retrain?" [TRN-22]</summary>
    public TrainingAnswer Explain()
    {
        lock (_learning)
        {
            TriggerFacts facts = Facts();
            return new TrainingAnswer(_samples, _newSamples, _ordinal, triggers.Guard(facts), triggers.Ask(facts), _crossVenue.Learner, _crossVenue.BaselineFigures);
        }
    }

    /// <summary>The prequential scores and labels of one kind, the last 20,000.</summary>
    public (double[] Scores, bool[] Labels) Recent(OpportunityKind kind)
    {
        lock (_learning) return LearnerOf(kind).Recent();
    }

    /// <summary>Everything learnt, to go on from after a restart.</summary>
    public LearnerState Save()
    {
        lock (_learning) return new LearnerState(_ordinal, _samples, [.. _crossVenue.Save()], [.. _directional.Save()]);
    }

    /// <summary>Goes on from <paramref name="state"/>; call before the first message.</summary>
    public void Restore(LearnerState state)
    {
        lock (_learning)
        {
            (_ordinal, _samples) = (state.Ordinal, state.Samples);
            _crossVenue.Restore(state.CrossVenue);
            _directional.Restore(state.Directional);
        }
    }

    /// <summary>Completes when no version is on its way.</summary>
    public Task UntilPublishedAsync() => _publishing;

    private void Learn(Outcome outcome)
    {
        Lane source = lanes.EnableShadowSim ? Lane.ShadowSim : Lane.Production;
        if (outcome.Lane != source || outcome.Trade is not { } trade || outcome.Decision.Opportunity.Submitted) return;
        LearnerOf(outcome.Decision.Opportunity.Kind).Learn(outcome.Decision.Opportunity.Features, outcome.Decision.Score, trade.Won);
        _samples++;
        _newSamples++;
        if (outcome.At > _seen) _seen = outcome.At;
        var day = DateOnly.FromDateTime(_seen);
        _dayEnded |= _day != default && day > _day;
        _day = day;
    }

    private VersionDraft? DraftIfDue()
    {
        if (triggers.Fired(Facts()) is not { } trigger) return null;
        var draft = new VersionDraft
        {
            Ordinal = ++_ordinal,
            Trigger = trigger,
            Samples = _samples,
            KnownAt = _seen,
            CrossVenue = _crossVenue.Head(settings.MinSamplesToServe),
            Directional = _directional.Head(settings.MinSamplesToServe),
            Figures = Overall(_crossVenue.Learner, _directional.Learner),
            Baseline = Overall(_crossVenue.BaselineFigures, _directional.BaselineFigures),
            Auc = _crossVenue.Scored > 0 ? _crossVenue.Learner.Auc : _directional.Learner.Auc,
        };
        _newSamples = 0;
        _dayEnded = false;
        _versionAt = clock.GetUtcNow();
        return draft;
    }

    private async ValueTask MakeAsync(VersionDraft draft, CancellationToken cancel)
    {
        Retrains.Add(1, new KeyValuePair<string, object?>("trigger", draft.Trigger));
        PlatformMeters.Accuracy.Record(draft.Figures.Accuracy);
        if (transport.Schedule == Schedule.Lockstep)
        {
            await publisher.PublishAsync(draft, cancel);
            return;
        }
        Task before = _publishing;
        _publishing = Task.Run(
            async () =>
            {
                await before;
                await publisher.PublishAsync(draft, CancellationToken.None);
            },
            CancellationToken.None);
    }

    private TriggerFacts Facts() => new()
    {
        NewSamples = _newSamples,
        SinceLast = clock.GetUtcNow() - _versionAt,
        LearnerLoss = _crossVenue.RecentLearner,
        ServingLoss = _crossVenue.RecentServing,
        DayEnded = _dayEnded,
        Requested = _requested,
    };

    private HeadLearner LearnerOf(OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? _crossVenue : _directional;

    private static (double LogLoss, double Accuracy) Overall(in PrequentialFigures a, in PrequentialFigures b) =>
        a.Count == 0 ? (b.LogLoss, b.Accuracy)
        : b.Count == 0 ? (a.LogLoss, a.Accuracy)
        : (Mean(a.LogLoss, a.Count, b.LogLoss, b.Count), Mean(a.Accuracy, a.Count, b.Accuracy, b.Count));

    private static double Mean(double a, long countA, double b, long countB) => (a * countA + b * countB) / (countA + countB);
}

/// <summary>What the training lane says of itself.</summary>
/// <param name="Samples">Labelled samples learnt from.</param>
/// <param name="NewSamples">Since the last version.</param>
/// <param name="Version">Ordinal of the last version; 0 for none.</param>
/// <param name="Guard">What keeps every trigger from firing; null for nothing.</param>
/// <param name="Triggers">Each trigger's answer.</param>
/// <param name="CrossVenue">Prequential figures of the cross-venue learner.</param>
/// <param name="CrossVenueBaseline">The same of the baseline.</param>
public sealed record TrainingAnswer(
    long Samples, long NewSamples, int Version, string? Guard, IReadOnlyList<TriggerAnswer> Triggers, PrequentialFigures CrossVenue,
    PrequentialFigures CrossVenueBaseline);

/// <summary>Everything the lane has learnt.</summary>
/// <param name="Ordinal">Last version.</param>
/// <param name="Samples">Samples learnt from.</param>
/// <param name="CrossVenue">The cross-venue learner.</param>
/// <param name="Directional">The directional learner.</param>
public sealed record LearnerState(int Ordinal, long Samples, IReadOnlyList<byte[]> CrossVenue, IReadOnlyList<byte[]> Directional);
