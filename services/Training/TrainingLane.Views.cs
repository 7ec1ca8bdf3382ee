using QuadTurbo.Hosting.Transport;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Trainers;
using QuadTurbo.Training.Triggers;
using QuadTurbo.Training.Views;

namespace QuadTurbo.Training;

// What the lane tells, and what people may ask it to begin.
public sealed partial class TrainingLane
{
    // Of the process, whatever the clock of the feed.
    private readonly DateTime _since = TimeProvider.System.GetUtcNow().UtcDateTime;
    private DateTime? _todaySince;
    private LaneCounts _counted;
    private DateTime? _madeAt;
    private string? _madeText;

    /// <summary>Everything that lane 3 can tell of itself [LRN-01..14, TRN-22].</summary>
    public LearningView View()
    {
        lock (_learning)
        {
            TriggerFacts facts = Facts();
            string? guard = triggers.Guard(facts);
            bool full = triggers.Profile != TriggerProfile.Quad;
            Sample[] buffer = _dataset.ToArray();
            return new LearningView
            {
                Since = _since,
                Samples = new SampleFigures
                {
                    Collected = _counted.Collected,
                    Labelled = _samples,
                    ByLane =
                    [
                        new LaneCount("production", buffer.LongCount(s => s.Lane == Lane.Production)),
                        new LaneCount("shadow_sim", buffer.LongCount(s => s.Lane == Lane.ShadowSim)),
                    ],
                    Buffer = buffer.Length,
                    BufferCapacity = _dataset.Capacity,
                    Reported = _counted.Reported,
                },
                Activity = new ActivityFigures
                {
                    Since = _todaySince ?? _since,
                    Received = _today.Received,
                    Passed = _today.Passed,
                    Failed = _today.Blocked,
                    Wins = _today.Wins,
                    Losses = _today.Trades - _today.Wins,
                    SimulatedNet = _today.Net,
                },
                Guard = guard,
                Triggers = [.. triggers.Ask(facts).Select(a => LearningViews.Of(a, full, guard))],
                Metrics = [.. diary.Now.Select(LearningViews.Of)],
                Nights = [.. diary.Nights.Reverse().Select(LearningViews.Of)],
                Drift = [.. LearningViews.Of(OpportunityKind.CrossVenue, _crossVenue.Drift), .. LearningViews.Of(OpportunityKind.Directional, _directional.Drift)],
                Retraining = new RetrainingView { Running = _retraining > 0, Runs = _counted.Runs, LastAt = _madeAt, LastText = _madeText },
            };
        }
    }

    /// <summary>How the online learners foretell, beside the baseline.</summary>
    public IReadOnlyList<LearnerView> Learners()
    {
        lock (_learning)
        {
            return
            [
                .. new[] { OpportunityKind.CrossVenue, OpportunityKind.Directional }.Select(kind => new LearnerView(
                    kind.Code(), LearningViews.Of(_online.Of(kind).Learner, _online.Of(kind).Recent()), LearningViews.Of(_online.Of(kind).BaselineFigures, recent: null))),
            ];
        }
    }

    /// <summary>Begins a retrain and does not wait for it [DASH-06]; a replay retrains in step with its feed alone.</summary>
    public TrainingBegun Begin(TrainNow asked)
    {
        if (training.Learn == LearnMode.Off) return new TrainingBegun(false, "learning is off (training.learn)");
        if (!lanes.EnableTraining) return new TrainingBegun(false, "the training lane is off (lanes.enableTraining)");
        if (transport.Schedule == Schedule.Lockstep) return new TrainingBegun(false, "a replay retrains in step with its feed");
        Work work;
        string text;
        lock (_learning)
        {
            if (_retraining > 0) return new TrainingBegun(false, "a full retrain is running");
            if (asked.ModelType != "meta_label") (work, text) = PartOf(asked.ModelType == "slippage" ? ModelType.Slippage : ModelType.Regime);
            else
            {
                string? shortage = retrain.Shortage(_dataset);
                bool full = _newSinceFull > 0 && shortage is null;
                if (!full && _newSamples == 0) return new TrainingBegun(false, "no new labelled sample since the last version");
                work = WorkOf(new Fired("manual", full ? VersionKind.Full : VersionKind.Online));
                text = full
                    ? $"a full retrain on {_dataset.Count} rows begins; the registry tests what it makes before it judges anything"
                    : $"a version of the online learner is made; no full retrain: {shortage ?? "no new sample since the last one"}";
            }
            _background = AfterAsync(_background, work);
        }
        return new TrainingBegun(true, text);
    }

    // Trains one of the models that nothing on the path reads; the meta-label model's counters stay.
    private (Work Work, string Text) PartOf(ModelType type)
    {
        _retraining++;
        var request = new RetrainRequest
        {
            Trigger = "manual",
            At = _seen,
            Samples = _dataset.ToArray(),
            Serving = _serving,
            ServingSince = _servingSince,
            Types = new HashSet<ModelType> { type },
        };
        return (new FullWork(request, night: null), $"a {type.ToString().ToLowerInvariant()} model is trained on {_dataset.Count} rows, if that is enough; it is kept for reports");
    }

    private void Made(DateTime at, string text)
    {
        lock (_learning) (_counted, _madeAt, _madeText) = (_counted with { Runs = _counted.Runs + 1 }, at == default ? null : at, text);
    }
}
