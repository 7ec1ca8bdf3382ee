using System.Diagnostics.Metrics;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>The five metrics whose names are public promises. Every other metric is made by the feature that measures it,
/// on <see cref="Meters.Shared"/>, under a name that begins with <c>quadturbo_</c> and ends in its base unit.</summary>
public static class PlatformMeters
{
    /// <summary>Time from a batch's features to its score, divided by the batch's size [s per prediction].</summary>
    public static Histogram<double> PredictionLatency { get; } = Meters.Shared.CreateHistogram(
        "model_prediction_latency_seconds", "s", "Time to score one opportunity.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-7, 5e-7, 1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 0.1, 1] });

    /// <summary>Opportunities scored since the process started.</summary>
    public static Counter<long> Predictions { get; } =
        Meters.Shared.CreateCounter<long>("model_predictions_total", null, "Opportunities scored.");

    /// <summary>Drifts detected since the process started.</summary>
    public static Counter<long> DriftDetected { get; } =
        Meters.Shared.CreateCounter<long>("model_drift_detected_total", null, "Drifts detected between training and live data.");

    /// <summary>Share of right predictions of the serving model, 0 to 1; absent until it has been measured.</summary>
    public static Gauge<double> Accuracy { get; } =
        Meters.Shared.CreateGauge<double>("model_accuracy_current", null, "Share of right predictions of the serving model, 0 to 1.");

    /// <summary>Opportunities judged per second, over the latest measuring interval; absent until it has been measured.</summary>
    public static Gauge<double> Throughput { get; } =
        Meters.Shared.CreateGauge<double>("system_throughput_rps", null, "Opportunities judged per second.");
}
