using System.Diagnostics.Metrics;

namespace QuadTurbo.Hosting.Telemetry;

/// <summary>The meter under which every metric of the platform is made; <see cref="PrometheusPage"/> listens to its name.</summary>
public static class Meters
{
    /// <summary>The name of every meter of the platform.</summary>
    public const string Name = "QuadTurbo";

    /// <summary>The meter of counters, histograms and gauges that live as long as the process.</summary>
    public static Meter Shared { get; } = new(Name);

    /// <summary>A meter of the same name that its owner disposes: for observable instruments, whose callbacks hold their owner.</summary>
    public static Meter Create() => new(Name);
}
