using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Auditor.Reconciliation;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Audit;

/// <summary>Everything the auditor knows, folded from events in order: the same fold live and from the ledger. Single writer.</summary>
public sealed class PathAudit : IDisposable
{
    private readonly RecentPackages _packages = new();
    private readonly Dictionary<OpportunityId, Following> _following = [];
    private readonly Dictionary<string, FeedReport> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SymbolTally> _symbols = new(StringComparer.Ordinal);
    private readonly DecisionHash _hash = new();
    private readonly AccountFold _account = new();
    private long _judgedInSession;
    private long _pastOpportunities;
    private long _submitted;
    private long _due;
    private long _outcomes;

    /// <summary>Lane 1.</summary>
    public LaneTally Production { get; } = new();

    /// <summary>Lane 2, all of it.</summary>
    public LaneTally Shadow { get; } = new();

    /// <summary>Lane 2, what passed the pre-validator.</summary>
    public LaneTally ShadowPassed { get; } = new();

    /// <summary>Lane 2, what it refused.</summary>
    public LaneTally ShadowBlocked { get; } = new();

    /// <summary>The gates on trial.</summary>
    public Court Court { get; } = new();

    /// <summary>Per symbol, what was detected across venues.</summary>
    public IReadOnlyDictionary<string, SymbolTally> Symbols => _symbols;

    /// <summary>What it came to, in time.</summary>
    public FigureBook Figures { get; } = new();

    /// <summary>Twins compared.</summary>
    public TwinTally Twins { get; } = new();

    /// <summary>What was earned when.</summary>
    public EquityCurve Equity { get; } = new();

    /// <summary>How often each way of executing succeeds.</summary>
    public ExecutionPaths Paths { get; } = new();

    /// <summary>The latest instant that a decision or an outcome of this session tells of, UTC; the default before one.</summary>
    public DateTime KnownAt { get; private set; }

    /// <summary>The last decision of this session on an opportunity of the feed.</summary>
    public DecisionPlace FeedThrough { get; private set; } = DecisionPlace.None;

    /// <summary>The last decision of this session on a submission.</summary>
    public DecisionPlace SubmittedThrough { get; private set; } = DecisionPlace.None;

    /// <summary>Opportunities judged.</summary>
    public long Judged { get; private set; }

    /// <summary>Of those, passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Estimated net edge above 0.</summary>
    public long NetPositive { get; private set; }

    /// <summary>Of those, passed.</summary>
    public long NetPositivePassed { get; private set; }

    /// <summary>Directional signals judged.</summary>
    public long Directional { get; private set; }

    /// <summary>Samples that lane 3 recorded.</summary>
    public long Recorded { get; private set; }

    /// <summary>Opportunities with at least one label: a filled production or shadow trade.</summary>
    public long Labelled { get; private set; }

    /// <summary>Labels from production alone [LANE-04].</summary>
    public long LabelledByProduction => Production.Filled;

    /// <summary>The models trained, last one; null before the first.</summary>
    public ModelTrained? LastModel { get; private set; }

    /// <summary>How often a model was trained.</summary>
    public long TrainingRuns { get; private set; }

    /// <summary>The last assignment, whatever its share; null before the first.</summary>
    public AssignmentRecord? LastAssigned { get; private set; }

    /// <summary>What serves, and why; null for the baseline.</summary>
    public AssignmentRecord? Serving { get; private set; }

    /// <summary>The run; null before its first record.</summary>
    public SessionOpened? Session { get; private set; }

    /// <summary>The last report of every feed session, in order of first sight.</summary>
    public IReadOnlyCollection<FeedReport> Feeds => _feeds.Values;

    /// <summary>Changes of the account, the last 1,000.</summary>
    public Queue<AccountChanged> AccountChanges { get; } = new();

    /// <summary>Instants with an opportunity that are still followed.</summary>
    public int InFlight => _following.Count;

    /// <summary>Outcomes that are owed for decisions still followed.</summary>
    public long InFlightOutcomes => _due - _outcomes;

    /// <summary>The model that served last, bytes and all: what serves again after a restart; null for the baseline.</summary>
    public ModelAssigned? LastServing { get; private set; }

    /// <summary>The challenger of an experiment that has not ended, bytes and all; null where none runs.</summary>
    public ModelAssigned? LastChallenger { get; private set; }

    /// <summary>The hash of all decisions so far.</summary>
    public string DecisionHash => _hash.Value;

    /// <summary>Whether anything was lost.</summary>
    public Conservation Conservation => new(_pastOpportunities + InSession + _submitted, Judged, _due, _outcomes, Ended ? 0 : InFlightOutcomes);

