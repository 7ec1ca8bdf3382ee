using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Publication;

namespace QuadTurbo.Training.Trainers;

/// <summary>The online learners of both kinds of opportunity, and the versions that are made of them. Not thread-safe.</summary>
internal sealed class OnlineLearners
{
    private readonly HeadLearner _crossVenue = new(OpportunityKind.CrossVenue);
    private readonly HeadLearner _directional = new(OpportunityKind.Directional);

    /// <summary>Learner of gaps: what the triggers look at.</summary>
    public HeadLearner CrossVenue => _crossVenue;

    /// <summary>The learner of one kind.</summary>
    public HeadLearner Of(OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? _crossVenue : _directional;

    /// <summary>Tests on a sample, then learns from it.</summary>
    public void Learn(Sample sample) => Of(sample.Kind).Learn(sample.Features, sample.Score, sample.Won);

    /// <summary>A version of what they know now.</summary>
    public VersionDraft Draft(int ordinal, string trigger, long samples, DateTime knownAt, int minSamplesToServe) => new()
    {
        Ordinal = ordinal,
        Trigger = trigger,
        Samples = samples,
        KnownAt = knownAt,
        CrossVenue = _crossVenue.Head(minSamplesToServe),
        Directional = _directional.Head(minSamplesToServe),
        Figures = Overall(_crossVenue.Learner, _directional.Learner),
        Baseline = Overall(_crossVenue.BaselineFigures, _directional.BaselineFigures),
        Auc = Told(minSamplesToServe).Learner.Auc,
    };

    // Of the learner whose head the version has; of gaps where both or neither may serve.
    private HeadLearner Told(int minSamplesToServe) =>
        _crossVenue.Scored == 0 || (_directional.IsReady(minSamplesToServe) && !_crossVenue.IsReady(minSamplesToServe)) ? _directional : _crossVenue;

    private static (double LogLoss, double Accuracy) Overall(in PrequentialFigures a, in PrequentialFigures b) =>
        a.Count == 0 ? (b.LogLoss, b.Accuracy)
        : b.Count == 0 ? (a.LogLoss, a.Accuracy)
        : (Mean(a.LogLoss, a.Count, b.LogLoss, b.Count), Mean(a.Accuracy, a.Count, b.Accuracy, b.Count));

    private static double Mean(double a, long countA, double b, long countB) => (a * countA + b * countB) / (countA + countB);
}
