using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Scoring;
using QuadTurbo.Training.Publication;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>models list|show</c>: what was trained, how it was judged, and what serves.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Look at the models of a run.\n\nExample: quadturbo models list") { List(), Show() };

    private static Command List()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "list", "List the models of full retrains with their verdicts, and say what serves. Versions of the online learner are counted; each is in the ledger.\n\nExample: quadturbo models list --data-dir data/run")
        {
            dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.OfModels(parsed.GetValue(dataDirectory));
            IReadOnlyList<ShelfEntry> entries = new ModelShelf(directory).Entries;
            using PathAudit audit = AuditOf(directory);
            string serving = audit.Serving?.Model.Id ?? ModelPackage.Baseline.Ref.Id;
            foreach (string line in Lines(entries, audit, serving)) CommandLine.Say(line);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject
            {
                ["data_dir"] = directory,
                ["serving"] = serving,
                ["versions_trained"] = audit.TrainingRuns,
                ["models"] = new JsonArray([.. entries.Select(e => (JsonNode?)JsonOf(e, serving))]),
            });
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "A model by identity (sha256:... or its beginning), label (v0.2.7), ordinal (v7), or 'serving'." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command("show", "Show one model: what it was made of, how it was judged on rows that it had not seen, with 'edge alone' beside it.\n\nExample: quadturbo models show v0.2.7")
        {
            name, dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.OfModels(parsed.GetValue(dataDirectory));
            ModelPackage package = Find(directory, parsed.GetValue(name)!);
            JsonObject shown = Shown(package);
            CommandLine.Say(shown.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), shown);
            return CommandLine.Done;
        });
        return command;
    }

    private static ModelPackage Find(string directory, string name)
    {
        if (name == ModelPackage.Baseline.Ref.Label) return ModelPackage.Baseline;
        var shelf = new ModelShelf(directory);
        using PathAudit audit = AuditOf(directory);
        if (name == "serving")
        {
            if (audit.LastServing is not { } serving) return ModelPackage.Baseline;
            return ModelPackage.Load(serving.Package, serving.Model);
        }
        ShelfEntry[] found = [.. shelf.Entries.Where(e => e.Model.Id == name || e.Model.Label == name || name == $"v{e.Model.Ordinal}" || (name.Length >= 15 && e.Model.Id.StartsWith(name, StringComparison.Ordinal)))];
        return found switch
        {
            [var one] => shelf.Load(one.Model.Id),
            [] => throw new BadInputException($"no model '{name}' on the shelf of '{directory}'; 'models list' names them, 'serving' is the one that serves"),
            _ => throw new BadInputException($"'{name}' names {found.Length} models: {string.Join(", ", found.Select(e => e.Model.Id))}"),
        };
    }

    private static PathAudit AuditOf(string directory) => DataDirectory.HasLedger(directory) ? LedgerFold.Of(directory) : new PathAudit();

    private static JsonObject Shown(ModelPackage package)
    {
        ModelManifest m = package.Manifest;
        return new JsonObject
        {
            ["id"] = package.Ref.Id,
            ["label"] = m.Label,
            ["ordinal"] = m.Ordinal,
            ["type"] = Snake(m.Type),
            ["kind"] = m.Kind,
            ["samples"] = m.Samples,
            ["seed"] = m.Seed,
            ["notes"] = m.Notes,
            ["data"] = m.Data,
            ["code"] = m.Code,
            ["schema"] = Trading.Features.FeatureSchema.Hash,
            ["parts"] = new JsonObject(package.Parts.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, PartOf(p.Value)))),
            ["evaluation"] = m.Evaluation.Length > 0 ? JsonNode.Parse(m.Evaluation) : null,
        };
    }

    private static JsonObject PartOf(ModelPart part) => part switch
    {
        TreesHead trees => new JsonObject { ["trees"] = trees.Ensemble.Count, ["calibrator"] = trees.Calibrator?.Kind.ToString().ToLowerInvariant(), ["samples"] = part.Samples },
        RegimePart regime => new JsonObject { ["states"] = regime.Model.Hmm.States, ["samples"] = part.Samples },
        _ => new JsonObject { ["type"] = part.GetType().Name, ["samples"] = part.Samples },
    };

    private static IEnumerable<string> Lines(IReadOnlyList<ShelfEntry> entries, PathAudit audit, string serving)
    {
        if (entries.Count > 0) yield return $"  {"label",-10}  {"type",-10}  {"known until",-16}  {"trigger",-9}  {"samples",9}  verdict";
        foreach (ShelfEntry e in entries)
        {
            string at = e.KnownAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            yield return $"{(e.Model.Id == serving ? "*" : " ")} {e.Model.Label,-10}  {Snake(e.Type),-10}  {at,-16}  {e.Trigger,-9}  {e.Samples,9:N0}  {(e.Type != ModelType.MetaLabel ? "" : e.Ready ? "ready: " : "not ready: ")}{e.Verdict}";
        }
        if (entries.Count == 0) yield return "no full retrain has made a model yet; 'training why' says what it waits for, 'replay --learn nightly' retrains at every midnight";
        yield return $"{audit.TrainingRuns} versions trained in all; serving: {(audit.Serving is { } s ? $"{s.Model}, because {s.Why}" : $"{ModelPackage.Baseline.Ref}, the baseline")}";
    }

    private static JsonObject JsonOf(ShelfEntry e, string serving) => new JsonObject
    {
        ["id"] = e.Model.Id,
        ["label"] = e.Model.Label,
        ["ordinal"] = e.Model.Ordinal,
        ["type"] = Snake(e.Type),
        ["kind"] = e.Kind,
        ["trigger"] = e.Trigger,
        ["known_at"] = e.KnownAt,
        ["samples"] = e.Samples,
        ["ready"] = e.Ready,
        ["verdict"] = e.Verdict,
        ["serving"] = e.Model.Id == serving,
    };

    private static string Snake(ModelType type) => type == ModelType.MetaLabel ? "meta_label" : type.ToString().ToLowerInvariant();
}
