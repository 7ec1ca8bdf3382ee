using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Inference.Serving;

/// <summary>How one arm has done; safe to use from several threads.</summary>
internal sealed class ArmFigures
{
    private static readonly Counter<long> Judged =
        Meters.Shared.CreateCounter<long>("quadturbo_arm_predictions_total", null, "Opportunities that an arm judged while an experiment ran.");

    private static readonly Histogram<double> Latency = Meters.Shared.CreateHistogram(
        "quadturbo_arm_latency_seconds", "s", "Time in which an arm scored one opportunity while an experiment ran.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-7, 5e-7, 1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2] });

    private readonly LatencyHistogram _latency = new();
    private static readonly Counter<long> Unscored = Meters.Shared.CreateCounter<long>(
        "quadturbo_arm_unscored_total", null, "Opportunities that fell to an arm and that its model gave no score.");

    private long _predictions, _opinions, _errors;

    /// <summary>Opportunities that it judged.</summary>
    public long Predictions => Interlocked.Read(ref _predictions);

    /// <summary>Opportunities that fell to it and that it gave no score.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Opportunities that the other arm judged and it scored too.</summary>
    public long Opinions => Interlocked.Read(ref _opinions);

    /// <summary>Time to score one opportunity, s: mean of a batch; NaN before the first.</summary>
    public (double P50, double P95, double P99) Quantiles => (_latency.Quantile(0.5), _latency.Quantile(0.95), _latency.Quantile(0.99));

    /// <summary>Counts <paramref name="opportunities"/> that it judged in <paramref name="elapsed"/>.</summary>
    /// <param name="arm">Name of the arm for the metrics; null while no experiment runs.</param>
    /// <param name="opportunities">At least one.</param>
    /// <param name="elapsed">From features to votes.</param>
    public void Count(string? arm, int opportunities, TimeSpan elapsed)
    {
        Interlocked.Add(ref _predictions, opportunities);
        _latency.Record(elapsed / opportunities);
        if (arm is null) return;
        Judged.Add(opportunities, new KeyValuePair<string, object?>("arm", arm));
        Latency.Record(elapsed.TotalSeconds / opportunities, new KeyValuePair<string, object?>("arm", arm));
    }

    /// <summary>Counts <paramref name="opportunities"/> that it gave no score.</summary>
    /// <param name="arm">Name of the arm for the metrics.</param>
    /// <param name="opportunities">Of a batch.</param>
    public void CountErrors(string arm, int opportunities)
    {
        if (opportunities == 0) return;
        Interlocked.Add(ref _errors, opportunities);
        Unscored.Add(opportunities, new KeyValuePair<string, object?>("arm", arm));
    }

    /// <summary>Counts <paramref name="opportunities"/> that it scored beside the other arm.</summary>
    public void CountOpinions(int opportunities) => Interlocked.Add(ref _opinions, opportunities);
}
