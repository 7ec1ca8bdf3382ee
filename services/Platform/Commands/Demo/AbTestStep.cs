using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Brings a model, lets it serve a fifth, and sees that it may not have the rest yet.</summary>
internal static class AbTestStep
{
    private const int Ok = 200, Conflict = 409;
    private const int Shown = 8, Many = 1_000;
    private const double Threshold = 0.8;
    private const string Mine = "v1.0.0", Serving = "v0.1.0";

    public static DemoStep Step { get; } = new(
        "ab-test", "A/B test",
        "A model of your own serves a share of the requests beside the one that serves.\n"
        + "  Whether it earns more is counted on every opportunity, by both.",
        ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        platform.Import("mine.onnx", DemoModels.Onnx.Span);
        Say("  mine.onnx lies in the folder 'import' of the data directory: a small regression, made for this demonstration.");
        (_, JsonObject registered) = await platform.PostAsync("/models/register", new JsonObject
        {
            ["model_type"] = "onnx",
            ["model_path"] = "mine.onnx",
            ["version"] = Mine,
            ["activate"] = true,
        }, cancel);
        Say($"  onnx {registered["version"]} is registered as {Short(Text(registered, "model_id"))}; it serves nothing yet.");
        Say();
        JsonObject begun = await platform.BeginTestAsync(new JsonObject
        {
            ["model_type"] = "onnx",
            ["version_a"] = Serving,
            ["version_b"] = Mine,
            ["traffic_split"] = new JsonArray(0.8, 0.2),
        }, cancel);
        string challenger = Text(begun["challenger"]!, "label"), champion = Text(begun["champion"]!, "label");
        Say($"  {begun["experiment"]}: {challenger}, which is {champion} with {Mine} as its network, serves 20 % beside {champion}.");
        Say();
        // Decided is not yet served: the model is loaded beside the requests first.
        await platform.UntilAsync("/models/summary", static page => page["arms"] is JsonArray { Count: 2 }, cancel);
        (JsonObject arms, double share) = await AssignAsync(platform, cancel);
        JsonObject evidence = await WeighAsync(platform, cancel);
        evidence["arms"] = arms;
        evidence["share"] = share;
        return evidence;
    }

    private static async Task<(JsonObject Arms, double Share)> AssignAsync(DemoClient platform, CancellationToken cancel)
    {
        JsonObject Batch(int count) =>
            DemoRoutes.Batch(Enumerable.Range(1, count).Select(i => DemoRoutes.Of($"route-{i}", netBps: 6, confidence: 0.8)), Threshold);
        (_, JsonObject answer) = await platform.PostAsync("/predict/batch", Batch(Shown), cancel, Ok);
        (_, JsonObject again) = await platform.TellAsync("/predict/batch", Batch(Shown), cancel, Ok);
        (_, JsonObject many) = await platform.TellAsync("/predict/batch", Batch(Many), cancel, Ok);
        foreach (JsonObject row in Rows(answer, "predictions"))
            Say($"  {Text(row, "route_id"),-10}{ArmOf(row),-12}{Number(row, "prediction_score"):0.0000}");
        Dictionary<string, string> first = ArmsOf(answer), second = ArmsOf(again);
        if (first.Any(arm => second[arm.Key] != arm.Value)) throw new StepFailedException("asked again, a route fell to another arm");
        double share = ArmsOf(many).Values.Count(arm => arm == "challenger") / (double)Many;
        Say("  Asked again, each route falls to the same model: it hangs on the route's name alone.");
        Say($"  Of {Many:N0} routes {share:P1} fall to the challenger.");
        Say();
        return (new JsonObject(first.Select(arm => KeyValuePair.Create<string, JsonNode?>(arm.Key, arm.Value))), share);
    }

    // The interval needs 100 minutes of the market, which pass in some seconds here.
    private static async Task<JsonObject> WeighAsync(DemoClient platform, CancellationToken cancel)
    {
        JsonObject page = await platform.UntilAsync(
            "/models/summary", static p => p["experiment"] is not { } e || e["gain_bps_interval"] is JsonArray { Count: 2 }, cancel);
        if (page["experiment"] is not JsonObject experiment) return await WithdrawnAsync(platform, cancel);
        Say($"  $ curl -s '{platform.Address}/models/summary'");
        JsonNode interval = experiment["gain_bps_interval"]!;
        double low = interval[0]!.GetValue<double>(), high = interval[1]!.GetValue<double>();
        string sense = low > 0 ? "It is above 0: a gain." : high < 0 ? "It is below 0: a loss." : "It holds 0: it may be chance.";
        Say($"  {Number(experiment, "outcomes"):N0} outcomes foretold by both. By minute of the market, the challenger gains");
        Say($"  {Number(experiment, "gain_bps"):+0.00;-0.00} net bps, [{low:+0.00;-0.00}, {high:+0.00;-0.00}] at 95 %, whenever one looks. {sense}");
        Say();
        var winner = new JsonObject { ["model_type"] = "onnx" };
        (int status, JsonObject verdict) = await platform.PostAsync("/models/promote-winner", winner, cancel, Ok, Conflict);
        IReadOnlyList<JsonObject> checks = Rows(verdict, "checks");
        foreach (JsonObject check in checks) Say($"  {StateOf(check),-9}{Text(check, "name"),-20}{check["words"]}");
        Say(status == Conflict ? "  409: not promoted while a check is open." : "  200: promoted.");
        Say();
        var back = new JsonObject { ["model_type"] = "onnx", ["version"] = Serving };
        (_, JsonObject live) = await platform.PostAsync("/models/rollback", back, cancel, Ok);
        Say($"  The test is over: {live["live"]!["champion"]!["label"]} serves alone again.");
        return new JsonObject
        {
            ["gain_bps"] = experiment["gain_bps"]?.DeepClone(),
            ["interval"] = new JsonArray(low, high),
            ["promotion_status"] = status,
            ["open_checks"] = new JsonArray([.. checks.Where(c => StateOf(c) == "OPEN").Select(c => c["name"]!.DeepClone())]),
        };
    }

    private static async Task<JsonObject> WithdrawnAsync(DemoClient platform, CancellationToken cancel)
    {
        JsonObject history = await platform.GetAsync("/models/history", cancel);
        string why = Text(Rows(history, "lines")[^1], "why");
        Say($"  The challenger has been withdrawn already: {why}");
        return new JsonObject { ["withdrawn"] = why };
    }

    private static Dictionary<string, string> ArmsOf(JsonObject answer) =>
        Rows(answer, "predictions").ToDictionary(row => Text(row, "route_id"), ArmOf);

    private static string ArmOf(JsonObject row) => Text(row, "model_version_onnx") == Mine ? "challenger" : "champion";

    private static string StateOf(JsonObject check) => check["passed"]?.GetValue<bool>() switch
    {
        true => "passed",
        false => "OPEN",
        null => "unknown",
    };

    private static string Short(string id) => id.Length > 15 ? $"{id[..15]}..." : id;
}
