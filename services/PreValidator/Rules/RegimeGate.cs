using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes when the market's regime is on the allow-list [GATE-06]. A gap is there in any regime, so for gaps it only advises.</summary>
public static class RegimeGate
{
    /// <summary>The gate with one allow-list.</summary>
    public static Gate Allowing(IEnumerable<Regime> allowed)
    {
        int mask = allowed.Aggregate(0, (m, regime) => m | 1 << (int)regime);
        return new Gate(
            new GateDefinition("regime_gate", "regime: 1 range, 2 trend, 3 panic; the limit is the set of allowed ones as bits", GateComparison.OneOf, "wrong_regime", BindsCrossVenue: false, BindsDirectional: true),
            (in Candidate c) => Check(c.Opportunity.Regime, mask));
    }

    private static GateResult Check(Regime regime, int mask)
    {
        if (regime == Regime.Unknown) return new GateResult(GateState.Unknown, double.NaN, mask);
        bool allowed = (mask & 1 << (int)regime) != 0;
        return new GateResult(allowed ? GateState.Pass : GateState.Fail, (double)regime, mask);
    }
}
