namespace QuadTurbo.Learning.Calibration;

/// <summary>When a served calibrator is called wrong, and what it is fitted again on.</summary>
public sealed record OnlineCalibrationOptions
{
    /// <summary>Outcomes kept for a new fit.</summary>
    public int Window { get; init; } = 5_000;

    /// <summary>Share of the newest outcome in a bin's drift: 0.005 remembers some 400.</summary>
    public double Rate { get; init; } = 0.005;

    /// <summary>|z| of a bin above which it alarms.</summary>
    public double AlarmZ { get; init; } = 4;

    /// <summary>
    /// Variance, in outcomes, that a bin needs before it may alarm: Σ q (1 − q) faded. Below it y is too rare for z to be near normal.
    /// </summary>
    public double LeastVariance { get; init; } = 3;

    internal void Check()
    {
        if (Window < 1) throw new ArgumentOutOfRangeException(nameof(Window), Window, "at least 1 outcome");
        if (!(Rate is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Rate), Rate, "between 0 and 1");
        if (!(AlarmZ > 0)) throw new ArgumentOutOfRangeException(nameof(AlarmZ), AlarmZ, "above 0");
        if (!(LeastVariance >= 0)) throw new ArgumentOutOfRangeException(nameof(LeastVariance), LeastVariance, "0 or more");
    }
}
