namespace QuadTurbo.Auditor.Ledger;

/// <summary>The one writer of a ledger: appends records in memory, commits them to disk in groups, and says what is durable.</summary>
/// <remarks>
/// A background thread writes everything appended since its last commit, forces it to disk and only then raises <see cref="Committed"/>: the
/// longer a commit takes, the more the next one carries. <see cref="Append"/> is for one thread at a time; everything else is for any.
/// </remarks>
public sealed class LedgerWriter : IDisposable
{
    private readonly Lock _sealing = new();
    private readonly object _gate = new();
    private readonly string _dataDirectory;
    private readonly LedgerOptions _options;
    private readonly LedgerLock _lock;
    private readonly LedgerCommitter _committer;
    private readonly SegmentStore _store;
    private readonly Thread _thread;
    private LedgerBatch _active = new();
    private LedgerBatch _other = new();
    private bool _committing;
    private bool _idle;
    private bool _stopping;
    private bool _sealed;
    private long _next;
    private long _committed;
    private int _segment;
    private long _segmentLength;
    private LedgerFailedException? _failure;

    private LedgerWriter(string dataDirectory, LedgerOptions options, TimeProvider clock, LedgerLock held, LedgerScan scan)
    {
        (_dataDirectory, _options, _lock) = (dataDirectory, options, held);
        (_next, _committed, _segment, _segmentLength) = (scan.Count, scan.Count - 1, scan.Segment, scan.Length);
        _store = new SegmentStore(dataDirectory, scan, options.Faults);
        Repaired = scan.Verification as LedgerVerification.TornTail;
        _active.Begin(_segment, _next, scan.Head);
        _committer = new LedgerCommitter(_store, new LedgerReserve(dataDirectory, options), options, clock, _gate);
        _thread = new Thread(Run) { IsBackground = true, Name = "ledger" };
    }

    /// <summary>The torn tail that a crash had left and that opening cut off; null if there was none.</summary>
    public LedgerVerification.TornTail? Repaired { get; }

    /// <summary>The last sequence that is durable; -1 if none is.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>The sequence that the next append gets, which is the number of records so far.</summary>
    public long NextSequence => Volatile.Read(ref _next);

    /// <summary>Bytes of records appended since the last group commit began: what waits in memory for the next one.</summary>
    public long PendingBytes
    {
        get
        {
            lock (_gate) return _active.Length;
        }
    }

    /// <summary>Whether appends are being committed.</summary>
    public LedgerState State => _committer.Status.State;

    /// <summary>The cause of <see cref="State"/>, with files by their names alone; null while healthy.</summary>
    public string? Why => _committer.Status.Why is { } why ? Hosting.Storage.FileNames.Only(why, _dataDirectory) : null;

    /// <summary>Called with <see cref="Committed"/> after each commit, on the committing thread: it must be quick and must not throw.</summary>
    public Action<long>? OnCommitted { get; set; }

    /// <summary>Called after each change of <see cref="State"/>, on the committing thread: it must be quick and must not throw.</summary>
    public Action<LedgerState>? OnState
    {
        get => _committer.OnState;
        set => _committer.OnState = value;
    }

    /// <summary>
    /// Opens the ledger of <paramref name="dataDirectory"/> for appending, creating it if needed. What is there has been verified whole, a torn
    /// tail cut off (<see cref="Repaired"/>) and a seal removed.
    /// </summary>
    /// <exception cref="LedgerLockedException">Another writer has it open.</exception>
    /// <exception cref="LedgerDirectoryException">The directory cannot be created or written.</exception>
    /// <exception cref="LedgerDamagedException">A record is damaged or missing.</exception>
    public static LedgerWriter Open(string dataDirectory, LedgerOptions options, TimeProvider clock)
    {
        options.Check();
        LedgerLock? held = null;
        try
        {
            Directory.CreateDirectory(LedgerFormat.Folder(dataDirectory));
            held = LedgerLock.Take(dataDirectory);
            var scan = LedgerScan.Run(dataDirectory);
            if (scan.Verification is LedgerVerification.Damaged damage)
                throw new LedgerDamagedException(damage);
            LedgerRecovery.CutTornTail(dataDirectory, scan, options.Faults);
            LedgerSeal.Remove(dataDirectory, options.Faults);
            Hosting.Faults.CrashPoint.Hit(LedgerCrashPoints.AfterUnseal);
            var writer = new LedgerWriter(dataDirectory, options, clock, held, scan);
            writer._thread.Start();
            return writer;
        }
        catch (Exception error)
        {
            held?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new LedgerDirectoryException(dataDirectory, error);
            throw;
        }
    }

