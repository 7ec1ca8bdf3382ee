using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Models;
using QuadTurbo.Training;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>training why</c>: "why was there no retrain?" [TRN-22]</summary>
internal static class TrainingCommand
{
    public static Command Create(IReadOnlyList<Service> services) =>
        new("training", "Ask about lane 3.\n\nExample: quadturbo training why") { Why(services) };

    private static Command Why(IReadOnlyList<Service> services)
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "why",
            "Say why there was no retrain: every trigger with what it measured and its limit, and the guard. The running process is asked; without one the ledger answers.\n\n"
            + "Exit codes: 0 done, 2 there is neither a process nor a ledger.\n\nExample: quadturbo training why --data-dir data/run")
        {
            dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string? named = parsed.GetValue(dataDirectory);
            JsonNode answer = RunningProcess.Of(DataDirectory.OfRun(named)) is { } process
                ? await AskAsync(process, cancel)
                : FromLedger(DataDirectory.ToRead(named), services);
            foreach (string line in Words(answer)) CommandLine.Say(line);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<JsonNode> AskAsync(ProcessFile process, CancellationToken cancel)
    {
        (int status, JsonNode? body) = await RunningProcess.AskAsync(process, HttpMethod.Get, "/api/training", cancel);
        if (status != 200 || body is null) throw new BadInputException($"process {process.Pid} at {process.Address} has no training lane (answer {status})");
        body["from"] = $"process {process.Pid}";
        return body;
    }

    /// <summary>What the ledger can tell: versions and samples; the learner's own figures are in its process.</summary>
    private static JsonObject FromLedger(string directory, IReadOnlyList<Service> services)
    {
        using PathAudit audit = LedgerFold.Of(directory);
        PlatformSettings settings = SharedOptions.Load(services, audit.Session?.Preset, config: null, set: null);
        TriggerSettings triggers = settings.Get<TriggerSettings>();
        ModelTrained? last = audit.LastModel;
        long samples = audit.Shadow.Processed > 0 ? audit.Shadow.Filled : audit.Production.Filled;
        long fresh = samples - (last?.Samples ?? 0);
        return new JsonObject
        {
            ["from"] = $"the ledger of '{directory}', no process runs on it; limits of {(audit.Session?.Preset is { } preset ? $"preset {preset}" : "the defaults")} and the environment",
            ["samples"] = samples,
            ["new_samples"] = fresh,
            ["version"] = last?.Model.Ordinal ?? 0,
            ["runs"] = audit.TrainingRuns,
            ["last_trigger"] = last?.Trigger,
            ["guard"] = samples == 0 ? "no labelled sample yet: no trade was filled"
                : fresh < triggers.MinNewSamples ? $"{fresh} new samples; at least {triggers.MinNewSamples} are needed"
                : "no process runs: nothing trains",
            ["triggers"] = new JsonArray(new JsonObject
            {
                ["name"] = "samples",
                ["fires"] = fresh >= triggers.Interval,
                ["measured"] = fresh,
                ["limit"] = triggers.Interval,
                ["why"] = $"{fresh} of {triggers.Interval} new samples",
            }),
        };
    }

    private static IEnumerable<string> Words(JsonNode answer)
    {
        yield return $"training, by {answer["from"]}";
        yield return $"  labelled samples  {answer["samples"]}, {answer["new_samples"]} since v{answer["version"]}{(answer["last_trigger"] is { } trigger ? $" (made by '{trigger}')" : "")}";
        yield return answer["guard"] is { } guard ? $"  guard             holds every trigger back: {guard}" : "  guard             lets triggers fire";
        foreach (JsonNode? t in answer["triggers"]?.AsArray() ?? [])
            yield return $"  trigger {t!["name"]!.ToString(),-12}{(t["fires"]!.GetValue<bool>() ? "fires  " : "waits  ")} measured {Number(t["measured"])}, limit {Number(t["limit"])}: {t["why"]}";
        if (answer["cross_venue"] is { } learner && answer["cross_venue_baseline"] is { } baseline)
            yield return $"  learner           {Number(learner["count"])} scored, log-loss {Number(learner["log_loss"])} against the baseline's {Number(baseline["log_loss"])}, AUC {Number(learner["auc"])}";
    }

    private static string Number(JsonNode? node) => node switch
    {
        null => "unknown",
        JsonValue value when value.TryGetValue(out double number) => number.ToString("0.####", CultureInfo.InvariantCulture),
        _ => node.ToString() == "NaN" ? "unknown" : node.ToString(),
    };
}
