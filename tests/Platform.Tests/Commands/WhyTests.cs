using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed partial class WhyTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task The_change_that_it_names_flips_the_verdict_and_a_millionth_less_does_not()
    {
        string refused = await _place.ReplayAsync("refused", "--set", "preValidator.minScore=1", "--set", "gates.confidence.min=0");
        JsonNode story = await OnlyScoreFailedAsync(refused);
        string id = story["id"]!.GetValue<string>(), change = Assert.Single(story["nearest_change"]!.AsArray())!.GetValue<string>();
        double enough = double.Parse(Limit().Match(change).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.StartsWith("score_rule: ", change, StringComparison.Ordinal);
        Assert.True(await PassesAsync("flipped", id, enough));
        Assert.False(await PassesAsync("not", id, enough + 2e-6));
    }

    [Fact]
    public async Task An_id_may_be_shortened_as_long_as_one_decision_begins_with_it()
    {
        string directory = await _place.ReplayAsync("run");
        string id = (await LastAsync(directory))[0]!["id"]!.GetValue<string>();

        Answer whole = await RunAsync("why", id, "--data-dir", directory), shortened = await RunAsync("why", id[..8].ToUpperInvariant(), "--data-dir", directory);
        Answer unknown = await RunAsync("why", id[..31] + (id[31] == '0' ? '1' : '0'), "--data-dir", directory), tooShort = await RunAsync("why", id[..3], "--data-dir", directory);

        Assert.Equal((0, 0, 2, 2), (whole.Code, shortened.Code, unknown.Code, tooShort.Code));
        Assert.Equal(whole.Output, shortened.Output);
        Assert.Contains($"the nearest is {id}", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("4 to 32", tooShort.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_prices_gates_lanes_and_the_twin_gap_of_a_passed_one()
    {
        string directory = await _place.ReplayAsync("paper", "--preset", "safety", "--set", "preValidator.minScore=0", "--set", "gates.confidence.min=0", "--set", "paper.rejectProbability=0");
        JsonNode story = (await LastAsync(directory)).First(s => s!["passed"]!.GetValue<bool>())!;

        Answer answer = await RunAsync("why", story["id"]!.GetValue<string>(), "--data-dir", directory);

        Assert.All(
            new[] { "PASSED (gap in BTC-USD: buy at CHEAP, sell at DEAR)", "edge       gross", "score_rule", "regime_gate", "advises", "production ", "shadow ", "twin gap", "closest: " },
            words => Assert.Contains(words, answer.Output, StringComparison.Ordinal));
        decimal gap = story["gap"]!["total"]!.GetValue<decimal>();
        Assert.Equal(gap, story["gap"]!.AsObject().Where(c => c.Key != "total").Sum(c => c.Value!.GetValue<decimal>()));
    }

    public void Dispose() => _place.Dispose();

    private async Task<JsonArray> LastAsync(string directory)
    {
        string file = _place.At($"last-{Guid.NewGuid():N}.json");
        Answer answer = await RunAsync("why", "--data-dir", directory, "--json", file);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsArray();
    }

    private async Task<JsonNode> OnlyScoreFailedAsync(string directory) =>
        (await LastAsync(directory)).First(story => story!["gates"]!.AsArray().Where(g => g!["binds"]!.GetValue<bool>() && g["state"]!.GetValue<string>() == "fail")
            .Select(g => g!["name"]!.GetValue<string>()).SequenceEqual(["score_rule"]))!;

    private async Task<bool> PassesAsync(string name, string id, double minScore)
    {
        string directory = await _place.ReplayAsync(
            name, "--set", string.Create(CultureInfo.InvariantCulture, $"preValidator.minScore={minScore:0.000000}"), "--set", "gates.confidence.min=0");
        return (await LastAsync(directory)).Single(s => s!["id"]!.GetValue<string>() == id)!["passed"]!.GetValue<bool>();
    }

    [GeneratedRegex("preValidator.minScore <= ([0-9.]+)")]
    private static partial Regex Limit();
}