    /// <summary>What graduation is judged on.</summary>
    public GraduationFacts Graduation => new(Judged, NetPositive, NetPositivePassed, Twins.BothFilled, Twins.SameSign, Shadow.Filled);

    /// <summary>What production goes on from after a restart.</summary>
    public AccountSnapshot Account => _account.ToSnapshot(Graduation);

    /// <summary>What is still owed, in no particular order.</summary>
    public IEnumerable<(Decision Decision, Lane Lane)> Owed =>
        from following in _following.Values
        from lane in new[] { Lane.Production, Lane.ShadowSim, Lane.Training }
        where following.Owed.HasFlag(lane.AsDue())
        select (following.Decision, lane);

    /// <summary>A run began: feeds of earlier runs are over.</summary>
    public void Apply(SessionOpened session)
    {
        _packages.Clear();
        // The same session goes on: the auditor alone began again.
        if (session.Session == Session?.Session) return;
        (FeedThrough, SubmittedThrough) = (DecisionPlace.None, DecisionPlace.None);
        _pastOpportunities += InSession;
        _judgedInSession = 0;
        Paths.Forget();
        KnownAt = default;
        Session = session;
    }

    /// <summary>A feed said what it was.</summary>
    public void Apply(FeedReport report) => _feeds[report.Session] = report;

    /// <summary>An opportunity was judged; call in feed order.</summary>
    public void Apply(Decision decision, DueLanes due)
    {
        Opportunity opportunity = decision.Opportunity;
        Judged++;
        if (opportunity.Submitted) SubmittedThrough = DecisionPlace.Of(decision);
        else FeedThrough = DecisionPlace.Of(decision);
        if (opportunity.KnownAt > KnownAt) KnownAt = opportunity.KnownAt;
        if (decision.Passed) Passed++;
        if (opportunity.NetPositive)
        {
            NetPositive++;
            if (decision.Passed) NetPositivePassed++;
        }
        if (opportunity.Kind == OpportunityKind.Directional) Directional++;
        else if (!opportunity.Submitted) SymbolOf(opportunity).Detected(opportunity);
        if (opportunity.Submitted) _submitted++;
        else
        {
            _judgedInSession++;
            _hash.Add(decision);
        }
        Court.Hear(decision);
        Figures.Judged(decision);
        if (due == DueLanes.None) return;
        _due += int.PopCount((int)due);
        _following.Add(decision.Id, new Following(decision, due));
    }

    /// <summary>Whether a decision was heard.</summary>
    public bool Heard(Decision decision) => !DecisionPlace.Of(decision).IsAfter(decision.Opportunity.Submitted ? SubmittedThrough : FeedThrough);

    /// <summary>Whether an outcome is still owed.</summary>
    public bool Owes(Outcome outcome) => _following.TryGetValue(outcome.Id, out Following? following) && following.Owed.HasFlag(outcome.Lane.AsDue());

    /// <summary>A lane gave an outcome.</summary>
    /// <returns>The twin that it completes; null when it completes none.</returns>
    /// <exception cref="InvalidOperationException">No lane owed that outcome: it was given twice, or for an unknown opportunity.</exception>
    public Twin? Apply(Outcome outcome)
    {
        if (!Owes(outcome)) throw new InvalidOperationException($"{outcome.Lane} gave an outcome for {outcome.Id} that it does not owe");
        Following following = _following[outcome.Id];
        _outcomes++;
        following.Owed &= ~outcome.Lane.AsDue();
        switch (outcome.Lane)
        {
            case Lane.Production: Executed(outcome, following); break;
            case Lane.ShadowSim: Simulated(outcome, following); break;
            default: Recorded += outcome.Missed == MissCode.None ? 1 : 0; break;
        }
        Twin? twin = TwinOf(following);
        if (following.Owed == DueLanes.None) _following.Remove(outcome.Id);
        return twin;
    }

    /// <summary>A model was trained.</summary>
    public void Apply(ModelTrained trained)
    {
        TrainingRuns++;
        LastModel = trained;
        _packages.Add(trained.Model.Id, trained.Package);
    }

    /// <summary>The bytes of a model that is about to be assigned.</summary>
    public void Apply(PackageRecord package) => _packages.Add(package.Model.Id, package.Package);

    /// <summary>A model judges all, a share or nothing from now on.</summary>
    public void Apply(AssignmentRecord assignment)
    {
        LastAssigned = assignment;
        bool all = assignment.Share == ModelAssigned.All;
        if (all) Serving = assignment;
        if (assignment.Share == 0)
        {
            LastChallenger = null;
            return;
        }
        if (!_packages.TryFind(assignment.Model.Id, out ReadOnlyMemory<byte> bytes)) return;
        var again = new ModelAssigned { Model = assignment.Model, Package = bytes, Why = all ? "it served before the restart" : "it was the challenger before the restart", Share = assignment.Share };
        (LastServing, LastChallenger) = all ? (again, null) : (LastServing, again);
    }

