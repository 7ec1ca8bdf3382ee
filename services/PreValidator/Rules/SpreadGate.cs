using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes a spread below <see cref="SpreadLimit.MaxBps"/> [GATE-07]. A gap is measured across both spreads already, so for gaps it only advises.</summary>
public static class SpreadGate
{
    /// <summary>The gate at one limit.</summary>
    public static Gate At(double maxBps) => new(
        new GateDefinition("spread_gate", "spread, bps", GateComparison.Below, "spread_too_wide", BindsCrossVenue: false, BindsDirectional: true),
        (in Candidate c) => GateResult.Below(c.Opportunity.SpreadBps, maxBps));
}
