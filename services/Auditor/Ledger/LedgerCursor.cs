namespace QuadTurbo.Auditor.Ledger;

/// <summary>A place in the ledger from which records are read one by one, also while a writer appends; not for concurrent use.</summary>
public sealed class LedgerCursor : IDisposable
{
    private readonly string _dataDirectory;
    private readonly long _from;
    private int _number;
    private SegmentReader? _segment;
    private (long Sequence, byte[] Hash) _expected;

    /// <summary>Begins at a segment whose first record is <paramref name="first"/> and continues <paramref name="previousHash"/>.</summary>
    internal LedgerCursor(string dataDirectory, int segment, long first, byte[] previousHash, long from) =>
        (_dataDirectory, _number, _expected, _from) = (dataDirectory, segment, (first, previousHash), from);

    /// <summary>Where the record lies that was given last.</summary>
    public LedgerPlace Place { get; private set; }

    /// <summary>
    /// Gives the next record and moves behind it. False if there is none yet: at the end, at a write that is not finished or was cut short by a
    /// crash, or past <paramref name="through"/>; a later call goes on from the same place without reading anything again.
    /// </summary>
    /// <param name="entry">The record; its memory is valid until the next call.</param>
    /// <param name="through">
    /// The last sequence to give. Beside a writer a record is seen before it is durable: pass <see cref="LedgerWriter.Committed"/> to act only
    /// on what is.
    /// </param>
    /// <exception cref="LedgerDamagedException">The next record is damaged or missing.</exception>
    public bool TryRead(out LedgerEntry entry, long through = long.MaxValue)
    {
        while ((_segment ??= TryOpen()) is { } segment && segment.NextSequence <= through)
        {
            var outcome = segment.Next();
            if (outcome != SegmentReader.Outcome.Record)
            {
                bool last = IsLast();
                if (last && (outcome == SegmentReader.Outcome.End || segment.IsTornHere()))
                    break;
                // A writer may have completed this record, or this segment, after it was found wanting and before its successor was found.
                outcome = segment.Next();
                if (last && outcome == SegmentReader.Outcome.End)
                    break;
            }

            switch (outcome)
            {
                case SegmentReader.Outcome.Record when segment.Entry.Sequence >= _from:
                    entry = segment.Entry;
                    Place = new LedgerPlace(segment.Number, segment.EntryOffset);
                    return true;
                case SegmentReader.Outcome.Bad:
                    throw Damage(segment.Offset, segment.NextSequence, segment.Cause);
                case SegmentReader.Outcome.End:
                    Pass(segment);
                    break;
            }
        }

        // Until it has a record, the writer that recovers from a crash may replace the file: look for it by name again.
        if (_segment?.NextSequence == _segment?.FirstSequence)
            Close();
        entry = default;
        return false;
    }

    /// <summary>Closes the file under the cursor.</summary>
    public void Dispose() => Close();

    private void Close()
    {
        _segment?.Dispose();
        _segment = null;
    }

    private void Pass(SegmentReader segment)
    {
        _expected = (segment.NextSequence, segment.Head.ToArray());
        _number++;
        Close();
    }

    private SegmentReader? TryOpen()
    {
        if (!File.Exists(LedgerFormat.SegmentPath(_dataDirectory, _number)))
            return null;
        var segment = SegmentReader.Open(_dataDirectory, _number);
        bool torn = false;
        if (segment.TryReadHeader() || (!(torn = IsLast() && segment.IsTornHeader(_expected.Sequence)) && segment.TryReadHeader()))
        {
            if (segment.FirstSequence == _expected.Sequence && segment.PreviousHash.AsSpan().SequenceEqual(_expected.Hash))
                return segment;
            segment.Dispose();
            throw Damage(0, _expected.Sequence, "the segment does not continue the one before it");
        }

        string cause = segment.Cause;
        segment.Dispose();
        return torn ? null : throw Damage(0, _expected.Sequence, cause);
    }

    private bool IsLast() => !File.Exists(LedgerFormat.SegmentPath(_dataDirectory, _number + 1));

    private LedgerDamagedException Damage(long offset, long sequence, string cause) =>
        new(new LedgerVerification.Damaged(LedgerFormat.SegmentLabel(_number), offset, sequence, cause));
}