    /// <summary>The account changed.</summary>
    public void Apply(AccountChanged change)
    {
        _account.Apply(change);
        AccountChanges.Enqueue(change);
        if (AccountChanges.Count > 1000) AccountChanges.Dequeue();
    }

    /// <summary>An event as the ledger gives it back.</summary>
    public void ApplyRecord(object? record)
    {
        switch (record)
        {
            case null: break;
            case SessionOpened session: Apply(session); break;
            case FeedReport report: Apply(report); break;
            case DecisionRecord decided: Apply(decided.Decision, decided.Due); break;
            case OutcomeRecord outcome: Apply(outcome.Of(DecisionOf(outcome.Id))); break;
            case OutcomeRecord[] outcomes:
                foreach (OutcomeRecord outcome in outcomes) ApplyRecord(outcome);
                break;
            case ModelTrained trained: Apply(trained); break;
            case PackageRecord package: Apply(package); break;
            case AssignmentRecord assignment: Apply(assignment); break;
            case AccountChanged change: Apply(change); break;
            default: throw new InvalidDataException($"a ledger record became {record.GetType().Name}, which the audit does not know");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    /// <summary>Feed opportunities of the running session: what the feed says it detected once it has ended, and never fewer than were judged.</summary>
    private long InSession =>
        Session is { } session && _feeds.TryGetValue(session.Session, out FeedReport? report) && report.Ended
            ? Math.Max(report.Detected, _judgedInSession)
            : _judgedInSession;

    private bool Ended => Session is not { } session || (_feeds.TryGetValue(session.Session, out FeedReport? report) && report.Ended);

    private Decision DecisionOf(OpportunityId id) =>
        _following.TryGetValue(id, out Following? following)
            ? following.Decision
            : throw new InvalidOperationException($"the ledger has an outcome for {id}, which nothing owes");

    private void Executed(Outcome outcome, Following following)
    {
        following.Production = outcome;
        (bool won, decimal net) = (outcome.Trade?.Won ?? false, outcome.Net);
        Production.Add(outcome, won, net);
        Paths.Add(outcome, won, net);
        Figures.Executed(outcome);
        _account.Apply(net, outcome.Filled, outcome.At);
        if (!outcome.Filled) return;
        Earned(outcome.At);
        Label(following);
    }

    private void Simulated(Outcome outcome, Following following)
    {
        following.Shadow = outcome;
        (bool won, decimal net) = (outcome.Trade?.Won ?? false, outcome.Net);
        Shadow.Add(outcome, won, net);
        (outcome.Decision.Passed ? ShadowPassed : ShadowBlocked).Add(outcome, won, net);
        Opportunity opportunity = outcome.Decision.Opportunity;
        if (opportunity.Kind == OpportunityKind.CrossVenue && !opportunity.Submitted) SymbolOf(opportunity).Followed(outcome);
        Court.Try(outcome);
        Figures.Simulated(outcome, won, net);
        Paths.Add(outcome, won, net);
        if (!outcome.Filled) return;
        Earned(outcome.At);
        Label(following);
    }

    private void Earned(DateTime at)
    {
        if (at > KnownAt) KnownAt = at;
        Equity.Add(new EquitySums(at, Production.Profit.Base, ShadowPassed.Profit.Base, Shadow.Profit.Base));
    }

    private void Label(Following following)
    {
        if (following.Labelled) return;
        following.Labelled = true;
        Labelled++;
    }

    private Twin? TwinOf(Following following)
    {
        if (following.Twinned || following.Production is not { } production || following.Shadow is not { } shadow) return null;
        following.Twinned = true;
        var twin = new Twin(production, shadow, GapSplit.Of(production, shadow));
        Twins.Add(twin);
        return twin;
    }

    private SymbolTally SymbolOf(Opportunity opportunity)
    {
        if (!_symbols.TryGetValue(opportunity.Market, out SymbolTally? tally)) _symbols[opportunity.Market] = tally = new SymbolTally();
        return tally;
    }

    /// <summary>A decision whose outcomes are not all in.</summary>
    private sealed class Following(Decision decision, DueLanes owed)
    {
        public Decision Decision { get; } = decision;

        public DueLanes Owed { get; set; } = owed;

        public Outcome? Production { get; set; }

        public Outcome? Shadow { get; set; }

        public bool Labelled { get; set; }

        public bool Twinned { get; set; }
    }
}
