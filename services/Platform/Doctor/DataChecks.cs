using System.Data.Common;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Doctor;

/// <summary>Is the data directory fit to be written, and is what it holds sound?</summary>
internal static class DataChecks
{
    private const double MebiByte = 1024 * 1024;
    private const double LeastDisk = 256, EnoughDisk = 2048;
    private static readonly TimeSpan LookAtTables = TimeSpan.FromSeconds(1);

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

    /// <summary>Whether the SQL tables can be read, are of a schema that this program knows, and are not damaged; they follow the ledger, and are made again from it.</summary>
    public static Finding Tables(string directory)
    {
        const string Fix = "start 'run' on it: the file is set aside, the tables are made again from the ledger, and nothing is lost";
        string path = Projector.PathIn(directory);
        if (!File.Exists(path)) return Finding.Fine("tables", "projections.db is not there: it is made again from the ledger at the next 'run'");
        try
        {
            using SqliteDatabase tables = SqliteDatabase.OpenReadOnly(path);
            long known = TableFile.KnownSchema, version = tables.SchemaVersion;
            if (version > known)
                return Finding.Problem("tables", $"projections.db has a schema of version {version}; this program knows versions up to {known}", "use the program that wrote it, or move the file away: it is made again from the ledger");
            using var patience = new CancellationTokenSource(LookAtTables);
            return Finding.Fine("tables", $"projections.db can be read, schema {version} of {known}; {(TableFile.LookThrough(tables, patience.Token) ? "not damaged" : $"no damage found within {LookAtTables.TotalSeconds:0} s")}");
        }
        catch (Exception e) when (e is IOException or DbException or UnauthorizedAccessException)
        {
            return SqliteFaults.IsDamage(e)
                ? Finding.Problem("tables", $"projections.db is damaged: {SqliteFaults.Words(e)}", Fix)
                : Finding.Problem("tables", $"projections.db cannot be read: {SqliteFaults.Words(e)}", "look at its owner and rights (chown, chmod), and at the disk");
        }
    }

    /// <summary>When anything in <paramref name="directory"/> was last written; null when there is nothing.</summary>
    public static DateTime? NewestFile(string directory) =>
        Directory.Exists(directory)
            ? Directory.EnumerateFileSystemEntries(directory).Select(f => (DateTime?)File.GetLastWriteTimeUtc(f)).Max()
            : null;
}
