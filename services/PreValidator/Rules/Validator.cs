using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>Every rule and gate, in order. All are evaluated, so that each can be judged later by what became of what it refused.</summary>
/// <remarks>
/// A gate binds a kind of opportunity or only advises: the table is in docs/path.md. Judging allocates nothing. An opportunity passes when no gate that
/// binds it fails; a measure that is unknown does not block paper.
/// </remarks>
public sealed class Validator
{
    private static readonly JsonSerializerOptions SettingsJson = new() { Converters = { new JsonStringEnumConverter() } };
    private readonly Gate[] _gates;
    private readonly bool _enabled;

    /// <summary>The gates at these limits.</summary>
    /// <param name="rules">Limits of the built-in checks, and the rules by configuration.</param>
    /// <param name="gates">Limits of the six gates.</param>
    /// <param name="custom">Rules in code.</param>
    /// <param name="enabled">False lets everything pass, labelled; allowed only while production is off (C3).</param>
    /// <exception cref="Hosting.Settings.SettingsException">A rule by configuration is not valid, or there are too many gates.</exception>
    public Validator(PreValidatorSettings rules, GateSettings gates, IEnumerable<CustomRule> custom, bool enabled = true)
    {
        _enabled = enabled;
        _gates =
        [
            ScoreRule.At(rules.MinScore),
            ProfitRule.Create(),
            GasRule.At(rules.MaxGasShare),
            .. rules.Rules.Select(CustomRule.From),
            .. custom.Select(rule => rule.AsGate()),
            MetaLabelGate.At(gates.MetaLabel.Min),
            CostGate.At(gates.Cost.BufferBps),
            ConfidenceGate.At(gates.Confidence.Min),
            RegimeGate.Allowing(gates.Regime.Allowed),
            SpreadGate.At(gates.Spread.MaxBps),
            VolumeGate.At(gates.Volume.MinRatio),
        ];
        if (_gates.Length > GatePolicy.MostGates)
        {
            throw new Hosting.Settings.SettingsException(
                [new("preValidator.rules", $"{_gates.Length} gates exceed the limit of {GatePolicy.MostGates}")]);
        }
        Policy = new GatePolicy([.. _gates.Select(g => g.Definition)], JsonSerializer.Serialize(new PolicySettings(rules, gates, enabled), SettingsJson));
    }

    /// <summary>The gates and the numbers that they are held to.</summary>
    public GatePolicy Policy { get; }

    /// <summary>Gates per opportunity.</summary>
    public int GateCount => _gates.Length;

    /// <summary>The validator that a ledger's policy describes; rules in code are given again.</summary>
    public static Validator From(GatePolicy policy, IEnumerable<CustomRule> custom)
    {
        PolicySettings settings = JsonSerializer.Deserialize<PolicySettings>(policy.Settings, SettingsJson)
            ?? throw new JsonException("the ledger's gate policy is empty");
        return new Validator(settings.Rules, settings.Gates, custom, settings.Enabled);
    }

    /// <summary>Asks every gate about every opportunity.</summary>
    /// <param name="opportunities">The batch, n opportunities.</param>
    /// <param name="answers">The serving model's: [n].</param>
    /// <param name="results">Answers: [n, <see cref="GateCount"/>], row-major.</param>
    /// <param name="passed">Verdicts: [n].</param>
    public void Judge(ReadOnlySpan<Opportunity> opportunities, ReadOnlySpan<ModelAnswer> answers, Span<GateResult> results, Span<bool> passed)
    {
        for (int i = 0; i < opportunities.Length; i++)
        {
            var candidate = new Candidate(opportunities[i], answers[i]);
            passed[i] = Judge(candidate, results.Slice(i * _gates.Length, _gates.Length)) || !_enabled;
        }
    }

    private bool Judge(in Candidate candidate, Span<GateResult> results)
    {
        bool passed = true;
        for (int g = 0; g < _gates.Length; g++)
        {
            Gate gate = _gates[g];
            results[g] = gate.Check(candidate);
            if (results[g].State == GateState.Fail && gate.Definition.Binds(candidate.Opportunity.Kind)) passed = false;
        }
        return passed;
    }

    private sealed record PolicySettings(PreValidatorSettings Rules, GateSettings Gates, bool Enabled);
}
