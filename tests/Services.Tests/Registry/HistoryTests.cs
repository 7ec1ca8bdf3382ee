using System.Security.Cryptography;
using System.Text;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Services.Tests.Registry;

public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryRegistry _registry = new();

    private string Head => Path.Combine(_registry.Folder, "history.head");

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Every_line_is_hashed_with_the_one_before()
    {
        Fill();

        string prev = new('0', 64);
        foreach (string line in File.ReadLines(_registry.Lines))
        {
            string body = line[..^75] + "}", hash = line[^66..^2];
            Assert.EndsWith($"\"prev\":\"{prev}\"}}", body, StringComparison.Ordinal);
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(prev + body))));
            prev = hash;
        }
        Assert.Equal(prev, _registry.History.Entries[^1].Hash);
        Assert.Equal($"{_registry.History.Count} {prev}\n", File.ReadAllText(Head));
    }

    [Fact]
    public void What_was_written_reads_back_as_it_was()
    {
        Fill();
        IReadOnlyList<HistoryEntry> written = _registry.History.Entries;

        _registry.Reopen();

        Assert.Null(_registry.History.Note);
        Assert.Equal(written.Select(Strip), _registry.History.Entries.Select(Strip));
        Assert.Equal(written.Select(Strip), History.Read(_registry.Folder).Select(Strip));
        Registration[] before = Registrations(written), after = Registrations(_registry.History.Entries);
        Assert.Equal(before.Select(r => r with { Metrics = before[0].Metrics }), after.Select(r => r with { Metrics = before[0].Metrics }));
        Assert.Equal(before.SelectMany(r => r.Metrics), after.SelectMany(r => r.Metrics));
    }

    [Fact]
    public void Any_altered_byte_is_refused_and_its_line_is_named()
    {
        Fill();
        _registry.History.Dispose();
        byte[] bytes = File.ReadAllBytes(_registry.Lines);
        int line = 1;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte was = bytes[i];
            foreach (byte altered in (ReadOnlySpan<byte>)[(byte)(was ^ 1), (byte)(was ^ 0x80), (byte)'\n', 0, (byte)' '])
            {
                if (altered == was) continue;
                bytes[i] = altered;
                File.WriteAllBytes(_registry.Lines, bytes);

                var damaged = Assert.Throws<HistoryDamagedException>(() => History.Read(_registry.Folder));

                Assert.Equal((History.FileName, line), (damaged.File, (int)damaged.Line));
            }
            bytes[i] = was;
            if (was == '\n') line++;
        }
    }

    [Fact]
    public void An_altered_digit_is_named_with_the_hash_that_was_due_and_the_one_that_is()
    {
        Fill();
        HistoryEntry second = _registry.History.Entries[1];
        _registry.History.Dispose();
        string text = File.ReadAllText(_registry.Lines), forged = text.Replace("\"active\":false", "\"active\":true ", StringComparison.Ordinal);
        Assert.NotEqual(text, forged);
        File.WriteAllText(_registry.Lines, forged);

        var damaged = Assert.Throws<HistoryDamagedException>(() => History.Open(_registry.Folder));

        Assert.Equal((2, second.Hash), (damaged.Line, damaged.Expected));
        Assert.Matches("^[0-9a-f]{64}$", damaged.Found);
        Assert.Contains(damaged.Found, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_altered_byte_of_the_head_is_refused_and_named()
    {
        Fill();
        _registry.History.Dispose();
        byte[] head = File.ReadAllBytes(Head);
        for (int i = 0; i < head.Length; i++)
        {
            head[i] ^= 1;
            File.WriteAllBytes(Head, head);
            Assert.Throws<HistoryDamagedException>(() => History.Read(_registry.Folder));
            head[i] ^= 1;
        }
    }

    [Fact]
    public void Whole_lines_taken_off_the_end_are_missed()
    {
        Fill();
        _registry.History.Dispose();
        string[] lines = File.ReadAllLines(_registry.Lines);
        File.WriteAllText(_registry.Lines, string.Concat(lines[..^1].Select(l => l + "\n")));

        var damaged = Assert.Throws<HistoryDamagedException>(() => History.Open(_registry.Folder));

        Assert.Equal(lines.Length, damaged.Line);
        Assert.Contains("missing", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_line_that_was_acknowledged_and_is_cut_short_is_damage_wherever_it_is_cut()
    {
        Fill();
        _registry.History.Dispose();
        byte[] bytes = File.ReadAllBytes(_registry.Lines);
        int last = bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (int length = last; length < bytes.Length; length++)
        {
            File.WriteAllBytes(_registry.Lines, bytes[..length]);
            Assert.Throws<HistoryDamagedException>(() => History.Read(_registry.Folder));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void A_line_that_a_crash_cut_before_it_counted_is_taken_off_with_a_note(int zeros)
    {
        Fill();
        int count = _registry.History.Count;
        (byte[] bytes, byte[] head) = (File.ReadAllBytes(_registry.Lines), File.ReadAllBytes(Head));
        _registry.Catalogue.Tag(_registry.Catalogue.Versions()[0].Model.Id, "stage", "x", "told so", TemporaryRegistry.Noon.AddHours(9));
        _registry.History.Dispose();
        byte[] longer = File.ReadAllBytes(_registry.Lines);
        for (int length = bytes.Length + 1; length < longer.Length - 2; length += 3)
        {
            File.WriteAllBytes(_registry.Lines, [.. longer[..length], .. new byte[zeros]]);
            File.WriteAllBytes(Head, head);

            _registry.Reopen();

            Assert.Contains($"line {count + 1} ", _registry.History.Note, StringComparison.Ordinal);
            Assert.Equal(count, _registry.History.Count);
            Assert.Equal(bytes, File.ReadAllBytes(_registry.Lines));
            _registry.History.Dispose();
        }
    }

    [Fact]
    public void A_line_whose_head_a_crash_kept_back_counts()
    {
        Fill();
        byte[] head = File.ReadAllBytes(Head);
        _registry.Catalogue.Tag(_registry.Catalogue.Versions()[0].Model.Id, "stage", "x", "told so", TemporaryRegistry.Noon.AddHours(9));
        int count = _registry.History.Count;
        File.WriteAllBytes(Head, head);

        _registry.Reopen();

        Assert.Equal(count, _registry.History.Count);
        Assert.StartsWith($"{count} ", File.ReadAllText(Head), StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_without_its_head_is_refused()
    {
        Fill();
        _registry.History.Dispose();
        File.Delete(Head);

        Assert.Equal("history.head", Assert.Throws<HistoryDamagedException>(() => History.Read(_registry.Folder)).File);
    }

    [Fact]
    public void One_process_writes_and_others_read()
    {
        Fill();

        Assert.Throws<IOException>(() => History.Open(_registry.Folder));

        Assert.Equal(_registry.History.Count, History.Read(_registry.Folder).Count);
    }

    [Fact]
    public void A_clock_that_went_back_does_not_turn_the_order_round()
    {
        Fill();
        HistoryEntry last = _registry.History.Entries[^1];

        HistoryEntry next = _registry.History.Append(TemporaryRegistry.Noon.AddYears(-1), last.Model, "late", new Exported("x"));

        Assert.Equal(last.At, next.At);
        var local = DateTime.SpecifyKind(TemporaryRegistry.Noon, DateTimeKind.Local);
        Assert.Throws<ArgumentException>(() => _registry.History.Append(local, last.Model, "", new Exported("x")));
    }

    [Fact]
    public void A_line_whose_head_cannot_be_written_is_no_part_of_the_history_and_the_next_takes_its_place()
    {
        Fill();
        (byte[] lines, byte[] head) = (File.ReadAllBytes(_registry.Lines), File.ReadAllBytes(Head));
        int count = _registry.History.Count;
        Directory.CreateDirectory(Head + ".partial");

        var refused = Assert.Throws<RegistryRefusedException>(() => _registry.Register(TemporaryRegistry.Package(3), minute: 60));

        Assert.Equal(Refusal.NotKept, refused.Reason);
        Assert.DoesNotContain(_registry.Folder, refused.Message, StringComparison.Ordinal);
        Assert.Equal(count, _registry.History.Count);
        Assert.Equal(lines, File.ReadAllBytes(_registry.Lines));
        Assert.Equal(head, File.ReadAllBytes(Head));
        Assert.Null(_registry.Catalogue.Find(TemporaryRegistry.Package(3).Ref.Id));

        Directory.Delete(Head + ".partial");
        _registry.Register(TemporaryRegistry.Package(3), minute: 61);
        _registry.Reopen();
        Assert.Equal((count + 1, null), (_registry.History.Count, _registry.History.Note));
        Assert.NotNull(_registry.Catalogue.Find(TemporaryRegistry.Package(3).Ref.Id));
    }

    [Fact]
    public void A_history_whose_head_is_up_to_date_opens_where_nothing_can_be_written()
    {
        Fill();
        Directory.CreateDirectory(Head + ".partial");

        _registry.Reopen();

        Assert.Equal(6, _registry.History.Count);
    }

    [Fact]
    public void A_line_that_can_neither_be_written_nor_taken_back_is_the_last_that_is_tried()
    {
        const string full = "/dev/full"; // Every write fails for want of space, and it has no length to set.
        if (!File.Exists(full)) return;
        _registry.History.Dispose();
        File.Delete(_registry.Lines);
        File.CreateSymbolicLink(_registry.Lines, full);
        _registry.Reopen();

        var first = Assert.Throws<RegistryRefusedException>(() => _registry.Register(1));
        var next = Assert.Throws<RegistryRefusedException>(() => _registry.Register(2));

        Assert.Equal((Refusal.NotKept, Refusal.NotKept), (first.Reason, next.Reason));
        Assert.Contains("the disk is full", first.Message, StringComparison.Ordinal);
        Assert.StartsWith("line 1 of the registry's history could be neither written nor taken back", next.Message, StringComparison.Ordinal);
        Assert.Equal(0, _registry.History.Count);
    }

    [Fact]
    public void A_version_that_is_registered_twice_or_never_is_damage_and_its_line_is_named()
    {
        var package = TemporaryRegistry.Package(1);
        var said = new Registered(Registration.Of(package, TemporaryRegistry.Noon) with { Path = ArtefactStore.RelativePath(package.Ref.Id) });
        _registry.History.Append(TemporaryRegistry.Noon, package.Ref.Id, "trained", said);
        Assert.Single(VersionCatalogue.Read(_registry.Folder).Versions());
        _registry.History.Append(TemporaryRegistry.Noon, package.Ref.Id, "trained", said);

        var twice = Assert.Throws<HistoryDamagedException>(() => VersionCatalogue.Read(_registry.Folder));

        Assert.Equal((History.FileName, 2), (twice.File, twice.Line));
        Assert.Contains("a second one of the same bytes, after line 1", twice.Message, StringComparison.Ordinal);
        Assert.Contains("v1.0.1", twice.Message, StringComparison.Ordinal);
        using var other = new TemporaryRegistry();
        other.History.Append(TemporaryRegistry.Noon, package.Ref.Id, "put away", new Archived());
        var never = Assert.Throws<HistoryDamagedException>(() => VersionCatalogue.Read(other.Folder));
        Assert.Equal((1, $"'{package.Ref.Id}'"), (never.Line, never.Found));
    }

    private static HistoryEntry Strip(HistoryEntry entry) => entry with { Details = entry.Details is Registered ? new Archived() : entry.Details };

    private static Registration[] Registrations(IEnumerable<HistoryEntry> entries) =>
        [.. entries.Select(e => e.Details).OfType<Registered>().Select(r => r.Version)];

    // Six lines: a name that is not ASCII, a version that is not active, figures, an experiment.
    private void Fill()
    {
        var first = TemporaryRegistry.Package(1, notes: "näive \"quoted\"\n");
        _registry.Catalogue.Register(
            Registration.Of(first, TemporaryRegistry.Noon) with { Metrics = new Dictionary<string, double> { ["auc"] = 0.74, ["ece"] = 0.1 + 0.2 } },
            first.Bytes, "trained", TemporaryRegistry.Noon);
        var second = TemporaryRegistry.Package(2);
        _registry.Catalogue.Register(
            Registration.Of(second, TemporaryRegistry.Noon) with { Active = false, Parent = first.Ref.Id, Ready = true }, second.Bytes, "trained",
            TemporaryRegistry.Noon.AddTicks(1));
        _registry.Catalogue.Activate(second.Ref.Id, true, "checked", TemporaryRegistry.Noon.AddMinutes(1));
        _registry.Catalogue.Assign(first.Ref.Id, "the first", TemporaryRegistry.Noon.AddMinutes(2));
        _registry.Catalogue.StartExperiment(second.Ref.Id, 0.2, "the next", TemporaryRegistry.Noon.AddMinutes(3));
        _registry.Catalogue.Promote(VersionType.MetaLabel, "it won", TemporaryRegistry.Noon.AddMinutes(4));
    }
}
