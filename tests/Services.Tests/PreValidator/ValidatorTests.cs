using QuadTurbo.Hosting.Settings;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.PreValidator;

public class ValidatorTests
{
    private static readonly double Unknown = double.NaN;
    private static readonly ModelAnswer Sure = new(1, 1, 1), Likely = new(0.9, 0.9, Unknown), Silent = new(Unknown, Unknown, Unknown);

    /// <summary>What passes every gate: the seed's own sample where it has one.</summary>
    private static readonly Opportunity Good = Example.Gap(0, Example.Noon) with
    {
        GrossEdgeBps = 15,
        FeeBps = 8,
        ExpectedProfit = 1m,
        Confidence = 0.78,
        Regime = Regime.Trend,
        SpreadBps = 4.2,
        VolumeRatio = 1.2,
    };

    [Fact]
    public void Every_gate_passes_the_seeds_sample()
    {
        GateResult[] results = Judge(Good, out bool passed);

        Assert.True(passed);
        Assert.All(results, r => Assert.Equal(GateState.Pass, r.State));
        Assert.Equal(
            ["score_rule", "profit_rule", "gas_rule", "custom:hops", "meta_label_gate", "cost_gate", "confidence_gate", "regime_gate", "spread_gate", "volume_gate"],
            new Validator(new PreValidatorSettings(), new GateSettings(), []).Policy.Gates.Select(g => g.Name));
    }

    [Theory]
    [InlineData("score_rule", 0.5999, GateState.Fail)]
    [InlineData("score_rule", 0.6, GateState.Pass)]
    [InlineData("score_rule", 0.6001, GateState.Pass)]
    [InlineData("score_rule", double.NaN, GateState.Unknown)]
    [InlineData("profit_rule", -0.01, GateState.Fail)]
    [InlineData("profit_rule", 0, GateState.Fail)]
    [InlineData("profit_rule", 0.01, GateState.Pass)]
    [InlineData("gas_rule", 0.79, GateState.Pass)]
    [InlineData("gas_rule", 0.8, GateState.Fail)]
    [InlineData("gas_rule", 0.81, GateState.Fail)]
    [InlineData("custom:hops", 4, GateState.Pass)]
    [InlineData("custom:hops", 5, GateState.Pass)]
    [InlineData("custom:hops", 6, GateState.Fail)]
    [InlineData("meta_label_gate", 0.4499, GateState.Fail)]
    [InlineData("meta_label_gate", 0.45, GateState.Fail)]
    [InlineData("meta_label_gate", 0.4501, GateState.Pass)]
    [InlineData("meta_label_gate", double.NaN, GateState.Unknown)]
    [InlineData("cost_gate", 10.9, GateState.Fail)]
    [InlineData("cost_gate", 11, GateState.Fail)]
    [InlineData("cost_gate", 11.1, GateState.Pass)]
    [InlineData("cost_gate", double.NaN, GateState.Unknown)]
    [InlineData("confidence_gate", 0.5499, GateState.Fail)]
    [InlineData("confidence_gate", 0.55, GateState.Pass)]
    [InlineData("confidence_gate", 0.5501, GateState.Pass)]
    [InlineData("confidence_gate", double.NaN, GateState.Unknown)]
    [InlineData("regime_gate", (double)Regime.Unknown, GateState.Unknown)]
    [InlineData("regime_gate", (double)Regime.Range, GateState.Fail)]
    [InlineData("regime_gate", (double)Regime.Trend, GateState.Pass)]
    [InlineData("regime_gate", (double)Regime.Panic, GateState.Fail)]
    [InlineData("spread_gate", 4.99, GateState.Pass)]
    [InlineData("spread_gate", 5, GateState.Fail)]
    [InlineData("spread_gate", 5.01, GateState.Fail)]
    [InlineData("spread_gate", double.NaN, GateState.Unknown)]
    [InlineData("volume_gate", 0.49, GateState.Fail)]
    [InlineData("volume_gate", 0.5, GateState.Fail)]
    [InlineData("volume_gate", 0.51, GateState.Pass)]
    [InlineData("volume_gate", double.NaN, GateState.Unknown)]
    public void A_gate_holds_its_measure_to_its_limit_and_refuses_only_the_kinds_it_binds(string gate, double measure, GateState state)
    {
        foreach (OpportunityKind kind in Enum.GetValues<OpportunityKind>())
        {
            (Opportunity opportunity, ModelAnswer answer) = With(gate, measure, Good with { Kind = kind });
            var validator = new Validator(new PreValidatorSettings(), new GateSettings(), []);
            GateResult[] results = Judge(validator, opportunity, answer, out bool passed);
            int index = validator.Policy.Gates.ToList().FindIndex(g => g.Name == gate);

            Assert.Equal(state, results[index].State);
            if (state != GateState.Unknown) Assert.Equal(measure, results[index].Measured);
            else Assert.Equal(double.NaN, results[index].Measured);
            Assert.All(results.Where((_, i) => i != index), r => Assert.Equal(GateState.Pass, r.State));

            // Regime, spread and volume only advise on gaps; what is unknown blocks nothing.
            bool binds = kind == OpportunityKind.Directional || gate is not ("regime_gate" or "spread_gate" or "volume_gate");
            Assert.Equal(state != GateState.Fail || !binds, passed);
            Assert.Equal(binds, validator.Policy.Gates[index].Binds(kind));
        }
    }

