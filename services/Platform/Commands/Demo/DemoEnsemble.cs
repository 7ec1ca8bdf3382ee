using System.Text.Json.Nodes;
using QuadTurbo.Scoring.Voting;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Three packages with the same members, who vote in three ways.</summary>
internal static class DemoEnsemble
{
    private const string Type = "meta_label", Baseline = "v0.1.0";
    private const int Ok = 200;

    /// <summary>Each way to vote and the version that votes so.</summary>
    public static IReadOnlyList<(VotingStrategy Strategy, string Version)> Versions { get; } =
        [(VotingStrategy.Weighted, "v1.0.0"), (VotingStrategy.Majority, "v1.1.0"), (VotingStrategy.Unanimous, "v1.2.0")];

    /// <summary>Registers all three.</summary>
    public static async Task RegisterAsync(DemoClient platform, bool show, CancellationToken cancel)
    {
        foreach ((VotingStrategy strategy, string version) in Versions)
        {
            string file = $"{strategy.ToString().ToLowerInvariant()}.json";
            platform.Import(file, DemoModels.Ensemble(strategy).Span);
            var body = new JsonObject { ["model_type"] = Type, ["model_path"] = file, ["version"] = version, ["activate"] = true };
            if (show) await platform.PostAsync("/models/register", body, cancel);
            else await platform.TellAsync("/models/register", body, cancel);
        }
    }

    /// <summary>Lets one of them serve alone: it takes the champion's place for a test, and the test is ended in its favour.</summary>
    public static async Task ServeAsync(DemoClient platform, string version, CancellationToken cancel)
    {
        string other = Versions.First(v => v.Version != version).Version;
        await platform.BeginTestAsync(new JsonObject
        {
            ["model_type"] = Type,
            ["version_a"] = version,
            ["version_b"] = other,
            ["traffic_split"] = new JsonArray(0.8, 0.2),
        }, cancel);
        await platform.PostAsync("/models/rollback", new JsonObject { ["model_type"] = Type, ["version"] = version }, cancel, Ok);
        await platform.EndTestsAsync(cancel);
    }

    /// <summary>What served before any of them serves again.</summary>
    public static async Task PutBackAsync(DemoClient platform, CancellationToken cancel)
    {
        var back = new JsonObject { ["model_type"] = Type, ["version"] = Baseline };
        (_, JsonObject answer) = await platform.PostAsync("/models/rollback", back, cancel, Ok);
        if (answer["verified"]?.GetValue<bool>() != true) throw new StepFailedException($"after the rollback {Baseline} does not serve");
        Say($"  {Baseline} serves again.");
    }
}
