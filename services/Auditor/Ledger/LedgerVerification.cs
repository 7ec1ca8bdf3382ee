namespace QuadTurbo.Auditor.Ledger;

/// <summary>What is true of a ledger's bytes.</summary>
public abstract record LedgerVerification
{
    private LedgerVerification()
    {
    }

    /// <summary>Every byte is as it was written.</summary>
    /// <param name="Count">Records.</param>
    /// <param name="Head">SHA-256 of the last record, hexadecimal; zeros if there is none.</param>
    /// <param name="Sealed">The ledger was closed cleanly and agrees with its seal, so nothing is missing at its end either.</param>
    public sealed record Intact(long Count, string Head, bool Sealed) : LedgerVerification
    {
        /// <inheritdoc/>
        public override string ToString() => $"intact: {Count} records, head {Head}{(Sealed ? ", sealed" : ", not sealed: whole records cut off the end would not be found")}";
    }

    /// <summary>The last write was cut short by a crash; what precedes it is intact. The next writer cuts it off.</summary>
    /// <param name="File">The last segment.</param>
    /// <param name="Offset">Where the tail begins in it [bytes].</param>
    /// <param name="Sequence">The first record that is not whole.</param>
    /// <param name="Bytes">Length of the tail.</param>
    /// <param name="Cause">Why its first record is not whole.</param>
    /// <param name="Head">SHA-256 of the last whole record, hexadecimal; <paramref name="Sequence"/> records precede the tail.</param>
    public sealed record TornTail(string File, long Offset, long Sequence, long Bytes, string Cause, string Head) : LedgerVerification
    {
        /// <inheritdoc/>
        public override string ToString() => $"torn tail: {File} offset {Offset} sequence {Sequence}: {Cause} ({Bytes} bytes)";
    }

    /// <summary>The ledger holds, or lacks, something that was not written so.</summary>
    /// <param name="File">The file in question, relative to the data directory.</param>
    /// <param name="Offset">Where the first damaged record begins in it [bytes].</param>
    /// <param name="Sequence">The first damaged record; null if no record is concerned.</param>
    /// <param name="Cause">What is wrong.</param>
    public sealed record Damaged(string File, long Offset, long? Sequence, string Cause) : LedgerVerification
    {
        /// <inheritdoc/>
        public override string ToString() => $"damaged: {File} offset {Offset} sequence {Sequence?.ToString() ?? "none"}: {Cause}";
    }
}
