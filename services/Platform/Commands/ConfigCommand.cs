using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>config explain</c> and <c>config diff</c>: what applies, and why [E-05].</summary>
internal static class ConfigCommand
{
    private const string Defaults = "defaults";

    /// <summary>Score thresholds that look alike and ask different things (C2): none silently stands in for another.</summary>
    private static readonly (string Key, string Question)[] Thresholds =
    [
        ("preValidator.minScore", "is the serving model's score high enough to trade at all? (score_rule, before anything is trained too)"),
        ("gates.metaLabel.min", "does the trained model expect this trade to win? (meta_label_gate, unknown before a model is trained)"),
        ("gates.confidence.min", "is detection itself sure of what it saw? (confidence_gate, not a model's probability)"),
    ];

    public static Command Create(IReadOnlyList<Service> services) =>
        new("config", "Show the settings that apply.\n\nExamples:\n  quadturbo config explain --preset safety\n  quadturbo config diff safety aggressive")
        {
            Explain(services), Diff(services),
        };

    private static Command Explain(IReadOnlyList<Service> services)
    {
        var key = new Argument<string?>("KEY") { Description = "Only this setting, or this section.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config();
        Option<string[]> set = SharedOptions.Set();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "explain",
            "Print every setting with its effective value, where that comes from (default, preset, file, environment, command line), its range and what it does. Secrets are masked.\n\n"
            + "Exit codes: 0 done, 2 a setting is not valid.\n\nExample: quadturbo config explain --preset safety --set costs.takerBps=7.5")
        {
            key, preset, config, set, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            PlatformSettings settings = SharedOptions.Load(services, parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set));
            IReadOnlyList<SettingExplanation> all = settings.Explain();
            IReadOnlyList<SettingExplanation> shown = parsed.GetValue(key) is { } wanted ? Only(all, wanted) : all;
            Table(shown);
            if (shown.Count == all.Count) Questions(all);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), JsonOf(shown));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Diff(IReadOnlyList<Service> services)
    {
        string known = $"{Defaults}, {string.Join(", ", Presets.All.Keys.Order())}";
        var a = new Argument<string>("A") { Description = $"A preset, or '{Defaults}': {known}." };
        var b = new Argument<string>("B") { Description = "The other one." };
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "diff", $"Print the settings in which two presets differ.\n\nExit codes: 0 done, 2 there is no such preset.\n\nExample: quadturbo config diff {Defaults} safety") { a, b, json };
        command.SetAction(async (parsed, _) =>
        {
            string nameA = parsed.GetValue(a)!, nameB = parsed.GetValue(b)!;
            Dictionary<string, string> first = ValuesOf(services, nameA), second = ValuesOf(services, nameB);
            var differing = new JsonArray();
            foreach (string key in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
            {
                string? valueA = first.GetValueOrDefault(key), valueB = second.GetValueOrDefault(key);
                if (valueA == valueB) continue;
                CommandLine.Say($"{key,-32}{valueA ?? "(none)",-18}{valueB ?? "(none)"}");
                differing.Add(new JsonObject { ["key"] = key, [nameA] = valueA, [nameB] = valueB });
            }
            if (differing.Count == 0) CommandLine.Say($"{nameA} and {nameB} do not differ");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), differing);
            return CommandLine.Done;
        });
        return command;
    }

    private static Dictionary<string, string> ValuesOf(IReadOnlyList<Service> services, string name) =>
        SharedOptions.Load(services, name == Defaults ? null : name, config: null, set: null).Explain().ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);

    private static SettingExplanation[] Only(IReadOnlyList<SettingExplanation> all, string wanted)
    {
        SettingExplanation[] found =
            [.. all.Where(e => e.Key.Equals(wanted, StringComparison.OrdinalIgnoreCase) || e.Key.StartsWith(wanted + ".", StringComparison.OrdinalIgnoreCase))];
        return found.Length > 0
            ? found
            : throw new BadInputException($"KEY '{wanted}' is not a setting; the nearest is '{Nearest.To(wanted, all.Select(e => e.Key), wanted.Length)}'");
    }

    private static void Table(IReadOnlyList<SettingExplanation> settings)
    {
        int keys = settings.Max(e => e.Key.Length) + 2, values = Math.Min(40, settings.Max(e => e.Value.Length)) + 2, sources = settings.Max(e => e.Source.Length) + 2;
        CommandLine.Say($"{"key".PadRight(keys)}{"value".PadRight(values)}{"source".PadRight(sources)}what it does (it must be ...)");
        foreach (SettingExplanation e in settings)
            CommandLine.Say($"{e.Key.PadRight(keys)}{(e.Value.Length < values ? e.Value.PadRight(values) : e.Value + "  ")}{e.Source.PadRight(sources)}{e.Description}{(e.Range is { } range ? $" ({range})" : "")}");
    }

    private static void Questions(IReadOnlyList<SettingExplanation> settings)
    {
        CommandLine.Say();
        CommandLine.Say("thresholds that look alike are different questions, each with its own key:");
        foreach ((string key, string question) in Thresholds) CommandLine.Say($"  {key,-24}{settings.Single(e => e.Key == key).Value,-8}{question}");
    }

    private static JsonObject JsonOf(IReadOnlyList<SettingExplanation> settings) => new()
    {
        ["settings"] = new JsonArray(
        [
            .. settings.Select(e => (JsonNode)new JsonObject
            {
                ["key"] = e.Key,
                ["value"] = e.Value,
                ["source"] = e.Source,
                ["range"] = e.Range,
                ["description"] = e.Description,
            }),
        ]),
        ["thresholds"] = new JsonArray([.. Thresholds.Select(t => (JsonNode)new JsonObject { ["key"] = t.Key, ["question"] = t.Question })]),
    };
}
