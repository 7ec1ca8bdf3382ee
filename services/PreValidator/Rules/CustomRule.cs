using System.Globalization;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>What a rule in code answers [LANE-15].</summary>
/// <param name="Passed">Whether the opportunity may pass.</param>
/// <param name="Reason">Why, for example "Too many hops", or "OK".</param>
public readonly record struct RuleAnswer(bool Passed, string Reason);

/// <summary>A rule of the user's own, in code: register instances as singletons.</summary>
/// <param name="Name">The gate is called <c>custom:name</c>.</param>
/// <param name="Ask">Takes the opportunity, returns {passed, reason}.</param>
public sealed record CustomRule(string Name, Func<Opportunity, RuleAnswer> Ask)
{
    /// <summary>The rule as a gate; its measure is 1 for passed and 0 for refused, its limit 1.</summary>
    public Gate AsGate() => new(Define(Name, "1 passed, 0 refused", GateComparison.AtLeast), (in Candidate c) => Answer(Ask(c.Opportunity)));

    /// <summary>A rule by configuration as a gate.</summary>
    /// <exception cref="SettingsException">The name, field, comparison or limit is not valid; the message says which and what is allowed.</exception>
    public static Gate From(RuleSettings rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Name)) throw Invalid("name", $"'{rule.Name}' is empty; give the rule a name");
        if (!double.IsFinite(rule.Limit)) throw Invalid("limit", $"'{rule.Limit}' is not a number");
        Func<Opportunity, double> field = FieldOf(rule.Field);
        double limit = rule.Limit;
        string? reason = string.IsNullOrEmpty(rule.Reason) ? null : rule.Reason;
        return rule.Op switch
        {
            "<=" => Create(GateComparison.AtMost, GateResult.AtMost),
            "<" => Create(GateComparison.Below, GateResult.Below),
            ">=" => Create(GateComparison.AtLeast, GateResult.AtLeast),
            ">" => Create(GateComparison.Above, GateResult.Above),
            _ => throw Invalid("op", $"'{rule.Op}' is not one of <=, <, >=, >"),
        };

        Gate Create(GateComparison comparison, Func<double, double, GateResult> compare) =>
            new(Define(rule.Name, rule.Field, comparison), (in Candidate c) => Named(compare(field(c.Opportunity), limit), reason));
    }

    private static GateDefinition Define(string name, string measures, GateComparison comparison) =>
        new("custom:" + name, measures, comparison, "custom:" + name, BindsCrossVenue: true, BindsDirectional: true);

    private static GateResult Answer(RuleAnswer answer) =>
        new(answer.Passed ? GateState.Pass : GateState.Fail, answer.Passed ? 1 : 0, 1, answer.Passed ? null : answer.Reason);

    private static GateResult Named(in GateResult result, string? reason) => result.State == GateState.Fail ? result with { Reason = reason } : result;

    private static Func<Opportunity, double> FieldOf(string field)
    {
        switch (field)
        {
            case "hops": return static o => o.Hops;
            case "quantity": return static o => (double)o.Quantity;
            case "expectedProfit": return static o => (double)o.ExpectedProfit;
            case "gasCost": return static o => (double)o.GasCost;
        }
        string[] known = ["hops", "quantity", "expectedProfit", "gasCost", .. FeatureSchema.Columns.Select(c => c.Name)];
        if (!known.Contains(field)) throw Invalid("field", $"'{field}' is not known; the nearest is '{Nearest.To(field, known)}'");
        int column = FeatureSchema.IndexOf(field);
        return o => o.Features[column];
    }

    private static SettingsException Invalid(string field, string message) =>
        new([new SettingsError($"preValidator.rules.{field}", string.Create(CultureInfo.InvariantCulture, $"{message}"))]);
}
