using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>Carries messages between processes, each beside a Dapr sidecar.</summary>
/// <remarks>
/// A process is a state machine over what it hears. Every message is put into the order in which it was said, once; one message at a time is handled, whoever
/// handles it; and that it was handled, with all that was said meanwhile, is one transaction on disk (<see cref="CarrierStore"/>) before any of it leaves. So a process
/// that dies takes up where the transaction left it: nothing is lost, and nothing happens twice. How the state itself comes back, <see cref="Recovery"/> says.
/// The whole of it is told in <c>docs/decisions/0010-dapr-carrier.md</c>.
/// </remarks>
public sealed partial class DaprTransport : ITransport, IAsyncDisposable
{
    private const string FileName = "carrier.db";
    // Nobody else said it, and it came from no stream.
    private const int NoSequence = -1;
    private const long MostUnsent = 16_384;
    private const int MostTogether = 256;
    private static readonly TimeSpan LookForGaps = TimeSpan.FromSeconds(1);
    private readonly DaprOptions _options;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private readonly ILogger<DaprTransport> _log;
    private readonly WireTables _tables;
    private readonly SidecarClient _sidecar;
    private readonly AnswerBook _answers = new();
    private readonly IEnumerable<ISubscriptionSource> _sources;
    private readonly CarrierStore _store;
    private readonly Outbox _outbox;
    private readonly Dictionary<string, long> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _toRepeat = new(StringComparer.Ordinal);
    private readonly Lock _saying = new();
    private readonly AsyncLocal<Turn?> _turn = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Exception> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Turn> _handled = [];
    private readonly Dictionary<string, Subscription> _recalls = new(StringComparer.Ordinal);
    private EffectsOnDisk? _effects;
    private Inlet[] _inlets = [];
    private Intake _intake;
    private Task _pump = Task.CompletedTask;
    private TaskCompletionSource? _idle;
    private volatile bool _replaying;
    private int _working;

    /// <summary>A transport that keeps what it needs in <paramref name="directory"/>.</summary>
    /// <exception cref="IOException">Its file cannot be opened.</exception>
    public DaprTransport(
        DaprOptions options, string directory, IEnumerable<ISubscriptionSource> sources, IServiceProvider services, WireTables tables, TimeProvider clock, ILogger<DaprTransport> log)
    {
        (_options, _sources, _services, _tables, _clock, _log) = (options, sources, services, tables, clock, log);
        _sidecar = new SidecarClient(options);
        Directory.CreateDirectory(directory);
        _store = CarrierStore.Open(Path.Combine(directory, FileName), log);
        Source = $"{options.AppId}/{_store.Epoch}";
        _intake = IntakeOf(_inlets);
        _outbox = new Outbox(_store, _sidecar, options, Source, log);
    }

    /// <summary>What this process says it is: its app-id, and what names its file.</summary>
    public string Source { get; }

    /// <inheritdoc/>
    public Schedule Schedule => Schedule.Concurrent;

    /// <inheritdoc/>
    public Task<Exception> Faulted => _fault.Task;

    /// <inheritdoc/>
    public IReadOnlyList<QueueStatus> Queues => [.. _inlets.Select(static i => i.Status)];

    /// <inheritdoc/>
    public IReadOnlyList<HandlingTime> HandlingTimes => [.. _inlets.Select(static i => new HandlingTime(i.Subscription.Handler, i.Subscription.Topic, i.Handling))];

    /// <summary>The topics that this process hears.</summary>
    public IReadOnlyList<string> Topics => [.. _intake.Topics.Order(StringComparer.Ordinal)];

    /// <summary>How many messages wait to be sent.</summary>
    public long Unsent => _outbox.Count;

