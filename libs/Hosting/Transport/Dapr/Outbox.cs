using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>Sends what was said to the broker, in batches, for as long as it takes; what it has taken is taken off the disk .</summary>
/// <remarks>
/// A batch of which nothing is known is sent again: whoever hears it twice passes it over. Each topic has a sender of its own; a topic that the broker refuses holds up no
/// other. Of what waits only a part is in memory.
/// </remarks>
internal sealed partial class Outbox : IAsyncDisposable
{
    private const int MostInMemory = 4_096, MostBytesInMemory = 32 << 20, MostBytesOfBatch = 3 << 20;
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(50), LongestRest = TimeSpan.FromSeconds(2);
    private readonly CarrierStore _store;
    private readonly SidecarClient _sidecar;
    private readonly DaprOptions _options;
    private readonly ILogger _log;
    private readonly string _source;
    private readonly ConcurrentDictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private long _count;
    private long _bytes;
    private volatile string? _why;

    public Outbox(CarrierStore store, SidecarClient sidecar, DaprOptions options, string source, ILogger log)
    {
        (_store, _sidecar, _options, _source, _log) = (store, sidecar, options, source, log);
    }

    /// <summary>Messages that wait.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Bytes of messages that wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Why nothing goes out now; null while all is well.</summary>
    public string? Why => _why;

    /// <summary>Goes on with what a file held.</summary>
    public void Restore(IReadOnlyList<PendingRow> pending)
    {
        foreach (PendingRow row in pending)
        {
            _count += row.Count;
            _bytes += row.Bytes;
            SenderOf(row.Topic).Restore(row.First);
        }
    }

    /// <summary>Counts a message that is on its way to the disk.</summary>
    public void Expect(int bytes)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Sends a message that is on disk now; those of one topic come in order.</summary>
    public void Send(string topic, OutboxRow row) => SenderOf(topic).Add(row);

