using System.Security.Cryptography;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Storage;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What a process has heard, handled and said, on disk: a message and what follows from it are one transaction.</summary>
/// <remarks>
/// Changes are written in the order in which they were asked for, many in one transaction. While the disk refuses, the same transaction is tried again: nothing is
/// acknowledged and nothing is said that is not on disk.
/// </remarks>
internal sealed partial class CarrierStore : IAsyncDisposable
{
    private const int MostWaiting = 8_192, MostTogether = 1_024;
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(100), LongestRest = TimeSpan.FromSeconds(5);
    private readonly SqliteDatabase _database;
    private readonly ILogger _log;
    private readonly Channel<Change> _waiting = Channel.CreateBounded<Change>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private volatile string? _why;

    private CarrierStore(SqliteDatabase database, ILogger log)
    {
        _database = database;
        _log = log;
        Epoch = database.Query<string>("SELECT value FROM process WHERE name = 'epoch'")[0];
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Names this file: who says something new has a new one.</summary>
    public string Epoch { get; }

    /// <summary>Why nothing is written now; null while all is well.</summary>
    public string? Why => _why;

    /// <summary>Opens or makes the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no such file.</exception>
    public static CarrierStore Open(string path, ILogger log) => new(SqliteDatabase.Open(path, Durability.Power,
        $"""
        CREATE TABLE process (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO process VALUES ('epoch', '{RandomNumberGenerator.GetHexString(12, lowercase: true)}');
        CREATE TABLE heard (source TEXT NOT NULL, topic TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (source, topic)) WITHOUT ROWID;
        CREATE TABLE inbox (id INTEGER PRIMARY KEY, source TEXT NOT NULL, topic TEXT NOT NULL, sequence INTEGER NOT NULL, trace TEXT, body BLOB);
        CREATE TABLE turn (ordinal INTEGER PRIMARY KEY, inbox INTEGER NOT NULL, listener TEXT NOT NULL, dropped INTEGER NOT NULL);
        CREATE INDEX turn_inbox ON turn (inbox);
        CREATE TABLE said (topic TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE outbox (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, sequence INTEGER NOT NULL, trace TEXT, body BLOB NOT NULL);
        CREATE INDEX outbox_topic ON outbox (topic, sequence);
        """), log);

    /// <summary>What was left: how far each stream was heard, how much was said, and what is still to be said.</summary>
    public CarrierState Load() => new(
        _database.Query<HeardRow>("SELECT source AS Source, topic AS Topic, next AS Next FROM heard"),
        _database.Query<SaidRow>("SELECT topic AS Topic, next AS Next FROM said"),
        _database.Query<PendingRow>("SELECT topic AS Topic, COUNT(*) AS Count, SUM(LENGTH(body)) AS Bytes, MIN(sequence) AS First FROM outbox GROUP BY topic"),
        _database.Query<long?>("SELECT MAX(id) FROM inbox")[0] ?? 0);

    /// <summary>The messages under <paramref name="topic"/> with which fewer than <paramref name="listeners"/> have dealt, in the order of their streams.</summary>
    public IReadOnlyList<InboxRow> Undealt(string topic, int listeners) => _database.Query<InboxRow>(
        """
        SELECT id AS Id, source AS Source, topic AS Topic, sequence AS Sequence, trace AS Trace, body AS Body, (SELECT GROUP_CONCAT(listener) FROM turn WHERE inbox = id) AS Dealt
        FROM inbox WHERE topic = @topic AND sequence >= 0 AND (SELECT COUNT(*) FROM turn WHERE inbox = id) < @listeners ORDER BY sequence
        """,
        new { topic, listeners });

    /// <summary>What was dealt with, in that order, one after the other.</summary>
    public IEnumerable<TurnRow> Turns()
    {
        using SqliteConnection connection = _database.Connect();
        foreach (TurnRow turn in connection.Query<TurnRow>(
            "SELECT listener AS Listener, dropped AS Dropped, body AS Body FROM turn JOIN inbox ON id = inbox ORDER BY ordinal", buffered: false)) yield return turn;
    }

    /// <summary>The next messages to be said under <paramref name="topic"/>.</summary>
    public IReadOnlyList<OutboxRow> Unsaid(string topic, long from, int most) => _database.Query<OutboxRow>(
        "SELECT sequence AS Sequence, trace AS Trace, body AS Body FROM outbox WHERE topic = @topic AND sequence >= @from ORDER BY sequence LIMIT @most",
        new { topic, from, most });

    /// <summary>Takes up <paramref name="change"/>; it is on disk when <see cref="Change.Durable"/> completes.</summary>
    /// <remarks>Whoever needs an order between two changes calls this in that order.</remarks>
    public bool TryAdd(Change change) => _waiting.Writer.TryWrite(change);

    /// <summary>Completes when another change may be taken up.</summary>
    public ValueTask<bool> UntilRoomAsync(CancellationToken cancel) => _waiting.Writer.WaitToWriteAsync(cancel);

    /// <summary>Takes up <paramref name="change"/> as soon as there is room.</summary>
    public async ValueTask AddAsync(Change change, CancellationToken cancel)
    {
        if (!TryAdd(change)) await _waiting.Writer.WriteAsync(change, cancel);
    }

    /// <summary>Completes when everything taken up before is on disk.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var mark = new Change();
        await AddAsync(mark, cancel);
        await mark.Durable.WaitAsync(cancel);
    }

