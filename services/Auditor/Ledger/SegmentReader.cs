using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>Reads one segment record by record, checking each against the chain; holds at most one record and a read-ahead in memory.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int ReadAhead = 1 << 16;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _computed = new byte[LedgerFormat.HashSize];
    private byte[] _buffer = new byte[ReadAhead];
    private int _start = LedgerFormat.HashSize;
    private int _end = LedgerFormat.HashSize;
    private bool _wholeHeader;

    private SegmentReader(SafeFileHandle handle, int number) => (_handle, Number) = (handle, number);

    internal enum Outcome
    {
        /// <summary><see cref="Entry"/> is the next record.</summary>
        Record,

        /// <summary>There is nothing after the last record.</summary>
        End,

        /// <summary>There is something, and it is not a whole record: <see cref="Cause"/>.</summary>
        Bad,
    }

    public int Number { get; }
    public LedgerEntry Entry { get; private set; }
    public string Cause { get; private set; } = "";

    /// <summary>Where the next record begins in the file; 0 before the header is read.</summary>
    public long Offset { get; private set; }

    /// <summary>Where <see cref="Entry"/> begins in the file.</summary>
    public long EntryOffset { get; private set; }

    /// <summary>The sequence of the next record.</summary>
    public long NextSequence { get; private set; }

    public long FirstSequence { get; private set; }

    /// <summary>The hash that the next record continues.</summary>
    public ReadOnlySpan<byte> Head => _buffer.AsSpan(_start - LedgerFormat.HashSize, LedgerFormat.HashSize);

    /// <summary>The previous segment's last hash as the header gives it.</summary>
    public byte[] PreviousHash { get; } = new byte[LedgerFormat.HashSize];

    public long FileLength => RandomAccess.GetLength(_handle);

    public static SegmentReader Open(string dataDirectory, int number)
    {
        string path = LedgerFormat.SegmentPath(dataDirectory, number);
        return new SegmentReader(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), number);
    }

    /// <summary>Reads the header; false with a <see cref="Cause"/> if it is not whole or not this segment's.</summary>
    public bool TryReadHeader()
    {
        if (!Ensure(LedgerFormat.HeaderSize))
            return Refuse($"the segment header is cut short: {_end - _start} of {LedgerFormat.HeaderSize} bytes");
        var header = _buffer.AsSpan(_start, LedgerFormat.HeaderSize);
        _wholeHeader = LedgerFormat.IsWholeHeader(header);
        if (LedgerFormat.ReadHeader(header, out int segment, out long firstSequence) is { } cause)
            return Refuse(cause);
        if (segment != Number)
            return Refuse($"the file holds segment {segment}");
        header[24..56].CopyTo(PreviousHash);
        FirstSequence = NextSequence = firstSequence;
        Advance(LedgerFormat.HeaderSize);
        return true;
    }

    /// <summary>Reads the next record, looking at the file afresh where it did not find a whole one before.</summary>
    public Outcome Next()
    {
        var outcome = TryNext();
        // What was read ahead may be older than the file: a live writer has since written on, or rewritten what a full disk cut.
        if (outcome == Outcome.Bad)
            outcome = TryNext();
        return outcome;
    }

    /// <summary>True if a bad stretch at <see cref="Offset"/> can be what a crash left of the last write, false if it was written whole.</summary>
    public bool IsTornHere() => TornTail.IsTorn(_handle, Offset, NextSequence, NextSequence + 1);

    /// <summary>As <see cref="IsTornHere"/> for a header that begins at <paramref name="firstSequence"/>; a whole one is never torn.</summary>
    public bool IsTornHeader(long firstSequence) => !_wholeHeader && TornTail.IsTorn(_handle, 0, firstSequence, firstSequence);

    public void Dispose() => _handle.Dispose();

    private Outcome TryNext()
    {
        if (!Ensure(LedgerFormat.FrameSize))
            return _end == _start ? Outcome.End : Fail($"the frame is cut short: {_end - _start} of {LedgerFormat.FrameSize} bytes");
        var (length, kind, _, sequence) = LedgerFormat.ReadFrame(_buffer.AsSpan(_start));
        if (length > LedgerFormat.MaxPayload)
            return Fail($"the frame gives a length of {length} bytes; at most {LedgerFormat.MaxPayload} are written");
        int whole = (int)length + LedgerFormat.Overhead;
        if (!Ensure(whole))
            return Fail($"the record is cut short: {_end - _start} of {whole} bytes");
        var hash = _buffer.AsSpan(_start + whole - LedgerFormat.HashSize, LedgerFormat.HashSize);
        SHA256.HashData(_buffer.AsSpan(_start - LedgerFormat.HashSize, whole), _computed);
        if (!hash.SequenceEqual(_computed))
            return Fail($"the record, which says sequence {sequence}, does not match its hash");
        if (sequence != NextSequence)
            return Fail($"the record has sequence {sequence}");
        Entry = new LedgerEntry(
            sequence,
            kind,
            _buffer.AsMemory(_start + LedgerFormat.FrameSize, (int)length),
            _buffer.AsMemory(_start + whole - LedgerFormat.HashSize, LedgerFormat.HashSize));
        NextSequence++;
        EntryOffset = Offset;
        Advance(whole);
        return Outcome.Record;
    }

    private Outcome Fail(string cause)
    {
        Refuse(cause);
        return Outcome.Bad;
    }

    private bool Refuse(string cause)
    {
        Cause = cause;
        _end = _start;
        return false;
    }

    private void Advance(int bytes)
    {
        _start += bytes;
        Offset += bytes;
    }

    /// <summary>Holds <paramref name="bytes"/> bytes from the current place on, and the 32 before it; false if the file ends earlier.</summary>
    private bool Ensure(int bytes)
    {
        if (_end - _start >= bytes)
            return true;
        int kept = _start - LedgerFormat.HashSize;
        byte[] target = _buffer.Length >= bytes + LedgerFormat.HashSize ? _buffer : new byte[bytes + LedgerFormat.HashSize + ReadAhead];
        _buffer.AsSpan(kept, _end - kept).CopyTo(target);
        (_buffer, _start, _end) = (target, LedgerFormat.HashSize, _end - kept);
        while (_end - _start < bytes)
        {
            int read = RandomAccess.Read(_handle, _buffer.AsSpan(_end), Offset + _end - _start);
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }
}
