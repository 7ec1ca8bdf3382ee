using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private static readonly SettingsCatalogue Catalogue =
        SettingsCatalogue.From(typeof(ValidatorOptions), typeof(GateOptions), typeof(FeeOptions), typeof(RuleOptions), typeof(VenueSecrets));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_layers_every_value_is_its_default()
    {
        PlatformSettings settings = Load(new SettingsSources());

        Assert.Equal(0.6, settings.Get<ValidatorOptions>().MinScore);
        Assert.Equal(0.45, settings.Get<GateOptions>().MetaLabel.Min);
        Assert.Equal(10m, settings.Get<FeeOptions>().TakerBps["coinbase"]);
        Assert.Empty(settings.Get<RuleOptions>().Custom);
        Assert.All(settings.Explain(), static e => Assert.Equal("default", e.Source));
    }

    [Fact]
    public void Each_layer_wins_over_the_next_and_says_so()
    {
        string file = _folder.Write("desk.yaml", "preValidator:\n  minScore: 0.2\n");
        var sources = new SettingsSources
        {
            Preset = "safety",
            Presets = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["safety"] = Texts("preValidator.minScore", "0.7") },
        };
        Check(sources, 0.7, "preset safety");
        sources = sources with { ConfigFile = file };
        Check(sources, 0.2, $"file {file}:2");
        sources = sources with { Environment = Texts("QUADTURBO_PREVALIDATOR__MINSCORE", "0.3") };
        Check(sources, 0.3, "env QUADTURBO_PREVALIDATOR__MINSCORE");
        sources = sources with { CommandLine = Texts("preValidator.minScore", "0.4") };
        Check(sources, 0.4, "command line");

        static void Check(SettingsSources sources, double expected, string source)
        {
            PlatformSettings settings = Load(sources);
            Assert.Equal(expected, settings.Get<ValidatorOptions>().MinScore);
            SettingExplanation explained = Explained(settings, "preValidator.minScore");
            Assert.Equal((expected.ToString("R"), source), (explained.Value, explained.Source));
            Assert.Equal("Lowest score that passes.", explained.Description);
            Assert.Equal("from 0 to 1", explained.Range);
        }
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", true)]
    [InlineData("-0.0001", false)]
    [InlineData("1.0001", false)]
    [InlineData("NaN", false)]
    [InlineData("1e400", false)]
    [InlineData("0,5", false)]
    [InlineData("", false)]
    public void A_score_lies_from_zero_to_one(string text, bool allowed) => CheckBoundary("preValidator.minScore", text, allowed, "0", "1");

    [Theory]
    [InlineData("1ms", true)]
    [InlineData("999us", false)]
    [InlineData("1h", true)]
    [InlineData("01:00:00", true)]
    [InlineData("01:00:00.0000001", false)]
    [InlineData("60.1min", false)]
    public void A_duration_keeps_its_limits(string text, bool allowed) => CheckBoundary("preValidator.maxQuoteAge", text, allowed, "1ms", "1h");

    [Theory]
    [InlineData("0", false)]
    [InlineData("0.0000000001", true)]
    [InlineData("99.99", true)]
    [InlineData("100", false)]
    public void Exclusive_limits_exclude_themselves(string text, bool allowed) => CheckBoundary("gates.spreadBps", text, allowed, "above 0", "below 100");

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("2147483647", true)]
    [InlineData("2147483648", false)]
    [InlineData("1.5", false)]
    [InlineData("1_000", false)]
    public void A_count_is_a_whole_number_from_one_on(string text, bool allowed) => CheckBoundary("preValidator.queueSize", text, allowed);

    [Fact]
    public void Nothing_may_stand_only_where_nothing_is_a_value()
    {
        string file = _folder.Write("x.yaml", "preValidator:\n  label: ~\n  limit:\n");
        Assert.Null(Load(new SettingsSources { ConfigFile = file }).Get<ValidatorOptions>().Limit);

        string bad = _folder.Write("y.yaml", "preValidator:\n  name:\n  minScore: null\n");
        Assert.Equal(["preValidator.name", "preValidator.minScore"], Errors(new SettingsSources { ConfigFile = bad }).Select(static e => e.Key));
    }

    [Theory]
    [InlineData("spring-training", Mode.SpringTraining)]
    [InlineData("SpringTraining", Mode.SpringTraining)]
    [InlineData("spring_training", Mode.SpringTraining)]
    [InlineData("SAFETY", Mode.Safety)]
    public void An_enumeration_is_spelled_with_or_without_hyphens(string text, Mode mode) =>
        Assert.Equal(mode, Load(new SettingsSources { CommandLine = Texts("preValidator.mode", text) }).Get<ValidatorOptions>().Mode);

    [Theory]
    [InlineData("1")]
    [InlineData("safty")]
    public void Anything_else_is_refused_with_the_list(string text)
    {
        SettingsError error = Assert.Single(Errors(new SettingsSources { CommandLine = Texts("preValidator.mode", text) }));

        Assert.Contains("one of safety, spring-training", error.Message, StringComparison.Ordinal);
        Assert.Equal(text == "safty", error.Message.Contains("did you mean 'safety'", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_key_is_named_with_the_nearest_and_its_place()
    {
        string file = _folder.Write("desk.yaml", "# comment\npreValidator:\n  minScore: 0.5\n  minScor: 0.5\ngats:\n  x: 1\n");

        SettingsError[] errors = Errors(new SettingsSources
        {
            ConfigFile = file,
            Environment = Texts("QUADTURBO_GATES__METALABLE__MIN", "0.5", "QUADTURBO_CRASH_AT", "commit", "quadturbo_data_dir", "/x", "PATH", "/bin"),
            CommandLine = Texts("prevalidater.minScore", "0.5", "spreadBps", "3"),
        });

        Assert.Equal(
            [
                $"unknown key 'preValidator.minScor'; did you mean 'preValidator.minScore'? (file {file}:4:3)",
                $"unknown key 'gats'; did you mean 'gates'? (file {file}:5:1)",
                "unknown key 'QUADTURBO_GATES__METALABLE__MIN'; did you mean 'QUADTURBO_GATES__METALABEL__MIN'? (env QUADTURBO_GATES__METALABLE__MIN)",
                "unknown key 'prevalidater.minScore'; did you mean 'preValidator.minScore'? (command line)",
                "unknown key 'spreadBps'; did you mean 'gates.spreadBps'? (command line)",
            ],
            errors.Select(static e => e.Message));
        Assert.Equal((file, 4, 3), (errors[0].File, errors[0].Line, errors[0].Column));
    }

    [Fact]
    public void Every_error_of_every_layer_is_told_at_once()
    {
        string file = _folder.Write("desk.yaml", "preValidator:\n  minScore: 1.2\n  queueSize: many\ngates: 5\nfees:\n  takerBps: {kraken: -1}\n");

        SettingsException thrown = Assert.Throws<SettingsException>(() => Load(new SettingsSources
        {
            Preset = "safty",
            Presets = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["safety"] = Texts(), ["aggressive"] = Texts() },
            ConfigFile = file,
            CommandLine = Texts("preValidator.maxQuoteAge", "5", "gates", "1"),
        }));

        string[] expected =
        [
            "unknown preset 'safty'; did you mean 'safety'? (there are: aggressive, safety)",
            $"preValidator.minScore is 1.2; it must be from 0 to 1 (file {file}:2:13)",
            $"preValidator.queueSize is 'many'; it must be a whole number (file {file}:3:14)",
            $"gates is a section; it must hold keys and values (file {file}:4:8)",
            $"fees.takerBps.kraken is -1; it must be from 0 to 1000 (file {file}:6:22)",
            "gates is a section; give one of its keys (command line)",
            "preValidator.maxQuoteAge is '5'; it must be a duration such as 250ms, 5s, 15min, 1h or hh:mm:ss (command line)",
        ];
        Assert.Equal(expected, thrown.Errors.Select(static e => e.Message));
        Assert.Equal(string.Join(Environment.NewLine, expected), thrown.Message);
    }

    [Theory]
    [InlineData("x.yaml", "fees:\n  takerBps:\n    Coinbase: 7\n    bit.stamp: 9\n")]
    [InlineData("x.json", "{\n  \"fees\": { \"takerBps\": {\n\t\"Coinbase\": 7, // maker\n    \"bit.stamp\": 9,\n  } }\n}\n")]
    public void A_dictionary_is_merged_by_name_whatever_its_case(string name, string text)
    {
        string file = _folder.Write(name, text);
        PlatformSettings settings = Load(new SettingsSources
        {
            ConfigFile = file,
            Environment = Texts("QUADTURBO_FEES__TAKERBPS__BIT.STAMP", "8", "QUADTURBO_FEES__TAKER_BPS__GEMINI", "6"),
            CommandLine = Texts("fees.takerBps.okx", "5", "fees.venues.kraken.maker", "1"),
        });

        FeeOptions fees = settings.Get<FeeOptions>();
        Assert.Equal(
            [("bit.stamp", 8m), ("coinbase", 7m), ("gemini", 6m), ("okx", 5m)],
            fees.TakerBps.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => (f.Key, f.Value)));
        Assert.Equal(7m, fees.TakerBps["COINBASE"]);
        Assert.Equal($"file {file}:3", Explained(settings, "fees.takerBps.coinbase").Source);
        Assert.Equal((1m, 4m), (fees.Venues["kraken"].Maker, fees.Venues["kraken"].Taker));
        Assert.Equal("default", Explained(settings, "fees.venues.kraken.taker").Source);
    }

    [Theory]
    [InlineData("x.yaml", "rules:\n  custom:\n    - name: short_paths\n      field: hops\n      op: \"<=\"\n      limit: 5\n      reason: too many hops\n    - {name: b, field: size, op: '>', limit: 1.5}\n  symbols: [BTC-USD, 'no']\n")]
    [InlineData("x.json", """{"rules":{"custom":[{"name":"short_paths","field":"hops","op":"<=","limit":5,"reason":"too many hops"},{"name":"b","field":"size","op":">","limit":1.5}],"symbols":["BTC-USD","no"]}}""")]
    public void A_list_of_records_comes_from_either_kind_of_file(string name, string text)
    {
        PlatformSettings settings = Load(new SettingsSources { ConfigFile = _folder.Write(name, text) });

        RuleOptions rules = settings.Get<RuleOptions>();
        Assert.Equal(
            [new CustomRule { Name = "short_paths", Field = "hops", Op = "<=", Limit = 5, Reason = "too many hops" }, new CustomRule { Name = "b", Field = "size", Op = ">", Limit = 1.5m }],
            rules.Custom);
        Assert.Equal(["BTC-USD", "no"], rules.Symbols);
        Assert.Contains("name: short_paths", Explained(settings, "rules.custom").Value, StringComparison.Ordinal);
        Assert.Equal("1.5", settings.Configuration["rules:custom:1:limit"]);
    }

    [Fact]
    public void Errors_inside_a_list_name_element_key_and_place()
    {
        string file = _folder.Write("x.yaml", "rules:\n  custom:\n    - name: a\n      feld: hops\n      op: '<'\n      limit: lots\n    - 5\n  symbols: BTC-USD\n");

        Assert.Equal(
            [
                $"unknown key 'rules.custom[0].feld'; did you mean 'field'? (file {file}:4:7)",
                $"rules.custom[0].limit is 'lots'; it must be a number (file {file}:6:14)",
                $"rules.custom[0] lacks 'field' (file {file}:3:7)",
                $"rules.custom[1] must hold keys and values (file {file}:7:7)",
                $"rules.symbols must be a list (file {file}:8:12)",
            ],
            Errors(new SettingsSources { ConfigFile = file }).Select(static e => e.Message));
    }

    [Theory]
    [InlineData("A, B", new[] { "A", "B" })]
    [InlineData("[\"A\",\"B,C\"]", new[] { "A", "B,C" })]
    [InlineData("", new string[0])]
    [InlineData("[]", new string[0])]
    public void Outside_a_file_a_list_stands_between_commas_or_is_json(string text, string[] expected) =>
        Assert.Equal(expected, Load(new SettingsSources { CommandLine = Texts("rules.symbols", text) }).Get<RuleOptions>().Symbols);

    [Fact]
    public void A_list_is_replaced_whole_by_a_higher_layer()
    {
        string file = _folder.Write("x.yaml", "rules: {symbols: [A, B, C]}");

        Assert.Equal(["D"], Load(new SettingsSources { ConfigFile = file, CommandLine = Texts("rules.symbols", "D") }).Get<RuleOptions>().Symbols);
        Assert.Single(Errors(new SettingsSources { CommandLine = Texts("rules.custom", "[{]") }));
    }

    [Fact]
    public void A_secret_is_used_and_never_shown()
    {
        const string secret = "canary-7f3a";
        PlatformSettings settings = Load(new SettingsSources { Environment = Texts("QUADTURBO_VENUE__API_KEY", secret) });

        Assert.Equal(secret, settings.Get<VenueSecrets>().ApiKey);
        Assert.Equal("****", Explained(settings, "venue.apiKey").Value);
        Assert.Equal("(none)", Explained(settings, "venue.pin").Value);
        Assert.DoesNotContain(settings.Explain(), static e => e.ToString().Contains(secret, StringComparison.Ordinal));
        SettingsError error = Assert.Single(Errors(new SettingsSources { CommandLine = Texts("venue.pin", secret) }));
        Assert.Contains("'****'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.yaml", "preValidator:\n  minScore: 0.5\n  MINSCORE: 0.6\n", "key 'MINSCORE' is given twice", 3, 3)]
    [InlineData("b.yaml", "a: &x 1\nb: *x\n", "aliases, anchors and tags are not allowed", 1, 4)]
    [InlineData("c.yaml", "a: !!str 1\n", "aliases, anchors and tags are not allowed", 1, 4)]
    [InlineData("d.yaml", "a: 1\n---\nb: 2\n", "the file holds a second document", 2, 1)]
    [InlineData("e.yaml", "- a\n- b\n", "the file must hold keys and values", 1, 1)]
    [InlineData("f.json", "{\"preValidator\": {\"minScore\": 1,\n \"minScore\": 2}}", "key 'minScore' is given twice", 2, 2)]
    [InlineData("g.json", "{\n  \"preValidator\" 1}", "", 2, 18)]
    [InlineData("h.yaml", "preValidator:\n  minScore: [1\n", "", null, null)]
    public void A_malformed_file_is_refused_at_its_place(string name, string text, string message, int? line, int? column)
    {
        string file = _folder.Write(name, text);

        SettingsError error = Assert.Single(Errors(new SettingsSources { ConfigFile = file }));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(file, error.File);
        if (line is not null)
            Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("yaml", 20, true)]
    [InlineData("yaml", 21, false)]
    [InlineData("json", 20, true)]
    [InlineData("json", 21, false)]
    public void A_file_is_at_most_twenty_levels_deep(string kind, int levels, bool allowed)
    {
        string text = "{\"a\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}";

        SettingsError error = Assert.Single(Errors(new SettingsSources { ConfigFile = _folder.Write($"x.{kind}", text) }));

        Assert.StartsWith(allowed ? "unknown key 'a'" : "", error.Message, StringComparison.Ordinal);
        Assert.Equal(!allowed, error.Message.Contains("deep", StringComparison.Ordinal) || error.Message.Contains("depth", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_missing_too_large_or_no_text_is_refused_and_an_empty_one_is_not()
    {
        string missing = _folder.File("nowhere.yaml");
        string large = _folder.Write("large.yaml", "#" + new string('x', 256 * 1024));
        string binary = _folder.File("binary.yaml");
        File.WriteAllBytes(binary, [0x61, 0x3a, 0x20, 0xff, 0xfe]);

        Assert.Equal($"the config file does not exist (file {missing})", Assert.Single(Errors(new SettingsSources { ConfigFile = missing })).Message);
        Assert.Contains("262145 bytes; the limit is 262144 bytes", Assert.Single(Errors(new SettingsSources { ConfigFile = large })).Message, StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", Assert.Single(Errors(new SettingsSources { ConfigFile = binary })).Message, StringComparison.Ordinal);
        Load(new SettingsSources { ConfigFile = _folder.Write("empty.yaml", "# nothing\n") });
        Load(new SettingsSources { ConfigFile = _folder.Write("exact.yaml", "#" + new string('x', 256 * 1024 - 1)) });
    }

    [Fact]
    public void A_byte_order_mark_and_dotted_keys_are_understood()
    {
        string file = _folder.Write("x.json", "\uFEFF{\"gates.metaLabel.min\": 0.5}");

        Assert.Equal(0.5, Load(new SettingsSources { ConfigFile = file }).Get<GateOptions>().MetaLabel.Min);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused_with_the_place_of_the_cause()
    {
        SettingsError error = Assert.Single(Errors(new SettingsSources { CommandLine = Texts("gates.minVolume", "3", "gates.maxVolume", "2") }));

        Assert.Equal("gates.minVolume: the least volume 3 is above the most, 2 (command line)", error.Message);
    }

    [Fact]
    public void The_configuration_binds_to_the_same_values()
    {
        PlatformSettings settings = Load(new SettingsSources { CommandLine = Texts("preValidator.maxQuoteAge", "250ms", "fees.takerBps.okx", "5") });

        ValidatorOptions bound = settings.Configuration.GetSection("preValidator").Get<ValidatorOptions>()!;
        Assert.Equal(settings.Get<ValidatorOptions>(), bound);
        Assert.Equal(TimeSpan.FromMilliseconds(250), bound.MaxQuoteAge);
        Assert.Equal("5", settings.Configuration["fees:takerBps:OKX"]);
    }

    [Fact]
    public void The_catalogue_documents_every_key()
    {
        Assert.Equal(
            [
                "fees.takerBps.*", "fees.venues.*.maker", "fees.venues.*.taker", "gates.maxVolume", "gates.metaLabel.min", "gates.minVolume", "gates.spreadBps",
                "preValidator.label", "preValidator.limit", "preValidator.maxQuoteAge", "preValidator.minScore", "preValidator.mode", "preValidator.name", "preValidator.queueSize",
                "rules.custom", "rules.symbols", "venue.apiKey", "venue.pin",
            ],
            Catalogue.Keys.Select(static k => k.Key));
        Assert.Equal(
            new SettingKey("preValidator.maxQuoteAge", "a duration such as 250ms, 5s, 15min, 1h or hh:mm:ss", "5s", "Oldest quote in use.", "from 1ms to 1h", false),
            Catalogue.Keys.Single(static k => k.Key == "preValidator.maxQuoteAge"));
    }

    [Fact]
    public void An_options_type_that_breaks_the_rules_stops_the_start()
    {
        Assert.Contains("no settings section", Assert.Throws<InvalidOperationException>(() => SettingsCatalogue.From(typeof(NoSection))).Message, StringComparison.Ordinal);
        Assert.Contains("no description", Assert.Throws<InvalidOperationException>(() => SettingsCatalogue.From(typeof(NoWords))).Message, StringComparison.Ordinal);
        Assert.Contains("it must be from 1 to 2", Assert.Throws<InvalidOperationException>(() => SettingsCatalogue.From(typeof(BadDefault))).Message, StringComparison.Ordinal);
        Assert.Contains("defined twice", Assert.Throws<InvalidOperationException>(() => SettingsCatalogue.From(typeof(GateOptions), typeof(SameKey))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_types_may_share_a_section()
    {
        PlatformSettings settings = PlatformSettings.Load(
            SettingsCatalogue.From(typeof(GateOptions), typeof(MoreGates)), new SettingsSources { CommandLine = Texts("gates.more", "2", "gates.metaLabel.min", "0.9") });

        Assert.Equal(2, settings.Get<MoreGates>().More);
        Assert.Equal(0.9, settings.Get<GateOptions>().MetaLabel.Min);
        Assert.Throws<InvalidOperationException>(settings.Get<FeeOptions>);
    }

    private static PlatformSettings Load(SettingsSources sources) => PlatformSettings.Load(Catalogue, sources);

    private static SettingsError[] Errors(SettingsSources sources) => [.. Assert.Throws<SettingsException>(() => Load(sources)).Errors];

    private static SettingExplanation Explained(PlatformSettings settings, string key) => Assert.Single(settings.Explain(), e => e.Key == key);

    private static Dictionary<string, string> Texts(params string[] pairs) => pairs.Chunk(2).ToDictionary(static p => p[0], static p => p[1]);

    private static void CheckBoundary(string key, string text, bool allowed, params string[] limits)
    {
        var sources = new SettingsSources { CommandLine = Texts(key, text) };
        if (allowed)
        {
            Assert.Equal("command line", Explained(Load(sources), key).Source);
            return;
        }

        SettingsError error = Assert.Single(Errors(sources));
        Assert.Equal(key, error.Key);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains("it must be a", StringComparison.Ordinal) || limits.All(l => error.Message.Contains(l, StringComparison.Ordinal)), error.Message);
    }

    public enum Mode
    {
        Safety,
        SpringTraining,
    }

    [SettingsSection("preValidator")]
    public sealed record ValidatorOptions
    {
        [Description("Lowest score that passes."), Range(0.0, 1.0)]
        public double MinScore { get; init; } = 0.6;

        [Description("Oldest quote in use."), Range(typeof(TimeSpan), "1ms", "1h")]
        public TimeSpan MaxQuoteAge { get; init; } = TimeSpan.FromSeconds(5);

        [Description("Opportunities that may wait."), Range(1, int.MaxValue)]
        public int QueueSize { get; init; } = 1000;

        [Description("What runs.")]
        public Mode Mode { get; init; } = Mode.SpringTraining;

        [Description("A name.")]
        public string Name { get; init; } = "main";

        [Description("A label.")]
        public string? Label { get; init; } = "x";

        [Description("A limit, if any.")]
        public int? Limit { get; init; } = 3;

        public string Shown => $"{Name} {Label}";
    }

    [SettingsSection("gates")]
    public sealed class GateOptions : IValidatableObject
    {
        [Description("The meta-label gate.")]
        public MetaLabelOptions MetaLabel { get; init; } = new();

        [Description("Widest spread [bps]."), Range(typeof(decimal), "0", "100", MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public decimal SpreadBps { get; init; } = 5;

        [Description("Least volume.")]
        public float MinVolume { get; init; } = 0.5f;

        [Description("Most volume.")]
        public float MaxVolume { get; init; } = 100;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (MinVolume > MaxVolume)
                yield return new ValidationResult($"the least volume {MinVolume} is above the most, {MaxVolume}", [nameof(MinVolume)]);
        }
    }

    public sealed class MetaLabelOptions
    {
        [Description("Lowest probability that passes."), Range(0.0, 1.0)]
        public double Min { get; init; } = 0.45;
    }

    [SettingsSection("gates")]
    public sealed class MoreGates
    {
        [Description("More.")]
        public int More { get; init; } = 1;
    }

    [SettingsSection("gates")]
    public sealed class SameKey
    {
        [Description("Again.")]
        public double SpreadBps { get; init; } = 1;
    }

    [SettingsSection("fees")]
    public sealed class FeeOptions
    {
        [Description("Taker fee by venue [bps]."), Range(0, 1000)]
        public IDictionary<string, decimal> TakerBps { get; init; } = new Dictionary<string, decimal> { ["coinbase"] = 10 };

        [Description("Fees by venue.")]
        public IReadOnlyDictionary<string, VenueFees> Venues { get; init; } = new Dictionary<string, VenueFees>();
    }

    public sealed class VenueFees
    {
        [Description("Maker [bps].")]
        public decimal Maker { get; init; } = 2;

        [Description("Taker [bps].")]
        public decimal Taker { get; init; } = 4;
    }

    [SettingsSection("rules")]
    public sealed class RuleOptions
    {
        [Description("Rules of the user.")]
        public IReadOnlyList<CustomRule> Custom { get; init; } = [];

        [Description("Symbols in use.")]
        public string[] Symbols { get; init; } = ["BTC-USD"];
    }

    public sealed record CustomRule
    {
        [Description("Name.")]
        public required string Name { get; init; }

        [Description("Measured field.")]
        public required string Field { get; init; }

        [Description("Comparison.")]
        public required string Op { get; init; }

        [Description("Limit.")]
        public required decimal Limit { get; init; }

        [Description("Why it is refused.")]
        public string Reason { get; init; } = "";
    }

    [SettingsSection("venue")]
    public sealed class VenueSecrets
    {
        [Description("Key of the venue."), Secret]
        public string ApiKey { get; init; } = "";

        [Description("Number of the venue."), Secret]
        public int? Pin { get; init; }
    }

    public sealed class NoSection;

    [SettingsSection("x")]
    public sealed class NoWords
    {
        public int X { get; init; }
    }

    [SettingsSection("x")]
    public sealed class BadDefault
    {
        [Description("X."), Range(1, 2)]
        public int X { get; init; } = 3;
    }
}
