using Dapper;
using Microsoft.Data.Sqlite;

namespace QuadTurbo.Hosting.Storage;

/// <summary>What a committed transaction survives.</summary>
public enum Durability
{
    /// <summary>The death of the process; the last commits may be lost with the power. For projections, which can be rebuilt.</summary>
    Process,

    /// <summary>The loss of power too: each commit waits for the disk. For state that nothing else holds.</summary>
    Power,
}

/// <summary>One SQLite file with a known schema: any number of readers beside one writer at a time (write-ahead log).</summary>
/// <remarks>Safe to share between threads: each call of <see cref="Connect"/> or <see cref="BeginWrite"/> has a pooled connection of its own. A writer that
/// finds another one waits up to 5 s.</remarks>
public sealed class SqliteDatabase : IDisposable
{
    private const int BusySeconds = 5;
    private readonly string _connection;
    private readonly string _pragmas;

    private SqliteDatabase(string path, string connection, string pragmas)
    {
        Path = path;
        _connection = connection;
        _pragmas = pragmas;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens or makes the file at <paramref name="path"/> and its folder, and brings its schema to the version that equals the number of
    /// <paramref name="migrations"/>: the n-th script turns version n - 1 into version n, in one transaction with the version's own change.</summary>
    /// <exception cref="DllNotFoundException">The system has no SQLite library.</exception>
    /// <exception cref="IOException">The file cannot be opened, is no database, or is of a newer version than this program knows.</exception>
    public static SqliteDatabase Open(string path, Durability durability, params IReadOnlyList<string> migrations)
    {
        SqliteLibrary.Bind();
        string synchronous = durability == Durability.Power ? "FULL" : "NORMAL";
        var database = new SqliteDatabase(path, ConnectionString(path, SqliteOpenMode.ReadWriteCreate),
            $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;");
        try
        {
            if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            database.Migrate(migrations);
            return database;
        }
        catch (Exception e) when (e is SqliteException or UnauthorizedAccessException or IOException)
        {
            database.Dispose();
            throw new IOException($"cannot open the database '{path}': {e.Message}", e);
        }
    }

    /// <summary>Opens an existing file beside its writer, if any; every write is refused.</summary>
    /// <exception cref="DllNotFoundException">The system has no SQLite library.</exception>
    /// <exception cref="IOException">There is no such file, or it is no database.</exception>
    public static SqliteDatabase OpenReadOnly(string path)
    {
        SqliteLibrary.Bind();
        var database = new SqliteDatabase(path, ConnectionString(path, SqliteOpenMode.ReadOnly), $"PRAGMA busy_timeout={BusySeconds * 1000};");
        try
        {
            using SqliteConnection connection = database.Connect();
            _ = Version(connection);
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw new IOException($"cannot open the database '{path}': {e.Message}", e);
        }
    }

    /// <summary>Migrations that the file has behind it.</summary>
    public long SchemaVersion
    {
        get
        {
            using SqliteConnection connection = Connect();
            return Version(connection);
        }
    }

    /// <summary>An open connection for queries; the caller disposes it, which returns it to the pool.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            connection.Execute(_pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Rows of <paramref name="sql"/>, mapped by column name.</summary>
    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
    {
        using SqliteConnection connection = Connect();
        return connection.Query<T>(sql, parameters).AsList();
    }

    /// <summary>Begins the one write transaction of the moment; what it does is undone unless <see cref="SqliteWrite.Commit"/> is called.</summary>
    /// <exception cref="SqliteException">Another writer did not finish within 5 s (code 5), or the disk is full (code 13).</exception>
    public SqliteWrite BeginWrite() => new(Connect());

    /// <summary>Closes the pooled connections, and with the last of them the write-ahead log.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, DefaultTimeout = BusySeconds }.ToString();

    private static long Version(SqliteConnection connection) => connection.ExecuteScalar<long>("PRAGMA user_version");

    private void Migrate(IReadOnlyList<string> migrations)
    {
        // A file of the newest version is not written: it can be read while the disk is full, or beside a long write.
        using (SqliteConnection connection = Connect())
            if (Version(connection) == migrations.Count) return;
        // The version is read again inside the write transaction, so that two processes starting at once migrate once.
        using SqliteWrite write = BeginWrite();
        long version = Version(write.Connection);
        if (version > migrations.Count)
            throw new IOException($"its schema is of version {version}; this program knows versions up to {migrations.Count}");
        for (int next = (int)version; next < migrations.Count; next++)
            write.Execute(migrations[next]);
        write.Execute($"PRAGMA user_version={migrations.Count}");
        write.Commit();
    }
}
