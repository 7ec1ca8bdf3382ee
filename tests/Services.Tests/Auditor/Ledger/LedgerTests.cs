using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Auditor.Ledger;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

public class LedgerTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void An_empty_ledger_is_intact_and_reads_as_nothing()
    {
        using var ledger = new TemporaryLedger();
        using (var writer = ledger.Open())
        {
            Assert.Equal(-1, writer.Committed);
            writer.Seal();
        }

        Assert.Equal(new LedgerVerification.Intact(0, new string('0', 64), true), ledger.Verify());
        Assert.Empty(ledger.ReadAll());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(ledger.Path, "ledger")));
    }

    [Fact]
    public void The_first_record_has_the_hash_that_the_layout_gives()
    {
        using var ledger = new TemporaryLedger();
        using (var writer = ledger.Open())
            writer.Append(3, "abc"u8);

        byte[] file = File.ReadAllBytes(ledger.Segment(0));
        byte[] headerHash = System.Security.Cryptography.SHA256.HashData(file.AsSpan(0, 56));
        byte[] record = [.. headerHash, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c'];
        Assert.Equal(headerHash, file[56..88]);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(record), file[^32..]);
        Assert.Equal(88 + 18 + 3 + 32, file.Length);
    }

    [Fact]
    public void Any_payloads_over_any_segments_and_reopenings_read_back_equal_and_verify()
    {
        var steps = Gen.Sized(size => Gen.ListOf(Gen.OneOf(
            Gen.Choose(0, 400).Select(length => (Length: length, Step: 'a')),
            Gen.Choose(0, 3).Select(which => (Length: 0, Step: "aaos"[which]))), size));
        Prop.ForAll(Arb.From(steps), Arb.From(Gen.Choose(100, 3000)), (script, segmentBytes) =>
        {
            using var ledger = new TemporaryLedger();
            var options = Small with { SegmentBytes = segmentBytes };
            var expected = new List<byte[]>();
            var writer = ledger.Open(options);
            foreach (var (length, step) in script)
            {
                if (step == 'a')
                {
                    expected.Add(Payload(expected.Count, length));
                    Assert.Equal(expected.Count - 1, writer.Append(1, expected[^1]));
                    continue;
                }

                if (step == 's')
                    writer.Seal();
                writer.Dispose();
                writer = ledger.Open(options);
                Assert.Null(writer.Repaired);
                Assert.Equal(expected.Count, writer.NextSequence);
            }

            writer.Seal();
            writer.Dispose();
            Assert.Equal(expected, ledger.ReadAll());
            Assert.Equal(expected.Count, Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_260_101, 1));
    }

    [Fact]
    public void No_record_spans_two_segments_and_none_is_larger_than_asked()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(64, seal: true, segmentBytes: 88 + 10 * 90 + 89);

        for (int i = 0; i < 6; i++)
            Assert.Equal(88 + 10 * 90, new FileInfo(ledger.Segment(i)).Length);
        Assert.Equal(88 + 4 * 90, new FileInfo(ledger.Segment(6)).Length);
        Assert.False(File.Exists(ledger.Segment(7)));
    }

    [Fact]
    public void A_record_larger_than_a_segment_or_the_buffer_has_a_segment_of_its_own()
    {
        using var ledger = new TemporaryLedger();
        byte[] large = Payload(1, LedgerFormat.MaxPayload);
        using (var writer = ledger.Open(Small with { SegmentBytes = 1000 }))
        {
            writer.Append(1, Payload(0));
            writer.Append(1, large);
            writer.Append(1, Payload(2));
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.Append(1, new byte[LedgerFormat.MaxPayload + 1]));
        }

        Assert.Equal([Payload(0), large, Payload(2)], ledger.ReadAll());
        Assert.Equal(88 + 50 + LedgerFormat.MaxPayload, new FileInfo(ledger.Segment(1)).Length);
    }

    [Fact]
    public async Task A_commit_is_told_to_those_who_wait_for_it()
    {
        using var ledger = new TemporaryLedger();
        using var writer = ledger.Open();
        var told = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        writer.OnCommitted = sequence => told.TrySetResult(sequence);

        long sequence = writer.Append(1, Payload(0));
        await writer.WaitForCommit(sequence);

        Assert.Equal(0, writer.Committed);
        Assert.Equal(0, await told.Task);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => writer.WaitForCommit(1));
    }

    [Fact]
    public void A_reader_beside_the_writer_goes_on_where_it_stopped_and_not_past_what_is_durable()
    {
        using var ledger = new TemporaryLedger();
        using var writer = ledger.Open(Small with { SegmentBytes = 500 });
        using var cursor = LedgerReader.Open(ledger.Path).Follow();
        long read = 0;
        for (int round = 0; round < 30; round++)
        {
            Assert.False(cursor.TryRead(out _));
            for (int i = 0; i < round % 5; i++)
                writer.Append(1, Payload(writer.NextSequence));
            writer.Flush();
            Assert.False(cursor.TryRead(out _, through: read - 1));
            while (cursor.TryRead(out var entry, writer.Committed))
            {
                Assert.Equal(read, entry.Sequence);
                Assert.Equal(Payload(read++), entry.Payload.ToArray());
            }

            Assert.Equal(writer.NextSequence, read);
        }
    }

    [Fact]
    public async Task Reading_and_verifying_beside_a_writer_at_full_speed_never_mistakes_an_unfinished_write_for_damage()
    {
        using var ledger = new TemporaryLedger();
        const int Count = 60_000;
        using var writer = ledger.Open(Small with { SegmentBytes = 1 << 18 });
        var writing = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
                writer.Append(1, Payload(i, 20 + i % 300));
        });
        var verifying = Task.Run(() =>
        {
            while (!writing.IsCompleted)
                Assert.IsType<LedgerVerification.Intact>(ledger.Verify());
        });

        using var cursor = LedgerReader.Open(ledger.Path).Follow();
        for (int read = 0; read < Count;)
        {
            if (!cursor.TryRead(out var entry))
                Assert.False(writing.IsFaulted);
            else
                Assert.Equal(read++, entry.Sequence);
        }

        await writing;
        await verifying;
    }

    [Fact]
    public void Reading_may_begin_anywhere()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(64, seal: true, segmentBytes: 1000);

        for (int from = 0; from <= 64; from++)
            Assert.Equal(Enumerable.Range(from, 64 - from), LedgerReader.Open(ledger.Path).Read(from).Select(entry => (int)entry.Sequence));
    }

    [Fact]
    public void A_second_writer_is_refused_with_the_directory_and_the_holder_named_and_readers_are_not()
    {
        using var ledger = new TemporaryLedger();
        using (var writer = ledger.Open())
        {
            writer.Append(1, Payload(0));
            writer.Flush();
            var refused = Assert.Throws<LedgerLockedException>(() => ledger.Open());
            Assert.Equal(Environment.ProcessId, refused.ProcessId);
            Assert.Contains(ledger.Path, refused.Message);
            Assert.Equal(new LedgerVerification.Intact(1, Head(ledger), false), ledger.Verify());
        }

        ledger.Open().Dispose();
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_named()
    {
        using var ledger = new TemporaryLedger();
        string file = Path.Combine(ledger.Path, "file");
        File.WriteAllText(file, "");
        string directory = Path.Combine(file, "data");

        var refused = Assert.Throws<LedgerDirectoryException>(() => LedgerWriter.Open(directory, Small, TimeProvider.System));

        Assert.Contains(directory, refused.Message);
        Assert.Throws<DirectoryNotFoundException>(() => LedgerVerifier.Verify(directory));
        Assert.Throws<DirectoryNotFoundException>(() => LedgerReader.Open(directory));
    }

    [Fact]
    public void A_sealed_or_closed_ledger_takes_nothing_more_until_it_is_opened_again()
    {
        using var ledger = new TemporaryLedger();
        var writer = ledger.Open();
        writer.Append(1, Payload(0));
        writer.Seal();
        writer.Seal();
        Assert.Throws<InvalidOperationException>(() => writer.Append(1, Payload(1)));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Append(1, Payload(1)));
        Assert.True(File.Exists(Path.Combine(ledger.Path, "ledger.seal")));

        using var again = ledger.Open();
        Assert.False(File.Exists(Path.Combine(ledger.Path, "ledger.seal")));
        Assert.Equal(1, again.Append(1, Payload(1)));
    }

    [Fact]
    public void Appending_allocates_nothing()
    {
        using var ledger = new TemporaryLedger();
        using var writer = ledger.Open();
        byte[] payload = Payload(0, 300);
        Append(writer, payload, 10_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Append(writer, payload, 10_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_million_records_are_committed_at_150_000_a_second_even_on_a_busy_machine()
    {
        using var ledger = new TemporaryLedger(onDisk: true);
        byte[] payload = Payload(0, 300);
        using var writer = ledger.Open(new LedgerOptions());
        Append(writer, payload, 100_000);
        writer.Flush();

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Append(writer, payload, 1_000_000);
        writer.Flush();
        double perSecond = 1_000_000 / watch.Elapsed.TotalSeconds;
        output.WriteLine($"{perSecond:F0} records/s, {perSecond * 350 / 1e6:F0} MB/s");

        watch.Restart();
        Assert.Equal(1_100_000, Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Count);
        output.WriteLine($"verified at {1_100_000 / watch.Elapsed.TotalSeconds:F0} records/s");
        Assert.True(perSecond >= 150_000, $"{perSecond:F0} records/s");
    }

    private static void Append(LedgerWriter writer, byte[] payload, int count)
    {
        for (int i = 0; i < count; i++)
            writer.Append(1, payload);
    }

    private static string Head(TemporaryLedger ledger) =>
        Convert.ToHexStringLower(LedgerReader.Open(ledger.Path).Read().Select(entry => entry.Hash.ToArray()).Last());
}
