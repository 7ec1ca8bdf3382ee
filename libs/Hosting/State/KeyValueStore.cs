using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using QuadTurbo.Hosting.Storage;

namespace QuadTurbo.Hosting.State;

/// <summary>A value as stored, with the tag of this very writing of it.</summary>
/// <param name="Value">The bytes.</param>
/// <param name="ETag">Names this writing; no other writing of any key has the same.</param>
/// <param name="ExpiresAt">When the value vanishes; null: never.</param>
public sealed record StateEntry(ReadOnlyMemory<byte> Value, string ETag, DateTimeOffset? ExpiresAt);

/// <summary>How a conditional change ended.</summary>
public enum StateOutcome
{
    /// <summary>The change was made.</summary>
    Done,

    /// <summary>Nothing changed: the key has a value of another tag, or one where there should be none.</summary>
    Conflict,

    /// <summary>Nothing changed: the key has no value.</summary>
    Missing,
}

/// <summary>The answer to a change.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="ETag">The tag that the key has after the call; null if it has no value.</param>
public readonly record struct StateResult(StateOutcome Outcome, string? ETag)
{
    /// <summary>The change was made.</summary>
    public bool Done => Outcome == StateOutcome.Done;
}

/// <summary>A durable map from keys to bytes with compare-and-set and times to live.</summary>
/// <remarks>A change that has been answered survives the loss of power. Safe to share between threads and processes. An expired value is
/// missing to every call at once; its space is taken back by <see cref="SweepAsync"/>.</remarks>
public sealed class KeyValueStore : IStateStore, IDisposable
{
    private const int SweepBatch = 10_000;
    private readonly SqliteDatabase _database;
    private readonly TimeProvider _clock;

    private KeyValueStore(SqliteDatabase database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
    }

    /// <summary>Opens or makes the store in the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The file cannot be opened or is no store of this version.</exception>
    public static KeyValueStore Open(string path, TimeProvider clock) => new(SqliteDatabase.Open(path, Durability.Power,
        """
        CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL, etag INTEGER NOT NULL, expires INTEGER) WITHOUT ROWID;
        CREATE INDEX state_expires ON state (expires) WHERE expires IS NOT NULL;
        CREATE TABLE tags (latest INTEGER NOT NULL);
        INSERT INTO tags VALUES (0);
        """), clock);

    /// <inheritdoc/>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken ct = default)
    {
        StateLimits.CheckKey(key);
        ct.ThrowIfCancellationRequested();
        using SqliteConnection connection = _database.Connect();
        Row? row = connection.QuerySingleOrDefault<Row>(SelectRow, new { key, now = Now });
        return ValueTask.FromResult(row is null ? null : new StateEntry(row.Value, Tag(row.ETag),
            row.Expires is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null));
    }

    /// <inheritdoc/>
    public ValueTask<StateResult> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, static _ => null, ct);

    /// <inheritdoc/>
    public ValueTask<StateResult> CreateAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, static current => current is null ? null : StateOutcome.Conflict, ct);

    /// <inheritdoc/>
    public ValueTask<StateResult> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, current => Expect(etag, current), ct);

    /// <inheritdoc/>
    public ValueTask<StateResult> DeleteAsync(string key, string? etag = null, CancellationToken ct = default)
    {
        StateLimits.CheckKey(key);
        ct.ThrowIfCancellationRequested();
        using SqliteWrite write = _database.BeginWrite();
        long? current = CurrentTag(write, key);
        StateOutcome? refusal = current is null ? StateOutcome.Missing : etag is null ? null : Expect(etag, current);
        if (refusal is { } outcome)
            return ValueTask.FromResult(new StateResult(outcome, Tag(current)));
        write.Execute("DELETE FROM state WHERE key = @key", new { key });
        write.Commit();
        return ValueTask.FromResult(new StateResult(StateOutcome.Done, null));
    }

    /// <summary>Takes back the space of up to 10,000 expired values; returns how many there were.</summary>
    public ValueTask<int> SweepAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        using SqliteWrite write = _database.BeginWrite();
        int swept = write.Execute(
            "DELETE FROM state WHERE key IN (SELECT key FROM state WHERE expires <= @now ORDER BY expires LIMIT @most)",
            new { now = Now, most = SweepBatch });
        write.Commit();
        return ValueTask.FromResult(swept);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _database.Dispose();

    private const string SelectRow =
        "SELECT value AS Value, etag AS ETag, expires AS Expires FROM state WHERE key = @key AND (expires IS NULL OR expires > @now)";

    private long Now => _clock.GetUtcNow().UtcTicks;

    private ValueTask<StateResult> WriteAsync(
        string key, ReadOnlyMemory<byte> value, TimeSpan? ttl, Func<long?, StateOutcome?> refuse, CancellationToken ct)
    {
        StateLimits.CheckKey(key);
        StateLimits.CheckValue(value, ttl);
        ct.ThrowIfCancellationRequested();
        using SqliteWrite write = _database.BeginWrite();
        long? current = CurrentTag(write, key);
        if (refuse(current) is { } refusal)
            return ValueTask.FromResult(new StateResult(refusal, Tag(current)));
        write.Execute("UPDATE tags SET latest = latest + 1");
        long etag = write.Query<long>("SELECT latest FROM tags")[0];
        write.Execute("INSERT OR REPLACE INTO state (key, value, etag, expires) VALUES (@key, @value, @etag, @expires)",
            new { key, value = value.ToArray(), etag, expires = StateLimits.Expiry(ttl, _clock) });
        write.Commit();
        return ValueTask.FromResult(new StateResult(StateOutcome.Done, Tag(etag)));
    }

    private long? CurrentTag(SqliteWrite write, string key) =>
        write.Query<Row>(SelectRow, new { key, now = Now }) is [var row] ? row.ETag : null;

    private static StateOutcome? Expect(string etag, long? current) =>
        current is null ? StateOutcome.Missing : etag == Tag(current) ? null : StateOutcome.Conflict;

    private static string? Tag(long? etag) => etag is { } number ? Tag(number) : null;

    private static string Tag(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public byte[] Value { get; init; } = [];

        public long ETag { get; init; }

        public long? Expires { get; init; }
    }
}
