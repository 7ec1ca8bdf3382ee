using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>The last segment on disk and how much of it is durable. One thread at a time.</summary>
internal sealed class SegmentStore : IDisposable
{
    private readonly string _dataDirectory;
    private readonly LedgerFaultHook? _faults;
    private readonly byte[] _head;
    private LedgerFile? _file;
    private Doubt _doubt;

    /// <summary>Continues after the intact part that <paramref name="scan"/> found, which is made durable.</summary>
    public SegmentStore(string dataDirectory, LedgerScan scan, LedgerFaultHook? faults)
    {
        (_dataDirectory, _faults, Segment, Length, Count) = (dataDirectory, faults, scan.Segment, scan.Length, scan.Count);
        _head = [.. scan.Head];
        if (Segment >= 0)
        {
            _file = LedgerFile.Open(LedgerFormat.SegmentPath(dataDirectory, Segment), FileMode.Open, faults);
            _file.Flush();
        }

        LedgerFile.FlushDirectory(LedgerFormat.Folder(dataDirectory), faults);
    }

    /// <summary>What a failed operation leaves open.</summary>
    private enum Doubt
    {
        /// <summary>The file is as long as what is durable.</summary>
        None,

        /// <summary>It may hold bytes that are not durable after those that are.</summary>
        Tail,

        /// <summary>A flush failed: this handle may claim as written what the disk does not hold.</summary>
        Handle,
    }

    public int Segment { get; private set; }

    /// <summary>Durable bytes of <see cref="Segment"/>.</summary>
    public long Length { get; private set; }

    /// <summary>Durable records.</summary>
    public long Count { get; private set; }

    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Cuts off what a failed attempt left; after a failed flush by a new handle, and only if the durable part reads back whole.</summary>
    /// <exception cref="LedgerDamagedException">What was durable is not there any more.</exception>
    /// <exception cref="IOException">The doubt remains.</exception>
    public void Settle()
    {
        if (_doubt == Doubt.Handle && Segment >= 0)
        {
            _file?.Dispose();
            _file = null;
            CheckDurablePart();
            _file = LedgerFile.Open(LedgerFormat.SegmentPath(_dataDirectory, Segment), FileMode.Open, _faults);
        }

        if (_doubt != Doubt.None)
            _file?.SetLength(Length);
        _doubt = Doubt.None;
    }

    /// <summary>Makes a batch durable behind everything before it.</summary>
    /// <exception cref="IOException">It is not durable, or not known to be; <see cref="Settle"/> before the next attempt.</exception>
    public void Write(LedgerBatch batch)
    {
        if (batch.Segment != Segment)
            Rotate(batch.Segment);
        CrashPoint.Hit(LedgerCrashPoints.BeforeWrite);
        _doubt = Doubt.Tail;
        if (CrashPoint.IsArmed(LedgerCrashPoints.MidWrite))
        {
            _file!.Write(batch.Content[..(batch.Length / 2)], Length);
            CrashPoint.Hit(LedgerCrashPoints.MidWrite);
        }

        _file!.Write(batch.Content, Length);
        CrashPoint.Hit(LedgerCrashPoints.AfterWrite);
        _doubt = Doubt.Handle;
        CrashPoint.Hit(LedgerCrashPoints.BeforeFlush);
        _file.Flush();
        CrashPoint.Hit(LedgerCrashPoints.AfterFlush);
        _doubt = Doubt.None;
        Length += batch.Length;
        Count += batch.Count;
        batch.Head.CopyTo(_head);
    }

    public void Dispose() => _file?.Dispose();

    private void Rotate(int segment)
    {
        CrashPoint.Hit(LedgerCrashPoints.BeforeRotate);
        var file = LedgerFile.Open(LedgerFormat.SegmentPath(_dataDirectory, segment), FileMode.Create, _faults);
        CrashPoint.Hit(LedgerCrashPoints.AfterRotate);
        try
        {
            LedgerFile.FlushDirectory(LedgerFormat.Folder(_dataDirectory), _faults);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file?.Dispose();
        (_file, Segment, Length) = (file, segment, 0);
    }

    private void CheckDurablePart()
    {
        if (Length == 0)
            return;
        using var reader = SegmentReader.Open(_dataDirectory, Segment);
        bool whole = reader.TryReadHeader();
        while (whole && reader.Offset < Length)
            whole = reader.Next() == SegmentReader.Outcome.Record;
        if (whole && reader.Offset == Length && reader.NextSequence == Count && reader.Head.SequenceEqual(_head))
            return;
        string cause = $"what was on disk does not read back: {(whole ? "the records are others" : reader.Cause)}";
        string label = LedgerFormat.SegmentLabel(Segment);
        throw new LedgerDamagedException(new LedgerVerification.Damaged(label, reader.Offset, reader.NextSequence, cause));
    }
}
