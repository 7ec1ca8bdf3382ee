using QuadTurbo.Learning.Calibration;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Evaluation;

/// <summary>Holds the probabilities of the trees that serve one kind of opportunity to what happens; when they stray, fits their calibrator again. Not thread-safe.</summary>
/// <remarks>The trees are not touched. Outcomes decided before the model served do not count, nor break-even ones, which it was not fitted to.</remarks>
public sealed class CalibrationWatch(OpportunityKind kind, double bandBps)
{
    /// <summary>Outcomes between two fits: Platt's has two parameters to find.</summary>
    public const int FewestOutcomes = 500;

    private TreesHead? _head;
    private OnlineCalibration? _online;
    private DateTime _since;
    private int _seen;

    /// <summary>From <paramref name="since"/> on <paramref name="package"/> serves; a head without trees is not watched.</summary>
    public void Serve(ModelPackage package, DateTime since)
    {
        TreesHead? head = (kind == OpportunityKind.CrossVenue ? package.CrossVenue : package.Directional).FindTrees();
        if (head is not null && _head is not null && head.Ensemble.ToBytes().AsSpan().SequenceEqual(_head.Ensemble.ToBytes()))
        {
            _head = head;
            return;
        }
        (_head, _since, _seen) = (head, since, 0);
        _online = head?.Calibrator is { } calibrator ? new OnlineCalibration(calibrator) : null;
    }

    /// <summary>Takes one outcome of its kind.</summary>
    /// <returns>The head with its calibrator fitted again, when a bin of its scores has strayed further than chance; mostly null.</returns>
    public TreesHead? Add(Sample sample)
    {
        if (_head is null || _online is null || sample.DecidedAt < _since || Math.Abs(sample.NetBps) <= bandBps) return null;
        _online.Add(_head.Margin(sample.ReadFeatures()), sample.NetBps > 0);
        if (++_seen < FewestOutcomes || !_online.Alarm) return null;
        _seen = 0;
        return _head = _head.With(_online.Refit());
    }
}
