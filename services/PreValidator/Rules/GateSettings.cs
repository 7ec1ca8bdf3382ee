using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Lane 4's own limits.</summary>
[SettingsSection("preValidator")]
public sealed record PreValidatorSettings
{
    /// <summary>Lowest score that passes.</summary>
    [Description("Lowest model score that passes (score_rule).")]
    [Range(0.0, 1.0)]
    public double MinScore { get; init; } = 0.6;

    /// <summary>Most gas, as a share of the profit.</summary>
    [Description("Gas cost must stay below this share of the estimated profit (gas_rule).")]
    [Range(0.0, 1.0)]
    public double MaxGasShare { get; init; } = 0.8;

    /// <summary>Rules by configuration.</summary>
    [Description("Custom rules: name, field, op (<=, <, >=, >), limit, reason. The shipped example refuses more than 5 hops.")]
    public IList<RuleSettings> Rules { get; init; } = [new RuleSettings { Name = "hops", Field = "hops", Op = "<=", Limit = 5, Reason = "Too many hops" }];
}

/// <summary>One custom rule by configuration, for example <c>hops &lt;= 5</c>.</summary>
public sealed record RuleSettings
{
    /// <summary>Name; the gate is called <c>custom:name</c>.</summary>
    [Description("Name of the rule; its gate is called custom:name.")]
    public string Name { get; init; } = "";

    /// <summary>What is measured: <c>hops</c>, <c>quantity</c>, <c>expectedProfit</c>, <c>gasCost</c>, or the name of a feature.</summary>
    [Description("What is measured: hops, quantity, expectedProfit, gasCost, or the name of a feature.")]
    public string Field { get; init; } = "";

    /// <summary><c>&lt;=</c>, <c>&lt;</c>, <c>&gt;=</c> or <c>&gt;</c>.</summary>
    [Description("<=, <, >= or >.")]
    public string Op { get; init; } = "<=";

    /// <summary>The limit, in the field's unit.</summary>
    [Description("The limit, in the field's unit.")]
    public double Limit { get; init; }

    /// <summary>What a refusal says.</summary>
    [Description("What a refusal says.")]
    public string Reason { get; init; } = "";
}

/// <summary>Limits of the six gates [GATE-03..08]; C2: different questions, so different keys.</summary>
[SettingsSection("gates")]
public sealed record GateSettings
{
    /// <summary>meta_label_gate.</summary>
    [Description("Limit of meta_label_gate.")]
    public MetaLabelLimit MetaLabel { get; init; } = new();

    /// <summary>cost_gate.</summary>
    [Description("Limit of cost_gate.")]
    public CostLimit Cost { get; init; } = new();

    /// <summary>confidence_gate.</summary>
    [Description("Limit of confidence_gate.")]
    public ConfidenceLimit Confidence { get; init; } = new();

    /// <summary>regime_gate.</summary>
    [Description("Allow-list of regime_gate.")]
    public RegimeLimit Regime { get; init; } = new();

    /// <summary>spread_gate.</summary>
    [Description("Limit of spread_gate.")]
    public SpreadLimit Spread { get; init; } = new();

    /// <summary>volume_gate.</summary>
    [Description("Limit of volume_gate.")]
    public VolumeLimit Volume { get; init; } = new();
}

/// <summary>Limit of the meta-label gate.</summary>
public sealed record MetaLabelLimit
{
    /// <summary>The model's probability of a win must exceed it.</summary>
    [Description("meta_label_gate: the trained model's win probability must exceed this.")]
    [Range(0.0, 1.0)]
    public double Min { get; init; } = 0.45;
}

/// <summary>Limit of the cost gate.</summary>
public sealed record CostLimit
{
    /// <summary>What must be left after costs.</summary>
    [Description("cost_gate: expected return must exceed the fees of both sides by this, bps.")]
    [Range(0.0, 1000.0)]
    public double BufferBps { get; init; } = 3;
}

/// <summary>Limit of the confidence gate.</summary>
public sealed record ConfidenceLimit
{
    /// <summary>Lowest confidence that passes.</summary>
    [Description("confidence_gate: lowest confidence of detection that passes.")]
    [Range(0.0, 1.0)]
    public double Min { get; init; } = 0.55;
}

/// <summary>Allow-list of the regime gate.</summary>
public sealed record RegimeLimit
{
    /// <summary>The regimes in which a directional trade may be opened.</summary>
    [Description("regime_gate: regimes in which a directional trade may be opened.")]
    public IList<Regime> Allowed { get; init; } = [Trading.Markets.Regime.Trend];
}

/// <summary>Limit of the spread gate.</summary>
public sealed record SpreadLimit
{
    /// <summary>The spread must stay below it.</summary>
    [Description("spread_gate: the spread must stay below this, bps.")]
    [Range(0.0, 1000.0)]
    public double MaxBps { get; init; } = 5.0;
}

/// <summary>Limit of the volume gate.</summary>
public sealed record VolumeLimit
{
    /// <summary>Volume must exceed this share of its usual level.</summary>
    [Description("volume_gate: volume must exceed this multiple of its usual level.")]
    [Range(0.0, 100.0)]
    public double MinRatio { get; init; } = 0.5;
}
