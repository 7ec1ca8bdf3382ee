using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Drift;

/// <summary>Compares what comes in with what the serving model was made of, for one kind of opportunity: every feature but the hour, which drifts by itself, the score and its error [TRN-08]. Not thread-safe.</summary>
/// <remarks>
/// Checked every 100 samples. Of a feed that is denser than <see cref="MostPerSecond"/> samples a second of its own time, the first ones of each second are
/// watched: at market speed that is all of them, and a recording read fast is not slowed by statistics.
/// Before the first full retrain the reference is the first <see cref="FirstReference"/> samples.
/// </remarks>
public sealed class DriftWatch(OpportunityKind kind, long seed)
{
    /// <summary>Samples watched of one second of the feed.</summary>
    public const int MostPerSecond = 100;

    /// <summary>Samples that make the first reference.</summary>
    public const int FirstReference = 1_000;

    /// <summary>Fewest samples of a reference; with less the one before stays.</summary>
    public const int FewestReference = 200;

    private const string Score = "score";
    private const string Residual = "residual";
    private static readonly int[] Watched = [.. Enumerable.Range(0, FeatureSchema.Count).Where(f => FeatureSchema.Columns[f].Name is not ("hour_sin" or "hour_cos"))];
    private static readonly string[] Names = [.. Watched.Select(f => FeatureSchema.Columns[f].Name), Score, Residual];
    private readonly List<Sample> _first = new(FirstReference);
    private readonly double[] _row = new double[Watched.Length + 2];
    private DriftMonitor? _monitor;
    private long _second;
    private int _inSecond;

    /// <summary>Drift of the columns at the last check; empty before it.</summary>
    public IReadOnlyList<ColumnDrift> Columns => _monitor?.Last?.Columns ?? [];

    /// <summary>From now on the reference is <paramref name="samples"/>, those of its kind, as <paramref name="model"/> scores them.</summary>
    /// <param name="samples">Samples that the model has not learnt: of those that it has, its errors would look smaller than they are.</param>
    /// <param name="model">What serves from now on; null for the scores that the samples had.</param>
    public void Refer(IEnumerable<Sample> samples, ModelSet? model = null)
    {
        Sample[] own = [.. samples.Where(s => s.Kind == kind)];
        if (own.Length < FewestReference) return;
        var columns = new double[Names.Length][];
        for (int c = 0; c < columns.Length; c++) columns[c] = new double[own.Length];
        for (int r = 0; r < own.Length; r++)
        {
            Fill(own[r], model?.Score(own[r].Features, kind) ?? own[r].Score);
            for (int c = 0; c < columns.Length; c++) columns[c][r] = _row[c];
        }
        _monitor = new DriftMonitor(DriftReference.Of(Names, columns, seed));
        _first.Clear();
    }

    /// <summary>Takes one sample of its kind; the columns in which drift begins with it, mostly none.</summary>
    public IReadOnlyList<DriftEvent> Add(Sample sample)
    {
        if (_monitor is null)
        {
            _first.Add(sample);
            if (_first.Count == FirstReference) Refer([.. _first]);
            return [];
        }
        long second = sample.KnownAt.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second) (_second, _inSecond) = (second, 0);
        if (_inSecond++ >= MostPerSecond) return [];
        Fill(sample, sample.Score);
        IReadOnlyList<DriftEvent> begun = _monitor.Add(_row)?.Events ?? [];
        if (begun.Count > 0) PlatformMeters.DriftDetected.Add(begun.Count);
        return begun;
    }

    private void Fill(Sample sample, double score)
    {
        ReadOnlySpan<float> features = sample.ReadFeatures();
        for (int c = 0; c < Watched.Length; c++) _row[c] = float.IsFinite(features[Watched[c]]) ? features[Watched[c]] : double.NaN;
        _row[^2] = score;
        _row[^1] = (sample.Won ? 1 : 0) - score;
    }
}
