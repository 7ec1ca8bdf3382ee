using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Online;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Training.Trainers;

/// <summary>Learns one kind of opportunity online: FTRL-Proximal logistic, tested on every sample before it learns from it.</summary>
/// <remarks>McMahan et al. 2013; prequential evaluation after Dawid 1984: predict, score, then update.</remarks>
internal sealed class HeadLearner(OpportunityKind kind)
{
    private const double RecentWeight = 1.0 / 100;
    private const long RecentNeeded = 50;
    private const double Coin = 0.5;
    private static readonly ModelSet Baseline = new(ModelPackage.Baseline);
    private FtrlModel _model = new(FeatureSchema.Count);
    private PrequentialMetrics _learner = new();
    private PrequentialMetrics _baseline = new();
    private double _recentLearner = double.NaN;
    private double _recentServing = double.NaN;

    /// <summary>Samples that the learner was tested on.</summary>
    public long Scored => _learner.Count;

    /// <summary>Recent log-loss of the learner, nats; NaN before 50 samples.</summary>
    public double RecentLearner => Scored < RecentNeeded ? double.NaN : _recentLearner;

    /// <summary>Recent log-loss of whatever model judged the same samples, nats; NaN before 50 samples.</summary>
    public double RecentServing => Scored < RecentNeeded ? double.NaN : _recentServing;

    /// <summary>Prequential figures of the learner.</summary>
    public PrequentialFigures Learner => _learner.Read();

    /// <summary>The same figures of the baseline on the same samples.</summary>
    public PrequentialFigures BaselineFigures => _baseline.Read();

    /// <summary>The last 20,000 tested scores and labels.</summary>
    public (double[] Scores, bool[] Labels) Recent() => _learner.Recent();

    /// <summary>Tests on a sample, then learns from it.</summary>
    /// <param name="features">Model input at decision time.</param>
    /// <param name="servedScore">What the serving model said at decision time; NaN when it said nothing.</param>
    /// <param name="won">Whether the trade made money after fees.</param>
    public void Learn(in FeatureVector features, double servedScore, bool won)
    {
        double predicted = _model.Update(features, won);
        _learner.Add(predicted, won);
        double baseline = Baseline.Score(features, kind);
        if (!double.IsNaN(baseline)) _baseline.Add(baseline, won);
        _recentLearner = Decay(_recentLearner, Classification.LogLoss(predicted, won));
        if (!double.IsNaN(servedScore)) _recentServing = Decay(_recentServing, Classification.LogLoss(servedScore, won));
    }

    /// <summary>Whether it may serve [REG-08]: tested on enough samples, it tells winners from losers better than a coin and has less log-loss than the baseline.</summary>
    /// <remarks>The odds alone can beat a baseline that is too sure of itself: with an AUC of 0.5 or less nothing is known of which trade will win.</remarks>
    public bool IsReady(int minSamples)
    {
        PrequentialFigures learner = _learner.Read();
        return Scored >= minSamples && learner.Auc > Coin && learner.LogLoss < _baseline.Read().LogLoss;
    }

    /// <summary>The head that may serve: the learner's when it is ready, otherwise the baseline's.</summary>
    public ModelHead Head(int minSamples)
    {
        if (IsReady(minSamples)) return new FtrlHead(_model.Freeze(), _model.Samples);
        return kind == OpportunityKind.CrossVenue ? ModelPackage.Baseline.CrossVenue : ModelPackage.Baseline.Directional;
    }

    /// <summary>Everything learnt and measured, to go on from after a restart: model, learner's and baseline's figures, recent losses.</summary>
    public IReadOnlyList<byte[]> Save() =>
        [_model.Save(), _learner.Save(), _baseline.Save(), [.. BitConverter.GetBytes(_recentLearner), .. BitConverter.GetBytes(_recentServing)]];

    /// <summary>Goes on from what <see cref="Save"/> gave.</summary>
    public void Restore(IReadOnlyList<byte[]> saved)
    {
        _model = FtrlModel.Restore(saved[0]);
        _learner = PrequentialMetrics.Restore(saved[1]);
        _baseline = PrequentialMetrics.Restore(saved[2]);
        (_recentLearner, _recentServing) = (BitConverter.ToDouble(saved[3]), BitConverter.ToDouble(saved[3], sizeof(double)));
    }

    private static double Decay(double average, double value) => double.IsNaN(average) ? value : average + RecentWeight * (value - average);
}
