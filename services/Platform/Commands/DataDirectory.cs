using System.Globalization;

namespace QuadTurbo.Platform.Commands;

/// <summary>Finds the data directory that a command means.</summary>
internal static class DataDirectory
{
    private const string Home = "data";
    private const string Variable = "QUADTURBO_DATA_DIR";

    /// <summary>The directory that <c>run</c> writes to: the one named, the environment's, or <c>data/run</c>.</summary>
    public static string ForRun(string? named) => Path.GetFullPath(named ?? Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(Home, "run"));

    /// <summary>The directory that a replay writes to: the one named if it holds no ledger yet, or a fresh one.</summary>
    /// <exception cref="BadInputException">It already holds a ledger.</exception>
    public static string Fresh(string? named, string what)
    {
        if (named is null)
        {
            string stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
            return Path.GetFullPath(Path.Combine(Home, $"{what}-{stamp}-{Environment.ProcessId}"));
        }
        string directory = Path.GetFullPath(named);
        if (HasLedger(directory)) throw new BadInputException($"--data-dir '{named}' already holds a ledger; a {what} starts with an empty one");
        return directory;
    }

    /// <summary>The directory that a command reads: the one named, or the one that was written last.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string ToRead(string? named)
    {
        if (named is not null)
        {
            string directory = Path.GetFullPath(named);
            return HasLedger(directory) ? directory : throw new BadInputException($"--data-dir '{named}' holds no ledger");
        }
        if (Environment.GetEnvironmentVariable(Variable) is { } fromEnvironment && HasLedger(fromEnvironment)) return Path.GetFullPath(fromEnvironment);
        string? latest = Directory.Exists(Home)
            ? Directory.EnumerateDirectories(Home).Where(HasLedger).MaxBy(d => Directory.GetLastWriteTimeUtc(Path.Combine(d, "ledger")))
            : null;
        return latest is not null
            ? Path.GetFullPath(latest)
            : throw new BadInputException($"no data directory under '{Path.GetFullPath(Home)}'; name one with --data-dir, or start with 'run' or 'replay'");
    }

    private static bool HasLedger(string directory) =>
        Directory.Exists(Path.Combine(directory, "ledger")) && Directory.EnumerateFileSystemEntries(Path.Combine(directory, "ledger")).Any();
}
