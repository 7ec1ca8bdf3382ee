using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.GateCourt;

/// <summary>In what a gate's limit is set, where that is not the measure itself.</summary>
public enum GateScale
{
    /// <summary>The measure.</summary>
    Measure,

    /// <summary>The measure beyond the opportunity's fees, bps: <c>cost_gate</c>.</summary>
    OverFees,

    /// <summary>The measure over the estimated profit: <c>gas_rule</c>.</summary>
    ShareOfProfit,

    /// <summary>There is no number: an allow-list.</summary>
    None,
}

/// <summary>The settings that hold the gates' limits, and the measures on the settings' own scale.</summary>
public static class GateScales
{
    private const double Grain = 1e9;

    /// <summary>The scale of a gate's setting.</summary>
    public static GateScale Of(GateDefinition gate) =>
        gate.Comparison == GateComparison.OneOf ? GateScale.None
        : gate.Name switch
        {
            "cost_gate" => GateScale.OverFees,
            "gas_rule" => GateScale.ShareOfProfit,
            _ => GateScale.Measure,
        };

    /// <summary>The setting that holds the limit; null where it is fixed.</summary>
    public static string? SettingOf(string gate) => gate switch
    {
        "score_rule" => "preValidator.minScore",
        "gas_rule" => "preValidator.maxGasShare",
        "meta_label_gate" => "gates.metaLabel.min",
        "cost_gate" => "gates.cost.bufferBps",
        "confidence_gate" => "gates.confidence.min",
        "regime_gate" => "gates.regime.allowed",
        "spread_gate" => "gates.spread.maxBps",
        "volume_gate" => "gates.volume.minRatio",
        _ when gate.StartsWith("custom:", StringComparison.Ordinal) => $"preValidator.rules ({gate["custom:".Length..]}) limit",
        _ => null,
    };

    /// <summary>Measure and limit on that scale; NaN where there is none.</summary>
    public static (double Value, double Limit) On(GateScale scale, in GateResult result, Opportunity opportunity)
    {
        switch (scale)
        {
            case GateScale.Measure: return (result.Measured, result.Limit);
            case GateScale.OverFees: return (result.Measured - opportunity.FeeBps, Math.Round((result.Limit - opportunity.FeeBps) * Grain) / Grain);
            case GateScale.ShareOfProfit when opportunity.ExpectedProfit > 0m:
                double profit = (double)opportunity.ExpectedProfit;
                return (result.Measured / profit, Math.Round(result.Limit / profit * Grain) / Grain);
            default: return (double.NaN, double.NaN);
        }
    }
}
