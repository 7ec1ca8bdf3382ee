using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes when gas burns less than a share of the estimated profit (0.8) [LANE-14]. Exchanges burn none.</summary>
public static class GasRule
{
    /// <summary>The rule at one share.</summary>
    public static Gate At(double maxShare)
    {
        return new Gate(
            new GateDefinition("gas_rule", "gas cost, quote currency", GateComparison.Below, "gas_too_high", BindsCrossVenue: true, BindsDirectional: true),
            (in Candidate c) => GateResult.Below((double)c.Opportunity.GasCost, maxShare * (double)c.Opportunity.ExpectedProfit));
    }
}
