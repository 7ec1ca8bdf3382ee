using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Inference.Serving;

/// <summary>By how much the challenger scores higher than the champion, over the opportunities that both could score.</summary>
internal sealed class ScoreDifference
{
    private static readonly Histogram<double> Differences = Meters.Shared.CreateHistogram(
        "quadturbo_challenger_score_difference", "1", "Score of the challenger less that of the champion, of one opportunity.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [-0.5, -0.2, -0.1, -0.05, -0.02, -0.01, 0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] });

    private readonly Lock _adding = new();
    private long _rows;
    private double _sum, _absolute;

    /// <summary>Opportunities compared, mean difference and mean absolute difference; NaN before the first.</summary>
    public (long Rows, double Mean, double MeanAbsolute) Read()
    {
        lock (_adding) return (_rows, _sum / _rows, _absolute / _rows);
    }

    /// <summary>Compares one opportunity; a NaN is passed over.</summary>
    public void Add(double champion, double challenger)
    {
        double difference = challenger - champion;
        if (double.IsNaN(difference)) return;
        lock (_adding)
        {
            _rows++;
            _sum += difference;
            _absolute += Math.Abs(difference);
        }
        Differences.Record(difference);
    }
}
