using System.Text.Json.Nodes;
using QuadTurbo.Trading.Features;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class ExportTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task Every_labelled_sample_is_one_line_with_its_features_by_name()
    {
        string directory = await _place.ReplayAsync("run", "--preset", "safety");
        string file = _place.At("samples.jsonl");

        Answer answer = await RunAsync("export", "training-data", file, "--data-dir", directory);

        Assert.Equal(0, answer.Code);
        JsonNode[] samples = [.. File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!)];
        Assert.NotEmpty(samples);
        Assert.Equal(_place.Json("run.json")["lanes"]!["training"]!["samples_collected"]!.GetValue<int>(), samples.Length);
        Assert.Equal(samples.Length, samples.Select(s => s["id"]!.GetValue<string>()).Distinct().Count());
        Assert.All(samples, sample =>
        {
            Assert.Equal(FeatureSchema.Columns.Select(c => c.Name), sample["features"]!.AsObject().Select(f => f.Key));
            Assert.Equal(sample["net"]!.GetValue<decimal>() > 0 ? 1 : 0, sample["label"]!.GetValue<int>());
            Assert.Equal(FeatureSchema.Hash, sample["schema"]!.GetValue<string>());
            Assert.Equal("shadow", sample["lane"]!.GetValue<string>());
        });
        Assert.Contains(samples, s => s["label"]!.GetValue<int>() == 0);
        Assert.Contains(samples, s => s["features"]!["volume_ratio"] is null);
        Assert.Contains($"{samples.Length} labelled samples", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_replaced_only_by_force_and_a_dash_is_standard_output()
    {
        string directory = await _place.ReplayAsync("run");
        string file = _place.Write("mine.jsonl", "mine");

        Answer refused = await RunAsync("export", "training-data", file, "--data-dir", directory);
        string kept = await File.ReadAllTextAsync(file);
        Answer forced = await RunAsync("export", "training-data", file, "--data-dir", directory, "--force");
        Answer piped = await RunAsync("export", "training-data", "-", "--data-dir", directory);
        Answer below = await RunAsync("export", "training-data", Path.Combine(file, "below.jsonl"), "--data-dir", directory);

        Assert.Equal((2, 0, 0, 2), (refused.Code, forced.Code, piped.Code, below.Code));
        Assert.Equal("mine", kept);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(file), piped.Output);
        Assert.Contains("below.jsonl", below.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();
}
