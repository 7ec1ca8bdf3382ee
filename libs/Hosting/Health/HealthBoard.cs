using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace QuadTurbo.Hosting.Health;

/// <summary>Asks every registered <see cref="HealthCheck"/> and remembers since when each is in its state.</summary>
/// <remarks>A change is dated by the read that first saw it.</remarks>
public sealed class HealthBoard
{
    private readonly HealthCheckService _service;
    private readonly TimeProvider _clock;
    private readonly string _mode;
    private readonly long _started;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (HealthState State, DateTimeOffset Since)> _seen = new(StringComparer.Ordinal);

    internal HealthBoard(HealthCheckService service, TimeProvider clock, string mode)
    {
        _service = service;
        _clock = clock;
        _mode = mode;
        _started = clock.GetTimestamp();
    }

    /// <summary>The whole picture now: the worst state, and each check in the order of its name.</summary>
    public async Task<HealthPage> ReadAsync(CancellationToken ct)
    {
        HealthReport report = await _service.CheckHealthAsync(static r => r.Tags.Contains(HealthEndpoints.Tag), ct);
        HealthRow[] rows = [.. report.Entries.OrderBy(static e => e.Key, StringComparer.Ordinal).Select(e => Row(e.Key, ReadingOf(e.Value)))];
        HealthState worst = rows.Length == 0 ? HealthState.Healthy : rows.Max(static r => r.State);
        return new HealthPage(worst, Version, _mode, Math.Round(_clock.GetElapsedTime(_started).TotalSeconds, 3), rows);
    }

    private static string Version { get; } =
        typeof(HealthBoard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private HealthRow Row(string name, HealthReading reading)
    {
        lock (_gate)
        {
            if (!_seen.TryGetValue(name, out var seen) || seen.State != reading.State)
                _seen[name] = seen = (reading.State, _clock.GetUtcNow());
            return new HealthRow(name, reading.State, reading.Why, seen.Since);
        }
    }

    private static HealthReading ReadingOf(HealthReportEntry entry) =>
        entry.Data.TryGetValue(HealthEndpoints.Tag, out object? reading)
            ? (HealthReading)reading
            : HealthReading.Unknown(entry.Description ?? "no answer");
}

/// <summary>The answer of <c>GET /health</c>.</summary>
/// <param name="Status">The worst state of any check; healthy if there is none.</param>
/// <param name="Version">The build.</param>
/// <param name="Mode">What this process is, such as <c>all-in-one</c>.</param>
/// <param name="UptimeSeconds">Time since the process became a service [s].</param>
/// <param name="Checks">Each check, in the order of names.</param>
public sealed record HealthPage(HealthState Status, string Version, string Mode, double UptimeSeconds, IReadOnlyList<HealthRow> Checks);

/// <summary>One check: its state, why, and since when.</summary>
public sealed record HealthRow(string Name, HealthState State, string Why, DateTimeOffset Since);

/// <summary>The answer of <c>GET /readyz</c>: ready, or what is waited for.</summary>
public sealed record Readiness(bool Ready, IReadOnlyList<HealthRow> WaitingFor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(LowerCaseStates)])]
[JsonSerializable(typeof(HealthPage))]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal sealed class LowerCaseStates() : JsonStringEnumConverter<HealthState>(System.Text.Json.JsonNamingPolicy.CamelCase);
