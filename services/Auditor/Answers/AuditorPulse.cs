using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Answers;

/// <summary>Looks at the account of things each second: how fast it grows over the last 10 s, and since when an alert is known to stand.</summary>
public sealed class AuditorPulse(AuditorLane auditor, LedgerWriter ledger, TimeProvider clock) : BackgroundService
{
    private const int Seconds = 10;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly Lock _lock = new();
    private readonly Queue<(long At, PulseCounts Counts)> _beats = new();
    private readonly Dictionary<string, DateTime> _since = new(StringComparer.Ordinal);
    private GraduationFacts? _graduation;

    /// <summary>Per second since the oldest beat of the last 10 s; 0 before there are two.</summary>
    public PulseRates Rates
    {
        get
        {
            lock (_lock)
            {
                if (_beats.Count < 2) return default;
                ((long from, PulseCounts first), (long to, PulseCounts last)) = (_beats.Peek(), _beats.Last());
                double seconds = clock.GetElapsedTime(from, to).TotalSeconds;
                return seconds <= 0 ? default : new PulseRates(
                    (last.Detected - first.Detected) / seconds, (last.Judged - first.Judged) / seconds, (last.Production - first.Production) / seconds,
                    (last.Shadow - first.Shadow) / seconds, (last.Training - first.Training) / seconds);
            }
        }
    }

    /// <summary>What graduation is judged on, as of the last beat; null before one.</summary>
    public GraduationFacts? Graduation
    {
        get
        {
            lock (_lock) return _graduation;
        }
    }

    /// <summary>Since when the alert is known to stand; null when it is not.</summary>
    public DateTime? Since(string code)
    {
        lock (_lock) return _since.TryGetValue(code, out DateTime since) ? since : null;
    }

    /// <summary>Looks once.</summary>
    public void Beat()
    {
        bool read = auditor.TryRead(Patience, audit => (PulseCounts.Of(audit), Alert.Standing(audit, ledger), audit.Graduation), out (PulseCounts Counts, IReadOnlyList<Alert> Alerts, GraduationFacts Facts) now);
        lock (_lock)
        {
            if (!read)
            {
                foreach (Alert alert in Alert.Of(ledger)) _since.TryAdd(alert.Code, clock.GetUtcNow().UtcDateTime);
                return;
            }
            (PulseCounts counts, IReadOnlyList<Alert> alerts, _graduation) = now;
            _beats.Enqueue((clock.GetTimestamp(), counts));
            if (_beats.Count > Seconds + 1) _beats.Dequeue();
            foreach (string over in _since.Keys.Except(alerts.Select(a => a.Code)).ToList()) _since.Remove(over);
            foreach (Alert alert in alerts) _since.TryAdd(alert.Code, clock.GetUtcNow().UtcDateTime);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Beat();
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Beat();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: nobody asks any more.
        }
    }
}

/// <summary>What grows.</summary>
internal readonly record struct PulseCounts(long Detected, long Judged, long Production, long Shadow, long Training)
{
    public static PulseCounts Of(PathAudit audit) =>
        new(audit.Conservation.Opportunities, audit.Judged, audit.Production.Processed, audit.Shadow.Processed, audit.Recorded);
}

/// <summary>How fast it grows, a second.</summary>
/// <param name="Detected">Opportunities detected or submitted.</param>
/// <param name="Judged">Opportunities judged.</param>
/// <param name="Production">Outcomes of lane 1.</param>
/// <param name="Shadow">Outcomes of lane 2.</param>
/// <param name="Training">Samples recorded.</param>
public readonly record struct PulseRates(double Detected, double Judged, double Production, double Shadow, double Training);
