using System.Globalization;
using QuadTurbo.Registry;

namespace QuadTurbo.Platform.Commands;

/// <summary>Finds the data directory that a command means.</summary>
internal static class DataDirectory
{
    private const string Home = "data";
    private const string Variable = "QUADTURBO_DATA_DIR";

    /// <summary>The directory of <c>run</c>: the one named, the environment's, or <c>data/run</c>.</summary>
    public static string OfRun(string? named) => Path.GetFullPath(named ?? Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(Home, "run"));

    /// <summary><see cref="OfRun"/>, if it can be written.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    public static string ForRun(string? named) => Writable(OfRun(named));

    /// <summary>The directory of one service beside a sidecar: the one named, the environment's, or <c>data/services/NAME</c>.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static string ForService(string? named, string service) =>
        Writable(Path.GetFullPath(named ?? Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(Home, "services", service)));

    /// <summary>Where models trained on a file of samples go: the directory named, with or without a ledger, or <c>data/train</c>.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static string ForTraining(string? named) => Writable(Path.GetFullPath(named ?? Path.Combine(Home, "train")));

    /// <summary>The directory whose models are looked at: the one named, with a ledger or with models alone, or the one that was written last.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string OfModels(string? named) =>
        named is not null && Directory.Exists(Path.Combine(named, RegistryService.Folder)) ? Path.GetFullPath(named) : ToRead(named);

    /// <summary>The directory that a replay writes to: the one named if it holds no ledger yet, or a fresh one.</summary>
    /// <exception cref="BadInputException">It already holds a ledger.</exception>
    public static string Fresh(string? named, string what)
    {
        if (named is null)
        {
            string stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
            return Writable(Path.GetFullPath(Path.Combine(Home, $"{what}-{stamp}-{Environment.ProcessId}")));
        }
        string directory = Writable(Path.GetFullPath(named));
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
            ? Directory.EnumerateDirectories(Home).Where(HasLedger).MaxBy(WrittenAt)
            : null;
        return latest is not null
            ? Path.GetFullPath(latest)
            : throw new BadInputException($"no data directory under '{Path.GetFullPath(Home)}'; name one with --data-dir, or start with 'run' or 'replay'");
    }

    /// <summary>The nearest folder on the way to <paramref name="directory"/> that is there: itself, or one above it.</summary>
    /// <exception cref="IOException">Part of the path is a file.</exception>
    public static string ExistingPart(string directory)
    {
        string part = directory;
        while (!Directory.Exists(part))
        {
            if (File.Exists(part)) throw new IOException($"'{part}' is a file");
            part = Path.GetDirectoryName(part) ?? throw new IOException($"'{directory}' has no root");
        }
        return part;
    }

    /// <summary>Makes a file where <paramref name="directory"/> is or would be, and takes it away again; the directory is not made.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Probe(string directory)
    {
        string probe = Path.Combine(ExistingPart(directory), $".probe-{Environment.ProcessId}");
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    /// <summary>Whether a directory holds a ledger; a seal without segments is one too: a damaged one, for verify to name.</summary>
    public static bool HasLedger(string directory) =>
        File.Exists(Path.Combine(directory, "ledger.seal"))
        || Directory.Exists(Path.Combine(directory, "ledger")) && Directory.EnumerateFileSystemEntries(Path.Combine(directory, "ledger")).Any();

    private static string Writable(string directory)
    {
        try
        {
            Probe(directory);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--data-dir '{directory}' cannot be written: {e.Message}; choose another, or change its owner or rights");
        }
    }

    private static DateTime WrittenAt(string directory)
    {
        var segments = new DirectoryInfo(Path.Combine(directory, "ledger"));
        DateTime written = segments.Exists ? segments.EnumerateFiles().Select(f => f.LastWriteTimeUtc).DefaultIfEmpty().Max() : default;
        DateTime @sealed = File.GetLastWriteTimeUtc(Path.Combine(directory, "ledger.seal"));
        return written > @sealed ? written : @sealed;
    }
}
