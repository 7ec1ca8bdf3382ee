using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport.Embedded;

/// <summary>Carries messages between the services of one process.</summary>
/// <remarks>
/// A handler is one object: it handles one message at a time, whatever the topic. In lockstep the publisher's thread handles everything; concurrently
/// every handler has a pump, and every subscription a bounded queue. A handler that throws has broken an invariant: the transport stops and says so.
/// </remarks>
public sealed partial class EmbeddedTransport(
    Schedule schedule, IEnumerable<ISubscriptionSource> sources, IServiceProvider services, TimeProvider clock, ILogger<EmbeddedTransport> log)
    : ITransport, IAsyncDisposable
{
    private readonly Dictionary<string, List<Subscription>> _byTopic = new(StringComparer.Ordinal);
    private readonly List<Subscription> _subscriptions = [];
    private readonly AnswerBook _answers = new();
    private readonly Queue<Func<ValueTask>> _deliveries = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Exception> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Task> _pumps = [];
    private TaskCompletionSource? _idle;
    private long _outstanding;
    private bool _draining;

    /// <summary>Lockstep or concurrent.</summary>
    public Schedule Schedule { get; } = schedule;

    /// <summary>Completes, with the cause, when a handler has thrown.</summary>
    public Task<Exception> Faulted => _fault.Task;

    /// <summary>State of every queue.</summary>
    public IReadOnlyList<QueueStatus> Queues => [.. _subscriptions.Select(s => s.Status)];

    /// <summary>How long every handler takes for a message, by topic; nothing is measured in lockstep.</summary>
    public IReadOnlyList<HandlingTime> HandlingTimes => [.. _subscriptions.Select(s => new HandlingTime(s.Handler, s.Topic, s.Handling))];

    /// <summary>Hands <paramref name="message"/> to everyone who hears <paramref name="topic"/>.</summary>
    /// <exception cref="TransportFaultedException">A handler has thrown; nothing is carried any more.</exception>
    public ValueTask PublishAsync<TMessage>(Topic<TMessage> topic, TMessage message, CancellationToken cancel = default)
        where TMessage : class
    {
        if (!_byTopic.TryGetValue(topic.Name, out List<Subscription>? subscriptions)) return ValueTask.CompletedTask;
        return Schedule == Schedule.Lockstep
            ? DeliverInOrderAsync(subscriptions, message, cancel)
            : EnqueueAsync(subscriptions, message, cancel);
    }

    /// <summary>The answer of the service that owns <paramref name="query"/>, made on this thread: nothing is queued.</summary>
    /// <exception cref="UnansweredQueryException">No service of this process owns it.</exception>
    /// <exception cref="InvalidOperationException">Who owns it answers questions of another type.</exception>
    public ValueTask<TAnswer> AskAsync<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel = default) =>
        _answers.TryFind(query, out Answerer<TQuestion, TAnswer>? answerer) ? answerer.AnswerAsync(question, cancel) : throw new UnansweredQueryException(query.Name);

    /// <summary>Binds every answer and subscription to its handler and, concurrently, starts the pumps. Called once, before the first publish.</summary>
    /// <exception cref="InvalidOperationException">Two services answer one query.</exception>
    public void Start()
    {
        _answers.Bind(services);
        foreach (ISubscriptionSource source in sources)
        {
            Subscription subscription = source.Create(services, clock);
            _subscriptions.Add(subscription);
            if (!_byTopic.TryGetValue(subscription.Topic, out List<Subscription>? list)) _byTopic[subscription.Topic] = list = [];
            list.Add(subscription);
        }
        if (Schedule == Schedule.Concurrent)
            _pumps = [.. _subscriptions.GroupBy(s => s.Handler).Select(group => Task.Run(() => PumpAsync([.. group])))];
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancel)
    {
        Start();
        return Task.CompletedTask;
    }

    /// <summary>Completes when every queue uses at most <paramref name="share"/> of its capacity: what a feed that can wait waits for.</summary>
    /// <exception cref="TransportFaultedException">A handler has thrown: there will be no room any more.</exception>
    public async ValueTask UntilRoomAsync(double share, CancellationToken cancel)
    {
        if (Schedule == Schedule.Lockstep || _subscriptions.TrueForAll(s => s.IsBelow(share))) return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        foreach (Subscription subscription in _subscriptions)
        {
            ValueTask below = subscription.UntilBelowAsync(share, either.Token);
            if (!below.IsCompletedSuccessfully) await WaitOrFaultAsync(below.AsTask());
        }
    }

    /// <summary>Completes when nothing is queued and no handler is at work.</summary>
    public async Task UntilIdleAsync(CancellationToken cancel = default)
    {
        while (Interlocked.Read(ref _outstanding) > 0)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
            if (Interlocked.Read(ref _outstanding) == 0) return;
            Task first = await Task.WhenAny(idle.Task, _fault.Task).WaitAsync(cancel);
            if (first == _fault.Task) throw new TransportFaultedException(await _fault.Task);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await Task.WhenAll(_pumps);
        _stop.Dispose();
    }

    private async ValueTask DeliverInOrderAsync<TMessage>(List<Subscription> subscriptions, TMessage message, CancellationToken cancel)
        where TMessage : class
    {
        if (_fault.Task.IsCompleted) throw new TransportFaultedException(await _fault.Task);
        foreach (Subscription subscription in subscriptions)
        {
            if (!subscription.Wants) continue;
            var subscriber = (ISubscriber<TMessage>)subscription;
            _deliveries.Enqueue(() => subscriber.HandleAsync(message, cancel));
        }
        if (_draining) return;
        _draining = true;
        try
        {
            while (_deliveries.TryDequeue(out Func<ValueTask>? deliver)) await deliver();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _deliveries.Clear();
            _fault.TrySetResult(e);
            throw;
        }
        finally
        {
            _draining = false;
        }
    }

    private async ValueTask EnqueueAsync<TMessage>(List<Subscription> subscriptions, TMessage message, CancellationToken cancel)
        where TMessage : class
    {
        if (_fault.Task.IsCompleted) throw new TransportFaultedException(await _fault.Task);
        foreach (Subscription subscription in subscriptions)
        {
            if (!subscription.Wants) continue;
            Interlocked.Increment(ref _outstanding);
            try
            {
                ValueTask enqueued = ((ISubscriber<TMessage>)subscription).EnqueueAsync(message, cancel);
                if (!enqueued.IsCompletedSuccessfully) await WaitOrFaultAsync(enqueued.AsTask());
            }
            catch (OperationCanceledException)
            {
                Completed(1);
                throw;
            }
        }
    }

    private async Task WaitOrFaultAsync(Task enqueued)
    {
        if (await Task.WhenAny(enqueued, _fault.Task) != enqueued) throw new TransportFaultedException(await _fault.Task);
        await enqueued;
    }

    private async Task PumpAsync(Subscription[] subscriptions)
    {
        var wake = new SemaphoreSlim(0);
        foreach (Subscription subscription in subscriptions)
            subscription.Wake = () =>
            {
                if (wake.CurrentCount == 0) wake.Release();
            };
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                int handled = 0;
                foreach (Subscription subscription in subscriptions) handled += await subscription.PumpAsync(_stop.Token);
                if (handled > 0) Completed(handled);
                else await wake.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop: what is queued was drained before, by UntilIdleAsync.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFault(log, subscriptions[0].Handler, e);
            _fault.TrySetResult(e);
        }
        finally
        {
            foreach (Subscription subscription in subscriptions) subscription.Wake = static () => { };
        }
    }

    private void Completed(int handled)
    {
        if (Interlocked.Add(ref _outstanding, -handled) == 0) Interlocked.Exchange(ref _idle, null)?.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Handler} threw: the path stops here")]
    private static partial void LogFault(ILogger log, string handler, Exception e);
}
