using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Doctor;

/// <summary>Is the data directory fit to be written, and is what it holds sound?</summary>
internal static class DataChecks
{
    private const double MebiByte = 1024 * 1024;
    private const double LeastDisk = 256, EnoughDisk = 2048;

    /// <summary>Whether files can be made where the data will be.</summary>
    public static Finding Writable(string directory)
    {
        const string Fix = "choose another with --data-dir, or change its owner or rights (chown, chmod)";
        try
        {
            DataDirectory.Probe(directory);
            return Finding.Fine("data_dir", $"'{directory}' {(Directory.Exists(directory) ? "can be written" : "does not exist yet and can be made")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem("data_dir", $"'{directory}' cannot be written: {e.Message}", Fix);
        }
    }

    /// <summary>Free space where the data will be.</summary>
    public static Finding Disk(string directory)
    {
        double free;
        try
        {
            free = new DriveInfo(DataDirectory.ExistingPart(directory)).AvailableFreeSpace / MebiByte;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Warning("disk", $"the free space at '{directory}' cannot be read: {e.Message}", "look with: df -h");
        }
        string cause = $"{free:0} MiB are free at '{directory}'";
        return free >= EnoughDisk ? Finding.Fine("disk", cause)
            : free >= LeastDisk ? Finding.Warning("disk", $"{cause}; {EnoughDisk:0} MiB are recommended", "free some, or move the data with --data-dir")
            : Finding.Problem("disk", $"{cause}; at least {LeastDisk:0} MiB are needed", "free some, or move the data with --data-dir");
    }

    /// <summary>Who writes the ledger, and whether its last segment is as it was written.</summary>
    public static IEnumerable<Finding> Ledger(string directory, ProcessFile? process)
    {
        bool written = LedgerVerifier.IsBeingWritten(directory);
        yield return written
            ? Finding.Fine("ledger_lock", $"a process writes it{(process is null ? "" : $": {process.Pid}, at {process.Address}")}")
            : process is not null
                ? Finding.Warning("ledger_lock", $"process {process.Pid} did not stop cleanly", "start it again with 'run': it settles what was left open")
                : Finding.Fine("ledger_lock", "free");
        yield return LastSegment(directory);
    }

    // A reader that starts past the end checks the last segment, and only that.
    private static Finding LastSegment(string directory)
    {
        try
        {
            foreach (LedgerEntry entry in LedgerReader.Open(directory).Read(long.MaxValue)) GC.KeepAlive(entry);
            return Finding.Fine("ledger", "the last segment is as it was written ('verify' checks every byte)");
        }
        catch (LedgerDamagedException e)
        {
            return Finding.Problem("ledger", e.Message, $"keep the directory as it is, and run: quadturbo verify --data-dir {directory}");
        }
    }

    /// <summary>When anything in <paramref name="directory"/> was last written; null when there is nothing.</summary>
    public static DateTime? NewestFile(string directory) =>
        Directory.Exists(directory)
            ? Directory.EnumerateFileSystemEntries(directory).Select(f => (DateTime?)File.GetLastWriteTimeUtc(f)).Max()
            : null;
}
