using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>Tells what a crash left of the last group commit from damage to records that were on disk.</summary>
/// <remarks>
/// A write cut short leaves a prefix: nothing valid follows the first bad record. Power loss may also keep later sectors of that same,
/// unacknowledged commit and leave earlier ones as zeros. Everything else, that is a bad record that a valid one follows, is damage.
/// </remarks>
internal static class TornTail
{
    private const int Sector = 512;
    private const int Window = 1 << 20;

    /// <summary>True if nothing from <paramref name="badOffset"/> on was ever acknowledged, as far as the bytes can tell.</summary>
    /// <param name="file">The last segment.</param>
    /// <param name="badOffset">Where the first bad record, or the header, begins.</param>
    /// <param name="badSequence">The sequence expected there.</param>
    /// <param name="nextSequence">The smallest sequence that a later valid record can have.</param>
    public static bool IsTorn(SafeFileHandle file, long badOffset, long badSequence, long nextSequence)
    {
        long length = RandomAccess.GetLength(file);
        if (FollowsInTruth(file, badOffset, nextSequence, length) is (long offset, long start)
            && WasDurable(file, badOffset, badSequence, offset, start))
            return false;
        byte[] window = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            for (long at = badOffset + 1; at + LedgerFormat.Overhead <= length;)
            {
                int read = ReadFully(file, window.AsSpan(0, Window), at);
                int last = read - LedgerFormat.FrameSize;
                for (int i = 0; i <= last; i++)
                {
                    if (!IsPlausible(window.AsSpan(i), length - at - i, nextSequence, out long batchStart)
                        || !IsValid(file, at + i, length, default))
                        continue;
                    if (WasDurable(file, badOffset, badSequence, at + i, batchStart))
                        return false;
                }

                if (last < 0)
                    break;
                at += last + 1;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>
    /// True if a valid record at <paramref name="offset"/> shows that the bad one was on disk whole: it is of a later commit, or no sector
    /// between the two is missing.
    /// </summary>
    private static bool WasDurable(SafeFileHandle file, long badOffset, long badSequence, long offset, long batchStart) =>
        batchStart > badSequence || !HasZeroSector(file, badOffset, offset);

    /// <summary>
    /// The record after the bad one, if it continues the hash that the bad one's bytes really have: then only that hash is bad.
    /// Without this, rot in the hash of the last record but one would look torn, for the last one's predecessor hash is that rot.
    /// </summary>
    private static (long Offset, long BatchStart)? FollowsInTruth(SafeFileHandle file, long badOffset, long nextSequence, long length)
    {
        int whole = LedgerFormat.HeaderSize;
        int before = 0;
        Span<byte> frame = stackalloc byte[LedgerFormat.FrameSize];
        if (badOffset > 0)
        {
            if (ReadFully(file, frame, badOffset) < frame.Length || LedgerFormat.ReadFrame(frame).Length > LedgerFormat.MaxPayload)
                return null;
            whole = (int)LedgerFormat.ReadFrame(frame).Length + LedgerFormat.Overhead;
            before = LedgerFormat.HashSize;
        }

        long next = badOffset + whole;
        if (next + LedgerFormat.Overhead > length)
            return null;
        int hashed = badOffset > 0 ? before + whole - LedgerFormat.HashSize : LedgerFormat.HeaderSize - LedgerFormat.HashSize;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(hashed);
        Span<byte> truth = stackalloc byte[LedgerFormat.HashSize];
        ReadFully(file, bytes.AsSpan(0, hashed), badOffset - before);
        SHA256.HashData(bytes.AsSpan(0, hashed), truth);
        ArrayPool<byte>.Shared.Return(bytes);
        return ReadFully(file, frame, next) == frame.Length
            && IsPlausible(frame, length - next, nextSequence, out long batchStart)
            && IsValid(file, next, length, truth)
            ? (next, batchStart)
            : null;
    }

    private static bool IsPlausible(ReadOnlySpan<byte> frame, long room, long nextSequence, out long batchStart)
    {
        var (length, _, inBatch, sequence) = LedgerFormat.ReadFrame(frame);
        batchStart = sequence - inBatch;
        return length <= LedgerFormat.MaxPayload && length + LedgerFormat.Overhead <= room
            && sequence >= nextSequence && sequence - nextSequence <= int.MaxValue && batchStart >= 0;
    }

    /// <summary>True if a record at <paramref name="offset"/> continues <paramref name="previous"/>, or if that is empty the bytes before it.</summary>
    private static bool IsValid(SafeFileHandle file, long offset, long length, ReadOnlySpan<byte> previous)
    {
        if (offset < LedgerFormat.HashSize)
            return false;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(LedgerFormat.MaxRecord + LedgerFormat.HashSize);
        try
        {
            int most = (int)Math.Min(LedgerFormat.HashSize + LedgerFormat.MaxRecord, length - offset + LedgerFormat.HashSize);
            var head = bytes.AsSpan(0, LedgerFormat.HashSize + LedgerFormat.FrameSize);
            ReadFully(file, head, offset - LedgerFormat.HashSize);
            int whole = LedgerFormat.HashSize + (int)LedgerFormat.ReadFrame(head[LedgerFormat.HashSize..]).Length + LedgerFormat.Overhead;
            if (whole > most || ReadFully(file, bytes.AsSpan(0, whole), offset - LedgerFormat.HashSize) < whole)
                return false;
            previous.CopyTo(bytes);
            Span<byte> hash = stackalloc byte[LedgerFormat.HashSize];
            SHA256.HashData(bytes.AsSpan(0, whole - LedgerFormat.HashSize), hash);
            return hash.SequenceEqual(bytes.AsSpan(whole - LedgerFormat.HashSize, LedgerFormat.HashSize));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>True if some sector between the two offsets was never written: its part from <paramref name="from"/> on is all zeros.</summary>
    private static bool HasZeroSector(SafeFileHandle file, long from, long to)
    {
        Span<byte> sector = stackalloc byte[Sector];
        for (long at = from; ;)
        {
            long end = (at / Sector + 1) * Sector;
            if (end > to)
                return false;
            var part = sector[..(int)(end - at)];
            if (ReadFully(file, part, at) == part.Length && !part.ContainsAnyExcept((byte)0))
                return true;
            at = end;
        }
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        int total = 0;
        while (total < bytes.Length && RandomAccess.Read(file, bytes[total..], offset + total) is var read and > 0)
            total += read;
        return total;
    }
}
