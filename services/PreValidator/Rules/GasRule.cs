using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes when gas burns less than a share of the estimated profit (0.8) [LANE-14]. Exchanges burn none, and that passes.</summary>
/// <remarks>No gas beside no profit is held to no limit (NaN): there is no share of such a profit, and it is <see cref="ProfitRule"/> that refuses it.</remarks>
public static class GasRule
{
    /// <summary>The rule at one share.</summary>
    public static Gate At(double maxShare)
    {
        return new Gate(
            new GateDefinition("gas_rule", "gas cost, quote currency", GateComparison.Below, "gas_too_high", BindsCrossVenue: true, BindsDirectional: true),
            (in Candidate c) => c.Opportunity is { GasCost: 0m, ExpectedProfit: <= 0m }
                ? new GateResult(GateState.Pass, 0, double.NaN)
                : GateResult.Below((double)c.Opportunity.GasCost, maxShare * (double)c.Opportunity.ExpectedProfit));
    }
}
