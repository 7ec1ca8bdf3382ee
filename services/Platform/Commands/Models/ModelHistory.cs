using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models history</c>: what judged when, and why.</summary>
internal static class ModelHistory
{
    public static Command Create()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        Option<string> type = ModelsCommand.TypeOption();
        var at = new Option<DateTime?>("--at") { Description = "An instant, UTC (2023-03-12T00:00:00Z): say what judged then, and why." };
        var command = new Command(
            "history", "Say what judged when, and why. The history is verified: one altered byte is refused and named; without --at the artefact of every version too.\n\n"
            + "Exit codes: 0 done, 1 the history or an artefact is damaged.\n\nExample: quadturbo models history --at 2023-03-12T00:00:00Z")
        {
            type, at, dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            (VersionCatalogue catalogue, ArtefactStore artefacts) = ModelsCommand.Open(parsed.GetValue(dataDirectory));
            VersionType of = VersionTypes.Parse(parsed.GetValue(type)!);
            JsonNode result = parsed.GetValue(at) is { } instant ? At(catalogue, of, instant.ToUniversalTime()) : All(catalogue, of);
            string[] bad = parsed.GetValue(at) is null ? Verify(catalogue, artefacts) : [];
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject { ["history"] = result, ["damaged"] = new JsonArray([.. bad.Select(b => (JsonNode)b)]) });
            return bad.Length == 0 ? CommandLine.Done : CommandLine.Finding;
        });
        return command;
    }

    private static JsonObject At(VersionCatalogue catalogue, VersionType type, DateTime instant)
    {
        LiveModel live = catalogue.LiveAt(type, instant);
        string since = live.Seq > 0 ? $"since {Text(live.Since)} (line {live.Seq})"
            : live.Since > DateTime.MinValue ? $"since {Text(live.Since)}"
            : "from the beginning";
        CommandLine.Say(live.Champion is { } champion ? $"{Text(instant)}: {champion} {since}, because {live.Why}" : $"{Text(instant)}: {live.Why}");
        if (live.Pinned) CommandLine.Say("pinned by people");
        if (live.Challenger is not null) CommandLine.Say($"challenged by {live.Challenger} with {live.Share:P0}, experiment {live.Experiment}");
        return new JsonObject
        {
            ["at"] = instant,
            ["champion"] = live.Champion?.Id,
            ["label"] = live.Champion?.Label,
            ["challenger"] = live.Challenger?.Id,
            ["share"] = live.Share,
            ["since"] = live.Seq == 0 ? null : live.Since,
            ["line"] = live.Seq,
            ["pinned"] = live.Pinned,
            ["why"] = live.Why,
        };
    }

    private static JsonArray All(VersionCatalogue catalogue, VersionType type)
    {
        var lines = new JsonArray();
        foreach (HistoryEntry entry in catalogue.History.Where(e => catalogue.Find(e.Model)?.Type == type))
        {
            CommandLine.Say($"{entry.Seq,6}  {Text(entry.At)}  {entry.What,-17}  {catalogue.Find(entry.Model)!.Model.Label,-10}  {entry.Why}");
            lines.Add(new JsonObject { ["line"] = entry.Seq, ["at"] = entry.At, ["what"] = entry.What.ToString(), ["model"] = entry.Model, ["why"] = entry.Why, ["hash"] = entry.Hash });
        }
        CommandLine.Say($"lines about {type.Text()}: {lines.Count}; lines of the history: {catalogue.History.Count}, each of them verified");
        return lines;
    }

    // Of every type: a version that judges is made of others.
    private static string[] Verify(VersionCatalogue catalogue, ArtefactStore artefacts)
    {
        IReadOnlyList<ModelVersion> versions = catalogue.Versions();
        var bad = new List<string>();
        foreach (ModelVersion version in versions)
        {
            try
            {
                artefacts.Load(version.Model.Id);
            }
            catch (RegistryRefusedException e)
            {
                long line = catalogue.History.First(h => h.Details is Registered registered && registered.Version.Model.Id == version.Model.Id).Seq;
                bad.Add($"{version.Type.Text()} {version.Model.Label}, registered in line {line}: {e.Message}");
            }
        }
        CommandLine.Say($"artefacts verified: {versions.Count - bad.Count} of {versions.Count}{(bad.Count == 0 ? "" : $"; damaged: {bad.Count}")}");
        foreach (string one in bad) CommandLine.Say($"  {one}");
        return [.. bad];
    }

    private static string Text(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
