using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.GateCourt;

/// <summary>Every gate's record. Single writer.</summary>
public sealed class Court
{
    private readonly Dictionary<string, GateRecord> _byName = new(StringComparer.Ordinal);
    private readonly List<GateRecord> _records = [];
    private GatePolicy? _policy;
    private GateRecord[] _inOrder = [];

    /// <summary>The gates in the order in which they are evaluated.</summary>
    public IReadOnlyList<GateRecord> Gates => _records;

    /// <summary>The gates and limits of the last decision; null before one.</summary>
    public GatePolicy? Policy => _policy;

    /// <summary>Counts what every gate said of <paramref name="decision"/>.</summary>
    public void Hear(Decision decision)
    {
        GateRecord[] records = RecordsOf(decision.Policy);
        ReadOnlySpan<GateResult> gates = decision.Gates.Span;
        for (int i = 0; i < gates.Length; i++) records[i].Count(gates[i].State);
    }

    /// <summary>Tries every gate that failed against what the shadow trade made, and every other limit too.</summary>
    public void Try(Outcome shadow)
    {
        if (shadow.Trade is not { } trade) return;
        GateRecord[] records = RecordsOf(shadow.Decision.Policy);
        ReadOnlySpan<GateResult> gates = shadow.Decision.Gates.Span;
        bool won = trade.Won;
        decimal? net = Currency.IsBase(shadow.Decision.Opportunity.Market) ? trade.Net : null;
        double? made = (double?)net;
        for (int i = 0; i < gates.Length; i++)
        {
            if (gates[i].State == GateState.Fail) records[i].Try(Refused(shadow.Decision, i), won, net);
            if (records[i].Scale == GateScale.None) continue;
            (double value, double limit) = GateScales.On(records[i].Scale, gates[i], shadow.Decision.Opportunity);
            records[i].Curve.Add(value, limit, won, made);
        }
    }

    private static bool Refused(Decision decision, int gate) => !decision.Passed && decision.Policy.Gates[gate].Binds(decision.Opportunity.Kind);

    private GateRecord[] RecordsOf(GatePolicy policy)
    {
        if (ReferenceEquals(policy, _policy)) return _inOrder;
        _policy = policy;
        return _inOrder = [.. policy.Gates.Select(RecordOf)];
    }

    private GateRecord RecordOf(GateDefinition definition)
    {
        if (_byName.TryGetValue(definition.Name, out GateRecord? record)) return record;
        record = new GateRecord(definition);
        _records.Add(record);
        return _byName[definition.Name] = record;
    }
}
