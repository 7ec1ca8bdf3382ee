using QuadTurbo.Auditor.Ledger;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>R-02: when the power goes, any 512-byte sectors not flushed may persist, in any order; nothing acknowledged is lost.</summary>
public class LedgerPowerLossTests
{
    private const int Sector = 512;

    [Fact]
    public void Power_lost_before_any_disk_operation_is_a_torn_tail_at_worst() => LosePower(days: 2, imagesPerOperation: 4);

    [Fact]
    [Trait("Category", "Long")]
    public void Power_lost_ten_thousand_times_is_a_torn_tail_at_worst() => LosePower(days: 40, imagesPerOperation: 8);

    private static void LosePower(int days, int imagesPerOperation)
    {
        int torn = 0;
        for (int day = 0; day < days; day++)
        {
            using var ledger = new TemporaryLedger();
            var disk = new Disk(ledger, new Random(day), imagesPerOperation);
            var random = new Random(1000 + day);
            LedgerWriter? writer = null;
            using (writer = ledger.Open(Small with { SegmentBytes = 6000, Faults = operation => disk.Ask(operation, writer?.Committed ?? -1) }))
            {
                for (int i = 0; i < 60; i++)
                {
                    writer.Append(1, Payload(i, random.Next(900)));
                    if (random.Next(5) == 0)
                        writer.Flush();
                }
            }

            random = new Random(1000 + day);
            byte[][] expected = [.. Enumerable.Range(0, 60).Select(i =>
            {
                byte[] payload = Payload(i, random.Next(900));
                random.Next(5);
                return payload;
            })];
            torn += disk.Images.Sum(image => Reopen(image, expected));
        }

        Assert.InRange(torn, days, int.MaxValue);
    }

    /// <summary>Opens what the power loss left; 1 if a torn tail was cut off.</summary>
    private static int Reopen((Dictionary<string, byte[]> Files, long Acknowledged) image, byte[][] expected)
    {
        using var ledger = new TemporaryLedger();
        Directory.CreateDirectory(Path.Combine(ledger.Path, "ledger"));
        foreach (var (name, bytes) in image.Files)
            File.WriteAllBytes(Path.Combine(ledger.Path, "ledger", name), bytes);
        using var writer = ledger.Open();
        var left = ledger.ReadAll();
        Assert.InRange(left.Count, image.Acknowledged + 1, expected.Length);
        Assert.Equal(expected[..left.Count], left);
        return writer.Repaired is null ? 0 : 1;
    }

    /// <summary>Follows what is flushed, and before each operation draws what a power loss at that moment might leave.</summary>
    private sealed class Disk(TemporaryLedger ledger, Random random, int imagesPerOperation)
    {
        private readonly Dictionary<string, byte[]> _durable = [];
        private readonly HashSet<string> _entries = [];

        public List<(Dictionary<string, byte[]> Files, long Acknowledged)> Images { get; } = [];

        public LedgerFault? Ask(LedgerOperation operation, long acknowledged)
        {
            for (int i = 0; i < imagesPerOperation; i++)
                Images.Add((Draw(), acknowledged));
            if (operation.Kind == LedgerOperationKind.Flush && operation.Path.EndsWith(".seg", StringComparison.Ordinal))
                _durable[Path.GetFileName(operation.Path)] = File.ReadAllBytes(operation.Path);
            else if (operation.Path.EndsWith("ledger", StringComparison.Ordinal))
                _entries.UnionWith(Files().Select(path => Path.GetFileName(path)));
            return null;
        }

        private IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(ledger.Path, "ledger"));

        private Dictionary<string, byte[]> Draw()
        {
            var files = new Dictionary<string, byte[]>();
            foreach (string path in Files())
            {
                string name = Path.GetFileName(path);
                if (_entries.Contains(name) || random.Next(2) == 0)
                    files[name] = Mix(_durable.GetValueOrDefault(name, []), File.ReadAllBytes(path));
            }

            return files;
        }

        private byte[] Mix(byte[] durable, byte[] current)
        {
            byte[] mixed = new byte[current.Length];
            durable.CopyTo(mixed, 0);
            int length = durable.Length;
            for (int at = durable.Length / Sector * Sector; at < current.Length; at += Sector)
            {
                int end = Math.Min(at + Sector, current.Length);
                if (random.Next(2) == 0)
                    continue;
                current.AsSpan(at, end - at).CopyTo(mixed.AsSpan(at));
                length = end;
            }

            return mixed[..length];
        }
    }
}
