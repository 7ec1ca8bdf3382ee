using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using QuadTurbo.Auditor.Answers;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor;

/// <summary>Writes everything that happens into the ledger, and keeps the account of it. The ledger's one writer.</summary>
/// <remarks>Both halves of a batch are put back into feed order before they are written, so the ledger's order is the feed's.</remarks>
public sealed class AuditorLane(LedgerWriter ledger, LaneSettings lanes, ITransport transport) : IDisposable
{
    private readonly RecordWriter _records = new(ledger);
    private readonly PathAudit _audit = new();
    private readonly Lock _reading = new();
    private readonly ConcurrentQueue<(long Sequence, OpportunityId Id)> _unacknowledged = new();
    private readonly List<Twin> _twins = [];
    private OpportunityJudged? _validated;
    private SessionOpened? _follows;

    /// <summary>Says what of the account is on disk.</summary>
    public DurableDesk Durable { get; } = new(ledger);

    /// <summary>Reads the account of things; <paramref name="read"/> sees it between two messages.</summary>
    public T Read<T>(Func<PathAudit, T> read)
    {
        lock (_reading) return read(_audit);
    }

    /// <summary>As <see cref="Read"/>, unless the account stays in use for longer than <paramref name="wait"/>: a ledger whose disk is full holds it.</summary>
    public bool TryRead<T>(TimeSpan wait, Func<PathAudit, T> read, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!_reading.TryEnter(wait)) return false;
        try
        {
            value = read(_audit);
            return true;
        }
        finally
        {
            _reading.Exit();
        }
    }

    /// <summary>Takes over what the ledger holds, answers for what the last run left open, and opens the session of <paramref name="run"/>.</summary>
    public async Task OpenAsync(AuditRun run, CancellationToken cancel)
    {
        var reader = new RecordReader();
        foreach (LedgerEntry entry in LedgerReader.Open(run.DataDirectory).Read()) _audit.ApplyRecord(reader.Read(entry));
        ledger.OnCommitted = Acknowledge;
        if (run.FollowsFeed)
        {
            _follows = run.Session;
            if (_audit.Session is { } before) Open(run.Session with { Session = before.Session });
            else await transport.PublishAsync(Topics.AccountRestored, _audit.Account, cancel);
            return;
        }
        foreach ((Decision decision, Lane lane) in _audit.Owed.ToList())
        {
            Keep(new Outcome
            {
                Decision = decision,
                Lane = lane,
                Missed = MissCode.Restart,
                Detail = "the process ended before it was due",
                At = run.Session.At,
            });
        }
        Open(run.Session);
        await transport.PublishAsync(Topics.AccountRestored, _audit.Account, cancel);
        foreach (ModelAssigned? serving in (ModelAssigned?[])[_audit.LastServing, _audit.LastChallenger])
            if (serving is not null) await transport.PublishAsync(Topics.ModelAssigned, serving, cancel);
    }

    /// <summary>True once a session has begun: at the start, or with the feed's first report.</summary>
    public bool IsOpen => _audit.Session is not null;

    /// <summary>True while the other half of a batch is not awaited.</summary>
    public bool ReadyForValidated => IsOpen && _validated is null;

    /// <summary>True when this is the other half of the batch that is half here.</summary>
    public bool ReadyForRefused(OpportunityJudged refused) =>
        _validated is { } half && half.Position == refused.Position && half.Submitted == refused.Submitted;

    /// <summary>True when every decision that these outcomes follow is written.</summary>
    public bool ReadyFor(OutcomesKnown known) => Array.TrueForAll(known.Outcomes, outcome => _audit.Heard(outcome.Decision));

    /// <summary>Keeps the passed half of a batch until the refused half is here.</summary>
    public void OnValidated(OpportunityJudged validated) => _validated = validated;

    /// <summary>Writes a batch in feed order.</summary>
    public void OnRefused(OpportunityJudged refused)
    {
        OpportunityJudged validated = _validated ?? throw new InvalidOperationException($"batch {refused.Position} was refused before it was judged");
        _validated = null;
        lock (_reading)
        {
            Decision[] passed = validated.Decisions, failed = refused.Decisions;
            for (int p = 0, f = 0; p < passed.Length || f < failed.Length;)
            {
                bool takePassed = f == failed.Length || (p < passed.Length && passed[p].Ordinal < failed[f].Ordinal);
                Decision next = takePassed ? passed[p++] : failed[f++];
                if (_follows is null || !_audit.Heard(next)) Keep(next);
            }
        }
    }

    /// <summary>Writes outcomes, and says which twins they complete.</summary>
    public ValueTask OnOutcomesAsync(OutcomesKnown known, CancellationToken cancel)
    {
        lock (_reading)
        {
            // What was written just before this process died comes again.
            if (_follows is not null) known = new OutcomesKnown([.. known.Outcomes.Where(_audit.Owes)]);
            if (Array.TrueForAll(known.Outcomes, static o => o is { Lane: Lane.Training, Missed: MissCode.None })) KeepRecorded(known.Outcomes);
            else foreach (Outcome outcome in known.Outcomes) Keep(outcome);
        }
        if (_twins.Count == 0) return ValueTask.CompletedTask;
        var reconciled = new TwinsReconciled([.. _twins]);
        _twins.Clear();
        return transport.PublishAsync(Topics.OutcomeReconciled, reconciled, cancel);
    }

    /// <summary>Writes what a feed was.</summary>
    public void OnFeed(FeedReport report)
    {
        lock (_reading)
        {
            if (_follows is { } follows && _audit.Session?.Session != report.Session) Open(follows with { Session = report.Session });
            _records.Write(report);
            _audit.Apply(report);
        }
    }

    /// <summary>Writes a trained model, bytes and all; one that judges nothing is the registry's alone.</summary>
    public void OnTrained(ModelTrained trained)
    {
        if (!trained.Judges) return;
        lock (_reading)
        {
            if (_follows is not null && _audit.LastModel?.Model.Id == trained.Model.Id) return;
            _records.Write(trained);
            _audit.Apply(trained);
        }
    }

    /// <summary>Writes what a model judges.</summary>
    public void OnAssigned(ModelAssigned assigned)
    {
        lock (_reading)
        {
            if (_follows is not null && _audit.LastAssigned == new AssignmentRecord(assigned.Model, assigned.Why, assigned.Share)) return;
            _records.Write(assigned);
            _audit.Apply(new PackageRecord(assigned.Model, assigned.Package));
            _audit.Apply(new AssignmentRecord(assigned.Model, assigned.Why, assigned.Share));
        }
    }

    /// <summary>Writes a change of the account.</summary>
    public void OnAccount(AccountChanged change)
    {
        lock (_reading)
        {
            if (_follows is not null && _audit.AccountChanges.Contains(change)) return;
            _records.Write(change);
            Durable.Written(change, ledger.NextSequence - 1);
            _audit.Apply(change);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _audit.Dispose();

    private void Open(SessionOpened session)
    {
        _records.Write(session);
        _audit.Apply(session);
    }

    private void Keep(Decision decision)
    {
        DueLanes due = DueOf(decision);
        // The account comes first: what contradicts it throws, and must not be in the ledger when the next run folds it.
        _audit.Apply(decision, due);
        long sequence = _records.Write(decision, due);
        if (decision.Opportunity.Submitted) _unacknowledged.Enqueue((sequence, decision.Id));
    }

    private void Keep(Outcome outcome)
    {
        if (_audit.Apply(outcome) is { } twin) _twins.Add(twin);
        _records.Write(outcome);
    }

    private void KeepRecorded(Outcome[] outcomes)
    {
        foreach (Outcome outcome in outcomes) _audit.Apply(outcome);
        _records.WriteRecorded(outcomes);
    }

    private DueLanes DueOf(Decision decision) =>
        (decision.Passed && lanes.EnableProduction ? DueLanes.Production : DueLanes.None)
        | (lanes.EnableShadowSim && (decision.Passed || lanes.ShadowScope == ShadowScope.All) ? DueLanes.Shadow : DueLanes.None)
        | (lanes.EnableTraining ? DueLanes.Training : DueLanes.None);

    private void Acknowledge(long committed)
    {
        List<OpportunityId>? durable = null;
        while (_unacknowledged.TryPeek(out (long Sequence, OpportunityId Id) next) && next.Sequence <= committed && _unacknowledged.TryDequeue(out next))
            (durable ??= []).Add(next.Id);
        if (durable is null) return;
        ValueTask published = transport.PublishAsync(Topics.DecisionsCommitted, new DecisionsCommitted([.. durable]));
        if (!published.IsCompletedSuccessfully) published.AsTask().GetAwaiter().GetResult();
    }
}
