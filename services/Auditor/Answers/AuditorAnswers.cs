using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Reconciliation;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Auditor.Stories;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Answers;

/// <summary>What the auditor answers when asked.</summary>
/// <remarks>The account is read between two messages and only copied there; what takes longer is made afterwards.</remarks>
public sealed class AuditorAnswers(AuditorLane auditor, DecisionReader decisions, AuditorPulse pulse, LedgerWriter ledger, LaneSettings lanes)
{
    private const int MostPackages = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), PatienceFull = TimeSpan.FromMilliseconds(100);
    private readonly CourtView _court = new();
    private AuditView? _last;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ModelPackage?> _packages = new(StringComparer.Ordinal);

    /// <summary>Lanes, conservation, profit and alerts; while the ledger holds the account, the last known with the ledger's alert.</summary>
    public AuditView Audit()
    {
        PulseRates rates = pulse.Rates;
        if (TryRead<AuditView>(audit => Describe(audit, rates), out AuditView? now))
        {
            Volatile.Write(ref _last, now);
            return now with { AsOf = ledger.Committed };
        }
        AuditView last = Volatile.Read(ref _last) ?? throw Waits();
        return last with { AsOf = ledger.Committed, Alerts = [.. Alert.Of(ledger).Select(Tell), .. last.Alerts.Where(a => a.Code != Alert.LedgerCode)] };
    }

    /// <summary>What graduation is judged on, at most a second old.</summary>
    public GraduationFacts Graduation() => pulse.Graduation ?? Read(static audit => audit.Graduation);

    /// <summary>The curve of profit.</summary>
    public EquityView Equity(int most)
    {
        (IReadOnlyList<EquitySums> points, long trades) = Read(audit => (audit.Equity.Thin(most), audit.Production.Filled + audit.Shadow.Filled));
        return new EquityView
        {
            Currency = Currency.Base,
            From = points.Count > 0 ? Words.Instant(points[0].At) : null,
            To = points.Count > 0 ? Words.Instant(points[^1].At) : null,
            Points = [.. points.Select(static p => new EquityPoint
            {
                At = Words.Instant(p.At),
                Production = Words.Money(p.Production),
                ShadowPassed = Words.Money(p.ShadowPassed),
                ShadowAll = Words.Money(p.ShadowAll),
            })],
            Trades = trades,
        };
    }

    /// <summary>A page of decisions.</summary>
    public OpportunityPage Opportunities(OpportunitiesQuestion asked)
    {
        long asOf = decisions.AsOf;
        (IReadOnlyList<OpportunityRow> items, long? next) = DecisionList.Of(decisions, asked);
        return new OpportunityPage { Items = items, Next = Cursor(next), AsOf = Words.Whole(asOf) };
    }

    /// <summary>A page of decisions told whole, without fills and contributions.</summary>
    public LifePage Recent(PageQuestion asked)
    {
        long asOf = decisions.AsOf;
        (IReadOnlyList<DecisionStory> stories, long? next) = decisions.Latest(asked.Limit, asked.Before);
        return new LifePage { Items = [.. stories.Select(static s => LifeView.Of(s, null, fills: false))], Next = Cursor(next), AsOf = Words.Whole(asOf) };
    }

    /// <summary>One decision and everything that followed.</summary>
    public Sought<OpportunityLife> Life(string id) => Seek(id, story => LifeView.Of(story, PartsOf(story.Decision), fills: true));

    /// <summary>One decision as <c>why --json</c> tells it.</summary>
    public Sought<JsonObject> Why(string id) => Seek(id, StoryJson.Of);

    /// <summary>The gates on trial.</summary>
    public GateCourtView Gates()
    {
        (GateRecord[] gates, GatePolicy? policy, long refused) = Read(static audit =>
            ((GateRecord[])[.. audit.Court.Gates.Select(g => g.Copy())], audit.Court.Policy, audit.Judged - audit.Passed));
        return _court.Of(gates, policy, refused);
    }

    /// <summary>Production and shadow side by side.</summary>
    public TwinsView Twins(PageQuestion asked)
    {
        long asOf = decisions.AsOf;
        (IReadOnlyList<TwinRow> items, long? next) = DecisionList.Twins(decisions, asked);
        return Read(static audit => Totals(audit.Twins)) with { Items = items, Next = Cursor(next), AsOf = Words.Whole(asOf) };
    }

    /// <summary>How often each way of executing succeeds.</summary>
    public ExecutionMatrixView Matrix() => Read(static audit => new ExecutionMatrixView
    {
        Paths = [.. audit.Paths.All.OrderByDescending(p => p.Production.Processed + p.Shadow.Processed).Select(Path)],
        Other = audit.Paths.Other,
        Currency = Currency.Base,
    });

    /// <summary>The cursor that goes on behind a ledger record.</summary>
    private static string? Cursor(long? next) => next?.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private Sought<T> Seek<T>(string id, Func<DecisionStory, T> tell)
        where T : class
    {
        try
        {
            return new Sought<T>(tell(decisions.Find(id)), "");
        }
        catch (UnknownStoryException e)
        {
            return new Sought<T>(null, e.Message);
        }
    }

    private AuditView Describe(PathAudit audit, PulseRates rates)
    {
        FeedReport? feed = audit.Feeds.LastOrDefault();
        Conservation c = audit.Conservation;
        return new AuditView
        {
            Session = audit.Session?.Session ?? "",
            Preset = audit.Session?.Preset,
            Version = audit.Session?.Version ?? "",
            StartedAt = audit.Session?.At ?? default,
            Feed = feed?.Feed ?? "none",
            Synthetic = feed?.Synthetic ?? false,
            FeedTime = audit.KnownAt == default ? null : audit.KnownAt,
            AsOf = -1,
            Lanes = [PreValidator(audit, rates), Trading(1, "production", audit.Production, lanes.EnableProduction, "lanes.enableProduction", rates.Production),
                Trading(2, "shadow_sim", audit.Shadow, lanes.EnableShadowSim, "lanes.enableShadowSim", rates.Shadow), Training(audit, rates)],
            Detected = c.Opportunities,
            DetectedPerS = rates.Detected,
            Conservation = new ConservationView
            {
                Opportunities = c.Opportunities,
                Verdicts = c.Verdicts,
                Due = c.Due,
                Outcomes = c.Outcomes,
                Open = c.Open,
                Missing = c.Missing,
            },
            Profit = new ProfitView
            {
                Production = Words.Money(audit.Production.Profit.Base),
                ShadowPassed = Words.Money(audit.ShadowPassed.Profit.Base),
                ShadowAll = Words.Money(audit.Shadow.Profit.Base),
                Currency = Currency.Base,
            },
            Alerts = [.. Alert.Standing(audit, ledger).Select(Tell)],
        };
    }

    private AlertView Tell(Alert alert) => new()
    {
        Code = alert.Code,
        Cause = alert.Cause,
        Advice = alert.Advice,
        Since = (alert.Since ?? pulse.Since(alert.Code)) is { } since ? Words.Instant(since) : null,
    };

    private T Read<T>(Func<PathAudit, T> read) => TryRead<T>(read, out T? value) ? value : throw Waits();

    private bool TryRead<T>(Func<PathAudit, T> read, [MaybeNullWhen(false)] out T value) =>
        auditor.TryRead(ledger.State == LedgerState.Full ? PatienceFull : Patience, read, out value);

    private AuditUnavailableException Waits() => new(
        ledger.State == LedgerState.Full ? AuditTrouble.DiskFull : AuditTrouble.LedgerWaits,
        $"the account waits for the ledger's disk ({ledger.Why ?? "slow"}); free space and ask again: nothing is lost");

    private LaneView PreValidator(PathAudit audit, PulseRates rates) => new()
    {
        Number = 4,
        Name = "pre_validator",
        Enabled = lanes.EnablePrevalidation,
        OffReason = lanes.EnablePrevalidation ? null : "lanes.enablePrevalidation is false: everything passes",
        Processed = audit.Judged,
        Passed = audit.Passed,
        Failed = audit.Judged - audit.Passed,
        Rate = audit.Judged == 0 ? null : (double)audit.Passed / audit.Judged,
        PerS = rates.Judged,
        QueueDepth = 0,
        QueueCapacity = 0,
        Dropped = 0,
    };

    private static LaneView Trading(int number, string name, LaneTally tally, bool enabled, string setting, double perSecond) => new()
    {
        Number = number,
        Name = name,
        Enabled = enabled,
        OffReason = enabled ? null : Off(setting),
        Processed = tally.Processed,
        Succeeded = tally.Success,
        Missed = tally.Missed,
        MissedBy = [.. tally.MissedBy.Select(m => new MissCount { Code = Names.Snake(m.Key.ToString()), Count = m.Value })],
        Rate = tally.WinRate,
        PerS = perSecond,
        QueueDepth = 0,
        QueueCapacity = 0,
        Dropped = 0,
        Profit = Words.Money(tally.Profit.Base),
    };

    private LaneView Training(PathAudit audit, PulseRates rates) => new()
    {
        Number = 3,
        Name = "training",
        Enabled = lanes.EnableTraining,
        OffReason = lanes.EnableTraining ? null : Off("lanes.enableTraining"),
        Processed = audit.Recorded,
        PerS = rates.Training,
        QueueDepth = 0,
        QueueCapacity = 0,
        Dropped = 0,
        Samples = audit.Labelled,
    };

    private static string Off(string setting) => $"{setting} is false, or the role leaves the lane out";

    private static TwinsView Totals(TwinTally twins) => new()
    {
        Total = twins.Total,
        BothFilled = twins.BothFilled,
        SameSign = twins.SameSign,
        AvgDiscrepancy = twins.AverageDiscrepancy is { } average ? Words.Money(average) : null,
        Gap = Words.Money(twins.Gap),
        Unexplained = Words.Money(twins.Causes.Unexplained),
        Causes = Words.Causes(twins.Causes.ByName),
        Currency = Currency.Base,
        Items = [],
        AsOf = "",
    };

    private static ExecutionPath Path(PathTally path) => new()
    {
        Kind = Words.Kind(path.Kind),
        Symbol = path.Symbol,
        Venues = Words.Venues(path.Kind, path.Buy, path.Sell),
        Production = Tally(path.Production, path.Symbol),
        Shadow = Tally(path.Shadow, path.Symbol),
    };

    private static ExecutionTally? Tally(FillTally tally, string symbol) => tally.Processed == 0 ? null : new ExecutionTally
    {
        Processed = tally.Processed,
        Filled = tally.Filled,
        Succeeded = tally.Succeeded,
        FillRate = (double)tally.Filled / tally.Processed,
        WinRate = tally.Filled == 0 ? null : (double)tally.Succeeded / tally.Filled,
        SuccessRate = (double)tally.Succeeded / tally.Processed,
        Net = Words.Money(tally.Net),
        Currency = Currency.Of(symbol),
    };

    private Contributions? PartsOf(Decision decision) => PackageOf(decision.Model) is { } package ? Contributions.Of(package, decision) : null;

    private ModelPackage? PackageOf(ModelRef model)
    {
        if (model.Id == ModelPackage.Baseline.Ref.Id) return ModelPackage.Baseline;
        lock (_lock)
            if (_packages.TryGetValue(model.Id, out ModelPackage? known)) return known;
        ModelPackage? package = Load(model);
        lock (_lock)
        {
            if (_packages.Count >= MostPackages) _packages.Clear();
            return _packages[model.Id] = package;
        }
    }

    private ModelPackage? Load(ModelRef model)
    {
        try
        {
            return decisions.Package(model.Id) is { } bytes ? ModelPackage.Load(bytes, model.Id) : null;
        }
        catch (ModelRefusedException)
        {
            // Of an older format, for example: the decision stands, what made it up cannot be told.
            return null;
        }
    }
}
