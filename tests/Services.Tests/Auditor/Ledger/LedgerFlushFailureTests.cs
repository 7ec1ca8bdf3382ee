using QuadTurbo.Auditor.Ledger;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>R-05: a failed flush is never retried on the same handle.</summary>
public class LedgerFlushFailureTests
{
    [Theory]
    [InlineData(LedgerOperationKind.Flush, 1)]
    [InlineData(LedgerOperationKind.Flush, 2)]
    [InlineData(LedgerOperationKind.Write, 1)]
    [InlineData(LedgerOperationKind.Write, 2)]
    public void A_disk_that_fails_at_any_operation_has_what_was_not_durable_written_anew(LedgerOperationKind kind, int times) =>
        ScriptedDay.FailAtEach(kind, LedgerFault.InputOutput, times, expected: LedgerState.Healthy);

    [Fact]
    public async Task A_disk_that_goes_on_failing_stops_the_ledger_with_nothing_more_acknowledged()
    {
        using var ledger = new TemporaryLedger();
        bool broken = false;
        LedgerFault? Ask(LedgerOperation operation) =>
            Volatile.Read(ref broken) && operation.Kind == LedgerOperationKind.Flush ? new LedgerFault(LedgerFault.InputOutput) : null;
        using (var writer = ledger.Open(Small with { Faults = Ask }))
        {
            writer.Append(1, Payload(0));
            writer.Flush();
            Volatile.Write(ref broken, true);
            writer.Append(1, Payload(1));

            await Assert.ThrowsAsync<LedgerFailedException>(() => writer.WaitForCommit(1));

            Assert.Equal((LedgerState.Failed, 0), (writer.State, writer.Committed));
            Assert.Contains("Input/output error", writer.Why);
            Assert.Throws<LedgerFailedException>(() => writer.Append(1, Payload(2)));
            Assert.Throws<LedgerFailedException>(() => writer.Seal());
        }

        using var again = ledger.Open();
        Assert.InRange(again.NextSequence, 1, 2);
        Assert.Equal(Payload(0), ledger.ReadAll()[0]);
    }

    [Fact]
    public async Task A_disk_that_lost_what_was_durable_stops_the_ledger_with_the_record_named()
    {
        using var ledger = new TemporaryLedger();
        bool broken = false;
        LedgerFault? Ask(LedgerOperation operation)
        {
            if (!Volatile.Read(ref broken) || operation.Kind != LedgerOperationKind.Flush)
                return null;
            using var file = File.OpenHandle(ledger.Segment(0), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.Write(file, new byte[5], 88 + 90 + 30);
            return new LedgerFault(LedgerFault.InputOutput);
        }

        using var writer = ledger.Open(Small with { Faults = Ask });
        for (int i = 0; i < 3; i++)
            writer.Append(1, Payload(i));
        writer.Flush();
        Volatile.Write(ref broken, true);
        writer.Append(1, Payload(3));

        var failed = await Assert.ThrowsAsync<LedgerFailedException>(() => writer.WaitForCommit(3));

        Assert.Contains("ledger/000000000000.seg offset 178 sequence 1", failed.Message);
    }
}
