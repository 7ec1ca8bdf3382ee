using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>The bytes of the ledger: where its files are, and how a segment and a record are laid out.</summary>
/// <remarks>
/// All integers are little-endian.
/// <code>
/// segment = header record*
/// header  = magic[8] version:i32 segment:i32 firstSequence:i64 previousHash[32] hash[32]        88 bytes
/// record  = length:u32 kind:u16 inBatch:u32 sequence:i64 payload[length] hash[32]               50 + length bytes
/// </code>
/// A hash is SHA-256 over the 32 bytes before the record (the hash of its predecessor, or of the header for a segment's first record), its
/// frame and its payload: one contiguous range of the file. A header's hash covers the header, and so the last hash of the segment before;
/// the first segment's previous hash is zero. <c>inBatch</c> is the record's place in its group commit: everything before
/// sequence - inBatch was on disk before this record was written.
/// </remarks>
public static class LedgerFormat
{
    /// <summary>The largest payload of one record [bytes].</summary>
    public const int MaxPayload = 1 << 20;

    internal const int HashSize = SHA256.HashSizeInBytes;
    internal const int HeaderSize = 88;
    internal const int FrameSize = 18;
    internal const int Overhead = FrameSize + HashSize;
    internal const int MaxRecord = MaxPayload + Overhead;
    private const int Version = 1;
    private static readonly byte[] Genesis = new byte[HashSize];

    private static ReadOnlySpan<byte> Magic => "QTLEDGER"u8;

    internal static ReadOnlySpan<byte> GenesisHash => Genesis;

    internal static string Folder(string dataDirectory) => Path.Combine(dataDirectory, "ledger");
    internal static string LockPath(string dataDirectory) => Path.Combine(dataDirectory, "ledger.lock");
    internal static string HolderPath(string dataDirectory) => Path.Combine(dataDirectory, "ledger.pid");
    internal static string SealPath(string dataDirectory) => Path.Combine(dataDirectory, "ledger.seal");
    internal static string ReservePath(string dataDirectory) => Path.Combine(dataDirectory, "reserve");
    internal static string SegmentName(int segment) => segment.ToString("D12", CultureInfo.InvariantCulture) + ".seg";
    internal static string SegmentLabel(int segment) => "ledger/" + SegmentName(segment);
    internal static string SegmentPath(string dataDirectory, int segment) => Path.Combine(Folder(dataDirectory), SegmentName(segment));

    /// <summary>The segment that a file name stands for, or null if no segment is named so.</summary>
    internal static int? SegmentNumber(string fileName) =>
        fileName.Length == 16 && fileName.EndsWith(".seg", StringComparison.Ordinal)
        && int.TryParse(fileName.AsSpan(0, 12), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    internal static void WriteHeader(Span<byte> header, int segment, long firstSequence, ReadOnlySpan<byte> previousHash)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], segment);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], firstSequence);
        previousHash.CopyTo(header[24..]);
        SHA256.HashData(header[..56], header[56..HeaderSize]);
    }

    internal static void WriteFrame(Span<byte> frame, int length, ushort kind, uint inBatch, long sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[4..], kind);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[6..], inBatch);
        BinaryPrimitives.WriteInt64LittleEndian(frame[10..], sequence);
    }

    internal static (uint Length, ushort Kind, uint InBatch, long Sequence) ReadFrame(ReadOnlySpan<byte> frame) => (
        BinaryPrimitives.ReadUInt32LittleEndian(frame),
        BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[6..]),
        BinaryPrimitives.ReadInt64LittleEndian(frame[10..]));

    internal static bool IsWholeHeader(ReadOnlySpan<byte> header)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        SHA256.HashData(header[..56], hash);
        return hash.SequenceEqual(header[56..HeaderSize]);
    }

    /// <summary>What the header says, or why it cannot be believed.</summary>
    internal static string? ReadHeader(ReadOnlySpan<byte> header, out int segment, out long firstSequence)
    {
        segment = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        firstSequence = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        if (!IsWholeHeader(header))
            return "the segment header does not match its hash";
        if (!header.StartsWith(Magic))
            return "this is not a ledger segment";
        return BinaryPrimitives.ReadInt32LittleEndian(header[8..]) is var version && version != Version
            ? $"format version {version} is unknown; this build reads version {Version}"
            : null;
    }
}
