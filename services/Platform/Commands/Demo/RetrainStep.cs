using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Sees a retrain begin by itself, asks for another, and reads what came of both.</summary>
internal static class RetrainStep
{
    private const int Ok = 200;
    private const string Models = "/api/models?limit=100";

    public static DemoStep Step { get; } = new(
        "retrain", "Retraining",
        "Every outcome is a lesson. A trigger says when a new version is made of them; checks say whether it may judge.", ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        Say($"  $ curl -s '{platform.Address}/api/training'");
        JsonObject models = await platform.UntilAsync(Models, static page => Trained(page, manual: false) is not null, cancel);
        JsonObject training = await platform.LookAsync("/api/training", cancel);
        Say($"  profile {training["profile"]}; {training["samples"]} labelled samples, {training["new_since_full"]} since the last full retrain");
        foreach (JsonObject trigger in Rows(training, "triggers"))
            Say($"  {Text(trigger, "name"),-10}{(trigger["fires"]!.GetValue<bool>() ? "fires" : "waits"),-8}{trigger["why"]}");
        Say($"  {(training["guard"] is { } guard ? $"Held back: {guard}." : "Nothing holds it back.")}");
        Say();
        JsonObject own = Trained(models, manual: false)!;
        Say($"  It began by itself, on trigger '{own["trigger"]}':");
        Tell(own);
        Say();
        Say("  By hand, whatever the triggers say:");
        (_, JsonObject made) = await platform.PostAsync("/api/training/retrain", null, cancel, Ok);
        string label = Text(made, "label");
        models = await platform.UntilAsync(Models, page => (string?)Trained(page, manual: true)?["label"] == label, cancel);
        JsonObject asked = Trained(models, manual: true)!;
        Tell(asked);
        Say();
        JsonObject detail = await platform.GetAsync($"/api/models/{label}", cancel);
        Say($"  what it reads most: {string.Join(", ", Rows(detail, "importance").Take(5).Select(Share))}");
        string came = Came(models);
        Say($"  What came of it: {came}");
        await platform.EndTestsAsync(cancel, show: true);
        return new JsonObject
        {
            ["trigger"] = own["trigger"]!.DeepClone(),
            ["own"] = own["label"]!.DeepClone(),
            ["asked"] = label,
            ["auc"] = asked["auc"]?.DeepClone(),
            ["came"] = came,
        };
    }

    // The newest version of the judging sort that a trigger, or a person, has brought about.
    private static JsonObject? Trained(JsonObject page, bool manual) => Rows(page, "items").FirstOrDefault(m =>
        (string?)m["type"] == "meta_label"
        && (manual ? (string?)m["trigger"] == "manual" : (string?)m["trigger"] is "full" or "drift"));

    private static void Tell(JsonObject model)
    {
        Say($"  {model["label"]}, {((bool?)model["ready"] == true ? "READY to challenge" : "not ready")}:");
        foreach (string part in Text(model, "why").Split("; ")) Say($"    {part}");
    }

    private static string Came(JsonObject models)
    {
        string serves = Text(models["live"]!["model"]!, "label");
        return models["experiment"] is { } experiment
            ? $"{experiment["challenger"]!["label"]} challenges {serves} with {Number(experiment, "share"):P0} of the opportunities; a newer one\n"
                + "  waits its turn. Naming what serves ends a test, and makes room for those of the next steps:"
            : $"{serves} goes on judging alone; a version that is not ready is watched and judges nothing.";
    }

    private static string Share(JsonObject feature) =>
        $"{feature["feature"]} {Number(feature, "share"):P0}";
}
