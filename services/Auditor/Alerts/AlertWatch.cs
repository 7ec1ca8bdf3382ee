using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Auditor.Alerts;

/// <summary>Raises alerts while the platform runs: in the log when one begins or ends, and as a metric for as long as it lasts.</summary>
internal sealed partial class AlertWatch(AuditorLane auditor, LedgerWriter ledger, TimeProvider clock, ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Alert> _standing = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using Meter meter = Meters.Create();
        meter.CreateObservableGauge("quadturbo_alerts", Standing, description: "Alerts that stand, by code.");
        meter.CreateObservableGauge(
            "quadturbo_conservation_missing", () => auditor.Read(audit => audit.Conservation.Missing),
            description: "Opportunities and outcomes that are owed and not on their way; always 0.");
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the report lists what stands.
        }
    }

    private void Look()
    {
        // While the ledger holds the account, what stood there goes on to stand.
        IReadOnlyList<Alert> known = auditor.TryRead<IReadOnlyList<Alert>>(Patience, Alert.Standing, out IReadOnlyList<Alert>? read)
            ? read
            : [.. _standing.Values.Where(a => a.Code != Alert.LedgerCode)];
        Alert[] now = [.. Alert.Of(ledger), .. known];
        foreach (Alert alert in now)
        {
            if (!_standing.TryGetValue(alert.Code, out Alert? before) || before.Since != alert.Since) LogBegins(log, alert.Code, alert.Cause, alert.Advice);
            _standing[alert.Code] = alert;
        }
        foreach (string code in _standing.Keys.Except(now.Select(a => a.Code)).ToList())
            if (_standing.TryRemove(code, out _)) LogEnds(log, code);
    }

    private IEnumerable<Measurement<int>> Standing() =>
        _standing.Keys.Select(code => new Measurement<int>(1, new KeyValuePair<string, object?>("code", code)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "alert {Code}: {Cause}; {Advice}")]
    private static partial void LogBegins(ILogger log, string code, string cause, string advice);

    [LoggerMessage(Level = LogLevel.Information, Message = "alert {Code} is over")]
    private static partial void LogEnds(ILogger log, string code);
}
