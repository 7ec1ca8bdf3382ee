namespace QuadTurbo.Hosting.Telemetry;

/// <summary>How long the steps of the path take that are no message of their own, one measurement for each batch.</summary>
public static class Stages
{
    /// <summary>Everything that one instant shows is looked for.</summary>
    public static LatencyHistogram Detect { get; } = new();

    /// <summary>A batch is scored.</summary>
    public static LatencyHistogram Score { get; } = new();

    /// <summary>A batch is judged by every gate.</summary>
    public static LatencyHistogram Judge { get; } = new();

    /// <summary>Each with its name, in path order.</summary>
    public static IReadOnlyList<(string Name, LatencyHistogram Latency)> All { get; } = [("detect", Detect), ("score", Score), ("judge", Judge)];
}