    /// <summary>Writes what was taken up, unless the disk refuses, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(LongestRest));
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        _database.Dispose();
    }

    private async Task WriteAsync()
    {
        var together = new List<Change>(MostTogether);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                while (together.Count < MostTogether && _waiting.Reader.TryRead(out Change? change)) together.Add(change);
                await WriteAsync(together);
                foreach (Change change in together) change.Done();
                together.Clear();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What is not on disk was not acknowledged: it comes again, or is done again.
        }
    }

    private async Task WriteAsync(List<Change> together)
    {
        TimeSpan rest = FirstRest;
        while (!TryWrite(together))
        {
            await Task.Delay(rest, _stop.Token);
            rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
        }
    }

    private bool TryWrite(List<Change> together)
    {
        try
        {
            using SqliteWrite write = _database.BeginWrite();
            using var statements = new CarrierStatements(write);
            foreach (Change change in together) change.Apply(statements);
            statements.Finish();
            write.Commit();
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            if (_why is null) LogRefused(_log, SqliteFaults.Words(e));
            _why = SqliteFaults.Words(e);
            return false;
        }
        if (_why is not null) LogBack(_log);
        _why = null;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What was heard and said cannot be written: {Why}. Nothing is acknowledged and nothing is said until it can")]
    private static partial void LogRefused(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "What was heard and said is written again")]
    private static partial void LogBack(ILogger log);
}

/// <summary>One change of the store.</summary>
internal class Change
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is on disk.</summary>
    public Task Durable => _durable.Task;

    /// <summary>Writes it.</summary>
    public virtual void Apply(CarrierStatements statements)
    {
    }

    /// <summary>It is on disk.</summary>
    public virtual void Done() => _durable.TrySetResult();
}

/// <summary>What a file held when it was opened.</summary>
internal sealed record CarrierState(IReadOnlyList<HeardRow> Heard, IReadOnlyList<SaidRow> Said, IReadOnlyList<PendingRow> Pending, long LastId);

/// <summary>How far a stream was heard without a gap.</summary>
internal sealed record HeardRow
{
    public string Source { get; init; } = "";

    public string Topic { get; init; } = "";

    public long Next { get; init; }
}

/// <summary>How much was said under a topic.</summary>
internal sealed record SaidRow
{
    public string Topic { get; init; } = "";

    public long Next { get; init; }
}

/// <summary>A message that was heard.</summary>
internal sealed record InboxRow
{
    public long Id { get; init; }

    public string Source { get; init; } = "";

    public string Topic { get; init; } = "";

    public long Sequence { get; init; }

    public string? Trace { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>The listeners that have dealt with it; null for none.</summary>
    public string? Dealt { get; init; }
}

/// <summary>A message that a listener dealt with.</summary>
internal sealed record TurnRow
{
    public byte[] Body { get; init; } = [];

    public string Listener { get; init; } = "";

    public bool Dropped { get; init; }
}

/// <summary>What waits to be said under a topic.</summary>
internal sealed record PendingRow
{
    public string Topic { get; init; } = "";

    public long Count { get; init; }

    public long Bytes { get; init; }

    public long First { get; init; }
}

/// <summary>A message that waits to be said.</summary>
internal sealed record OutboxRow
{
    public long Sequence { get; init; }

    public string? Trace { get; init; }

    public byte[] Body { get; init; } = [];
}
