namespace QuadTurbo.Auditor.Ledger;

/// <summary>Where a record lies in the ledger's files. Places of records that are committed never change.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">First byte of the record's frame within it; below 2^40.</param>
public readonly record struct LedgerPlace(int Segment, long Offset)
{
    private const int OffsetBits = 40;

    /// <summary>Both in one number that fits a column.</summary>
    public long Packed => ((long)Segment << OffsetBits) | Offset;

    /// <summary>The place that <see cref="Packed"/> gave.</summary>
    public static LedgerPlace Unpack(long packed) => new((int)(packed >> OffsetBits), packed & ((1L << OffsetBits) - 1));
}