    /// <summary>How the sidecar, the broker and the disk do, as far as this process can tell.</summary>
    public HealthReading Health => _fault.Task.IsCompletedSuccessfully ? HealthReading.Unhealthy(_fault.Task.Result.Message)
        : _store.Why is { } disk ? HealthReading.Unhealthy($"what is heard and said cannot be written: {disk}")
        : _unreached is { } sidecar ? (_looked ? HealthReading.Unhealthy(sidecar) : HealthReading.Unknown(sidecar))
        : _outbox.Bytes >= _options.OutboxBytes ? HealthReading.Unhealthy($"the outbox is full ({_options.OutboxBytes} bytes): {_outbox.Why}")
        : _outbox.Why is { } why ? HealthReading.Degraded($"{_outbox.Count} messages wait on disk: {why}")
        : HealthReading.Healthy;

    internal WireTables Tables => _tables;

    internal DaprOptions Options => _options;

    /// <summary>Binds answers and listeners, rebuilds what was (<see cref="Recovery.Replay"/>) and begins. Called once, before the first message.</summary>
    /// <exception cref="InvalidOperationException">Two services answer one query.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        _answers.Bind(_services);
        // Handlers are made now: they speak through this transport, so it has to be there first.
        _inlets = [.. _sources.Select(s => new Inlet(s.Create(_services, _clock), _options.Paced))];
        _intake = IntakeOf(_inlets);
        _effects = _services.GetService<EffectsOnDisk>();
        if (_options.Recovery == Recovery.Replay)
            foreach (IRecallSource source in _services.GetServices<IRecallSource>()) _recalls.Add(source.Topic, source.Create(_services, _clock));
        CarrierState left = _store.Load();
        foreach (SaidRow row in left.Said)
        {
            _said[row.Topic] = row.Next;
            if (_options.Recovery == Recovery.Repeat) _toRepeat[row.Topic] = row.Next;
        }
        if (_options.Recovery == Recovery.Replay) await ReplayAsync(cancel);
        _intake.Restore(left);
        _outbox.Restore(left.Pending);
        _pump = Task.Run(PumpAsync, CancellationToken.None);
        _watch = Task.Run(WatchAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync<TMessage>(Topic<TMessage> topic, TMessage message, CancellationToken cancel = default)
        where TMessage : class
    {
        if (_fault.Task.IsCompleted) throw new TransportFaultedException(await _fault.Task);
        if (_replaying) return;
        if (WasSaid(topic.Name)) return;
        var text = new ArrayBufferWriter<byte>(1024);
        WireFormat.Write(topic, message, text);
        var said = new Saying(topic.Name, Activity.Current?.Id, text.WrittenSpan.ToArray());
        if (_turn.Value is not { } turn || !turn.TryAdd(said)) await CommitAsync(new Turn([said]) { Recalled = _recalls.ContainsKey(topic.Name) ? _intake.TakeId() : null }, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<TAnswer> AskAsync<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel = default)
    {
        if (_answers.TryFind(query, out Answerer<TQuestion, TAnswer>? answerer)) return await answerer.AnswerAsync(question, cancel);
        var text = new ArrayBufferWriter<byte>(1024);
        WireFormat.WriteQuestion(query, question, text);
        SidecarAnswer answer = await InvokeAsync(query.Owner, query.Name, query.Changes, text.WrittenMemory, cancel);
        return question is Trading.Predictions.PredictionBatch batch && typeof(TAnswer) == typeof(Trading.Predictions.PredictionAnswer)
            ? (TAnswer)(object)WireFormat.ReadScores(answer.Body, batch, _tables)
            : WireFormat.ReadAnswer(query, answer.Body, _tables);
    }

    /// <inheritdoc/>
    /// <remarks>Other processes are not looked into: a broker that is full refuses, and then this outbox fills.</remarks>
    public async ValueTask UntilRoomAsync(double share, CancellationToken cancel) =>
        await WaitOrFaultAsync(_outbox.UntilAtMostAsync((long)(share * MostUnsent), (long)(share * _options.OutboxBytes), cancel));

    /// <inheritdoc/>
    /// <remarks>Of this process only: what it said is with the broker.</remarks>
    public async Task UntilIdleAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            await WaitOrFaultAsync(UntilStillAsync(cancel));
            await _store.FlushAsync(cancel);
            await WaitOrFaultAsync(_outbox.UntilAtMostAsync(0, 0, cancel));
            if (IsStill) return;
        }
    }

