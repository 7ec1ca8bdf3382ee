namespace QuadTurbo.Auditor.Ledger;

/// <summary>One record as read. Payload and hash are valid until the next one is read.</summary>
/// <param name="Sequence">Its place in the ledger, from 0 without gaps.</param>
/// <param name="Kind">What the payload is; the ledger does not look.</param>
/// <param name="Payload">The bytes appended.</param>
/// <param name="Hash">SHA-256 over the previous hash, the frame and the payload.</param>
public readonly record struct LedgerEntry(long Sequence, ushort Kind, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Hash);
