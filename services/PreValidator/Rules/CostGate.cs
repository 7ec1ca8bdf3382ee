using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes an expected return above fees + buffer, for example 15 &gt; 8 + 3 bps [GATE-04]; the fees are the simulator's (C16).</summary>
public static class CostGate
{
    /// <summary>The gate at one buffer.</summary>
    public static Gate At(double bufferBps) => new(
        new GateDefinition("cost_gate", "expected return, bps", GateComparison.Above, "below_costs", BindsCrossVenue: true, BindsDirectional: true),
        (in Candidate c) => GateResult.Above(c.Opportunity.GrossEdgeBps, c.Opportunity.FeeBps + bufferBps));
}
