using System.Security.Cryptography;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>The records of one group commit, laid out as they go into one segment; reused for the next commit.</summary>
internal sealed class LedgerBatch
{
    private byte[] _buffer = new byte[1 << 16];
    private int _end;
    private TaskCompletionSource? _committed;

    public int Segment { get; private set; }
    public bool StartsSegment { get; private set; }
    public int Count { get; private set; }
    public long FirstSequence { get; private set; }
    public long LastSequence => FirstSequence + Count - 1;

    /// <summary>What goes into the file: the header if the batch starts a segment, and the records.</summary>
    public ReadOnlySpan<byte> Content => _buffer.AsSpan(LedgerFormat.HashSize, Length);

    public int Length => _end - LedgerFormat.HashSize;

    /// <summary>The hash of the last record, or the one that the first record will continue.</summary>
    public ReadOnlySpan<byte> Head => _buffer.AsSpan(_end - LedgerFormat.HashSize, LedgerFormat.HashSize);

    /// <summary>Completes when the batch is durable; asked for and completed under the writer's lock.</summary>
    public Task WhenCommitted => (_committed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Begin(int segment, long firstSequence, ReadOnlySpan<byte> head)
    {
        (Segment, FirstSequence, Count, StartsSegment, _committed) = (segment, firstSequence, 0, false, null);
        head.CopyTo(_buffer);
        _end = LedgerFormat.HashSize;
    }

    public void StartSegment(int segment)
    {
        Span<byte> head = stackalloc byte[LedgerFormat.HashSize];
        Head.CopyTo(head);
        Grow(LedgerFormat.HeaderSize);
        LedgerFormat.WriteHeader(_buffer.AsSpan(_end), segment, FirstSequence, head);
        _end += LedgerFormat.HeaderSize;
        (Segment, StartsSegment) = (segment, true);
    }

    public void Add(ushort kind, ReadOnlySpan<byte> payload)
    {
        Grow(payload.Length + LedgerFormat.Overhead);
        LedgerFormat.WriteFrame(_buffer.AsSpan(_end), payload.Length, kind, (uint)Count, FirstSequence + Count);
        payload.CopyTo(_buffer.AsSpan(_end + LedgerFormat.FrameSize));
        int hashed = LedgerFormat.FrameSize + payload.Length;
        SHA256.HashData(_buffer.AsSpan(_end - LedgerFormat.HashSize, hashed + LedgerFormat.HashSize), _buffer.AsSpan(_end + hashed));
        _end += hashed + LedgerFormat.HashSize;
        Count++;
    }

    public void Complete() => _committed?.TrySetResult();

    public void Fail(Exception why)
    {
        // Observed here: whoever waits hears of it, and nobody may be waiting.
        if (_committed is not null && _committed.TrySetException(why))
            _ = _committed.Task.Exception;
    }

    private void Grow(int bytes)
    {
        if (_end + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_end + bytes, _buffer.Length * 2));
    }
}
