using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Sequential;
using QuadTurbo.Scoring;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Evaluation;

/// <summary>How a contest stands.</summary>
/// <param name="Challenger">Label of the model that does not serve.</param>
/// <param name="Samples">Outcomes that both have foretold.</param>
/// <param name="Minutes">Minutes in which they became known: the unit of the tests, since outcomes of one minute are alike.</param>
/// <param name="LogLossGain">Log-loss of the champion less that of the challenger, nats a minute; at any time, 95 %.</param>
/// <param name="NetBpsGain">Net bps of what the challenger gives even odds less those of what the champion does, a minute; at any time, 95 %.</param>
public sealed record ContestStanding(string Challenger, long Samples, long Minutes, Interval LogLossGain, Interval NetBpsGain);

/// <summary>Champion and challenger foretell every opportunity in shadow; the difference is read whenever one likes. Not thread-safe.</summary>
/// <remarks>
/// The champion's score is the one that the path gave at the decision. Only opportunities decided after the challenger was trained count.
/// Always-valid tests of paired differences (Johari et al. 2017) of totals by minute.
/// </remarks>
public sealed class ShadowContest(ModelPackage challenger, DateTime trainedAt)
{
    private const double Even = 0.5;
    private readonly ModelSet _challenger = new(challenger);
    private readonly ClusterTotals _lossByMinute = new();
    private readonly ClusterTotals _moneyByMinute = new();
    private readonly PairedMeanTest _loss = new(new SequentialOptions { Tau = 0.05 });
    private readonly PairedMeanTest _money = new(new SequentialOptions { Tau = 1 });
    private long _samples;

    /// <summary>How it stands.</summary>
    public ContestStanding Standing => new(_challenger.Ref.Label, _samples, _loss.Count, _loss.Interval, _money.Interval);

    /// <summary>Takes one outcome; passes over what either model could not foretell, and what was decided too early.</summary>
    public void Add(Sample sample)
    {
        if (sample.DecidedAt < trainedAt || double.IsNaN(sample.Score)) return;
        double score = _challenger.Score(sample.Features, sample.Kind);
        if (double.IsNaN(score)) return;
        _samples++;
        long minute = sample.KnownAt.Ticks / TimeSpan.TicksPerMinute;
        double loss = Classification.LogLoss(sample.Score, sample.Won) - Classification.LogLoss(score, sample.Won);
        double money = (score >= Even ? sample.NetBps : 0) - (sample.Score >= Even ? sample.NetBps : 0);
        if (_lossByMinute.Add(minute, loss, out double lossTotal)) _loss.Add(lossTotal);
        if (_moneyByMinute.Add(minute, money, out double moneyTotal)) _money.Add(moneyTotal);
    }
}