    [Theory]
    [InlineData("score_rule", 0, "score_too_low")]
    [InlineData("profit_rule", 0, "no_profit")]
    [InlineData("gas_rule", 1, "gas_too_high")]
    [InlineData("custom:hops", 6, "custom:hops: Too many hops")]
    [InlineData("meta_label_gate", 0, "win_unlikely")]
    [InlineData("cost_gate", 0, "below_costs")]
    [InlineData("confidence_gate", 0, "not_confident")]
    [InlineData("regime_gate", (double)Regime.Panic, "wrong_regime")]
    [InlineData("spread_gate", 50, "spread_too_wide")]
    [InlineData("volume_gate", 0, "volume_too_low")]
    public void A_refusal_gives_the_coded_reason_of_the_gate(string gate, double measure, string reason)
    {
        var validator = new Validator(new PreValidatorSettings(), new GateSettings(), []);
        (Opportunity opportunity, ModelAnswer answer) = With(gate, measure, Good with { Kind = OpportunityKind.Directional });
        GateResult[] results = Judge(validator, opportunity, answer, out bool passed);

        Decision decision = opportunity.Passed() with { Passed = passed, Gates = results, Policy = validator.Policy };
        Assert.Equal([reason], decision.Reasons);
        Assert.Empty((decision with { Gates = Judge(Good, out _) }).Reasons);
    }

    [Theory]
    [InlineData(0.78, 0.6, GateState.Pass, 0.6)]
    [InlineData(0.78, 0.5, GateState.Fail, 0.5)]
    [InlineData(0.5, 0.9, GateState.Fail, 0.5)]
    [InlineData(0.78, double.NaN, GateState.Pass, 0.78)]
    [InlineData(double.NaN, 0.5, GateState.Fail, 0.5)]
    public void The_less_sure_of_detection_and_model_decides_whether_confidence_suffices(double detection, double model, GateState state, double measured)
    {
        GateResult result = ConfidenceGate.At(0.55).Check(new Candidate(Good with { Confidence = detection }, Likely with { Confidence = model }));

        Assert.Equal((state, measured), (result.State, result.Measured));
    }