    /// <summary>
    /// Puts a record at the end and returns its sequence. It is in memory until <see cref="Committed"/> reaches it. Waits while
    /// <see cref="LedgerOptions.BufferBytes"/> are in memory, for as long as the disk is full.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The payload exceeds <see cref="LedgerFormat.MaxPayload"/>.</exception>
    /// <exception cref="LedgerFailedException">The ledger has failed.</exception>
    /// <exception cref="InvalidOperationException">It is sealed or closed.</exception>
    public long Append(ushort kind, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, LedgerFormat.MaxPayload);
        long sequence;
        lock (_gate)
        {
            int size = payload.Length + LedgerFormat.Overhead;
            MakeRoom(size);
            _active.Add(kind, payload);
            _segmentLength += size;
            sequence = _next;
            Volatile.Write(ref _next, sequence + 1);
            if (_idle)
                Monitor.PulseAll(_gate);
        }

        Hosting.Faults.CrashPoint.Hit(LedgerCrashPoints.AfterAppend);
        return sequence;
    }

    /// <summary>Completes when <paramref name="sequence"/> is durable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such record was appended.</exception>
    /// <exception cref="LedgerFailedException">The ledger failed, or was closed, before it was durable.</exception>
    public Task WaitForCommit(long sequence, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _next);
            if (sequence <= _committed)
                return Task.CompletedTask;
            if (_failure is not null)
                return Task.FromException(_failure);
            var batch = _committing && sequence <= _other.LastSequence ? _other : _active;
            return batch.WhenCommitted.WaitAsync(cancellation);
        }
    }

    /// <summary>Returns when everything appended so far is durable; on a full disk that is when there is space again.</summary>
    /// <exception cref="LedgerFailedException">The ledger failed, or was closed, before that.</exception>
    public void Flush(CancellationToken cancellation = default) => WaitForCommit(NextSequence - 1, cancellation).GetAwaiter().GetResult();

    /// <summary>
    /// Commits everything and writes count, last hash and length to <c>ledger.seal</c>: from now on whole records cut off the end are missed.
    /// No append follows; opening the ledger again removes the seal.
    /// </summary>
    /// <exception cref="LedgerFailedException">Not everything could be committed.</exception>
    /// <exception cref="IOException">The seal could not be written; the ledger is whole and not sealed.</exception>
    public void Seal(CancellationToken cancellation = default)
    {
        lock (_sealing)
        {
            lock (_gate)
            {
                if (_sealed)
                    return;
                ThrowIfClosed();
                _sealed = true;
            }

            try
            {
                Flush(cancellation);
                _committer.Seal(_dataDirectory, _options.Faults);
            }
            catch
            {
                lock (_gate)
                    _sealed = false;
                throw;
            }
        }
    }

    /// <summary>Commits what the disk takes, and lets go of the directory. Without <see cref="Seal"/> this is no clean stop.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
            _committer.Stop();
        }

        _thread.Join();
        _committer.Dispose();
        _store.Dispose();
        _lock.Dispose();
    }

    /// <summary>Under the lock: returns when the active batch can take a record, with a new segment begun if it needs one.</summary>
    private void MakeRoom(int size)
    {
        while (true)
        {
            ThrowIfClosed();
            bool rotate = _segment < 0 || (_segmentLength > LedgerFormat.HeaderSize && _segmentLength + size > _options.SegmentBytes);
            if (_active.Count == 0)
            {
                if (rotate)
                {
                    _active.StartSegment(++_segment);
                    _segmentLength = LedgerFormat.HeaderSize;
                }

                return;
            }

            if (!rotate && _active.Length + size <= _options.BufferBytes / 2)
                return;
            Monitor.Wait(_gate);
        }
    }

    private void ThrowIfClosed()
    {
        if (_failure is not null)
            throw new LedgerFailedException(_failure.Message, _failure);
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (_sealed)
            throw new InvalidOperationException("the ledger is sealed");
    }

    /// <summary>The committing thread: everything appended becomes durable, group by group, until the writer is closed or the disk fails.</summary>
    private void Run()
    {
        while (TryTake(out var batch))
        {
            if (batch is not null && !TryCommit(batch))
                return;
            _committer.Recover();
        }
    }

    /// <summary>
    /// Waits for records and takes them all, leaving the other buffer to the appender; no batch if it is only time to look at the disk again.
    /// False when closed and nothing is left.
    /// </summary>
    private bool TryTake(out LedgerBatch? batch)
    {
        lock (_gate)
        {
            batch = null;
            while (_active.Count == 0 && !_committer.IsDue)
            {
                if (_stopping)
                    return false;
                _idle = true;
                Monitor.Wait(_gate);
                _idle = false;
            }

            if (_active.Count > 0)
            {
                (_active, _other) = (_other, _active);
                _active.Begin(_segment, _next, _other.Head);
                _committing = true;
                batch = _other;
                Monitor.PulseAll(_gate);
            }

            return true;
        }
    }

    private bool TryCommit(LedgerBatch batch)
    {
        var failure = _committer.Commit(batch);
        lock (_gate)
        {
            _committing = false;
            _failure = failure;
            if (failure is null)
            {
                Volatile.Write(ref _committed, batch.LastSequence);
                batch.Complete();
            }
            else
            {
                batch.Fail(failure);
                _active.Fail(failure);
            }

            Monitor.PulseAll(_gate);
        }

        if (failure is null)
            OnCommitted?.Invoke(batch.LastSequence);
        return failure is null;
    }
}
