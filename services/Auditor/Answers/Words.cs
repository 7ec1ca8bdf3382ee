using System.Globalization;
using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Answers;

/// <summary>Values as answers spell them.</summary>
internal static class Words
{
    private static readonly string[] Kinds = Snakes<OpportunityKind>(), Modes = Snakes<TradeMode>(), Sides = Snakes<TradeSide>();

    public static string Kind(OpportunityKind kind) => Kinds[(int)kind];

    public static string Mode(TradeMode mode) => Modes[(int)mode];

    public static string Side(TradeSide side) => Sides[(int)side];

    public static OpportunityKind KindOf(string word) => (OpportunityKind)Array.IndexOf(Kinds, word);

    public static string Instant(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string Money(decimal amount) => amount.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>An amount that was summed in float64, to a millionth.</summary>
    public static string Money(double amount) => Money(Math.Round((decimal)amount, 6));

    public static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static double? Known(double value) => double.IsFinite(value) ? value : null;

    public static ModelName Model(ModelRef model) => new() { Id = model.Id, Label = model.Label, Ordinal = model.Ordinal };

    public static IReadOnlyList<string> Venues(OpportunityKind kind, string buy, string sell) =>
        kind == OpportunityKind.Directional || buy == sell ? [buy] : [buy, sell];

    public static string Sign(GateComparison comparison) => comparison switch
    {
        GateComparison.Above => ">",
        GateComparison.AtLeast => ">=",
        GateComparison.Below => "<",
        GateComparison.AtMost => "<=",
        _ => "in",
    };

    /// <summary>The unit at the end of what a gate measures; empty where none is named.</summary>
    public static string Unit(GateDefinition gate) =>
        gate.Measures.LastIndexOf(", ", StringComparison.Ordinal) is var comma and >= 0 ? gate.Measures[(comma + 2)..] : "";

    /// <summary>The allow-list of a gate that has one, from the settings that a policy carries; null for other gates.</summary>
    public static string? ListOf(GateDefinition gate, GatePolicy? policy)
    {
        if (GateScales.Of(gate) != GateScale.None || policy is null) return null;
        System.Text.Json.Nodes.JsonNode? allowed = System.Text.Json.Nodes.JsonNode.Parse(policy.Settings)?["Gates"]?["Regime"]?["Allowed"];
        return allowed is null ? null : string.Join(", ", allowed.AsArray().Select(r => Names.Snake($"{r}")));
    }

    public static IReadOnlyList<CauseAmount> Causes(IEnumerable<(string Name, decimal Amount)> causes) =>
        [.. causes.Where(c => c.Name != "unexplained").Select(c => new CauseAmount { Name = c.Name, Amount = Money(c.Amount) })];

    private static string[] Snakes<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(Names.Snake)];
}
