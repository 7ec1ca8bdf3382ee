using QuadTurbo.Auditor.Ledger;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>A day of 40 records in groups over several segments, ended by a seal, during which one disk operation fails.</summary>
internal static class ScriptedDay
{
    private const int Records = 40;

    /// <summary>Runs the day once per operation of a kind, that operation failing some times in a row.</summary>
    /// <remarks>
    /// At each acknowledgement the ledger is read back from disk. A failed flush also loses what was written since the last one, as a kernel
    /// that drops dirty pages does, and leaves the handle it failed on with a file that nobody will read.
    /// </remarks>
    public static void FailAtEach(LedgerOperationKind kind, int errorNumber, int times, LedgerState expected)
    {
        int failures = 0;
        for (int n = 0; ; n++)
        {
            using var ledger = new TemporaryLedger();
            var faults = new Faults(kind, n, times, errorNumber);
            Run(ledger, faults);
            if (faults.Injected == 0)
                break;
            failures++;
            Assert.True(expected == LedgerState.Healthy ? faults.States.Count == 0 : faults.States.Contains(expected), $"operation {n}");
        }

        Assert.InRange(failures, 10, 200);
    }

    private static void Run(TemporaryLedger ledger, Faults faults)
    {
        var writer = ledger.Open(Small with { SegmentBytes = 700, Faults = faults.Ask });
        using (writer)
        {
            faults.Enabled = true;
            writer.OnState = faults.States.Add;
            Exception? broken = null;
            writer.OnCommitted = sequence => broken ??= Record.Exception(() => Assert.Equal(sequence + 1, ledger.ReadAll().Count));
            for (int i = 0; i < Records; i++)
            {
                writer.Append(1, Payload(i));
                if (i % 3 == 2)
                    writer.Flush();
            }

            writer.Flush();
            faults.Enabled = false;
            Assert.Null(broken);
            writer.Seal();
        }

        Assert.Equal((LedgerState.Healthy, null), (writer.State, writer.Why));
        Assert.Equal(Records, Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Count);
        Assert.Equal(Enumerable.Range(0, Records).Select(i => Payload(i)), ledger.ReadAll());
    }

    /// <summary>Fails the nth operation of a kind and the ones after it, as many as asked, and notes a flush that is merely tried again.</summary>
    private sealed class Faults(LedgerOperationKind kind, int first, int times, int errorNumber)
    {
        private readonly Dictionary<string, (long Offset, int Length)> _unflushed = [];
        private readonly HashSet<string> _mistrusted = [];
        private int _seen;

        public bool Enabled { get; set; }
        public int Injected { get; private set; }
        public List<LedgerState> States { get; } = [];

        public LedgerFault? Ask(LedgerOperation operation)
        {
            bool file = operation.Path.EndsWith(".seg", StringComparison.Ordinal);
            if (operation.Kind == LedgerOperationKind.Write)
            {
                _unflushed[operation.Path] = (operation.Offset, operation.Length);
                _mistrusted.Remove(operation.Path);
            }

            Assert.DoesNotContain(operation.Path, _mistrusted);
            if (!Enabled || operation.Kind != kind || _seen++ < first || _seen > first + times)
                return null;
            Injected++;
            if (operation.Kind == LedgerOperationKind.Write)
                return new LedgerFault(errorNumber, operation.Length / 2);
            if (file && _unflushed.TryGetValue(operation.Path, out var lost))
            {
                byte[] bytes = File.ReadAllBytes(operation.Path);
                bytes.AsSpan((int)lost.Offset, lost.Length).Clear();
                File.WriteAllBytes(operation.Path + ".new", bytes);
                File.Move(operation.Path + ".new", operation.Path, overwrite: true);
                _mistrusted.Add(operation.Path);
            }

            return new LedgerFault(errorNumber);
        }
    }
}