    [Fact]
    public void An_opportunity_of_which_nothing_is_known_passes_on_paper()
    {
        Opportunity nothing = Good with { GrossEdgeBps = Unknown, FeeBps = Unknown, Confidence = Unknown, Regime = Regime.Unknown, SpreadBps = Unknown, VolumeRatio = Unknown };
        var validator = new Validator(new PreValidatorSettings(), new GateSettings(), []);

        GateResult[] results = Judge(validator, nothing, Silent, out bool passed);

        Assert.True(passed);
        Assert.Equal(7, results.Count(r => r.State == GateState.Unknown));
    }

    [Fact]
    public void A_policy_read_back_from_the_ledger_judges_alike()
    {
        var rules = new PreValidatorSettings { MinScore = 0.7, MaxGasShare = 0.3, Rules = [new RuleSettings { Name = "edge", Field = "net_edge_bps", Op = ">", Limit = 1.5, Reason = "thin" }] };
        var gates = new GateSettings
        {
            MetaLabel = new MetaLabelLimit { Min = 0.1 },
            Cost = new CostLimit { BufferBps = 7.25 },
            Confidence = new ConfidenceLimit { Min = 0.3 },
            Regime = new RegimeLimit { Allowed = [Regime.Range, Regime.Panic] },
            Spread = new SpreadLimit { MaxBps = 11 },
            Volume = new VolumeLimit { MinRatio = 2 },
        };
        CustomRule[] custom = [new("even", o => new RuleAnswer(o.Position % 2 == 0, "odd"))];
        var validator = new Validator(rules, gates, custom);
        Validator again = Validator.From(new GatePolicy(validator.Policy.Gates, validator.Policy.Settings), custom);

        Assert.Equal(validator.Policy.Settings, again.Policy.Settings);
        Assert.Equal(validator.Policy.Gates, again.Policy.Gates);
        SeededRandom random = SeededRandom.Stream(1, "candidates");
        for (int i = 0; i < 2_000; i++)
        {
            Opportunity opportunity = Random(ref random, i);
            var answer = new ModelAnswer(random.NextDouble(), random.NextDouble(), random.NextDouble());
            GateResult[] first = Judge(validator, opportunity, answer, out bool passed), second = Judge(again, opportunity, answer, out bool passedAgain);
            Assert.Equal(first, second);
            Assert.Equal(passed, passedAgain);
        }
    }

