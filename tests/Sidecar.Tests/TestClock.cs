namespace QuadTurbo.Sidecar.Tests;

/// <summary>A clock that stands still until it is moved; one can wait until somebody waits for it.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Wanted, TaskCompletionSource<TimeSpan> Found)> _waiters = [];
    private DateTimeOffset _now = new(2025, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when a timer is running that was set to a time span one wants.</summary>
    public Task<TimeSpan> ArmedAsync(Func<TimeSpan, bool> wanted)
    {
        lock (_lock)
        {
            foreach (Timer timer in _timers)
            {
                if (wanted(timer.Set)) return Task.FromResult(timer.Set);
            }
            var found = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, found));
            return found.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Waits for a timer set to exactly <paramref name="span"/>, then moves past it.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        await ArmedAsync(s => s == span);
        Advance(span);
    }

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(t => t.Due <= _now)];
            foreach (Timer timer in due) _timers.Remove(timer);
        }
        foreach (Timer timer in due) timer.Fire();
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public TimeSpan Set { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Set, Due) = (dueTime, clock._now + dueTime);
                clock._timers.Add(this);
                foreach ((Func<TimeSpan, bool> wanted, TaskCompletionSource<TimeSpan> found) in clock._waiters)
                {
                    if (wanted(dueTime)) found.TrySetResult(dueTime);
                }
                clock._waiters.RemoveAll(w => w.Found.Task.IsCompleted);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
