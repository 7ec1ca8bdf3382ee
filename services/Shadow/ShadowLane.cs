using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Shadow;

/// <summary>Lane 2: simulates every opportunity against what the market did next, refused ones too [C1]. No money, no orders.</summary>
public sealed class ShadowLane(ShadowSettings settings, LaneSettings lanes, CostSettings costs, ITransport transport)
{
    private static readonly Counter<long> Simulated = Meters.Shared.CreateCounter<long>("quadturbo_shadow_outcomes_total");
    private readonly MarketSimulator _simulator = new(costs.MaxQuoteAge, settings.MaxOpenTrades);
    private readonly ExecutionTerms _terms = new(settings.Latency, costs.Fees, settings.ImpactBps);
    private readonly List<SimulatedTrade> _done = [];
    private bool _ended;
    private long _validatedThrough;
    private long _refusedThrough;

    /// <summary>True when every opportunity detected before <paramref name="market"/> has its verdict here.</summary>
    public bool ReadyFor(MarketObserved market) => market.DetectedBefore <= Math.Min(_validatedThrough, _refusedThrough);

    /// <summary>Opens a shadow trade for everything that passed.</summary>
    public ValueTask OnValidatedAsync(OpportunityJudged judged, CancellationToken cancel)
    {
        _validatedThrough = Math.Max(_validatedThrough, judged.JudgedThrough);
        return lanes.EnableShadowSim ? OpenAsync(judged, cancel) : ValueTask.CompletedTask;
    }

    /// <summary>Opens a shadow trade for everything that was refused, unless the scope is what passed.</summary>
    public ValueTask OnRefusedAsync(OpportunityJudged judged, CancellationToken cancel)
    {
        _refusedThrough = Math.Max(_refusedThrough, judged.JudgedThrough);
        return lanes.EnableShadowSim && lanes.ShadowScope == ShadowScope.All ? OpenAsync(judged, cancel) : ValueTask.CompletedTask;
    }

    /// <summary>Says that what did not fit into the queue was missed.</summary>
    public ValueTask OnDroppedAsync(OpportunityJudged judged, bool validated, CancellationToken cancel)
    {
        if (validated) _validatedThrough = Math.Max(_validatedThrough, judged.JudgedThrough);
        else _refusedThrough = Math.Max(_refusedThrough, judged.JudgedThrough);
        bool due = lanes.EnableShadowSim && (validated || lanes.ShadowScope == ShadowScope.All);
        if (!due) return ValueTask.CompletedTask;
        foreach (Decision decision in judged.Decisions) _done.Add(SimulatedTrade.Miss(decision, MissCode.Full, decision.Opportunity.KnownAt));
        return PublishAsync(cancel);
    }

    /// <summary>Fills and closes what is due at this instant.</summary>
    public ValueTask OnObservedAsync(MarketObserved market, CancellationToken cancel)
    {
        _ended = market.End is not null;
        _simulator.Observe(market, _done);
        return PublishAsync(cancel);
    }

    private ValueTask OpenAsync(OpportunityJudged judged, CancellationToken cancel)
    {
        foreach (Decision decision in judged.Decisions)
        {
            // A submission may still come in while the platform stops: there is no market any more that could fill it.
            if (_ended) _done.Add(SimulatedTrade.Miss(decision, MissCode.NoQuote, decision.Opportunity.KnownAt));
            else if (!_simulator.TryOpen(decision, _terms))
                _done.Add(SimulatedTrade.Miss(decision, MissCode.Full, decision.Opportunity.KnownAt));
        }
        return PublishAsync(cancel);
    }

    private ValueTask PublishAsync(CancellationToken cancel)
    {
        if (_done.Count == 0) return ValueTask.CompletedTask;
        var outcomes = new Outcome[_done.Count];
        for (int i = 0; i < outcomes.Length; i++) outcomes[i] = _done[i].AsOutcome(Lane.ShadowSim);
        _done.Clear();
        Simulated.Add(outcomes.Length);
        return transport.PublishAsync(Topics.OutcomeSimulated, new OutcomesKnown(outcomes), cancel);
    }
}