    [Fact]
    public void A_validator_that_is_switched_off_lets_everything_pass_and_says_so_in_its_policy()
    {
        var off = new Validator(new PreValidatorSettings(), new GateSettings(), [], enabled: false);
        Opportunity bad = Good with { ExpectedProfit = -1m };

        GateResult[] results = Judge(off, bad, new ModelAnswer(0, 0, 0), out bool passed);
        Judge(Validator.From(off.Policy, []), bad, new ModelAnswer(0, 0, 0), out bool passedAgain);
        Judge(bad, out bool passedWhenOn);

        Assert.Equal((true, true, false), (passed, passedAgain, passedWhenOn));
        Assert.Contains(results, r => r.State == GateState.Fail);
        Assert.Contains("\"Enabled\":false", off.Policy.Settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<=", 4.5, 4, true)]
    [InlineData("<=", 4, 4, true)]
    [InlineData("<=", 3.5, 4, false)]
    [InlineData("<", 4.5, 4, true)]
    [InlineData("<", 4, 4, false)]
    [InlineData(">=", 4, 4, true)]
    [InlineData(">=", 4.5, 4, false)]
    [InlineData(">", 3.5, 4, true)]
    [InlineData(">", 4, 4, false)]
    public void A_rule_by_configuration_compares_a_field_with_a_limit(string op, double limit, int hops, bool passes)
    {
        Gate gate = CustomRule.From(new RuleSettings { Name = "mine", Field = "hops", Op = op, Limit = limit, Reason = "so" });

        GateResult result = gate.Check(new Candidate(Good with { Hops = hops }, Sure));

        Assert.Equal("custom:mine", gate.Definition.Name);
        Assert.Equal((passes ? GateState.Pass : GateState.Fail, hops, limit, passes ? null : "so"), (result.State, result.Measured, result.Limit, result.Reason));
    }

    [Fact]
    public void A_rule_by_configuration_may_measure_any_feature_and_does_not_block_when_it_is_unknown()
    {
        Gate gate = CustomRule.From(new RuleSettings { Name = "persistent", Field = "edge_persistence", Op = ">=", Limit = 3, Reason = "fleeting" });

        Assert.Equal(GateState.Pass, gate.Check(new Candidate(Good.With("edge_persistence", 3), Sure)).State);
        Assert.Equal(new GateResult(GateState.Fail, 2, 3, "fleeting"), gate.Check(new Candidate(Good.With("edge_persistence", 2), Sure)));
        Assert.Equal(GateState.Unknown, gate.Check(new Candidate(Good, Sure)).State);
        Assert.All(
            new[] { ("quantity", 0.1), ("expectedProfit", 1.0), ("gasCost", 0.0) },
            field => Assert.Equal(field.Item2, CustomRule.From(new RuleSettings { Name = "x", Field = field.Item1 }).Check(new Candidate(Good, Sure)).Measured));
    }

    [Theory]
    [InlineData(0, -0.5, GateState.Pass, double.NaN)]
    [InlineData(0, 0, GateState.Pass, double.NaN)]
    [InlineData(0, 0.5, GateState.Pass, 0.4)]
    [InlineData(0.1, -0.5, GateState.Fail, -0.4)]
    public void No_gas_is_not_too_much_gas_whatever_the_profit(double gas, double profit, GateState state, double limit)
    {
        var candidate = new Candidate(Good with { GasCost = (decimal)gas, ExpectedProfit = (decimal)profit }, Sure);

        Assert.Equal(new GateResult(state, gas, limit), GasRule.At(0.8).Check(candidate));
    }

    [Fact]
    public void A_rule_in_code_answers_in_its_own_words()
    {
        var validator = new Validator(new PreValidatorSettings { Rules = [] }, new GateSettings(), [new CustomRule("hops", o => o.Hops > 5 ? new(false, "Too many hops") : new(true, "OK"))]);
        int index = validator.Policy.Gates.ToList().FindIndex(g => g.Name == "custom:hops");

        GateResult refused = Judge(validator, Good with { Hops = 6 }, Sure, out bool sixPass)[index], good = Judge(validator, Good with { Hops = 5 }, Sure, out bool fivePass)[index];

        Assert.Equal((false, new GateResult(GateState.Fail, 0, 1, "Too many hops")), (sixPass, refused));
        Assert.Equal((true, new GateResult(GateState.Pass, 1, 1)), (fivePass, good));
    }

    [Theory]
    [InlineData("mine", "hop", "<=", 1.0, "preValidator.rules.field", "'hop' is not known; the nearest is 'hops'")]
    [InlineData("mine", "confidense", "<=", 1.0, "preValidator.rules.field", "'confidense' is not known; the nearest is 'confidence'")]
    [InlineData("mine", "hops", "==", 1.0, "preValidator.rules.op", "'==' is not one of <=, <, >=, >")]
    [InlineData(" ", "hops", "<=", 1.0, "preValidator.rules.name", "' ' is empty; give the rule a name")]
    [InlineData("mine", "hops", "<=", double.NaN, "preValidator.rules.limit", "'NaN' is not a number")]
    public void A_rule_that_cannot_be_asked_is_refused_with_what_is_allowed(string name, string field, string op, double limit, string key, string message)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => CustomRule.From(new RuleSettings { Name = name, Field = field, Op = op, Limit = limit }));

        Assert.Equal(new SettingsError(key, message), Assert.Single(refused.Errors));
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public void A_policy_holds_24_gates(int rules, bool refused)
    {
        var settings = new PreValidatorSettings { Rules = [.. Enumerable.Range(0, rules).Select(i => new RuleSettings { Name = $"r{i}", Field = "hops" })] };

        if (refused) Assert.Equal("25 gates exceed the limit of 24", Assert.Throws<SettingsException>(() => new Validator(settings, new GateSettings(), [])).Message);
        else Assert.Equal(24, new Validator(settings, new GateSettings(), []).GateCount);
    }

    [Fact]
    public void Scoring_and_judging_allocate_nothing()
    {
        const int batch = 64, batches = 10_000;
        SeededRandom random = SeededRandom.Stream(1, "allocation");
        var opportunities = new Opportunity[batch];
        for (int i = 0; i < batch; i++) opportunities[i] = Random(ref random, i);
        var rules = new PreValidatorSettings { Rules = [.. new PreValidatorSettings().Rules, new RuleSettings { Name = "edge", Field = "net_edge_bps", Op = ">", Limit = 1 }] };
        var validator = new Validator(rules, new GateSettings(), []);
        var model = new ModelSet(ModelPackage.Baseline);
        var answers = new ModelAnswer[batch];
        var results = new GateResult[batch * validator.GateCount];
        var passed = new bool[batch];
        for (int i = 0; i < 100; i++) Once();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < batches; i++) Once();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains(true, passed);
        Assert.Contains(false, passed);

        void Once()
        {
            model.Answer(opportunities, answers);
            validator.Judge(opportunities, answers, results, passed);
        }
    }

