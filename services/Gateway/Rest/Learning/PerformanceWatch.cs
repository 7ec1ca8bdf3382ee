using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>Looks at the process every five seconds, and keeps ten minutes of it.</summary>
internal sealed class PerformanceWatch(ITransport transport) : BackgroundService
{
    private const int MostPoints = 120;
    private const double Mega = 1e6, Micro = 1e6;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Queue<ThroughputPoint> _points = new(MostPoints);
    private readonly long _started = Stopwatch.GetTimestamp();
    private Reading? _last;
    private (double Detected, double Outcomes, double Cpu, double Allocated)? _rates;

    /// <summary>What there is to say now.</summary>
    public PerformancePage Page()
    {
        using Process process = Process.GetCurrentProcess();
        (double Detected, double Outcomes, double Cpu, double Allocated)? rates;
        ThroughputPoint[] history;
        lock (_gate) (rates, history) = (_rates, [.. _points]);
        return new PerformancePage(
            Stages(),
            new ThroughputFigures(rates?.Detected, rates?.Outcomes, history),
            new MemoryFigures(
                process.WorkingSet64 / Mega, GC.GetTotalMemory(forceFullCollection: false) / Mega, GC.GetTotalPauseDuration().TotalMilliseconds,
                GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), rates?.Allocated),
            rates?.Cpu,
            Environment.ProcessorCount,
            Stopwatch.GetElapsedTime(_started).TotalSeconds,
            Hypotheses.All);
    }

    /// <summary>One look, and the rates since the look before.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        Reading now = await ReadAsync(cancel);
        lock (_gate)
        {
            if (_last is { } before && Stopwatch.GetElapsedTime(before.At, now.At).TotalSeconds is > 0 and var seconds)
            {
                double detected = (now.Judged - before.Judged) / seconds, outcomes = (now.Outcomes - before.Outcomes) / seconds;
                _rates = (
                    detected, outcomes, Math.Clamp((now.Cpu - before.Cpu).TotalSeconds / seconds / Environment.ProcessorCount, 0, 1),
                    (now.Allocated - before.Allocated) / seconds / Mega);
                if (_points.Count == MostPoints) _points.Dequeue();
                _points.Enqueue(new ThroughputPoint(TimeProvider.System.GetUtcNow().UtcDateTime, detected, outcomes, now.Memory / Mega));
            }
            _last = now;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            do await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<Reading> ReadAsync(CancellationToken cancel)
    {
        using Process process = Process.GetCurrentProcess();
        (long judged, long outcomes) = (0, 0);
        try
        {
            PathFigures figures = await transport.AskAsync(Queries.Figures, default, cancel);
            (judged, outcomes) = (figures.Judged, figures.Outcomes);
        }
        catch (UnansweredQueryException)
        {
            // Without an auditor nothing is counted.
        }
        return new Reading(Stopwatch.GetTimestamp(), judged, outcomes, process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), process.WorkingSet64);
    }

    private StageRow[] Stages() =>
    [
        .. Hosting.Telemetry.Stages.All.Select(s => RowOf(s.Name, s.Latency)),
        .. transport.HandlingTimes.Select(h => RowOf($"{h.Handler} {h.Topic}", h.Latency)),
    ];

    private static StageRow RowOf(string name, LatencyHistogram latency) =>
        new(name, "us", Known(latency.Quantile(0.5)), Known(latency.Quantile(0.99)), Known(latency.Quantile(0.999)), latency.Count);

    private static double? Known(double seconds) => double.IsNaN(seconds) ? null : seconds * Micro;

    private sealed record Reading(long At, long Judged, long Outcomes, TimeSpan Cpu, long Allocated, long Memory);
}
