using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Transport;

namespace QuadTurbo.Auditor;

/// <summary>Where the platform keeps its data, and what run this is.</summary>
/// <param name="DataDirectory">The data directory.</param>
/// <param name="Session">The first record of the run.</param>
public sealed record AuditRun(string DataDirectory, SessionOpened Session)
{
    /// <summary>
    /// True where the other services are processes of their own, which live on when this one dies: a session is the feed's, begins with its first report, and goes on
    /// after a restart (the name in <see cref="Session"/> is not used); what is owed is still owed, and a message that was written already may come again.
    /// </summary>
    public bool FollowsFeed { get; init; }
}

/// <summary>Folds the ledger before anything else starts, and seals it after everything else has stopped.</summary>
internal sealed class AuditorStart(AuditorLane auditor, LedgerWriter ledger, AuditRun run, ITransport transport) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => auditor.OpenAsync(run, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await transport.UntilIdleAsync(cancellationToken);
            CrashPoint.Hit("shutdown.before-seal");
            ledger.Seal(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            long open = ledger.NextSequence - 1 - ledger.Committed;
            throw new LedgerFailedException(
                $"the ledger is not sealed: {ledger.Why ?? "the time for stopping was over"}; {open} records are not on disk and were not acknowledged", e);
        }
    }
}
