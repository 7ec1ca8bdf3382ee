using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Passes an estimated profit, net of fees on both sides, above 0 [LANE-14]. A contract that cannot be sized has none.</summary>
public static class ProfitRule
{
    /// <summary>The rule.</summary>
    public static Gate Create() => new(
        new GateDefinition("profit_rule", "estimated net profit, quote currency", GateComparison.Above, "no_profit", BindsCrossVenue: true, BindsDirectional: true),
        static (in Candidate c) => GateResult.Above((double)c.Opportunity.ExpectedProfit, 0));
}
