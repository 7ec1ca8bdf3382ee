using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Alerts;

/// <summary>Something a trader should look at.</summary>
/// <param name="Code">Stable name.</param>
/// <param name="Cause">What was measured, against what limit.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Since">When it began, of a breaker or the kill switch; null where that is when it was first seen.</param>
public sealed record Alert(string Code, string Cause, string Advice, DateTime? Since = null)
{
    /// <summary>Code of the ledger's alert.</summary>
    public const string LedgerCode = "ledger";

    private const decimal LargeGap = 0.25m;
    private const double LowPassRate = 0.05;
    private const long Enough = 100;

    /// <summary>The alerts that the account of a run gives rise to, most severe first; a breaker that was reset since is still told of.</summary>
    public static IReadOnlyList<Alert> Of(PathAudit audit) => Of(audit, Stopped(audit) ?? WasStopped(audit));

    /// <summary>What stands now: a breaker or the kill switch until its reset or its resume, the rest as <see cref="Of(PathAudit)"/> has it.</summary>
    public static IReadOnlyList<Alert> Standing(PathAudit audit) => Of(audit, Stopped(audit));

    /// <summary>What stands now: first what keeps the ledger from its disk, then the alerts of the account.</summary>
    public static IReadOnlyList<Alert> Standing(PathAudit audit, LedgerWriter ledger) => [.. Of(ledger), .. Standing(audit)];

    /// <summary>The alert that the ledger gives rise to for as long as it is not healthy; empty while it is.</summary>
    public static IReadOnlyList<Alert> Of(LedgerWriter ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        (LedgerState state, string why) = (ledger.State, ledger.Why ?? "the cause is not known");
        return state switch
        {
            LedgerState.Healthy => [],
            LedgerState.Reserve => [new Alert(LedgerCode, $"the disk is full and the ledger's reserve is given up ({why}); what comes in is still written", "free space now: it goes on by itself")],
            LedgerState.Full => [new Alert(LedgerCode, $"the disk is full ({why}); the ledger waits and nothing is acknowledged", "free space: it goes on by itself, and nothing is lost")],
            _ => [new Alert(LedgerCode, $"{why}; nothing more is acknowledged", "check the disk, then start the process again")],
        };
    }

    private static Alert[] Of(PathAudit audit, Alert? guard) =>
        [.. new[] { Lost(audit), guard, Full(audit), Gap(audit), PassRate(audit) }.OfType<Alert>()];

    private static Alert? Lost(PathAudit audit) =>
        audit.Conservation.Missing != 0
            ? new Alert("conservation", $"{audit.Conservation.Missing} opportunities or outcomes are missing; the limit is 0", "run 'verify', keep the data directory, and report it")
            : null;

    private static Alert? Stopped(PathAudit audit) =>
        audit.Account.Standing.Where(Stops).MaxBy(c => (c.Event == AccountEvent.Killed, c.At)) is { } standing ? Guard(standing, standing.Why) : null;

    private static Alert? WasStopped(PathAudit audit) =>
        audit.AccountChanges.LastOrDefault(Stops) is { } last ? Guard(last, $"{last.Why}; it has been reset since") : null;

    private static bool Stops(AccountChanged change) => change.Event is AccountEvent.Tripped or AccountEvent.Killed;

    private static Alert Guard(AccountChanged change, string cause) => new(
        "guard_trip", cause, "read the trades before it with 'why'; the guard resets by its own rule, the kill switch by POST /api/resume", change.At);

    private static Alert? Full(PathAudit audit)
    {
        long full = MissedAs(audit, MissCode.Full), stale = audit.Production.MissedBy.GetValueOrDefault(MissCode.Stale);
        return full + stale == 0
            ? null
            : new Alert("full_queue", $"{full} outcomes were missed as full and {stale} as stale", "raise lanes.maxQueueSize, or process opportunities faster");
    }

    private static Alert? Gap(PathAudit audit)
    {
        if (audit.Twins.AverageDiscrepancy is not { } gap || audit.Twins.Total < Enough || gap <= LargeGap) return null;
        (string cause, decimal amount) = audit.Twins.Causes.ByName.MaxBy(c => Math.Abs(c.Amount));
        return new Alert(
            "twin_gap", $"production and shadow differ by ${gap:0.00} a trade on average, mostly by {cause} (${amount:0.00} in all); the limit is ${LargeGap:0.00}",
            "adjust the shadow's latency, impact and fees (shadow.*, costs.*) to what the venue does");
    }

    private static Alert? PassRate(PathAudit audit)
    {
        if (audit.NetPositive < Enough) return null;
        double rate = (double)audit.NetPositivePassed / audit.NetPositive;
        return rate >= LowPassRate
            ? null
            : new Alert("low_pass_rate", $"{rate:P1} of the opportunities with an estimated profit passed; the limit is {LowPassRate:P0}", "lower preValidator.minScore, or improve detection; see the gate court for the gate that blocks winners");
    }

    private static long MissedAs(PathAudit audit, MissCode code) =>
        audit.Production.MissedBy.GetValueOrDefault(code) + audit.Shadow.MissedBy.GetValueOrDefault(code);
}
