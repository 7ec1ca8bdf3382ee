using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Audit;

/// <summary>How often each way of executing succeeds [DASH-03]: per kind, symbol and venues, for lane 1 and lane 2. Single writer.</summary>
public sealed class ExecutionPaths
{
    /// <summary>Most ways that are kept apart; outcomes of others are counted together.</summary>
    public const int MostPaths = 4096;

    private readonly Dictionary<(Instrument Buy, Instrument Sell, OpportunityKind Kind), PathTally?> _byInstruments = [];
    private readonly Dictionary<(OpportunityKind Kind, string Symbol, string Buy, string Sell), PathTally> _byName = [];

    /// <summary>The ways, in order of first sight.</summary>
    public IReadOnlyCollection<PathTally> All => _byName.Values;

    /// <summary>Outcomes of ways beyond <see cref="MostPaths"/>.</summary>
    public long Other { get; private set; }

    /// <summary>Instruments are known by reference within a session: those of the last one are forgotten.</summary>
    public void Forget() => _byInstruments.Clear();

    /// <summary>Counts an outcome of lane 1 or lane 2.</summary>
    public void Add(Outcome outcome, bool won, decimal net)
    {
        Opportunity opportunity = outcome.Decision.Opportunity;
        (Instrument, Instrument, OpportunityKind) key = (opportunity.Buy.Instrument, opportunity.Sell.Instrument, opportunity.Kind);
        if (!_byInstruments.TryGetValue(key, out PathTally? tally)) tally = Find(opportunity, key);
        if (tally is null) Other++;
        else (outcome.Lane == Lane.Production ? tally.Production : tally.Shadow).Add(outcome.Filled, won, net);
    }

    private PathTally? Find(Opportunity opportunity, (Instrument, Instrument, OpportunityKind) key)
    {
        var name = (opportunity.Kind, opportunity.Market, opportunity.Buy.Instrument.Venue, opportunity.Sell.Instrument.Venue);
        if (!_byName.TryGetValue(name, out PathTally? tally) && _byName.Count < MostPaths)
            _byName[name] = tally = new PathTally(opportunity.Kind, opportunity.Market, opportunity.Buy.Instrument.Venue, opportunity.Sell.Instrument.Venue);
        if (_byInstruments.Count < 2 * MostPaths) _byInstruments[key] = tally;
        return tally;
    }
}

/// <summary>One way of executing.</summary>
/// <param name="Kind">Gap or direction.</param>
/// <param name="Symbol">The symbol it is reported under.</param>
/// <param name="Buy">Venue of the bought side.</param>
/// <param name="Sell">Venue of the sold side.</param>
public sealed record PathTally(OpportunityKind Kind, string Symbol, string Buy, string Sell)
{
    /// <summary>Lane 1.</summary>
    public FillTally Production { get; } = new();

    /// <summary>Lane 2.</summary>
    public FillTally Shadow { get; } = new();
}

/// <summary>What became of the outcomes of one lane.</summary>
public sealed class FillTally
{
    /// <summary>Outcomes.</summary>
    public long Processed { get; private set; }

    /// <summary>Of those, trades.</summary>
    public long Filled { get; private set; }

    /// <summary>Of those, trades that made money after fees.</summary>
    public long Succeeded { get; private set; }

    /// <summary>Profit after fees, quote currency.</summary>
    public decimal Net { get; private set; }

    /// <summary>Counts one.</summary>
    public void Add(bool filled, bool won, decimal net)
    {
        Processed++;
        if (!filled) return;
        Filled++;
        if (won) Succeeded++;
        Net += net;
    }
}
