using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;

namespace QuadTurbo.Auditor.Audit;

/// <summary>What a data directory tells to a reader: the ledger folded, beside a running writer or after it.</summary>
public static class LedgerFold
{
    /// <summary>Folds the whole ledger of <paramref name="dataDirectory"/>.</summary>
    /// <exception cref="LedgerException">The directory holds no ledger, or a damaged one.</exception>
    public static PathAudit Of(string dataDirectory)
    {
        var audit = new PathAudit();
        var reader = new RecordReader();
        foreach (LedgerEntry entry in LedgerReader.Open(dataDirectory).Read()) audit.ApplyRecord(reader.Read(entry));
        return audit;
    }

    /// <summary>The events of the ledger in order, each with its sequence; declarations are left out.</summary>
    public static IEnumerable<(long Sequence, object Event)> Events(string dataDirectory)
    {
        var reader = new RecordReader();
        foreach (LedgerEntry entry in LedgerReader.Open(dataDirectory).Read())
        {
            object? record = reader.Read(entry);
            if (record is OutcomeRecord[] outcomes)
            {
                foreach (OutcomeRecord outcome in outcomes) yield return (entry.Sequence, outcome);
            }
            else if (record is not null)
            {
                yield return (entry.Sequence, record);
            }
        }
    }
}
