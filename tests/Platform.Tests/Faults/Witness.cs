using System.Collections.Concurrent;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Platform.Tests.Faults;

/// <summary>Remembers every acknowledgement, and holds the ledger to it.</summary>
internal sealed class Witness
{
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private int _number;

    /// <summary>Acknowledged so far.</summary>
    public int Count => _acknowledged.Count;

    /// <summary>Submits one; true when it was acknowledged.</summary>
    public async Task<bool> SubmitAsync(RunProcess process)
    {
        if (await process.SubmitAsync(Interlocked.Increment(ref _number)) is not { } id) return false;
        _acknowledged.Enqueue(id);
        return true;
    }

    /// <summary>Submits until one is acknowledged: the process serves; false when it has ended before.</summary>
    public async Task<bool> UntilServedAsync(RunProcess process)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(RunProcess.Patience);
        while (!process.HasExited)
        {
            if (await SubmitAsync(process)) return true;
            if (patience.IsCancellationRequested) throw new TimeoutException($"nothing was acknowledged; it said: {process.Said}");
            await timer.WaitForNextTickAsync();
        }
        return false;
    }

    /// <summary>Submits, eight at a time, until the process has ended.</summary>
    public async Task UntilEndedAsync(RunProcess process)
    {
        async Task SubmitAll()
        {
            while (!process.HasExited) await SubmitAsync(process);
        }
        await Task.WhenAll([.. Enumerable.Range(0, 8).Select(_ => SubmitAll()), process.UntilExitAsync()]);
    }

    /// <summary>Every acknowledged opportunity is in the ledger once, with one outcome of each lane that owes one; nothing else is lost or doubled either.</summary>
    /// <returns>How many outcomes are <c>restart</c>.</returns>
    public int Check(string dataDirectory)
    {
        var decisions = new Dictionary<OpportunityId, DueLanes>();
        var outcomes = new HashSet<(OpportunityId, Lane)>();
        int restarts = 0;
        foreach ((long sequence, object record) in LedgerFold.Events(dataDirectory))
        {
            if (record is DecisionRecord decided) Assert.True(decisions.TryAdd(decided.Decision.Id, decided.Due), $"record {sequence}: {decided.Decision.Id} is decided twice");
            if (record is not OutcomeRecord outcome) continue;
            Assert.True(outcomes.Add((outcome.Id, outcome.Lane)), $"record {sequence}: {outcome.Lane} tells of {outcome.Id} twice");
            if (outcome.Missed == MissCode.Restart) restarts++;
        }
        foreach (string text in _acknowledged)
        {
            Assert.True(OpportunityId.TryParse(text, out OpportunityId id));
            Assert.True(decisions.ContainsKey(id), $"{text} was acknowledged and is not in the ledger");
        }
        Assert.Equal(_acknowledged.Count, _acknowledged.Distinct().Count());
        HashSet<(OpportunityId, Lane)> due = [.. decisions.SelectMany(d => Lanes(d.Value).Select(lane => (d.Key, lane)))];
        Assert.True(due.SetEquals(outcomes), $"{due.Except(outcomes).Count()} outcomes are missing, {outcomes.Except(due).Count()} were never due");
        using PathAudit audit = LedgerFold.Of(dataDirectory);
        Assert.Equal(0, audit.Conservation.Missing);
        return restarts;
    }

    /// <summary>The ledger was closed cleanly.</summary>
    public static void IsSealed(string dataDirectory) =>
        Assert.True(LedgerVerifier.Verify(dataDirectory) is LedgerVerification.Intact { Sealed: true }, LedgerVerifier.Verify(dataDirectory).ToString());

    /// <summary>The ledger is whole, but for a tail that a crash may have torn.</summary>
    public static void IsNotDamaged(string dataDirectory) =>
        Assert.False(LedgerVerifier.Verify(dataDirectory) is LedgerVerification.Damaged, LedgerVerifier.Verify(dataDirectory).ToString());

    private static IEnumerable<Lane> Lanes(DueLanes due)
    {
        if (due.HasFlag(DueLanes.Production)) yield return Lane.Production;
        if (due.HasFlag(DueLanes.Shadow)) yield return Lane.ShadowSim;
        if (due.HasFlag(DueLanes.Training)) yield return Lane.Training;
    }
}
