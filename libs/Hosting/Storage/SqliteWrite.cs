using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QuadTurbo.Hosting.Storage;

/// <summary>What an insert does with a row whose key is there already.</summary>
public enum OnConflict
{
    /// <summary>Throws.</summary>
    Fail,

    /// <summary>Keeps the old row.</summary>
    Ignore,

    /// <summary>Keeps the new row.</summary>
    Replace,
}

/// <summary>One write transaction. Nothing of it lasts before <see cref="Commit"/>; disposing it uncommitted undoes it.</summary>
public sealed class SqliteWrite : IDisposable
{
    private readonly SqliteTransaction _transaction;
    private readonly List<BulkInsert> _inserts = [];

    internal SqliteWrite(SqliteConnection connection)
    {
        Connection = connection;
        try
        {
            _transaction = connection.BeginTransaction(deferred: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The connection inside the transaction, for queries that must see its changes.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Runs one or several statements; returns the rows changed.</summary>
    public int Execute(string sql, object? parameters = null) => Connection.Execute(sql, parameters, _transaction);

    /// <summary>The rows of <paramref name="sql"/> as this transaction sees them.</summary>
    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => Connection.Query<T>(sql, parameters, _transaction).AsList();

    /// <summary>A prepared insert into <paramref name="columns"/> of <paramref name="table"/>, for any number of rows of this transaction.</summary>
    /// <exception cref="ArgumentException">A name is not an identifier (letters, digits and underscores).</exception>
    public BulkInsert Insert(string table, OnConflict onConflict, params IReadOnlyList<string> columns)
    {
        var insert = new BulkInsert(Connection, table, onConflict, columns);
        _inserts.Add(insert);
        return insert;
    }

    /// <summary>Makes everything done last, as durable as the database was opened.</summary>
    public void Commit() => _transaction.Commit();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BulkInsert insert in _inserts)
            insert.Dispose();
        try
        {
            _transaction.Dispose();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself when the write failed (a full disk): there is nothing left to undo.
        }
        Connection.Dispose();
    }
}

/// <summary>A prepared INSERT whose statement is used again for every row.</summary>
/// <remarks>It binds by position, straight to SQLite: the provider's command looks every parameter up by name for every row, which costs more than the
/// row.</remarks>
public sealed class BulkInsert : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int _columns;

    internal BulkInsert(SqliteConnection connection, string table, OnConflict onConflict, IReadOnlyList<string> columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        RequireIdentifier(table, nameof(table));
        foreach (string column in columns)
            RequireIdentifier(column, nameof(columns));
        string verb = onConflict switch
        {
            OnConflict.Ignore => "INSERT OR IGNORE",
            OnConflict.Replace => "INSERT OR REPLACE",
            _ => "INSERT",
        };
        _database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        _columns = columns.Count;
        string sql = $"{verb} INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(static _ => "?"))})";
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Inserts one row: the values in the order of the columns, null for SQL's NULL.</summary>
    /// <returns>Whether a row was written; false only for a key kept by <see cref="OnConflict.Ignore"/>.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than columns, or one is of a type that has no form in SQL.</exception>
    public bool Add(params ReadOnlySpan<object?> values)
    {
        if (values.Length != _columns)
            throw new ArgumentException($"{values.Length} values for {_columns} columns", nameof(values));
        for (int i = 0; i < values.Length; i++)
            Check(Bind(i + 1, values[i]));
        int result = raw.sqlite3_step(_statement);
        // Resetting gives the error of the step again, with its text.
        int reset = raw.sqlite3_reset(_statement);
        Check(result == raw.SQLITE_DONE ? reset : result);
        return raw.sqlite3_changes(_database) > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, index),
        string text => raw.sqlite3_bind_text(_statement, index, text),
        long whole => raw.sqlite3_bind_int64(_statement, index, whole),
        int whole => raw.sqlite3_bind_int64(_statement, index, whole),
        bool yes => raw.sqlite3_bind_int64(_statement, index, yes ? 1 : 0),
        double.NaN => throw new ArgumentException("not a number has no form in SQL; give null", nameof(value)),
        double real => raw.sqlite3_bind_double(_statement, index, real),
        decimal money => raw.sqlite3_bind_text(_statement, index, money.ToString("0.0###########################", CultureInfo.InvariantCulture)),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, index, bytes),
        _ => throw new ArgumentException($"a {value.GetType().Name} has no form in SQL", nameof(value)),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    private static void RequireIdentifier(string name, string argument)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"'{name}' is not an identifier", argument);
    }
}