    /// <summary>Completes when all that was heard, handled and said until now is on disk.</summary>
    public Task FlushAsync(CancellationToken cancel = default) => _store.FlushAsync(cancel);

    /// <summary>Ends: what is being handled is finished, and what was said goes out as far as time allows; the rest at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _pump;
        await _watch;
        using (var late = new CancellationTokenSource(_options.Drain))
        {
            try
            {
                await _outbox.UntilAtMostAsync(0, 0, late.Token);
            }
            catch (OperationCanceledException)
            {
                LogLeft(_log, _outbox.Count);
            }
        }
        await _outbox.DisposeAsync();
        await _store.DisposeAsync();
        _sidecar.Dispose();
        _stop.Dispose();
    }

    internal ValueTask<Disposition> TakeAsync(string topic, CarrierEvent? delivered, CancellationToken cancel) => _intake.TakeAsync(topic, delivered, cancel);

    internal Answerer? AnswererOf(string query) => _answers.Find(query);

    private bool IsStill => Volatile.Read(ref _working) == 0 && Array.TrueForAll(_inlets, static i => i.IsEmpty);

    private Intake IntakeOf(Inlet[] inlets) => new(inlets, _store, _tables, _options, TimeProvider.System, _log) { Wake = WakePump };

    private static string RecallOf(string topic) => "recall/" + topic;

    private void WakePump()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    // A recording that is read again says the same again: as many messages of each topic as were said before the start are passed over.
    private bool WasSaid(string topic)
    {
        lock (_saying)
        {
            if (_toRepeat.GetValueOrDefault(topic) is not (> 0 and long left)) return false;
            _toRepeat[topic] = left - 1;
            return true;
        }
    }

    private async Task ReplayAsync(CancellationToken cancel)
    {
        Dictionary<string, Subscription> listeners = _inlets.ToDictionary(static i => i.Name, static i => i.Subscription, StringComparer.Ordinal);
        foreach ((string topic, Subscription recall) in _recalls) listeners.Add(RecallOf(topic), recall);
        long replayed = 0;
        _replaying = true;
        try
        {
            foreach (TurnRow turn in _store.Turns())
            {
                if (!listeners.TryGetValue(turn.Listener, out Subscription? listener)) continue;
                object message = listener.Read(turn.Body, _tables);
                _options.Before?.Invoke(message);
                await listener.HandleAsync(message, turn.Dropped, cancel);
                replayed++;
            }
        }
        finally
        {
            _replaying = false;
        }
        if (replayed > 0) LogReplayed(_log, replayed);
    }

    private async Task PumpAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                Interlocked.Exchange(ref _working, 1);
                bool handled = false;
                foreach (Inlet inlet in _inlets)
                {
                    if (!inlet.TryTake(out Heard? message, out bool dropped)) continue;
                    handled = true;
                    _handled.Add(await HandleAsync(inlet, message, dropped));
                }
                if (_handled.Count >= (_effects is null ? 1 : MostTogether) || (!handled && _handled.Count > 0)) await CommitHandledAsync();
                if (handled) continue;
                Interlocked.Exchange(ref _working, 0);
                Interlocked.Exchange(ref _idle, null)?.TrySetResult();
                await _wake.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What was not handled is on disk.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFault(_log, e);
            _fault.TrySetResult(e);
        }
    }

    // What a handler keeps by itself is on disk before the message counts as handled, and before anything leaves that was said meanwhile.
    private async Task CommitHandledAsync()
    {
        if (_effects is not null) await _effects.UntilDurable(_stop.Token);
        foreach (Turn turn in _handled) await CommitAsync(turn, CancellationToken.None);
        _handled.Clear();
    }

    private async Task<Turn> HandleAsync(Inlet inlet, Heard message, bool dropped)
    {
        var turn = new Turn([]) { Inbox = message.Id, Listener = inlet.Name, Dropped = dropped };
        _turn.Value = turn;
        using Activity? activity = Traces.Begin(inlet.Name, message.Trace);
        _options.Before?.Invoke(message.Message);
        long started = Stopwatch.GetTimestamp();
        await inlet.Subscription.HandleAsync(message.Message, dropped, _stop.Token);
        inlet.Handling.Record(Stopwatch.GetElapsedTime(started));
        turn.Close();
        _turn.Value = null;
        turn.Forgets = message.Leave() && _options.Recovery != Recovery.Replay;
        return turn;
    }

    private async ValueTask CommitAsync(Turn turn, CancellationToken cancel)
    {
        (turn.Outbox, turn.Source) = (_outbox, Source);
        while (!TryCommit(turn)) await _store.UntilRoomAsync(cancel);
        if (_outbox.Bytes >= _options.OutboxBytes) await WaitOrFaultAsync(_outbox.UntilAtMostAsync(long.MaxValue, _options.OutboxBytes, cancel));
    }

    // Places in a stream are given in the order in which the store writes: what is not written has none.
    private bool TryCommit(Turn turn)
    {
        lock (_saying)
        {
            foreach (Saying said in turn.Said)
            {
                said.Sequence = _said.GetValueOrDefault(said.Topic);
                _said[said.Topic] = said.Sequence + 1;
            }
            if (!_store.TryAdd(turn))
            {
                foreach (Saying said in turn.Said) _said[said.Topic]--;
                return false;
            }
        }
        foreach (Saying said in turn.Said) _outbox.Expect(said.Body.Length);
        return true;
    }

    private async Task UntilStillAsync(CancellationToken cancel)
    {
        while (!IsStill)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
            if (IsStill) return;
            await idle.Task.WaitAsync(cancel);
        }
    }

    private async Task WaitOrFaultAsync(Task done)
    {
        if (await Task.WhenAny(done, _fault.Task) != done) throw new TransportFaultedException(await _fault.Task);
        await done;
    }

    /// <summary>One message dealt with, and what was said meanwhile; or what was said outside of any.</summary>
    private sealed class Turn(List<Saying> said) : Change
    {
        private readonly Lock _open = new();
        private bool _closed;

        public List<Saying> Said { get; } = said;

        public long? Inbox { get; init; }

        public string Listener { get; init; } = "";

        public bool Dropped { get; init; }

        public bool Forgets { get; set; }

        // What was said outside of any message is kept as if it had been heard.
        public long? Recalled { get; init; }

        public string Source { get; set; } = "";

        public Outbox? Outbox { get; set; }

        // What a handler began and did not wait for may still speak when the turn is over.
        public bool TryAdd(Saying said)
        {
            lock (_open)
            {
                if (_closed) return false;
                Said.Add(said);
                return true;
            }
        }

        public void Close()
        {
            lock (_open) _closed = true;
        }

        public override void Apply(CarrierStatements statements)
        {
            if (Forgets) statements.Forget(Inbox!.Value);
            else if (Inbox is { } inbox) statements.Turn(inbox, Listener, Dropped);
            if (Recalled is { } recalled)
            {
                statements.Hear(new InboxItem(recalled, Source, Said[0].Topic, NoSequence, Said[0].Trace, Said[0].Body));
                statements.Turn(recalled, RecallOf(Said[0].Topic), dropped: false);
            }
            foreach (Saying said in Said) statements.Say(said.Topic, said.Sequence, said.Trace, said.Body);
        }

        public override void Done()
        {
            foreach (Saying said in Said) Outbox!.Send(said.Topic, new OutboxRow { Sequence = said.Sequence, Trace = said.Trace, Body = said.Body });
            base.Done();
        }
    }

    private sealed class Saying(string topic, string? trace, byte[] body)
    {
        public string Topic => topic;

        public string? Trace => trace;

        public byte[] Body => body;

        public long Sequence { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "A handler threw: the path stops here")]
    private static partial void LogFault(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} messages were handled again, to be where the process before this one was")]
    private static partial void LogReplayed(ILogger log, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages could not be sent before the stop; they are on disk and go out at the next start")]
    private static partial void LogLeft(ILogger log, long count);
}
