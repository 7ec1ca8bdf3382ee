using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models list</c></summary>
internal static class ListModels
{
    public static Command Create()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var online = new Option<bool>("--online") { Description = "The versions of the online learner too, one for each refresh." };
        var command = new Command(
            "list", "List the versions of every type with their verdicts, and say what judges. Versions of the online learner are counted, unless --online lists them.\n\nExample: quadturbo models list --data-dir data/run")
        {
            dataDirectory, json, online,
        };
        command.SetAction(async (parsed, _) =>
        {
            VersionCatalogue catalogue = ModelsCommand.Open(parsed.GetValue(dataDirectory)).Catalogue;
            ModelVersion[] versions = [.. catalogue.Versions()];
            ModelVersion[] shown = [.. versions.Where(v => parsed.GetValue(online) || v.Kind != "ftrl" || v.TrafficWeight > 0)];
            foreach (string line in Lines(shown)) CommandLine.Say(line);
            if (versions.Length > shown.Length) CommandLine.Say($"and {versions.Length - shown.Length} versions of the online learner");
            LiveModel live = catalogue.LiveNow(VersionType.MetaLabel);
            CommandLine.Say($"judges: {live.Champion}{(live.Challenger is null ? $", because {live.Why}" : "")}");
            if (live.Challenger is not null) CommandLine.Say($"challenged by {live.Challenger} with {live.Share:P0} of the opportunities in experiment {live.Experiment}, because {live.Why}");
            if (live.Pinned) CommandLine.Say("pinned: no refresh and no promotion takes its place by itself, until models unpin or a promotion by people");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject
            {
                ["judges"] = live.Champion?.Id,
                ["challenger"] = live.Challenger?.Id,
                ["share"] = live.Share,
                ["pinned"] = live.Pinned,
                ["models"] = new JsonArray([.. versions.Select(v => (JsonNode?)ShowModel.JsonOf(v))]),
            });
            return CommandLine.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(ModelVersion[] versions)
    {
        yield return $"  {"label",-10}  {"type",-10}  {"kind",-9}  {"known until",-16}  {"status",-10}  {"share",5}  verdict";
        foreach (ModelVersion v in versions)
        {
            string at = v.KnownAt == DateTime.UnixEpoch ? "-" : v.KnownAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            string ready = v.Ready switch { true => "ready: ", false => "not ready: ", null => "" };
            yield return $"{(v.TrafficWeight > 0 ? "*" : " ")} {v.Model.Label,-10}  {v.Type.Text(),-10}  {v.Kind,-9}  {at,-16}  "
                + $"{v.Status.ToString().ToLowerInvariant(),-10}  {v.TrafficWeight,5:P0}  {ready}{(v.Verdict.Length > 0 ? v.Verdict : v.Notes)}";
        }
    }
}
