using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Answers;

/// <summary>Says of changes of the account, and of the ledger as a whole, whether they are on disk. Safe from any thread.</summary>
/// <remarks>It never waits for the auditor, which a full disk may hold up: it waits for what the auditor has written, within the question's bound.</remarks>
public sealed class DurableDesk(LedgerWriter ledger)
{
    /// <summary>Changes whose place in the ledger is remembered; the oldest gives way.</summary>
    private const int MostRemembered = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<AccountChanged, long> _written = [];
    private readonly Queue<AccountChanged> _order = new();
    private readonly Dictionary<AccountChanged, TaskCompletionSource<long>> _awaited = [];

    /// <summary>Remembers that <paramref name="change"/> is record <paramref name="sequence"/>.</summary>
    public void Written(AccountChanged change, long sequence)
    {
        lock (_lock)
        {
            // The same again, as of a switch that was thrown again: the newest counts.
            if (!_written.ContainsKey(change)) _order.Enqueue(change);
            _written[change] = sequence;
            if (_order.Count > MostRemembered) _written.Remove(_order.Dequeue());
            if (_awaited.Remove(change, out TaskCompletionSource<long>? awaited)) awaited.SetResult(sequence);
        }
    }

    /// <summary>Answers when what is asked for is on disk, or why it is not.</summary>
    public async ValueTask<DurableAnswer> AnswerAsync(DurableQuestion asked, CancellationToken cancel)
    {
        if (asked.Change is null && ledger.State is LedgerState.Full or LedgerState.Failed) return new DurableAnswer(Why(asked));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(asked.Within);
        try
        {
            long sequence = asked.Change is { } change ? await WrittenAsync(change, patience.Token) : ledger.NextSequence - 1;
            if (sequence >= 0) await ledger.WaitForCommit(sequence, patience.Token);
            return new DurableAnswer(null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DurableAnswer(Why(asked));
        }
        catch (LedgerFailedException e)
        {
            return new DurableAnswer(e.Message);
        }
    }

    private string Why(DurableQuestion asked) => ledger.Why is { } why
        ? $"the ledger is {ledger.State.ToString().ToLowerInvariant()}: {why}"
        : $"the ledger did not have it on disk within {asked.Within.TotalSeconds:0.###} s";

    private async Task<long> WrittenAsync(AccountChanged change, CancellationToken patience)
    {
        TaskCompletionSource<long>? awaited;
        lock (_lock)
        {
            if (_written.TryGetValue(change, out long sequence)) return sequence;
            if (!_awaited.TryGetValue(change, out awaited))
                _awaited[change] = awaited = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            return await awaited.Task.WaitAsync(patience);
        }
        catch (OperationCanceledException)
        {
            lock (_lock) _awaited.Remove(change);
            throw;
        }
    }
}
