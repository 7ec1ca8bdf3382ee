using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport;

/// <summary>Carries messages and questions between services, within one process or from process to process.</summary>
public interface ITransport
{
    /// <summary>Lockstep or concurrent.</summary>
    Schedule Schedule { get; }

    /// <summary>Completes, with the cause, when a handler has thrown.</summary>
    Task<Exception> Faulted { get; }

    /// <summary>State of every queue.</summary>
    IReadOnlyList<QueueStatus> Queues { get; }

    /// <summary>How long every handler takes for a message, by topic; nothing is measured in lockstep.</summary>
    IReadOnlyList<HandlingTime> HandlingTimes { get; }

    /// <summary>Binds every answer and subscription to its handler and begins. Called once, before the first message.</summary>
    /// <exception cref="InvalidOperationException">Two services answer one query.</exception>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Hands <paramref name="message"/> to everyone who hears <paramref name="topic"/>.</summary>
    /// <exception cref="TransportFaultedException">A handler has thrown; nothing is carried any more.</exception>
    ValueTask PublishAsync<TMessage>(Topic<TMessage> topic, TMessage message, CancellationToken cancel = default)
        where TMessage : class;

    /// <summary>The answer of the service that owns <paramref name="query"/>.</summary>
    /// <exception cref="UnansweredQueryException">Nobody answers it: its owner is not there, or cannot be reached.</exception>
    ValueTask<TAnswer> AskAsync<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel = default);

    /// <summary>Completes when every queue uses at most <paramref name="share"/> of its capacity: what a feed that can wait waits for.</summary>
    /// <exception cref="TransportFaultedException">A handler has thrown: there will be no room any more.</exception>
    ValueTask UntilRoomAsync(double share, CancellationToken cancel);

    /// <summary>Completes when nothing is queued and no handler is at work.</summary>
    /// <exception cref="TransportFaultedException">A handler has thrown.</exception>
    Task UntilIdleAsync(CancellationToken cancel = default);
}

/// <summary>A handler has thrown, so the path has stopped.</summary>
public sealed class TransportFaultedException(Exception cause) : Exception($"the path has stopped: {cause.Message}", cause);
