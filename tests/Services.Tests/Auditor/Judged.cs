using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>Decisions by three gates, and outcomes that made a given profit.</summary>
internal static class Judged
{
    public static readonly GatePolicy Policy = new(
        [
            new GateDefinition("cost_gate", "bps", GateComparison.Above, "below_costs", true, true),
            new GateDefinition("confidence_gate", "0..1", GateComparison.AtLeast, "not_confident", true, true),
            new GateDefinition("spread_gate", "bps", GateComparison.Below, "spread_too_wide", false, true),
        ],
        "{}");

    private static readonly GateResult[] AllPass = [new(GateState.Pass, 15, 11), new(GateState.Pass, 0.78, 0.55), new(GateState.Pass, 4.2, 5)];

    /// <summary>A gap that passed every gate.</summary>
    public static Decision Decide(long n, params GateState[] states)
    {
        GateResult[] gates = [.. AllPass.Select((gate, i) => i < states.Length ? gate with { State = states[i] } : gate)];
        Opportunity gap = Example.Gap(n, Example.Noon);
        bool passed = !gates.Where((gate, i) => gate.State == GateState.Fail && Policy.Gates[i].Binds(gap.Kind)).Any();
        return gap.Passed() with { Gates = gates, Policy = Policy, Passed = passed };
    }

    public static Outcome Earned(this Decision decision, Lane lane, decimal net) =>
        decision.Opportunity.Earned(net, Example.Noon) with { Decision = decision, Lane = lane };

    public static Outcome Missed(this Decision decision, Lane lane, MissCode code) => new() { Decision = decision, Lane = lane, Missed = code, At = Example.Noon };

    public static Outcome Recorded(this Decision decision) => new() { Decision = decision, Lane = Lane.Training, At = Example.Noon };

    public static Decision Of(this Decision decision, Instrument instrument) => decision with
    {
        Opportunity = decision.Opportunity with { Buy = decision.Opportunity.Buy with { Instrument = instrument } },
    };
}
