using QuadTurbo.Auditor.Ledger;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>R-03: torn or rotten bytes never become data. 64 records of 90 bytes; a segment is a header of 88 bytes and its records.</summary>
public class LedgerDamageTests
{
    private const int Header = 88;
    private const int Record = 90;
    private const int Count = 64;
    private const int PerSegment = 10;
    private const long ManySegments = Header + PerSegment * Record;

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(ManySegments)]
    public void Every_flipped_byte_of_a_sealed_ledger_is_damage_at_its_record(long segmentBytes) => FlipEach(segmentBytes, [0x5A]);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1 << 20)]
    [InlineData(ManySegments)]
    public void Every_flipped_bit_of_a_sealed_ledger_is_damage_at_its_record(long segmentBytes) =>
        FlipEach(segmentBytes, [1, 2, 4, 8, 16, 32, 64, 128]);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(ManySegments)]
    public void Every_cut_of_a_sealed_ledger_is_damage_at_the_first_record_cut(long segmentBytes)
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: true, segmentBytes);
        foreach (var (number, first, file) in Segments(ledger))
        {
            for (int length = file.Length - 1; length >= 0; length--)
            {
                using (var handle = File.OpenHandle(ledger.Segment(number), FileMode.Open, FileAccess.ReadWrite))
                    RandomAccess.SetLength(handle, length);
                AssertDamaged(ledger, number, first, length);
            }

            File.WriteAllBytes(ledger.Segment(number), file);
        }

        Assert.IsType<LedgerVerification.Intact>(ledger.Verify());
    }

    [Fact]
    public void Every_swap_of_two_records_is_damage_at_the_first_of_them()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: false);
        byte[] file = File.ReadAllBytes(ledger.Segment(0));
        for (int i = 0; i < Count; i++)
        {
            for (int j = i + 1; j < Count; j++)
            {
                byte[] swapped = [.. file];
                file.AsSpan(Header + i * Record, Record).CopyTo(swapped.AsSpan(Header + j * Record));
                file.AsSpan(Header + j * Record, Record).CopyTo(swapped.AsSpan(Header + i * Record));
                File.WriteAllBytes(ledger.Segment(0), swapped);
                AssertFinding(ledger, 0, Header + i * Record, i);
            }
        }
    }

    [Fact]
    public void Old_bytes_replayed_anywhere_are_damage_at_the_record_they_hit()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: true);
        byte[] file = File.ReadAllBytes(ledger.Segment(0));
        for (int to = 512; to + 512 <= file.Length; to += 256)
        {
            for (int from = 0; from + 512 <= to; from += 256)
            {
                byte[] replayed = [.. file];
                file.AsSpan(from, 512).CopyTo(replayed.AsSpan(to));
                File.WriteAllBytes(ledger.Segment(0), replayed);
                AssertDamaged(ledger, 0, 0, to);
            }
        }
    }

    [Fact]
    public void A_swap_of_two_sectors_is_damage_at_the_first_of_them()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: false);
        byte[] file = File.ReadAllBytes(ledger.Segment(0));
        for (int i = 0; (i + 2) * 512 <= file.Length; i++)
        {
            byte[] swapped = [.. file];
            file.AsSpan(i * 512, 512).CopyTo(swapped.AsSpan((i + 1) * 512));
            file.AsSpan((i + 1) * 512, 512).CopyTo(swapped.AsSpan(i * 512));
            File.WriteAllBytes(ledger.Segment(0), swapped);
            AssertDamaged(ledger, 0, 0, i * 512);
        }
    }

    [Fact]
    public void A_segment_deleted_renamed_copied_or_foreign_is_damage()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: true, ManySegments);
        var segments = Segments(ledger);
        foreach (var (number, first, file) in segments)
        {
            File.Delete(ledger.Segment(number));
            if (number == segments.Count - 1)
                AssertDamage(ledger, Name(number - 1), (int)ManySegments, first);
            else
                AssertDamage(ledger, Name(number), 0, first);

            string other = Path.Combine(ledger.Path, "ledger", $"{number}.seg");
            File.WriteAllBytes(other, file);
            Assert.IsType<LedgerVerification.Damaged>(ledger.Verify());
            File.Delete(other);

            foreach (var (stranger, _, bytes) in segments.Where(segment => segment.Number != number))
            {
                File.WriteAllBytes(ledger.Segment(number), bytes);
                AssertDamage(ledger, Name(number), 0, first, $"the file holds segment {stranger}");
            }

            File.WriteAllBytes(ledger.Segment(number), file);
            File.WriteAllBytes(ledger.Segment(segments.Count), file);
            AssertDamage(ledger, Name(segments.Count), 0, Count, $"the file holds segment {number}");
            File.Delete(Path.Combine(ledger.Path, "ledger.seal"));
            AssertDamage(ledger, Name(segments.Count), 0, Count, $"the file holds segment {number}");
            File.Delete(ledger.Segment(segments.Count));
            ledger.Open().Dispose();
            Seal(ledger);
        }

        File.WriteAllText(Path.Combine(ledger.Path, "ledger", "notes.txt"), "");
        AssertDamage(ledger, "ledger/notes.txt", 0, null);
    }

    [Fact]
    public void Every_flipped_byte_of_the_seal_is_damage_of_the_seal()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(3, seal: true);
        string path = Path.Combine(ledger.Path, "ledger.seal");
        byte[] seal = File.ReadAllBytes(path);
        for (int i = 0; i < seal.Length; i++)
        {
            byte[] flipped = [.. seal];
            flipped[i] ^= 1;
            File.WriteAllBytes(path, flipped);
            AssertDamage(ledger, "ledger.seal", 0, null);
        }
    }

    [Fact]
    public void A_whole_ledger_written_anew_does_not_match_the_seal()
    {
        using var ledger = new TemporaryLedger();
        using var forged = new TemporaryLedger();
        ledger.Fill(4, seal: true);
        using (var writer = forged.Open())
        {
            for (int i = 0; i < 4; i++)
                writer.Append(9, Payload(i));
        }

        File.Copy(forged.Segment(0), ledger.Segment(0), overwrite: true);

        AssertDamage(ledger, Name(0), Header + 4 * Record, 3);
    }

    [Fact]
    public void Three_records_cut_off_at_every_byte_after_a_crash_are_a_torn_tail_that_the_writer_removes()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: false);
        byte[] file = File.ReadAllBytes(ledger.Segment(0));
        for (int length = file.Length - 3 * Record; length <= file.Length; length++)
        {
            File.WriteAllBytes(ledger.Segment(0), file[..length]);
            int whole = (length - Header) / Record;
            int rest = (length - Header) % Record;
            AssertTornAndRepaired(ledger, whole, rest, Header + whole * Record);
        }
    }

    [Fact]
    public void A_segment_whose_first_write_was_cut_at_any_byte_is_removed_and_begun_again()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(PerSegment + 1, seal: false, ManySegments);
        byte[] file = File.ReadAllBytes(ledger.Segment(1));
        for (int length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(ledger.Segment(1), file[..length]);
            var torn = Assert.IsType<LedgerVerification.TornTail>(ledger.Verify());
            Assert.Equal((Name(1), PerSegment), (torn.File, torn.Sequence));
            using (var writer = ledger.Open(Small with { SegmentBytes = ManySegments }))
            {
                Assert.Equal(torn, writer.Repaired);
                Assert.False(File.Exists(ledger.Segment(1)));
                writer.Append((ushort)(PerSegment % 7), Payload(PerSegment));
            }

            Assert.Equal(file, File.ReadAllBytes(ledger.Segment(1)));
        }
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(ManySegments)]
    public void Every_flipped_byte_after_a_crash_is_damage_except_in_the_last_record_where_it_is_a_torn_tail(long segmentBytes)
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: false, segmentBytes, group: 5);
        foreach (var (number, first, file) in Segments(ledger))
        {
            for (int at = 0; at < file.Length; at++)
            {
                Flip(ledger.Segment(number), at, 0x10);
                var (offset, sequence) = Place(first, at);
                if (sequence == Count - 1)
                {
                    var torn = Assert.IsType<LedgerVerification.TornTail>(ledger.Verify());
                    Assert.Equal((Name(number), offset, sequence), (torn.File, torn.Offset, torn.Sequence));
                }
                else
                {
                    AssertDamage(ledger, Name(number), offset, sequence);
                    if (at % 16 == 0)
                        Assert.Throws<LedgerDamagedException>(() => ledger.Open());
                }

                Flip(ledger.Segment(number), at, 0x10);
            }
        }
    }

    [Fact]
    public void The_reader_gives_what_precedes_damage_and_then_names_it()
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: true, ManySegments);
        Flip(ledger.Segment(2), Header + 3 * Record + 20, 1);
        long read = 0;

        var error = Assert.Throws<LedgerDamagedException>(() =>
        {
            foreach (var entry in LedgerReader.Open(ledger.Path).Read())
                Assert.Equal(read++, entry.Sequence);
        });

        Assert.Equal(23, read);
        Assert.Equal((Name(2), Header + 3 * Record, 23), (error.Damage.File, error.Damage.Offset, error.Damage.Sequence));
    }

    private static void FlipEach(long segmentBytes, byte[] masks)
    {
        using var ledger = new TemporaryLedger();
        ledger.Fill(Count, seal: true, segmentBytes);
        foreach (var (number, first, file) in Segments(ledger))
        {
            for (int at = 0; at < file.Length; at++)
            {
                foreach (byte mask in masks)
                {
                    Flip(ledger.Segment(number), at, mask);
                    AssertDamaged(ledger, number, first, at);
                    Flip(ledger.Segment(number), at, mask);
                }
            }
        }

        Assert.IsType<LedgerVerification.Intact>(ledger.Verify());
    }

    private static void AssertTornAndRepaired(TemporaryLedger ledger, int whole, int rest, int offset)
    {
        if (rest == 0)
        {
            Assert.Equal(whole, Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Count);
        }
        else
        {
            var torn = Assert.IsType<LedgerVerification.TornTail>(ledger.Verify());
            Assert.Equal((Name(0), offset, whole, rest), (torn.File, torn.Offset, torn.Sequence, torn.Bytes));
        }

        using (var writer = ledger.Open())
        {
            Assert.Equal(rest, writer.Repaired?.Bytes ?? 0);
            Assert.Equal(whole, writer.Append(1, Payload(whole)));
        }

        Assert.Equal(whole + 1, Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Count);
        Assert.Equal(Enumerable.Range(0, whole + 1).Select(i => Payload(i)), ledger.ReadAll());
    }

    private static void AssertDamaged(TemporaryLedger ledger, int number, int first, int at)
    {
        var (offset, sequence) = Place(first, at);
        AssertDamage(ledger, Name(number), offset, sequence);
    }

    private static void AssertDamage(TemporaryLedger ledger, string file, int offset, long? sequence, string? cause = null)
    {
        var damage = Assert.IsType<LedgerVerification.Damaged>(ledger.Verify());
        Assert.Equal((file, offset, sequence), (damage.File, damage.Offset, damage.Sequence));
        Assert.Equal(cause ?? damage.Cause, damage.Cause);
        Assert.NotEmpty(damage.Cause);
    }

    /// <summary>Named as damage or, where no valid record follows, as a torn tail; in either case at the place given.</summary>
    private static void AssertFinding(TemporaryLedger ledger, int number, int offset, long sequence)
    {
        var (file, at, first) = ledger.Verify() switch
        {
            LedgerVerification.Damaged damage => (damage.File, damage.Offset, damage.Sequence),
            LedgerVerification.TornTail torn => (torn.File, torn.Offset, (long?)torn.Sequence),
            _ => ("", 0, null),
        };
        Assert.Equal((Name(number), offset, sequence), (file, at, first));
    }

    /// <summary>The record, or the header, that holds a byte of a segment.</summary>
    private static (int Offset, int Sequence) Place(int first, int at) => at < Header
        ? (0, first)
        : (Header + (at - Header) / Record * Record, first + (at - Header) / Record);

    private static string Name(int segment) => $"ledger/{segment:D12}.seg";

    private static void Flip(string path, int at, byte mask)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        byte[] one = new byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= mask;
        RandomAccess.Write(file, one, at);
    }

    private static List<(int Number, int First, byte[] Bytes)> Segments(TemporaryLedger ledger)
    {
        var segments = new List<(int, int, byte[])>();
        int first = 0;
        for (int i = 0; File.Exists(ledger.Segment(i)); i++)
        {
            byte[] bytes = File.ReadAllBytes(ledger.Segment(i));
            segments.Add((i, first, bytes));
            first += (bytes.Length - Header) / Record;
        }

        return segments;
    }

    private static void Seal(TemporaryLedger ledger)
    {
        using var writer = ledger.Open();
        writer.Seal();
    }
}
