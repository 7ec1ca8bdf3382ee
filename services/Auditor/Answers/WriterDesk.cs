using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Answers;

/// <summary>How the ledger and the tables behind it do [LRN-13].</summary>
public sealed class WriterDesk(LedgerWriter ledger, Projector projector)
{
    /// <summary>The state at this moment.</summary>
    public WriterView Read() => new()
    {
        LedgerPendingBytes = ledger.PendingBytes,
        ProjectionLagRecords = projector.Lag,
        Errors = (ledger.State == LedgerState.Healthy ? 0 : 1) + (projector.ExecuteTask is { IsFaulted: true } ? 1 : 0),
        Integrity = ledger.State == LedgerState.Healthy
            ? $"{ledger.Committed + 1} records on disk, verified whole when the process opened them{(ledger.Repaired is null ? "" : "; a torn tail was cut off")}; 'quadturbo verify' checks the chain again"
            : $"{ledger.State}: {ledger.Why}; nothing is acknowledged until it is on disk",
    };
}
