using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models show</c></summary>
internal static class ShowModel
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A model by identity (sha256:... or its beginning), label (v0.2.7), ordinal (v7), or 'serving'." };
        Option<string> type = ModelsCommand.TypeOption();
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "show", "Show one model: what it was made of, how it was judged on rows that it had not seen, with 'edge alone' beside it. Its bytes are verified.\n\nExample: quadturbo models show v0.2.7")
        {
            name, type, dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            (VersionCatalogue catalogue, ArtefactStore artefacts) = ModelsCommand.Open(parsed.GetValue(dataDirectory));
            ModelVersion version = Find(catalogue, VersionTypes.Parse(parsed.GetValue(type)!), parsed.GetValue(name)!);
            ModelPackage package = artefacts.LoadPackage(version.Model.Id);
            JsonObject shown = JsonOf(version);
            shown["pinned"] = catalogue.LiveNow(version.Type) is { Pinned: true } live && live.Champion?.Id == version.Model.Id;
            shown["seed"] = package.Manifest.Seed;
            shown["parts"] = new JsonObject(package.Parts.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, PartOf(p.Value))));
            shown["evaluation"] = package.Manifest.Evaluation.Length > 0 ? JsonNode.Parse(package.Manifest.Evaluation) : null;
            CommandLine.Say(shown.ToJsonString(Indented));
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), shown);
            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>The version that a name means; <c>serving</c> is the champion.</summary>
    public static ModelVersion Find(VersionCatalogue catalogue, VersionType type, string name) =>
        name != "serving" ? Resolve(catalogue, type, name)
        : catalogue.LiveNow(type).Champion is { } champion ? catalogue.Find(champion.Id) ?? throw new BadInputException($"{champion} serves and is not registered: nothing was ever trained or assigned here")
        : throw new BadInputException($"nothing of type {type.Text()} serves");

    /// <summary>A version for programs.</summary>
    public static JsonObject JsonOf(ModelVersion v) => new()
    {
        ["id"] = v.Model.Id,
        ["label"] = v.Model.Label,
        ["ordinal"] = v.Model.Ordinal,
        ["type"] = v.Type.Text(),
        ["kind"] = v.Kind,
        ["status"] = v.Status.ToString().ToLowerInvariant(),
        ["active"] = v.Active,
        ["traffic_weight"] = v.TrafficWeight,
        ["known_at"] = v.KnownAt,
        ["ready"] = v.Ready,
        ["verdict"] = v.Verdict,
        ["metrics"] = new JsonObject(v.Metrics.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value))),
        ["notes"] = v.Notes,
        ["parent"] = v.Parent,
        ["data"] = v.Data,
        ["schema"] = v.Schema,
        ["code"] = v.Code,
        ["path"] = v.Path,
        ["tags"] = new JsonObject(v.Tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))),
    };

    // Who left the type out means the model that has the name: the refusal says of which types there is one.
    private static ModelVersion Resolve(VersionCatalogue catalogue, VersionType type, string name)
    {
        try
        {
            return catalogue.Resolve(type, name);
        }
        catch (RegistryRefusedException e) when (e.Reason == Refusal.NotFound)
        {
            string[] others = [.. VersionTypes.All.Where(t => t != type && Has(catalogue, t, name)).Select(t => $"--type {t.Text()}")];
            throw others.Length == 0 ? e : new BadInputException($"{e.Message}; there is one with {string.Join(" or ", others)}");
        }
    }

    private static bool Has(VersionCatalogue catalogue, VersionType type, string name)
    {
        try
        {
            catalogue.Resolve(type, name);
            return true;
        }
        catch (RegistryRefusedException)
        {
            return false;
        }
    }

    private static JsonObject PartOf(ModelPart part) => part switch
    {
        EnsembleHead ensemble => new JsonObject
        {
            ["vote"] = ensemble.Ballot.Strategy.ToString().ToLowerInvariant(),
            ["members"] = new JsonArray([.. ensemble.Members.Select((m, i) => (JsonNode)new JsonObject { ["name"] = m.Name, ["version"] = m.Version, ["weight"] = ensemble.Ballot.Weights[i], ["part"] = PartOf(m.Head) })]),
        },
        TreesHead trees => new JsonObject { ["trees"] = trees.Ensemble.Count, ["calibrator"] = trees.Calibrator?.Kind.ToString().ToLowerInvariant(), ["samples"] = part.Samples },
        OnnxHead onnx => new JsonObject { ["onnx_bytes"] = onnx.Model.Length, ["samples"] = part.Samples },
        RegimePart regime => new JsonObject { ["states"] = regime.Model.Hmm.States, ["samples"] = part.Samples },
        _ => new JsonObject { ["type"] = part.GetType().Name, ["samples"] = part.Samples },
    };
}
