using System.Data.Common;
using Microsoft.Data.Sqlite;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Projections;

/// <summary>The file of the SQL tables: who reads finds it whole or is refused with the reason; a damaged one is set aside for a new one.</summary>
/// <remarks>Reads share the file; setting it aside waits for those under way. From the damage on until the new file holds what the ledger held when it
/// was begun, reads are refused.</remarks>
public sealed class TableFile(AuditRun run) : IDisposable
{
    private const long LeastFree = 1 << 20;
    private static readonly string[] Suffixes = ["", "-wal", "-shm"];
    private readonly ReaderWriterLockSlim _swap = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _found = Promise();
    private SqliteDatabase? _database;
    private Damage? _damage;
    private string? _behind;
    private long _position = -1;
    private bool _checked;

    /// <summary>The schema that this program makes and knows.</summary>
    public static long KnownSchema => Tables.Migrations.Count;

    private string Path => Projector.PathIn(run.DataDirectory);

    /// <summary>Completes when the file is found damaged.</summary>
    public Task Found
    {
        get
        {
            lock (_lock) return _found.Task;
        }
    }

    /// <summary>Why the file must be replaced; null when it need not be.</summary>
    public string? ToReplace => Volatile.Read(ref _damage) is { Replaced: false } damage ? damage.Why : null;

    /// <summary>How the tables are.</summary>
    public HealthReading Health
    {
        get
        {
            if (Volatile.Read(ref _damage) is { } damage)
            {
                return HealthReading.Degraded(damage.Replaced
                    ? $"being rebuilt from the ledger, {Math.Max(0, damage.Until - Volatile.Read(ref _position))} records to go; the file was damaged ({damage.Why}) and is set aside as {Projector.DamagedName}"
                    : $"being rebuilt from the ledger: the file is damaged ({damage.Why})");
            }
            return Volatile.Read(ref _behind) is { } why ? HealthReading.Degraded($"not written, and so behind the ledger: {why}") : HealthReading.Healthy;
        }
    }

    /// <summary>Opens the file for writing, and makes it if there is none.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no database.</exception>
    public SqliteDatabase Open() => SqliteDatabase.Open(Path, Durability.Process, Tables.Migrations);

    /// <summary>Looks through the whole file, once for each; reads and nothing else. A stop ends it early.</summary>
    /// <exception cref="SqliteException">It is damaged.</exception>
    public void Check(SqliteDatabase database, CancellationToken stop)
    {
        if (_checked || stop.IsCancellationRequested) return;
        // Unchecked: the next start looks.
        _checked = LookThrough(database, stop);
    }

    /// <summary>Looks through the whole file of <paramref name="database"/>; reads and nothing else.</summary>
    /// <returns>False when <paramref name="stop"/> ended it early.</returns>
    /// <exception cref="SqliteException">It is damaged.</exception>
    public static bool LookThrough(SqliteDatabase database, CancellationToken stop)
    {
        using SqliteConnection connection = database.Connect();
        using CancellationTokenRegistration stopping = stop.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        try
        {
            if (command.ExecuteScalar() is string verdict && verdict != "ok") throw new SqliteException(verdict.ReplaceLineEndings(" "), SqliteFaults.Corrupt);
            return true;
        }
        catch (SqliteException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Rows of <paramref name="sql"/>.</summary>
    /// <exception cref="AuditUnavailableException">The file is damaged or being made again, or the disk is full or fails.</exception>
    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
    {
        _swap.EnterReadLock();
        try
        {
            if (Volatile.Read(ref _damage) is { } damage) throw Refusal(damage.Why, null);
            return Database().Query<T>(sql, parameters);
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            if (SqliteFaults.IsDamage(e)) ReportDamage(e);
            throw Refusal(e);
        }
        finally
        {
            _swap.ExitReadLock();
        }
    }

    /// <summary>Notes that the file is damaged: it is read no more until <see cref="Replace"/>.</summary>
    public void ReportDamage(Exception error)
    {
        lock (_lock)
        {
            if (ToReplace is null) Volatile.Write(ref _damage, new Damage(Words(error), Replaced: false, Until: 0));
            _found.TrySetResult();
        }
    }

    /// <summary>Sets the damaged file aside, in place of an older one, so that the next <see cref="Open"/> makes a new one. It is read again from
    /// ledger record <paramref name="until"/> on.</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Replace(long until)
    {
        _swap.EnterWriteLock();
        try
        {
            _database?.Dispose();
            _database = null;
            string aside = System.IO.Path.Combine(run.DataDirectory, Projector.DamagedName);
            // The file first: should the process end between two, what is left beside a file that is not there is ignored.
            foreach (string suffix in Suffixes)
            {
                File.Delete(aside + suffix);
                if (File.Exists(Path + suffix)) File.Move(Path + suffix, aside + suffix);
            }
            lock (_lock)
            {
                Volatile.Write(ref _position, -1);
                Volatile.Write(ref _damage, new Damage(_damage?.Why ?? "", Replaced: true, until));
                (_found, _checked) = (Promise(), true);
            }
        }
        finally
        {
            _swap.ExitWriteLock();
        }
    }

    /// <summary>The tables were written and hold the ledger up to <paramref name="position"/>; true when that ends a damage.</summary>
    public bool Reached(long position)
    {
        lock (_lock)
        {
            Volatile.Write(ref _position, position);
            Volatile.Write(ref _behind, null);
            if (_damage is not { Replaced: true } damage || position < damage.Until) return false;
            Volatile.Write(ref _damage, null);
            return true;
        }
    }

    /// <summary>The tables could not be written; true when that, or its reason, is news.</summary>
    public bool FallBehind(Exception error)
    {
        string why = Words(error);
        lock (_lock)
        {
            if (_behind == why) return false;
            Volatile.Write(ref _behind, why);
            return true;
        }
    }

    /// <summary>What a reader is told of <paramref name="error"/>.</summary>
    public AuditUnavailableException Refusal(Exception error)
    {
        string why = Words(error);
        if (SqliteFaults.IsDamage(error)) return Refusal(why, error);
        return SqliteFaults.IsFull(error) || (SqliteFaults.IsDisk(error) && new DriveInfo(System.IO.Path.GetFullPath(run.DataDirectory)).AvailableFreeSpace < LeastFree)
            ? new AuditUnavailableException(AuditTrouble.DiskFull, $"the disk is full, and the SQL tables cannot be opened ({why}); free space and ask again: nothing is lost, they follow the ledger", error)
            : new AuditUnavailableException(AuditTrouble.TablesUnreadable, $"the SQL tables cannot be read ({why}); look at the disk and the rights of the data directory, and ask again", error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _swap.EnterWriteLock();
        _database?.Dispose();
        _swap.ExitWriteLock();
        _swap.Dispose();
    }

    private static AuditUnavailableException Refusal(string why, Exception? error) => new(
        AuditTrouble.TablesDamaged, $"the SQL tables were damaged ({why}) and are being made again from the ledger; nothing is lost: ask again when /health calls the tables healthy", error);

    private static TaskCompletionSource Promise() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqliteDatabase Database()
    {
        lock (_lock) return _database ??= Open();
    }

    private string Words(Exception error) => FileNames.Only(SqliteFaults.Words(error), run.DataDirectory);

    /// <summary>Why the file is no good, whether a new one has been begun, and up to where that must reach.</summary>
    private sealed record Damage(string Why, bool Replaced, long Until);
}
