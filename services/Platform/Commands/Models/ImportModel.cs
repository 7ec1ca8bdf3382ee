using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models import</c> [REG-05, REG-06]</summary>
internal static class ImportModel
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A package, with its .signal.json beside it or without." };
        var type = new Option<string?>("--type")
        {
            Description = $"Type of model that it must be: {string.Join(", ", VersionTypes.All.Select(t => t.Text()))}; unless said, what its signal says.",
        };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "import", "Register the package of another process under its own names; its bytes must be what its signal says.\n\nExample: quadturbo models import exchange/meta_label_v42.json")
        {
            file, type, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var access = new RegistryAccess(parsed.GetValue(dataDirectory));
            FileInfo given = parsed.GetValue(file)!;
            string? of = parsed.GetValue(type);
            string id, ordinal;
            if (access.Process is not null)
            {
                var signal = new FileInfo(Path.ChangeExtension(given.FullName, null) + ".signal.json");
                if (signal.Exists) access.Hand(signal);
                of ??= (signal.Exists ? ModelExchange.TypeIn(signal.FullName) : null)?.Text() ?? VersionType.MetaLabel.Text();
                (JsonNode answer, _) = await access.AskAsync(
                    "/api/2.0/mlflow/model-versions/create", new { name = of, source = Path.GetFileName(access.Hand(given)) }, _ => ValueTask.FromResult(0), cancel);
                (id, ordinal) = ((string)answer["model_version"]!["source"]!, (string)answer["model_version"]!["version"]!);
            }
            else
            {
                VersionType? due = of is null ? null : VersionTypes.Parse(of);
                ModelVersion version = await access.OpenAsync((_, exchange) => ValueTask.FromResult(
                    exchange.Import(given.FullName, null, "imported by people", TimeProvider.System.GetUtcNow().UtcDateTime, due)));
                (id, ordinal, of) = (version.Model.Id, $"{version.Model.Ordinal}", version.Type.Text());
            }
            CommandLine.Say($"{of} v{ordinal} is registered: {id}");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject { ["id"] = id, ["ordinal"] = ordinal, ["type"] = of });
            return CommandLine.Done;
        });
        return command;
    }
}
