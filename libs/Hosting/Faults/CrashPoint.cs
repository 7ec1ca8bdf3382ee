using System.Diagnostics;

namespace QuadTurbo.Hosting.Faults;

/// <summary>Named places at which the process can be made to die as if its power had gone.</summary>
/// <remarks>
/// The environment variable <c>QUADTURBO_CRASH_AT</c> names one point, <c>name</c> or <c>name:3</c> (the third hit). Unset, a hit costs one
/// comparison. Each feature lists its own points as constants, for example <c>LedgerCrashPoints</c>.
/// </remarks>
public static class CrashPoint
{
    /// <summary>The environment variable that arms a point.</summary>
    public const string Variable = "QUADTURBO_CRASH_AT";

    private static readonly (string? Name, int Hits) Target = Parse(Environment.GetEnvironmentVariable(Variable));
    private static int hits;

    /// <summary>True if this process is to die at <paramref name="point"/>.</summary>
    public static bool IsArmed(string point) => Target.Name is not null && Target.Name == point;

    /// <summary>Kills the process with SIGKILL when <paramref name="point"/> is armed and this is the hit asked for; nothing otherwise.</summary>
    public static void Hit(string point)
    {
        if (Target.Name is not null)
            Strike(point);
    }

    // A missing, zero or unreadable count is 1.
    private static (string? Name, int Hits) Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return (null, 0);
        int colon = setting.LastIndexOf(':');
        return colon > 0 && int.TryParse(setting.AsSpan(colon + 1), out int count)
            ? (setting[..colon], Math.Max(1, count))
            : (setting, 1);
    }

    private static void Strike(string point)
    {
        if (point != Target.Name || Interlocked.Increment(ref hits) != Target.Hits)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may be delivered to another thread first: this one must not take a step further.
        Thread.Sleep(Timeout.Infinite);
    }
}
