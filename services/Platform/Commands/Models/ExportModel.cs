using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models export</c> [REG-03, REG-04]</summary>
internal static class ExportModel
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A model by identity, label, ordinal, or 'serving'." };
        var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "Where to: TYPE_vN.json, TYPE_latest.json and their signals are written." };
        Option<string> type = ModelsCommand.TypeOption();
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "export", "Write a version to a folder for another process, as the latest of its type there; no process may run meanwhile.\n\nExample: quadturbo models export serving exchange")
        {
            name, folder, type, dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            (VersionCatalogue read, ArtefactStore _) = ModelsCommand.Open(parsed.GetValue(dataDirectory));
            ModelVersion version = ShowModel.Find(read, VersionTypes.Parse(parsed.GetValue(type)!), parsed.GetValue(name)!);
            var access = new RegistryAccess(parsed.GetValue(dataDirectory));
            if (access.Process is { } process) throw new BadInputException($"process {process.Pid} writes this registry; export when it has stopped");
            ModelSignal signal = await access.OpenAsync((_, exchange) => ValueTask.FromResult(
                exchange.Export(version.Model.Id, parsed.GetValue(folder)!.FullName, "exported by people", TimeProvider.System.GetUtcNow().UtcDateTime)));
            CommandLine.Say($"{version.Model} is in {Path.Combine(parsed.GetValue(folder)!.FullName, signal.File)}");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject { ["file"] = signal.File, ["id"] = signal.ModelId, ["label"] = signal.Label });
            return CommandLine.Done;
        });
        return command;
    }
}
