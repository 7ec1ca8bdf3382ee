using QuadTurbo.Auditor.Answers;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Trading.Outcomes;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>What the auditor says is on disk, is.</summary>
public class DurableDeskTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private static AccountChanged Killed { get; } = new() { Event = AccountEvent.Killed, What = Breaker.KillSwitch, Why = "a test", At = DateTime.UnixEpoch };

    [Fact]
    public async Task A_change_that_is_asked_for_before_it_is_written_is_answered_when_it_is_on_disk()
    {
        using var ledger = new TemporaryLedger();
        using LedgerWriter writer = ledger.Open();
        var desk = new DurableDesk(writer);
        Task<DurableAnswer> asked = desk.AnswerAsync(new DurableQuestion(Killed, LedgerFullDiskTests.Patience), default).AsTask();
        Assert.False(asked.IsCompleted);

        desk.Written(Killed with { }, writer.Append(1, Payload(0)));

        Assert.Null((await asked).WhyNot);
        Assert.Equal(0, writer.Committed);
        Assert.Null((await desk.AnswerAsync(new DurableQuestion(Killed, Soon), default)).WhyNot);
    }

    [Fact]
    public async Task A_change_on_a_full_disk_or_one_that_never_comes_is_not_kept_and_the_wait_ends()
    {
        using var ledger = new TemporaryLedger();
        using LedgerWriter writer = ledger.Open(Small with { Faults = operation => operation.Length > 0 ? new LedgerFault(LedgerFault.NoSpace, 7) : null });
        var desk = new DurableDesk(writer);
        Assert.Contains("within 0.02 s", (await desk.AnswerAsync(new DurableQuestion(Killed, Soon), default)).WhyNot);
        var full = new TaskCompletionSource();
        writer.OnState = state =>
        {
            if (state == LedgerState.Full) full.TrySetResult();
        };

        desk.Written(Killed, writer.Append(1, Payload(0)));
        await full.Task.WaitAsync(LedgerFullDiskTests.Patience);

        Assert.Contains("full", (await desk.AnswerAsync(new DurableQuestion(Killed, Soon), default)).WhyNot);
        // Nothing is waited for where it is known that nothing is written.
        Assert.Contains("full", (await desk.AnswerAsync(new DurableQuestion(null, Timeout.InfiniteTimeSpan), default)).WhyNot);
    }

    [Fact]
    public async Task A_ledger_that_has_nothing_to_write_can_write()
    {
        using var ledger = new TemporaryLedger();
        using LedgerWriter writer = ledger.Open();
        var desk = new DurableDesk(writer);
        Assert.Null((await desk.AnswerAsync(new DurableQuestion(null, Soon), default)).WhyNot);
        writer.Append(1, Payload(0));
        Assert.Null((await desk.AnswerAsync(new DurableQuestion(null, LedgerFullDiskTests.Patience), default)).WhyNot);
        Assert.Equal(0, writer.Committed);
    }
}