    /// <summary>Completes when at most <paramref name="count"/> messages of at most <paramref name="bytes"/> wait.</summary>
    public async Task UntilAtMostAsync(long count, long bytes, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Count <= count && Bytes <= bytes) return;
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Sender sender in _senders.Values) await sender.DisposeAsync();
        _stop.Dispose();
    }

    private Sender SenderOf(string topic) => _senders.GetOrAdd(topic, static (topic, outbox) => new Sender(outbox, topic), this);

    private void Left(int count, long bytes)
    {
        Interlocked.Add(ref _count, -count);
        Interlocked.Add(ref _bytes, -bytes);
        TaskCompletionSource? changed;
        lock (_lock) (changed, _changed) = (_changed, null);
        changed?.TrySetResult();
    }

    /// <summary>Sends what was said under one topic.</summary>
    private sealed class Sender : IAsyncDisposable
    {
        private readonly Outbox _outbox;
        private readonly string _topic;
        private readonly Lock _lock = new();
        private readonly Queue<OutboxRow> _waiting = new();
        private readonly SemaphoreSlim _wake = new(0);
        private readonly ArrayBufferWriter<byte> _text = new();
        private readonly Task _running;
        private int _bytesWaiting;
        private long _next;

        // The first message that is on disk and not in memory; null while all that waits is in memory.
        private long? _onDisk;

        public Sender(Outbox outbox, string topic)
        {
            (_outbox, _topic) = (outbox, topic);
            _running = Task.Run(RunAsync);
        }

        public async ValueTask DisposeAsync()
        {
            await _running;
            _wake.Dispose();
        }

        public void Restore(long first)
        {
            lock (_lock) _onDisk = first;
            _wake.Release();
        }

        public void Add(OutboxRow row)
        {
            lock (_lock)
            {
                // What was read from disk before this was called is in memory already.
                if (_onDisk is not null || row.Sequence < _next) return;
                if (_waiting.Count >= MostInMemory || _bytesWaiting >= MostBytesInMemory)
                {
                    _onDisk = row.Sequence;
                    return;
                }
                _waiting.Enqueue(row);
                _bytesWaiting += row.Body.Length;
                _next = row.Sequence + 1;
            }
            if (_wake.CurrentCount == 0) _wake.Release();
        }

        private async Task RunAsync()
        {
            var batch = new List<OutboxRow>();
            try
            {
                while (true)
                {
                    Gather(batch);
                    if (batch.Count == 0) await _wake.WaitAsync(_outbox._stop.Token);
                    else await SendAsync(batch);
                }
            }
            catch (OperationCanceledException) when (_outbox._stop.IsCancellationRequested)
            {
                // What was not sent is on disk.
            }
        }

        private void Gather(List<OutboxRow> batch)
        {
            lock (_lock)
            {
                if (_waiting.Count == 0 && _onDisk is { } from)
                {
                    IReadOnlyList<OutboxRow> rows = _outbox._store.Unsaid(_topic, from, MostInMemory / 4);
                    foreach (OutboxRow row in rows) _waiting.Enqueue(row);
                    _bytesWaiting = rows.Sum(static r => r.Body.Length);
                    if (rows.Count > 0) _next = rows[^1].Sequence + 1;
                    _onDisk = rows.Count == 0 ? null : _next;
                }
                int bytes = 0;
                while (batch.Count < _outbox._options.BulkMessages && _waiting.TryPeek(out OutboxRow? row) && (batch.Count == 0 || bytes + row.Body.Length <= MostBytesOfBatch))
                {
                    batch.Add(_waiting.Dequeue());
                    bytes += row.Body.Length;
                    _bytesWaiting -= row.Body.Length;
                }
            }
        }

        private async Task SendAsync(List<OutboxRow> batch)
        {
            TimeSpan rest = FirstRest;
            while (batch.Count > 0)
            {
                SidecarAnswer answer = await _outbox._sidecar.PublishAsync(_topic, Text(batch), _outbox._stop.Token);
                await LeaveAsync(batch, answer.Succeeded ? [] : Failed(answer, batch));
                if (answer.Succeeded) break;
                _outbox.Complain(_topic, answer.Why);
                await Task.Delay(rest, _outbox._stop.Token);
                rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
            }
            _outbox.Calm();
        }

        // What the broker has leaves the disk.
        private async Task LeaveAsync(List<OutboxRow> batch, HashSet<long> failed)
        {
            OutboxRow[] sent = [.. batch.Where(row => !failed.Contains(row.Sequence))];
            if (sent.Length == 0) return;
            batch.RemoveAll(row => !failed.Contains(row.Sequence));
            await _outbox._store.AddAsync(new Sent(_topic, [.. sent.Select(static r => r.Sequence)]), _outbox._stop.Token);
            _outbox.Left(sent.Length, sent.Sum(static r => (long)r.Body.Length));
        }

        // Of an answer that names no entries nothing is known: all of them count as failed.
        private static HashSet<long> Failed(SidecarAnswer answer, List<OutboxRow> batch)
        {
            try
            {
                using JsonDocument json = JsonDocument.Parse(answer.Body);
                if (json.RootElement.TryGetProperty("failedEntries", out JsonElement entries) && entries.GetArrayLength() > 0)
                    return [.. entries.EnumerateArray().Select(static e => long.Parse(e.GetProperty("entryId").GetString()!, CultureInfo.InvariantCulture))];
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentNullException)
            {
                // No answer at all, or that of another program.
            }
            return [.. batch.Select(static row => row.Sequence)];
        }

        private ReadOnlyMemory<byte> Text(List<OutboxRow> batch)
        {
            _text.ResetWrittenCount();
            using var json = new Utf8JsonWriter(_text, new JsonWriterOptions { SkipValidation = true });
            json.WriteStartArray();
            foreach (OutboxRow row in batch)
                new CarrierEvent(_outbox._source, row.Sequence, row.Trace, row.Body).WriteEntry(json, row.Sequence.ToString(CultureInfo.InvariantCulture));
            json.WriteEndArray();
            json.Flush();
            return _text.WrittenMemory;
        }
    }

    private void Complain(string topic, string why)
    {
        if (_why is null) LogRefused(_log, topic, why, Count);
        _why = $"{topic}: {why}";
    }

    private void Calm()
    {
        if (_why is null) return;
        _why = null;
        LogBack(_log, Count);
    }

    private sealed class Sent(string topic, IReadOnlyList<long> sequences) : Change
    {
        public override void Apply(CarrierStatements statements) => statements.Said(topic, sequences);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing goes out under {Topic}: {Why}. It is tried again; {Waiting} messages wait on disk")]
    private static partial void LogRefused(ILogger log, string topic, string why, long waiting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Messages go out again; {Waiting} wait on disk")]
    private static partial void LogBack(ILogger log, long waiting);
}
