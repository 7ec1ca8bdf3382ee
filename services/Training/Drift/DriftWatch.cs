using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Drift;

/// <summary>Compares what comes in with what the serving model was made of, for one kind of opportunity: every feature but the hour, which drifts by itself, the score and its error [TRN-08]. Not thread-safe.</summary>
/// <remarks>
/// Checked every 100 samples. With a pace, the first <see cref="MostPerSecond"/> samples of each second of it are watched: at market speed that is all
/// of them, and a market shown faster than that is not slowed by statistics. Without one, in lockstep, every sample is.
/// Prices, volatility and edges resemble their neighbours in time, so a window of them always differs from the whole: a column drifts only when its distance
/// also exceeds that of every window of the same length of the reference itself, in two of three checks.
/// Before the first full retrain the reference is the first <see cref="FirstReference"/> samples.
/// </remarks>
public sealed class DriftWatch(OpportunityKind kind, long seed, TimeProvider? pace = null)
{
    /// <summary>Samples watched of one second of the pace.</summary>
    public const int MostPerSecond = 500;

    /// <summary>Checks that are remembered of a column; of more, ever fewer, at even distances.</summary>
    public const int MostRemembered = 128;

    /// <summary>Samples that make the first reference.</summary>
    public const int FirstReference = 1_000;

    /// <summary>Fewest samples of a reference; with less the one before stays.</summary>
    public const int FewestReference = 200;

    private static readonly int[] Watched = [.. Enumerable.Range(0, FeatureSchema.Count).Where(f => FeatureSchema.Columns[f].Name is not ("hour_sin" or "hour_cos"))];
    private static readonly string[] Inputs = [.. Watched.Select(f => FeatureSchema.Columns[f].Name)];
    private static readonly string[] Answers = ["score", "residual"];
    private readonly List<Sample> _first = new(FirstReference);
    private readonly double[] _inputs = new double[Inputs.Length];
    private readonly double[] _answers = new double[Answers.Length];
    private OrderedMonitor? _inputMonitor;
    private OrderedMonitor? _answerMonitor;
    private readonly Dictionary<string, ThinnedHistory<DriftPoint>> _history = new(StringComparer.Ordinal);
    private long _second;
    private int _inSecond;

    /// <summary>Every column at the last check; empty before it.</summary>
    public IEnumerable<ColumnDrift> Columns => (_inputMonitor?.Columns ?? []).Concat(_answerMonitor?.Columns ?? []);

    /// <summary>Whether a column has moved further than chance and its own windows.</summary>
    internal bool IsDrifting(string column) => _inputMonitor?.IsDrifting(column) == true || _answerMonitor?.IsDrifting(column) == true;

    /// <summary>The checks of a column over its longest window, the oldest first.</summary>
    internal IReadOnlyList<DriftPoint> HistoryOf(string column) => _history.TryGetValue(column, out ThinnedHistory<DriftPoint>? kept) ? kept.Kept : [];

    /// <summary>From now on the reference is <paramref name="samples"/>, those of its kind.</summary>
    /// <param name="samples">What the last full retrain started from.</param>
    /// <param name="unseen">Those of them that the model has not learnt: of the others its errors would look smaller than they are.</param>
    /// <param name="model">What serves from now on; null for the scores that the samples had.</param>
    public void Refer(IEnumerable<Sample> samples, IEnumerable<Sample> unseen, ModelSet? model = null)
    {
        Sample[] own = [.. samples.Where(s => s.Kind == kind)], judged = [.. unseen.Where(s => s.Kind == kind)];
        if (own.Length < FirstReference || judged.Length < FewestReference) return;
        _inputMonitor = MonitorOf(Inputs, own, FillInputs, _inputs);
        _answerMonitor = MonitorOf(Answers, judged, sample => FillAnswers(sample, model?.Score(sample.Features, kind) ?? sample.Score), _answers);
        _first.Clear();
    }

    /// <summary>Takes one sample of its kind; the columns in which drift begins with it, mostly none.</summary>
    public IReadOnlyList<DriftEvent> Add(Sample sample)
    {
        if (_inputMonitor is null)
        {
            _first.Add(sample);
            if (_first.Count == FirstReference) Refer([.. _first], [.. _first]);
            return [];
        }
        if (pace is not null && !InPace(pace)) return [];
        FillInputs(sample);
        FillAnswers(sample, sample.Score);
        long before = _inputMonitor.Checks;
        DriftEvent[] begun = [.. _inputMonitor.Add(_inputs), .. _answerMonitor!.Add(_answers)];
        if (_inputMonitor.Checks != before) Remember(sample.KnownAt);
        if (begun.Length > 0) PlatformMeters.DriftDetected.Add(begun.Length);
        return begun;
    }

    private void Remember(DateTime at)
    {
        foreach (IGrouping<string, ColumnDrift> column in Columns.GroupBy(c => c.Name, StringComparer.Ordinal))
        {
            double psi = column.MaxBy(c => c.Window)!.Psi;
            if (!double.IsFinite(psi)) continue;
            if (!_history.TryGetValue(column.Key, out ThinnedHistory<DriftPoint>? kept)) _history[column.Key] = kept = new ThinnedHistory<DriftPoint>(MostRemembered);
            kept.Add(new DriftPoint(at, psi));
        }
    }

    private bool InPace(TimeProvider clock)
    {
        long second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (second != _second) (_second, _inSecond) = (second, 0);
        return _inSecond++ < MostPerSecond;
    }

    private OrderedMonitor MonitorOf(string[] names, Sample[] samples, Action<Sample> fill, double[] row)
    {
        var columns = new double[names.Length][];
        for (int c = 0; c < columns.Length; c++) columns[c] = new double[samples.Length];
        for (int r = 0; r < samples.Length; r++)
        {
            fill(samples[r]);
            for (int c = 0; c < columns.Length; c++) columns[c][r] = row[c];
        }
        return new OrderedMonitor(names, columns, seed);
    }

    private void FillInputs(Sample sample)
    {
        ReadOnlySpan<float> features = sample.ReadFeatures();
        for (int c = 0; c < Watched.Length; c++) _inputs[c] = float.IsFinite(features[Watched[c]]) ? features[Watched[c]] : double.NaN;
    }

    private void FillAnswers(Sample sample, double score) => (_answers[0], _answers[1]) = (score, (sample.Won ? 1 : 0) - score);
}
