namespace QuadTurbo.Auditor.Ledger;

/// <summary>Reads a ledger in order, with bounded memory and each record checked against the chain; a writer may be at work.</summary>
public sealed class LedgerReader
{
    private readonly string _dataDirectory;

    private LedgerReader(string dataDirectory) => _dataDirectory = dataDirectory;

    /// <summary>Opens the ledger of <paramref name="dataDirectory"/> for reading; it may still be empty.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such data directory.</exception>
    public static LedgerReader Open(string dataDirectory) => Directory.Exists(dataDirectory)
        ? new LedgerReader(dataDirectory)
        : throw new DirectoryNotFoundException($"data directory '{dataDirectory}' does not exist");

    /// <summary>The records from <paramref name="fromSequence"/> to the last whole one; each entry is valid until the next is asked for.</summary>
    /// <exception cref="LedgerDamagedException">A record on the way is damaged or missing.</exception>
    public IEnumerable<LedgerEntry> Read(long fromSequence = 0)
    {
        using var cursor = Follow(fromSequence);
        while (cursor.TryRead(out var entry))
            yield return entry;
    }

    /// <summary>A cursor before <paramref name="fromSequence"/>; it reads from the start of the segment that holds it.</summary>
    /// <exception cref="LedgerDamagedException">A segment is missing.</exception>
    public LedgerCursor Follow(long fromSequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        var (segments, _) = LedgerScan.List(_dataDirectory);
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i] != i)
                throw new LedgerDamagedException(new LedgerVerification.Damaged(LedgerFormat.SegmentLabel(i), 0, null, "the segment is missing"));
        }

        for (int i = segments.Length - 1; i > 0 && fromSequence > 0; i--)
        {
            using var segment = SegmentReader.Open(_dataDirectory, i);
            if (segment.TryReadHeader() && segment.FirstSequence <= fromSequence)
                return new LedgerCursor(_dataDirectory, i, segment.FirstSequence, segment.PreviousHash, fromSequence);
        }

        return new LedgerCursor(_dataDirectory, 0, 0, LedgerFormat.GenesisHash.ToArray(), fromSequence);
    }
}
