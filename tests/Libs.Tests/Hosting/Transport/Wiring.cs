using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Hosting.Transport;

/// <summary>A message that takes <paramref name="Size"/> of a queue.</summary>
public sealed record Note(int Number, int Size = 1);

/// <summary>Topics, handlers and a transport of their own.</summary>
internal sealed class Wiring : IAsyncDisposable
{
    public static readonly Topic<Note> First = new("first", static n => n.Size);
    public static readonly Topic<Note> Second = new("second", static n => n.Size);
    public static readonly Topic<Note> Third = new("third", static n => n.Size);

    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);
    private EmbeddedTransport? _transport;

    public TimerClock Clock { get; } = new();

    /// <summary>What is under test.</summary>
    public EmbeddedTransport Transport => _transport ?? throw new InvalidOperationException("start it first");

    public Wiring Hear<THandler>(THandler handler, Topic<Note> topic, Listener<THandler, Note> listener)
        where THandler : class
    {
        _builder.Services.TryAddSingleton(handler);
        _builder.Subscribe(topic, _ => listener);
        return this;
    }

    public Wiring Answer<THandler, TQuestion, TAnswer>(
        THandler handler, Query<TQuestion, TAnswer> query, Func<THandler, TQuestion, CancellationToken, ValueTask<TAnswer>> answer)
        where THandler : class
    {
        _builder.Services.TryAddSingleton(handler);
        _builder.Answer(query, answer);
        return this;
    }

    public EmbeddedTransport Start(Schedule schedule)
    {
        IServiceProvider services = _builder.Services.BuildServiceProvider();
        _transport = new EmbeddedTransport(
            schedule, services.GetServices<ISubscriptionSource>(), services, Clock, NullLogger<EmbeddedTransport>.Instance);
        _transport.Start();
        return _transport;
    }

    public ValueTask DisposeAsync() => _transport?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A handler that writes down what it hears, one message at a time, and can be held up.</summary>
internal sealed class Reader
{
    private readonly Channel<Note> _entered = Channel.CreateUnbounded<Note>();
    private TaskCompletionSource _gate = Opened();
    private int _inside;

    /// <summary>What was handled, in order, as topic and number.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>What was dropped and accounted for, in order.</summary>
    public List<int> Dropped { get; } = [];

    /// <summary>True when two messages were once handled at the same time.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>Listens under <paramref name="policy"/>.</summary>
    public Listener<Reader, Note> Listen(string topic, QueuePolicy policy, Func<Reader, bool>? ready = null) => new(
        (reader, note, _) => reader.HandleAsync(topic, note), policy, ready is null ? null : (reader, _) => ready(reader),
        static (reader, note, _) => reader.Account(note));

    /// <summary>From now on a message that has begun to be handled is held up.</summary>
    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets everything through.</summary>
    public void Release() => _gate.TrySetResult();

    /// <summary>Completes when one more message has begun to be handled.</summary>
    public async Task EnteredAsync() => await _entered.Reader.ReadAsync();

    private async ValueTask HandleAsync(string topic, Note note)
    {
        Overlapped |= Interlocked.Increment(ref _inside) != 1;
        _entered.Writer.TryWrite(note);
        await _gate.Task;
        if (note.Number % 3 == 0) await Task.Yield();
        Heard.Add($"{topic} {note.Number}");
        Interlocked.Decrement(ref _inside);
    }

    private ValueTask Account(Note note)
    {
        Overlapped |= Interlocked.Increment(ref _inside) != 1;
        Dropped.Add(note.Number);
        Interlocked.Decrement(ref _inside);
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}

/// <summary>A clock that stands still until it is moved; its timers fire when it passes them.</summary>
internal sealed class TimerClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2025, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
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

    private sealed class Timer(TimerClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
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
