namespace QuadTurbo.Auditor.Ledger;

/// <summary>A whole ledger, read once from its first byte to its last.</summary>
/// <param name="Verification">What is true of it.</param>
/// <param name="Segment">The last segment with intact records, -1 if there is none.</param>
/// <param name="Length">Length of that segment's intact part [bytes].</param>
/// <param name="Count">Intact records from the start.</param>
/// <param name="Head">Hash of the last of them.</param>
internal sealed record LedgerScan(LedgerVerification Verification, int Segment, long Length, long Count, byte[] Head)
{
    public static LedgerScan Run(string dataDirectory)
    {
        while (true)
        {
            string? before = LedgerSeal.ReadText(dataDirectory);
            var scan = Walk(dataDirectory);
            // A writer may seal or unseal the ledger while it is read; then the two do not belong together.
            if (LedgerSeal.ReadText(dataDirectory) != before)
                continue;
            return scan with { Verification = CheckSeal(scan, before) };
        }
    }

    /// <summary>The names in the ledger's folder that stand for segments, in order, and the first one that does not.</summary>
    public static (int[] Segments, string? Foreign) List(string dataDirectory)
    {
        string folder = LedgerFormat.Folder(dataDirectory);
        if (!Directory.Exists(folder))
            return ([], null);
        var names = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray();
        return (
            [.. names.Select(LedgerFormat.SegmentNumber).OfType<int>()],
            names.FirstOrDefault(name => LedgerFormat.SegmentNumber(name) is null));
    }

    private static LedgerScan Walk(string dataDirectory)
    {
        var (segments, foreign) = List(dataDirectory);
        var scan = Clean(-1, 0, 0, LedgerFormat.GenesisHash.ToArray());
        for (int i = 0; i < segments.Length && scan.Verification is LedgerVerification.Intact; i++)
        {
            scan = segments[i] == i
                ? WalkSegment(dataDirectory, i, i == segments.Length - 1, scan)
                : scan with { Verification = new LedgerVerification.Damaged(LedgerFormat.SegmentLabel(i), 0, scan.Count, "the segment is missing") };
        }

        return foreign is null || scan.Verification is LedgerVerification.Damaged
            ? scan
            : scan with { Verification = new LedgerVerification.Damaged("ledger/" + foreign, 0, null, "the file is not a segment of this ledger") };
    }

    private static LedgerScan WalkSegment(string dataDirectory, int number, bool last, LedgerScan before)
    {
        using var reader = SegmentReader.Open(dataDirectory, number);
        string label = LedgerFormat.SegmentLabel(number);
        bool torn = false;
        // Whatever is found wanting is looked at again before it is called damage: a live writer may have completed it meanwhile.
        if (!reader.TryReadHeader() && ((torn = last && reader.IsTornHeader(before.Count)) || !reader.TryReadHeader()))
        {
            return torn
                ? before.Torn(label, 0, reader.FileLength, reader.Cause)
                : before.Damage(label, 0, before.Count, reader.Cause);
        }

        if (reader.FirstSequence > before.Count)
        {
            return before.Damage(
                LedgerFormat.SegmentLabel(Math.Max(0, number - 1)),
                before.Length,
                before.Count,
                $"the segment is cut off: the next one begins with sequence {reader.FirstSequence}");
        }

        if (reader.FirstSequence != before.Count || !before.Head.AsSpan().SequenceEqual(reader.PreviousHash))
            return before.Damage(label, 0, before.Count, "the segment does not continue the one before it");
        SegmentReader.Outcome outcome;
        do
        {
            outcome = reader.Next();
            if (outcome == SegmentReader.Outcome.Bad && !(torn = last && reader.IsTornHere()))
                outcome = reader.Next();
        }
        while (outcome == SegmentReader.Outcome.Record);
        // A header is written together with its first record: alone it is a torn write, and the segment before is still the last one.
        bool empty = reader.NextSequence == reader.FirstSequence;
        var scan = empty ? before : Clean(number, reader.Offset, reader.NextSequence, reader.Head.ToArray());
        if (outcome == SegmentReader.Outcome.End && !empty)
            return scan;
        string cause = outcome == SegmentReader.Outcome.Bad ? reader.Cause : "the segment ends after its header";
        return torn || (last && outcome == SegmentReader.Outcome.End)
            ? scan.Torn(label, reader.Offset, reader.FileLength - reader.Offset, cause)
            : scan.Damage(label, reader.Offset, reader.NextSequence, cause);
    }

    private static LedgerVerification CheckSeal(LedgerScan scan, string? text)
    {
        if (text is null || scan.Verification is LedgerVerification.Damaged)
            return scan.Verification;
        if (LedgerSeal.Parse(text) is not { } seal)
            return new LedgerVerification.Damaged(LedgerSeal.Label, 0, null, "the seal is not as it was written");
        string label = LedgerFormat.SegmentLabel(Math.Max(0, scan.Segment));
        if (scan.Verification is LedgerVerification.TornTail torn)
            return new LedgerVerification.Damaged(torn.File, torn.Offset, torn.Sequence, $"{torn.Cause}, in a sealed ledger");
        if (scan.Count < seal.Count)
        {
            string cause = $"the ledger is cut off: sealed with {seal.Count} records, {scan.Count} are left";
            return new LedgerVerification.Damaged(label, scan.Length, scan.Count, cause);
        }

        if (scan.Count > seal.Count)
            return new LedgerVerification.Damaged(label, scan.Length, seal.Count, $"sealed with {seal.Count} records, {scan.Count} are there");
        if (Convert.ToHexStringLower(scan.Head) != seal.Head || scan.Segment != seal.Segment || scan.Length != seal.Length)
            return new LedgerVerification.Damaged(label, scan.Length, scan.Count - 1, "the last record is not the sealed one");
        return (LedgerVerification.Intact)scan.Verification with { Sealed = true };
    }

    private static LedgerScan Clean(int segment, long length, long count, byte[] head) =>
        new(new LedgerVerification.Intact(count, Convert.ToHexStringLower(head), false), segment, length, count, head);

    private LedgerScan Damage(string file, long offset, long sequence, string cause) =>
        this with { Verification = new LedgerVerification.Damaged(file, offset, sequence, cause) };

    private LedgerScan Torn(string file, long offset, long bytes, string cause) =>
        this with { Verification = new LedgerVerification.TornTail(file, offset, Count, bytes, cause, Convert.ToHexStringLower(Head)) };
}
