using System.Text.Json.Nodes;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Commands.Demo;
using QuadTurbo.Platform.Tests.Paths;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class DemoTests(ShownDemo demo) : IClassFixture<ShownDemo>
{
    private const double Neutral = 0.5;

    [Fact]
    public void All_six_steps_are_shown_with_lines_to_paste_and_Ctrl_C_ends_it_without_a_trace()
    {
        Assert.Equal((0, ""), (demo.Answer.Code, demo.Answer.Error));
        Assert.Equal(["predict", "ab-test", "stream", "retrain", "providers", "votes"], demo.Seen.AsObject().Select(s => s.Key));
        string[] sections = demo.Answer.Output.Split("\n== ")[1..];
        Assert.Equal(6, sections.Length);
        Assert.All(sections, section => Assert.Contains("  $ curl -s ", section, StringComparison.Ordinal));
        Assert.All(
            (string[])["docs/samples/stream.py", "docs/samples/stream.mjs", "docs/samples/StreamClient.cs"],
            sample =>
            {
                Assert.Contains(sample, demo.Answer.Output, StringComparison.Ordinal);
                Assert.True(File.Exists(Path.Combine(Architecture.Sources.Root, sample)));
            });
        Assert.Empty(demo.Left);
    }

    [Fact]
    public void The_scores_that_it_prints_are_those_that_its_printed_line_gets_from_the_API()
    {
        JsonArray shown = demo.Seen["predict"]!["predictions"]!.AsArray(), answered = demo.Predicted["predictions"]!.AsArray();
        Assert.Equal(4, answered.Count);
        foreach ((JsonNode? then, JsonNode? now) in shown.Zip(answered))
        {
            string route = (string)now!["route_id"]!;
            double score = (double)now["prediction_score"]!;
            Assert.Equal(score, (double)then!["prediction_score"]!);
            string printed = demo.Answer.Output.Split('\n').First(line => line.TrimStart().StartsWith(route, StringComparison.Ordinal));
            Assert.Contains($"{score:0.0000}  {((bool)now["should_execute"]! ? "execute" : "leave")}", printed, StringComparison.Ordinal);
        }
        Assert.Equal("opportunities[0].input_amount", (string?)demo.Seen["predict"]!["refused_field"]);
    }

    [Fact]
    public void An_AB_test_serves_a_fifth_and_is_not_promoted_before_its_time()
    {
        JsonNode test = demo.Seen["ab-test"]!;
        Assert.Equal(8, test["arms"]!.AsObject().Count);
        Assert.InRange((double)test["share"]!, 0.15, 0.25);
        Assert.InRange((double)test["gain_bps"]!, (double)test["interval"]![0]!, (double)test["interval"]![1]!);
        Assert.Equal(409, (int)test["promotion_status"]!);
        Assert.Contains("enough_time", test["open_checks"]!.AsArray().Select(c => (string)c!));
        Assert.Null(demo.Summary["experiment"]);
    }

    [Fact]
    public void A_stream_that_is_resumed_has_no_gap()
    {
        JsonNode stream = demo.Seen["stream"]!;
        long[] witnessed = Numbers(stream["witnessed"]!), read = Numbers(stream["read"]!);
        Assert.True((bool)stream["resumed"]!);
        Assert.True(witnessed.Length >= 40);
        Assert.Equal(witnessed, read.Take(witnessed.Length));
        Assert.All(read, seq => Assert.True(seq > (long)stream["since"]!));
    }

    [Fact]
    public void A_retrain_begins_by_a_trigger_and_another_by_hand_and_both_are_registered()
    {
        JsonNode retrain = demo.Seen["retrain"]!;
        Assert.Contains((string)retrain["trigger"]!, (string[])["full", "drift"]);
        JsonNode[] versions = [.. demo.Models["items"]!.AsArray().Select(v => v!)];
        JsonNode own = versions.Single(v => (string?)v["label"] == (string?)retrain["own"]);
        JsonNode asked = versions.Single(v => (string?)v["label"] == (string?)retrain["asked"]);
        Assert.Equal((string?)retrain["trigger"], (string?)own["trigger"]);
        Assert.Equal("manual", (string?)asked["trigger"]);
        Assert.Equal((double)asked["auc"]!, (double)retrain["auc"]!);
    }

    [Fact]
    public void The_provider_that_served_is_one_that_works_here()
    {
        JsonNode providers = demo.Seen["providers"]!;
        string[] available = [.. providers["available"]!.AsArray().Select(p => (string)p!)];
        Assert.Equal(demo.Summary["providers_available"]!.AsArray().Select(p => (string)p!), available);
        Assert.Equal("CPUExecutionProvider", available[^1]);
        Assert.Contains((string)providers["provider"]!, available);
        Assert.All(providers["sizes"]!.AsArray(), size => Assert.True((double)size!["cpu_ms"]! > 0));
        if (available.Length == 1) Assert.Contains("no GPU", (string)providers["note"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_three_votes_differ_as_they_are_said_to()
    {
        JsonNode Row(string route) => demo.Seen["votes"]!["rows"]!.AsArray().Single(r => (string?)r!["route"] == route)!;
        (double Weighted, double Majority, double Unanimous) Votes(string route) =>
            ((double)Row(route)["weighted"]!, (double)Row(route)["majority"]!, (double)Row(route)["unanimous"]!);

        (double weighted, double majority, double unanimous) = Votes("all_say_yes");
        Assert.Equal(weighted, unanimous);
        Assert.True(majority > weighted && weighted > Neutral);
        (weighted, majority, unanimous) = Votes("two_say_yes");
        Assert.Equal(Neutral, unanimous);
        Assert.True(majority > weighted && majority > Neutral);
        (weighted, majority, unanimous) = Votes("one_says_yes");
        Assert.Equal(Neutral, unanimous);
        Assert.True(majority < weighted && majority < Neutral);
        (weighted, majority, unanimous) = Votes("all_say_no");
        Assert.Equal(weighted, unanimous);
        Assert.True(majority < weighted && weighted < Neutral);
        Assert.All((string[])["two_say_yes", "one_says_yes"], split => Assert.True((double)Row(split)["disagreement"]! > 0.05));
        Assert.Equal("v0.1.0", (string?)demo.Summary["serving"]!["model_version"]);
    }

    [Fact]
    public async Task A_single_step_ends_by_itself_and_leaves_nothing_behind()
    {
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("demo-step");

        Answer answer = await QuadTurboProcess.RunInAsync(temporary.FullName, "demo", "--step", "predict");

        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("== 1 of 1: Batch prediction", answer.Output, StringComparison.Ordinal);
        Assert.Empty(temporary.GetFileSystemInfos("quadturbo-demo-*"));
        temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task A_step_that_fails_is_named_the_others_are_shown_and_the_exit_code_is_1()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("demo-broken");
        var broken = new DemoStep("broken", "Broken", "Fails.", async (platform, cancel) => await platform.GetAsync("/nowhere", cancel));
        var json = new FileInfo(Path.Combine(folder.FullName, "seen.json"));

        int code = await DemoCommand.RunAsync(
            [broken, PredictStep.Step], TheHouse.Services, "http://127.0.0.1:0", Path.Combine(folder.FullName, "data"), keep: false, json,
            CancellationToken.None);

        Assert.Equal(CommandLine.Finding, code);
        Assert.Equal(["predict"], JsonNode.Parse(await File.ReadAllTextAsync(json.FullName))!.AsObject().Select(s => s.Key));
        folder.Delete(recursive: true);
    }

    private static long[] Numbers(JsonNode list) => [.. list.AsArray().Select(n => (long)n!)];
}
