using System.Globalization;
using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Stories;

/// <summary>One gate of one decision: what it says, how far it is from saying the opposite, and what would make it do so.</summary>
/// <param name="Definition">The gate.</param>
/// <param name="Result">Its answer.</param>
/// <param name="Binds">Its failure refuses this kind of opportunity; otherwise it only advises.</param>
/// <param name="Opportunity">What it was asked about.</param>
public sealed record GateReading(GateDefinition Definition, GateResult Result, bool Binds, Opportunity Opportunity)
{
    private const double Grain = 1e6;

    /// <summary>The gates of <paramref name="decision"/> in order.</summary>
    public static IReadOnlyList<GateReading> Of(Decision decision)
    {
        var readings = new GateReading[decision.Gates.Length];
        for (int i = 0; i < readings.Length; i++)
        {
            GateDefinition definition = decision.Policy.Gates[i];
            readings[i] = new GateReading(definition, decision.Gates.Span[i], definition.Binds(decision.Opportunity.Kind), decision.Opportunity);
        }
        return readings;
    }

    /// <summary>The comparison that must hold for the gate to pass.</summary>
    public string Sign => Definition.Comparison switch
    {
        GateComparison.Above => ">",
        GateComparison.AtLeast => ">=",
        GateComparison.Below => "<",
        GateComparison.AtMost => "<=",
        _ => "in",
    };

    /// <summary>|measured − limit| over the larger of the two, 0 to 2; 1 for a choice from a list; NaN without a measure or a limit.</summary>
    public double Distance
    {
        get
        {
            if (Definition.Comparison == GateComparison.OneOf) return Result.State == GateState.Unknown ? double.NaN : 1;
            double scale = Math.Max(Math.Abs(Result.Measured), Math.Abs(Result.Limit));
            return scale == 0 ? 0 : Math.Abs(Result.Measured - Result.Limit) / scale;
        }
    }

    /// <summary>What would let this failed gate pass: the setting, and the market.</summary>
    public string Remedy =>
        Definition.Name == "gas_rule" && Opportunity.ExpectedProfit <= 0m ? "its limit is a share of the estimated profit, which must rise"
        : Setting is not { } setting ? $"no gate setting lets it pass, only other fees (costs.takerBps) or the market: the measure must {Market}"
        : Definition.Comparison == GateComparison.OneOf ? $"it passes with {setting}"
        : $"it passes with {setting}, or if the measure would {Market}";

    /// <summary>The setting that lets this failed gate pass, such as <c>preValidator.minScore &lt;= 0.652</c>; null when none within its range does.</summary>
    public string? Setting
    {
        get
        {
            double measured = Result.Measured;
            string key = GateScales.SettingOf(Definition.Name) ?? "";
            return Definition.Name switch
            {
                "score_rule" => AtMost(key, measured, strict: false, lowest: 0),
                "gas_rule" => Gas(key),
                "meta_label_gate" => AtMost(key, measured, strict: true, lowest: 0),
                "cost_gate" => AtMost(key, measured - Opportunity.FeeBps, strict: true, lowest: 0),
                "confidence_gate" => AtMost(key, measured, strict: false, lowest: 0),
                "regime_gate" => $"{key} including {Opportunity.Regime}",
                "spread_gate" => AtLeast(key, measured, strict: true, highest: 1000),
                "volume_gate" => AtMost(key, measured, strict: true, lowest: 0),
                _ when Definition.Name.StartsWith("custom:", StringComparison.Ordinal) => Rule(key, measured),
                _ => null,
            };
        }
    }

    /// <summary>A number as people read it: at most six significant digits.</summary>
    public static string Show(double value) => double.IsNaN(value) ? "unknown" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>How the measure must move: by how many percent of itself, or by how much where it is not positive.</summary>
    private string Market
    {
        get
        {
            double change = Math.Abs(Result.Limit - Result.Measured);
            string way = Definition.Comparison is GateComparison.Above or GateComparison.AtLeast ? "rise" : "fall";
            string by = Result.Measured > 0 ? $"{(100 * change / Result.Measured).ToString("0.##", CultureInfo.InvariantCulture)} %" : Show(change);
            return $"{way} by {(Definition.Comparison is GateComparison.Above or GateComparison.Below ? "more than " : "")}{by}";
        }
    }

    private string? Gas(string key) =>
        Opportunity.ExpectedProfit > 0
            ? AtLeast(key, (double)(Opportunity.GasCost / Opportunity.ExpectedProfit), strict: true, highest: 1)
            : null;

    private string Rule(string key, double measured)
    {
        return Definition.Comparison switch
        {
            GateComparison.AtMost => AtLeast(key, measured, strict: false, double.PositiveInfinity)!,
            GateComparison.Below => AtLeast(key, measured, strict: true, double.PositiveInfinity)!,
            GateComparison.AtLeast => AtMost(key, measured, strict: false, double.NegativeInfinity)!,
            _ => AtMost(key, measured, strict: true, double.NegativeInfinity)!,
        };
    }

    // Rounded towards passing, so that the number as it is printed does what it says.
    private static string? AtMost(string key, double bound, bool strict, double lowest)
    {
        double rounded = Math.Floor(bound * Grain) / Grain;
        if (strict && rounded >= bound) rounded -= 1 / Grain;
        return rounded < lowest ? null : $"{key} <= {rounded.ToString("0.######", CultureInfo.InvariantCulture)}";
    }

    private static string? AtLeast(string key, double bound, bool strict, double highest)
    {
        double rounded = Math.Ceiling(bound * Grain) / Grain;
        if (strict && rounded <= bound) rounded += 1 / Grain;
        return rounded > highest ? null : $"{key} >= {rounded.ToString("0.######", CultureInfo.InvariantCulture)}";
    }
}
