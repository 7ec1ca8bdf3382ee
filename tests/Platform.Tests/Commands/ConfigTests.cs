using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class ConfigTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task Every_setting_has_a_value_and_the_layer_that_gave_it()
    {
        string config = _place.Write("mine.yaml", "costs:\n  takerBps: 7.5\npreValidator:\n  minScore: 0.65\n");

        Answer answer = await RunAsync("config", "explain", "--preset", "safety", "--config", config, "--set", "costs.takerBps=4", "--json", _place.At("config.json"));

        Assert.Equal(0, answer.Code);
        Dictionary<string, JsonNode> settings = _place.Json("config.json")["settings"]!.AsArray().ToDictionary(s => s!["key"]!.GetValue<string>(), s => s!);
        Assert.Equal(("4", "command line"), Of("costs.takerBps"));
        Assert.Equal(("100", "preset safety"), Of("triggers.interval"));
        Assert.Equal(("0.45", "default"), Of("gates.metaLabel.min"));
        Assert.Equal("0.65", Of("preValidator.minScore").Item1);
        Assert.Contains("mine.yaml:4", Of("preValidator.minScore").Item2, StringComparison.Ordinal);
        Assert.Contains("different questions", answer.Output, StringComparison.Ordinal);

        (string, string) Of(string key) => (settings[key]["value"]!.GetValue<string>(), settings[key]["source"]!.GetValue<string>());
    }

    [Fact]
    public async Task Two_presets_differ_in_threshold_interval_and_queue()
    {
        Answer answer = await RunAsync("config", "diff", "safety", "aggressive", "--json", _place.At("diff.json"));

        Assert.Equal(0, answer.Code);
        Assert.Equal(
            [("lanes.maxQueueSize", "1000", "5000"), ("preValidator.minScore", "0.7", "0.5"), ("triggers.interval", "100", "50")],
            _place.Json("diff.json").AsArray().Select(d => (d!["key"]!.GetValue<string>(), d["safety"]!.GetValue<string>(), d["aggressive"]!.GetValue<string>())));
    }

    public void Dispose() => _place.Dispose();
}
