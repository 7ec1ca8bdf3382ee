using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>Makes batches durable whatever the disk does: waits out a full one, mistrusts a failed one, and says which it is.</summary>
internal sealed class LedgerCommitter : IDisposable
{
    private const int Attempts = 3;
    private readonly SegmentStore _store;
    private readonly LedgerReserve _reserve;
    private readonly TimeSpan _interval;
    private readonly object _gate;
    private readonly ITimer _timer;
    private bool _due;
    private bool _stopping;
    private LedgerStatus _status = new(LedgerState.Healthy, null);

    /// <param name="store">The disk.</param>
    /// <param name="reserve">The space to give up.</param>
    /// <param name="options">The interval of retries.</param>
    /// <param name="clock">Paces them.</param>
    /// <param name="gate">The writer's lock, pulsed when a retry is due.</param>
    public LedgerCommitter(SegmentStore store, LedgerReserve reserve, LedgerOptions options, TimeProvider clock, object gate)
    {
        (_store, _reserve, _interval, _gate) = (store, reserve, options.RetryInterval, gate);
        _timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!_reserve.TryRestore())
            SetNoReserve("there is no space for the reserve");
    }

    /// <summary>State and cause, of one moment.</summary>
    public LedgerStatus Status => Volatile.Read(ref _status);

    public Action<LedgerState>? OnState { get; set; }

    /// <summary>Returns when the batch is durable, null, or will never be, with the reason.</summary>
    public LedgerFailedException? Commit(LedgerBatch batch)
    {
        for (int failures = 0; ;)
        {
            try
            {
                _store.Settle();
                _store.Write(batch);
                return null;
            }
            catch (IOException error) when (LedgerFault.IsFull(error))
            {
                if (_reserve.TryRelease())
                    SetNoReserve(error.Message);
                else if (!WaitForSpace(error))
                    return new LedgerFailedException($"the ledger was closed while the disk was full: {error.Message}", error);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerDamagedException)
            {
                if (error is LedgerDamagedException || ++failures == Attempts)
                    return Fail(error);
            }
        }
    }

    /// <summary>Under the writer's lock: true if it is time to <see cref="Recover"/> without a commit.</summary>
    public bool IsDue => _due;

    /// <summary>After a commit that a full disk had held up, and at each retry without a reserve: takes the reserve back and is healthy.</summary>
    public void Recover()
    {
        var (state, why) = Status;
        bool due;
        lock (_gate)
            (due, _due) = (_due, false);
        if (state != LedgerState.Full && !(state == LedgerState.Reserve && due))
            return;
        if (_reserve.TryRestore())
            Set(new LedgerStatus(LedgerState.Healthy, null));
        else
            SetNoReserve(why!);
    }

    /// <summary>Seals what is durable. Everything appended has been committed, so the committing thread is idle.</summary>
    public void Seal(string dataDirectory, LedgerFaultHook? faults)
    {
        CrashPoint.Hit(LedgerCrashPoints.BeforeSeal);
        var seal = new LedgerSeal(_store.Count, _store.Segment, _store.Length, Convert.ToHexStringLower(_store.Head));
        try
        {
            seal.Write(dataDirectory, faults);
        }
        catch (IOException error) when (LedgerFault.IsFull(error) && _reserve.TryRelease())
        {
            seal.Write(dataDirectory, faults);
        }

        CrashPoint.Hit(LedgerCrashPoints.AfterSeal);
    }

    /// <summary>Under the writer's lock: no more waiting for space.</summary>
    public void Stop()
    {
        _stopping = true;
        Monitor.PulseAll(_gate);
    }

    public void Dispose() => _timer.Dispose();

    private void SetNoReserve(string why)
    {
        Arm();
        Set(new LedgerStatus(LedgerState.Reserve, why));
    }

    /// <summary>Starts the wait for a retry. It runs before the state is told, so that whoever sees the state can count on the retry.</summary>
    private void Arm()
    {
        lock (_gate)
            _due = false;
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
    }

    private bool WaitForSpace(IOException error)
    {
        TrySettle();
        Arm();
        Set(new LedgerStatus(LedgerState.Full, error.Message));
        lock (_gate)
        {
            while (!_due && !_stopping)
                Monitor.Wait(_gate);
            _due = false;
            return !_stopping;
        }
    }

    /// <summary>A crash while the disk is full should find no half batch; if even this fails, the next attempt does it.</summary>
    private void TrySettle()
    {
        try
        {
            _store.Settle();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerDamagedException)
        {
        }
    }

    private LedgerFailedException Fail(Exception error)
    {
        var failure = new LedgerFailedException($"the ledger has stopped: {error.Message}", error);
        Set(new LedgerStatus(LedgerState.Failed, failure.Message));
        return failure;
    }

    private void Set(LedgerStatus status)
    {
        bool changed = Status.State != status.State;
        Volatile.Write(ref _status, status);
        if (changed)
            OnState?.Invoke(status.State);
    }

    private void Wake()
    {
        lock (_gate)
        {
            _due = true;
            Monitor.PulseAll(_gate);
        }
    }
}

/// <summary>State and its cause.</summary>
internal sealed record LedgerStatus(LedgerState State, string? Why);
