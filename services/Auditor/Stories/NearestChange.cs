using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Stories;

/// <summary>"What would have to be different for the opposite verdict?"</summary>
public static class NearestChange
{
    /// <summary>The answer in lines; of several gates the nearest comes first.</summary>
    public static IReadOnlyList<string> Of(Decision decision)
    {
        IReadOnlyList<GateReading> gates = GateReading.Of(decision);
        List<GateReading> failing = [.. gates.Where(g => g.Binds && g.Result.State == GateState.Fail).OrderBy(g => g.Distance)];
        if (decision.Passed) return failing.Count > 0 ? Unjudged(failing) : Closest(gates);
        return failing.Count == 1
            ? [$"{Failure(failing[0])}; {failing[0].Remedy}"]
            :
            [
                $"all {failing.Count} of these must change, the nearest first:",
                .. failing.Select(g => $"  {Failure(g)}; {g.Remedy}"),
            ];
    }

    private static IReadOnlyList<string> Unjudged(List<GateReading> failing) =>
        [$"pre-validation was off (lanes.enablePrevalidation): it passed although {string.Join(", ", failing.Select(g => g.Definition.Name))} failed"];

    private static IReadOnlyList<string> Closest(IReadOnlyList<GateReading> gates)
    {
        GateReading? closest = gates.Where(g => g.Binds && g.Result.State == GateState.Pass).MinBy(g => g.Distance);
        return closest is null
            ? ["no gate that binds it could measure anything"]
            : [$"closest: {closest.Definition.Name}: {Comparison(closest)}, a margin of {100 * closest.Distance:0.#} %; beyond that limit it would be refused"];
    }

    private static string Failure(GateReading gate) => $"{gate.Definition.Name}: {Comparison(gate)}";

    private static string Comparison(GateReading gate)
    {
        if (gate.Definition.Comparison == GateComparison.OneOf)
            return $"{gate.Opportunity.Regime} is {(gate.Result.State == GateState.Fail ? "not " : "")}one of those allowed";
        string sign = (gate.Definition.Comparison, gate.Result.State) switch
        {
            (_, GateState.Pass) => gate.Sign,
            (GateComparison.Above, _) => "<=",
            (GateComparison.AtLeast, _) => "<",
            (GateComparison.Below, _) => ">=",
            _ => ">",
        };
        return $"{GateReading.Show(gate.Result.Measured)} {sign} {GateReading.Show(gate.Result.Limit)}";
    }
}
