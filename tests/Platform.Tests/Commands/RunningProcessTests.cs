using System.Text.Json;
using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class RunningProcessTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task One_process_writes_a_data_directory_and_others_read_it()
    {
        string directory = _place.At("data");
        (QuadTurboProcess first, string url) = await ServeAsync(directory, "--set", "training.learn=off");
        using (first)
        {
            Announce(directory, first, url);

            Answer second = await RunAsync("run", "--data-dir", directory, "--urls", $"http://127.0.0.1:{FreePort()}");
            Answer report = await RunAsync("report", "--data-dir", directory), why = await RunAsync("why", "--data-dir", directory);
            Answer training = await RunAsync("training", "why", "--data-dir", directory), retrain = await RunAsync("retrain", "--data-dir", directory);

            Assert.Equal((2, 0, 0, 0, 1), (second.Code, report.Code, why.Code, training.Code, retrain.Code));
            Assert.Contains($"process {first.Id}", second.Error, StringComparison.Ordinal);
            Assert.Contains("one writer at a time", second.Error, StringComparison.Ordinal);
            Assert.Contains($"training, by process {first.Id}", training.Output, StringComparison.Ordinal);
            Assert.Contains("learning is off (training.learn)", training.Output, StringComparison.Ordinal);
            Assert.Contains("no new version: learning is off", retrain.Output, StringComparison.Ordinal);
        }

        Answer gone = await RunAsync("retrain", "--data-dir", directory);
        Assert.Equal(2, gone.Code);
        Assert.Contains($"process {first.Id} is gone", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "SPRING TRAINING, PRODUCTION IS OFF, SYNTHETIC MARKET", true)]
    [InlineData("safety", "PAPER, SYNTHETIC MARKET", false)]
    public async Task The_first_line_says_whether_lane_1_trades_at_all(string? preset, string mode, bool advised)
    {
        string[] arguments = ["run", "--data-dir", _place.At("data"), "--urls", $"http://127.0.0.1:{FreePort()}", .. preset is null ? [] : new[] { "--preset", preset }];

        Answer answer = await RunUntilAsync(_place.At("temporary"), "Ctrl-C", static _ => Task.CompletedTask, arguments);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains($": {mode}. No real money.", answer.Output, StringComparison.Ordinal);
        Assert.Equal(advised, answer.Output.Contains("--preset safety", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retrain_by_hand_makes_a_version_that_no_other_trigger_would()
    {
        string directory = _place.At("data");
        (QuadTurboProcess process, string url) = await ServeAsync(
            directory, "--speed", "100", "--set", "triggers.interval=1000000", "--set", "triggers.performanceGain=10");
        using (process)
        {
            Announce(directory, process, url);
            await UntilSampledAsync(url);

            Answer before = await RunAsync("training", "why", "--data-dir", directory);
            Answer retrain = await RunAsync("retrain", "--data-dir", directory, "--json", _place.At("retrain.json"));

            Assert.Contains("since v0", before.Output, StringComparison.Ordinal);
            Assert.Contains("of 1000000 new samples", before.Output, StringComparison.Ordinal);
            Assert.True(retrain.Code == 0, retrain.Output + retrain.Error);
            Assert.Equal(1, _place.Json("retrain.json")["answer"]!["ordinal"]!.GetValue<int>());
        }
    }

    public void Dispose() => _place.Dispose();

    private static void Announce(string directory, QuadTurboProcess process, string url) =>
        File.WriteAllText(Path.Combine(directory, "process.json"), JsonSerializer.Serialize(new { pid = process.Id, url, startedAt = DateTime.UtcNow }));

    private static async Task UntilSampledAsync(string url)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (JsonNode.Parse(await http.GetStringAsync("/api/training", patience.Token))!["new_samples"]!.GetValue<long>() == 0) await Task.Delay(20, patience.Token);
    }
}
