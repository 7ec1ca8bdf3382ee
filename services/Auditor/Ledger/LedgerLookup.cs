using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>Reads single records by their place, each checked against its own hash, without reading what lies before; a writer may be at work.</summary>
/// <remarks>Not for concurrent use. A record's hash covers the hash before it, the frame and the payload: one range of the file.</remarks>
internal sealed class LedgerLookup(string dataDirectory) : IDisposable
{
    private readonly Dictionary<int, SafeFileHandle> _segments = [];

    /// <summary>The record at <paramref name="place"/>, in memory of its own.</summary>
    /// <exception cref="LedgerDamagedException">There is no whole record.</exception>
    public LedgerEntry Read(LedgerPlace place)
    {
        SafeFileHandle segment = Open(place.Segment);
        Span<byte> frame = stackalloc byte[LedgerFormat.FrameSize];
        if (RandomAccess.Read(segment, frame, place.Offset) < frame.Length) throw Damage(place, "the frame is cut short");
        (uint length, ushort kind, _, long sequence) = LedgerFormat.ReadFrame(frame);
        if (length > LedgerFormat.MaxPayload) throw Damage(place, $"the frame gives a length of {length} bytes; at most {LedgerFormat.MaxPayload} are written");
        byte[] range = new byte[LedgerFormat.HashSize + LedgerFormat.Overhead + length];
        if (RandomAccess.Read(segment, range, place.Offset - LedgerFormat.HashSize) < range.Length) throw Damage(place, "the record is cut short");
        Memory<byte> hash = range.AsMemory(range.Length - LedgerFormat.HashSize);
        if (!SHA256.HashData(range.AsSpan(0, range.Length - LedgerFormat.HashSize)).AsSpan().SequenceEqual(hash.Span))
            throw Damage(place, $"the record, which says sequence {sequence}, does not match its hash");
        return new LedgerEntry(sequence, kind, range.AsMemory(LedgerFormat.HashSize + LedgerFormat.FrameSize, (int)length), hash);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle segment in _segments.Values) segment.Dispose();
    }

    private SafeFileHandle Open(int number)
    {
        if (_segments.TryGetValue(number, out SafeFileHandle? open)) return open;
        string path = LedgerFormat.SegmentPath(dataDirectory, number);
        return _segments[number] = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    private static LedgerDamagedException Damage(LedgerPlace place, string cause) =>
        new(new LedgerVerification.Damaged(LedgerFormat.SegmentLabel(place.Segment), place.Offset, null, cause));
}
