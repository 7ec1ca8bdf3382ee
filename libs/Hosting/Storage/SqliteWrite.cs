using Dapper;
using Microsoft.Data.Sqlite;

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
        var insert = new BulkInsert(Connection, _transaction, table, onConflict, columns);
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

/// <summary>A prepared INSERT whose parameters are used again for every row.</summary>
public sealed class BulkInsert : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    internal BulkInsert(SqliteConnection connection, SqliteTransaction transaction, string table, OnConflict onConflict, IReadOnlyList<string> columns)
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
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
#pragma warning disable CA2100 // The names were just checked to be identifiers; every value is a parameter.
        _command.CommandText = $"{verb} INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(static (_, i) => $"$p{i}"))})";
#pragma warning restore CA2100
        _parameters = [.. columns.Select((_, i) => _command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{i}" }))];
        _command.Prepare();
    }

    /// <summary>Inserts one row: the values in the order of the columns, null for SQL's NULL.</summary>
    /// <returns>Whether a row was written; false only for a key kept by <see cref="OnConflict.Ignore"/>.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than columns.</exception>
    public bool Add(params ReadOnlySpan<object?> values)
    {
        if (values.Length != _parameters.Length)
            throw new ArgumentException($"{values.Length} values for {_parameters.Length} columns", nameof(values));
        for (int i = 0; i < values.Length; i++)
            _parameters[i].Value = values[i] ?? DBNull.Value;
        return _command.ExecuteNonQuery() > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private static void RequireIdentifier(string name, string argument)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"'{name}' is not an identifier", argument);
    }
}
