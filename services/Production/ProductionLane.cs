using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Production.Settlement;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Production;

/// <summary>Lane 1: asks the account, sends to the venue, settles what comes back. Every validated opportunity gets exactly one outcome.</summary>
/// <remarks>
/// An instant is settled only when everything detected before it has been judged, and nothing happens before the account is restored. While the lane is off it
/// takes no notice of anything; the kill switch is the account's (<see cref="TradingSwitch"/>).
/// </remarks>
public sealed class ProductionLane(LaneSettings lanes, TradingAccount account, PaperVenue venue, ITransport transport)
{
    private readonly List<SimulatedTrade> _done = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly List<AccountChanged> _changes = [];
    private long _judgedThrough;
    private long? _settledThrough;
    private FeedEnd? _ended;

    /// <summary>Whether judged opportunities can be taken up.</summary>
    public bool ReadyForOrders => !lanes.EnableProduction || account.Restored;

    /// <summary>Whether <paramref name="judged"/> can be taken up: everything that the market did until then is settled, so the account knows of it.</summary>
    public bool ReadyFor(OpportunityJudged judged) =>
        ReadyForOrders && (judged.Submitted || _settledThrough is not { } settled || judged.Position <= settled);

    /// <summary>Whether everything detected before <paramref name="market"/> has been judged, and is in the venue's book or was refused.</summary>
    public bool ReadyFor(MarketObserved market) => !lanes.EnableProduction || (account.Restored && market.DetectedBefore <= _judgedThrough);

    /// <summary>Takes over what the ledger knows of the account.</summary>
    public ValueTask RestoreAsync(AccountSnapshot snapshot, CancellationToken cancel)
    {
        account.Restore(snapshot, _changes);
        return PublishAsync(cancel);
    }

    /// <summary>Sends what the account allows; the rest is missed, with the reason.</summary>
    public ValueTask ExecuteAsync(OpportunityJudged judged, CancellationToken cancel)
    {
        if (!lanes.EnableProduction) return ValueTask.CompletedTask;
        Saw(judged);
        foreach (Decision decision in judged.Decisions) Execute(decision);
        return PublishAsync(cancel);
    }

    /// <summary>Accounts for what a full queue dropped: missed as stale.</summary>
    public ValueTask DropAsync(OpportunityJudged judged, CancellationToken cancel)
    {
        if (!lanes.EnableProduction) return ValueTask.CompletedTask;
        Saw(judged);
        foreach (Decision decision in judged.Decisions)
            Never(decision, MissCode.Stale, $"dropped as the oldest when more than {lanes.MaxQueueSize} opportunities waited for the production lane");
        return PublishAsync(cancel);
    }

    /// <summary>Settles what the instant fills or closes; the last one of a feed closes everything.</summary>
    public ValueTask SettleAsync(MarketObserved market, CancellationToken cancel)
    {
        if (!lanes.EnableProduction) return ValueTask.CompletedTask;
        (_ended, _settledThrough) = (market.End, market.Position);
        venue.Observe(market, _done);
        foreach (SimulatedTrade trade in _done)
        {
            Outcome outcome = Settling.OutcomeOf(trade);
            account.Settle(outcome, _changes);
            _outcomes.Add(outcome);
        }
        _done.Clear();
        account.Advance(market.KnownAt, _changes);
        return PublishAsync(cancel);
    }

    private void Saw(OpportunityJudged judged)
    {
        if (!judged.Submitted && judged.JudgedThrough > _judgedThrough) _judgedThrough = judged.JudgedThrough;
    }

    private void Execute(Decision decision)
    {
        if (_ended is { } end)
        {
            Never(decision, MissCode.NoQuote, $"the market has ended ({end})");
        }
        else if (account.Reserve(decision.Opportunity, _changes) is { } refusal)
        {
            ProductionMetrics.Refused(refusal.Breaker);
            Never(decision, MissCode.Guard, refusal.Detail);
        }
        else
        {
            Send(decision);
        }
    }

    private void Send(Decision decision)
    {
        switch (venue.Send(decision))
        {
            case VenueAnswer.Accepted:
                ProductionMetrics.Ordered();
                break;
            case VenueAnswer.Rejected:
                GiveBack(decision, MissCode.NoQuote, "the venue did not take the order");
                break;
            default:
                GiveBack(decision, MissCode.Full, $"{venue.Working} orders are open at the venue, as many as it holds");
                break;
        }
    }

    private void GiveBack(Decision decision, MissCode code, string why)
    {
        Never(decision, code, why);
        account.Settle(_outcomes[^1], _changes);
    }

    private void Never(Decision decision, MissCode code, string why) => _outcomes.Add(Settling.NeverSent(decision, code, why));

    private async ValueTask PublishAsync(CancellationToken cancel)
    {
        ProductionMetrics.Exposed(account.Exposure);
        if (_outcomes.Count > 0)
        {
            foreach (Outcome outcome in _outcomes) ProductionMetrics.Ended(outcome);
            var known = new OutcomesKnown([.. _outcomes]);
            _outcomes.Clear();
            await transport.PublishAsync(Topics.OutcomeExecuted, known, cancel);
        }
        if (_changes.Count == 0) return;
        AccountChanged[] changes = [.. _changes];
        _changes.Clear();
        foreach (AccountChanged change in changes) await transport.PublishAsync(Topics.AccountChanged, change, cancel);
    }
}