    private static (Opportunity Opportunity, ModelAnswer Answer) With(string gate, double measure, Opportunity good) => gate switch
    {
        "score_rule" => (good, Likely with { Score = measure }),
        "profit_rule" => (good with { ExpectedProfit = (decimal)measure }, Likely),
        "gas_rule" => (good with { GasCost = (decimal)measure }, Likely),
        "custom:hops" => (good with { Hops = (int)measure }, Likely),
        "meta_label_gate" => (good, Likely with { MetaLabel = measure }),
        "cost_gate" => (good with { GrossEdgeBps = measure }, Likely),
        "confidence_gate" => (good with { Confidence = measure }, Likely),
        "regime_gate" => (good with { Regime = (Regime)(int)measure }, Likely),
        "spread_gate" => (good with { SpreadBps = measure }, Likely),
        _ => (good with { VolumeRatio = measure }, Likely),
    };

    private static Opportunity Random(ref SeededRandom random, int position)
    {
        FeatureVector features = FeatureVector.Unknown;
        for (int f = 0; f < FeatureSchema.Count; f++)
            if (random.NextDouble() > 0.1) features[f] = FeatureSchema.Clip(f, 5 * random.NextNormal());
        return Good with
        {
            Position = position,
            Kind = random.NextInt(2) == 0 ? OpportunityKind.CrossVenue : OpportunityKind.Directional,
            GrossEdgeBps = 40 * random.NextDouble(),
            FeeBps = 20,
            ExpectedProfit = (decimal)random.NextNormal() + 1m,
            GasCost = random.NextInt(3) * 0.2m,
            Hops = random.NextInt(8),
            Confidence = random.NextInt(8) == 0 ? Unknown : random.NextDouble(),
            Regime = (Regime)random.NextInt(4),
            SpreadBps = 15 * random.NextDouble(),
            VolumeRatio = random.NextInt(3) == 0 ? Unknown : 3 * random.NextDouble(),
            Features = features,
        };
    }

    private static GateResult[] Judge(Opportunity opportunity, out bool passed) =>
        Judge(new Validator(new PreValidatorSettings(), new GateSettings(), []), opportunity, Likely, out passed);

    private static GateResult[] Judge(Validator validator, Opportunity opportunity, ModelAnswer answer, out bool passed)
    {
        var results = new GateResult[validator.GateCount];
        var verdict = new bool[1];
        validator.Judge([opportunity], [answer], results, verdict);
        passed = verdict[0];
        return results;
    }
}
