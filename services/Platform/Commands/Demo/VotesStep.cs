using System.Text.Json.Nodes;
using QuadTurbo.Scoring.Voting;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Has the same members vote on the same opportunities in three ways.</summary>
internal static class VotesStep
{
    private const int Ok = 200;
    private const double Threshold = 0.6;

    public static DemoStep Step { get; } = new(
        "votes", "Three votes",
        "Different learners score each opportunity and vote; above 0.5 is a yes. Weighted: their weighted mean, for every day.\n"
        + "  Majority: the surest of a strict majority, for high volume. Unanimous: the weighted mean if all say yes or all say no,\n"
        + "  or else 0.5, which is no trade: for large capital.",
        ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        Say("  Three packages in 'import' with the same members (trees, a regression in ONNX, a rule of thumb) and another vote each:");
        await DemoEnsemble.RegisterAsync(platform, show: true, cancel);
        var votes = new Dictionary<VotingStrategy, IReadOnlyList<JsonObject>>();
        foreach ((VotingStrategy strategy, string version) in DemoEnsemble.Versions)
        {
            Say();
            Say($"  {strategy}: {version} takes the champion's place in a test, which is ended in its favour.");
            await DemoEnsemble.ServeAsync(platform, version, cancel);
            bool first = votes.Count == 0;
            (_, JsonObject answer) = first
                ? await platform.PostAsync("/predict/batch", Batch(), cancel, Ok)
                : await platform.TellAsync("/predict/batch", Batch(), cancel, Ok);
            if (!first) Say("  (the same request for predictions again)");
            if (Text(answer, "model_version") != version) throw new StepFailedException($"{answer["model_version"]} judged, not {version}");
            votes[strategy] = Rows(answer, "predictions");
        }
        Say();
        JsonArray rows = Table(votes);
        Say();
        await DemoEnsemble.PutBackAsync(platform, cancel);
        return new JsonObject { ["rows"] = rows };
    }

    private static JsonObject Batch() => DemoRoutes.Batch(
        [
            DemoRoutes.Of("all_say_yes", netBps: 9, confidence: 0.9),
            DemoRoutes.Of("two_say_yes", netBps: 2.2, confidence: 0.75),
            DemoRoutes.Of("one_says_yes", netBps: 3, confidence: 0.5),
            DemoRoutes.Of("all_say_no", netBps: -4, confidence: 0.5),
        ],
        Threshold);

    private static JsonArray Table(Dictionary<VotingStrategy, IReadOnlyList<JsonObject>> votes)
    {
        Say($"  {"route",-16}{"weighted",12}{"majority",12}{"unanimous",12}{"disagreement",15}");
        var rows = new JsonArray();
        for (int i = 0; i < votes[VotingStrategy.Weighted].Count; i++)
        {
            JsonObject weighted = votes[VotingStrategy.Weighted][i], majority = votes[VotingStrategy.Majority][i];
            JsonObject unanimous = votes[VotingStrategy.Unanimous][i];
            string scores = $"{Vote(weighted),12}{Vote(majority),12}{Vote(unanimous),12}";
            Say($"  {Text(weighted, "route_id"),-16}{scores}{Number(weighted, "disagreement"),15:0.0000}");
            rows.Add((JsonNode)new JsonObject
            {
                ["route"] = weighted["route_id"]!.DeepClone(),
                ["weighted"] = weighted["prediction_score"]!.DeepClone(),
                ["majority"] = majority["prediction_score"]!.DeepClone(),
                ["unanimous"] = unanimous["prediction_score"]!.DeepClone(),
                ["disagreement"] = weighted["disagreement"]!.DeepClone(),
            });
        }
        Say($"  * executes at {Threshold:0.0}. Disagreement: the highest less the lowest score of a member; the wider, the less the mean says.");
        return rows;
    }

    private static string Vote(JsonObject row) =>
        $"{Number(row, "prediction_score"):0.0000}{(row["should_execute"]!.GetValue<bool>() ? "*" : " ")}";
}
