using System.Text.Json.Serialization;

namespace QuadTurbo.Hosting.Health;

/// <summary>How a part of the platform is. What nobody has measured is unknown, which is neither healthy nor broken.</summary>
[JsonConverter(typeof(LowerCaseStates))]
public enum HealthState
{
    /// <summary>Does all it promises.</summary>
    Healthy,

    /// <summary>Works, with less than it promises.</summary>
    Degraded,

    /// <summary>Nothing is known yet, or the question went unanswered.</summary>
    Unknown,

    /// <summary>Does not work.</summary>
    Unhealthy,
}

/// <summary>One answer of a health check: the state and, unless healthy, why in words for a person.</summary>
public readonly record struct HealthReading(HealthState State, string Why)
{
    /// <summary>All is well.</summary>
    public static HealthReading Healthy { get; } = new(HealthState.Healthy, "");

    /// <summary>Works, but less well, because of <paramref name="why"/>.</summary>
    public static HealthReading Degraded(string why) => new(HealthState.Degraded, why);

    /// <summary>Does not work, because of <paramref name="why"/>.</summary>
    public static HealthReading Unhealthy(string why) => new(HealthState.Unhealthy, why);

    /// <summary>Cannot be told, because of <paramref name="why"/>.</summary>
    public static HealthReading Unknown(string why) => new(HealthState.Unknown, why);
}

/// <summary>A named question about health; register it as a singleton and the probes ask it.</summary>
/// <remarks>A check that throws, or that does not answer within <see cref="AnswerWithin"/>, reads as unknown.</remarks>
public sealed class HealthCheck
{
    /// <summary>The longest that a check may take.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly Func<CancellationToken, ValueTask<HealthReading>> _read;

    /// <summary>A check whose answer is at hand.</summary>
    public HealthCheck(string name, Func<HealthReading> read)
        : this(name, _ => ValueTask.FromResult(read()))
    {
    }

    /// <summary>A check that has to ask; <paramref name="read"/> stops when its token says so.</summary>
    public HealthCheck(string name, Func<CancellationToken, ValueTask<HealthReading>> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _read = read;
    }

    /// <summary>The name of the part that is asked, such as <c>ledger</c>.</summary>
    public string Name { get; }

    internal async ValueTask<HealthReading> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await _read(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return HealthReading.Unknown($"no answer within {AnswerWithin.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            // Whatever a check throws, the other checks still have to be told.
            return HealthReading.Unknown($"the check failed: {e.Message}");
        }
    }
}
