using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>export training-data FILE</c>: the labelled samples of a run as JSONL [LANE-21].</summary>
internal static class ExportCommand
{
    private const string StandardOutput = "-";

    public static Command Create() => new("export", "Write what a run has gathered for other programs to read.\n\nExample: quadturbo export training-data samples.jsonl")
    {
        TrainingData(),
    };

    private static Command TrainingData()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; '-' is standard output." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var force = new Option<bool>("--force") { Description = "Replace FILE if it exists." };
        var command = new Command(
            "training-data",
            "Write one JSON object per labelled sample: id, ts, kind, lane, features by name (null for unknown), score, label (1 won after fees), net, net_bps, model and "
            + "feature schema. One sample per opportunity: the shadow lane's trade is its label, production's where shadow did not fill.\n\n"
            + "Exit codes: 0 done, 2 FILE exists or cannot be written.\n\nExample: quadturbo export training-data samples.jsonl --data-dir data/run")
        {
            file, dataDirectory, force, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.ToRead(parsed.GetValue(dataDirectory));
            string name = parsed.GetValue(file)!;
            long count = name == StandardOutput ? ToStandardOutput(directory) : ToFile(directory, name, parsed.GetValue(force));
            await Console.Error.WriteLineAsync($"{count} labelled samples of '{directory}' written{(name == StandardOutput ? "" : $" to {name}")}");
            await SharedOptions.WriteJsonAsync(
                parsed.GetValue(json),
                new JsonObject { ["data_dir"] = directory, ["file"] = name, ["samples"] = count, ["schema"] = FeatureSchema.Hash, ["schema_version"] = FeatureSchema.Version });
            return CommandLine.Done;
        });
        return command;
    }

    private static long ToStandardOutput(string directory)
    {
        using Stream output = new BufferedStream(Console.OpenStandardOutput());
        return Write(directory, output);
    }

    // Written beside FILE and then moved: an export that is interrupted leaves no half file under its name.
    private static long ToFile(string directory, string name, bool force)
    {
        string path = Path.GetFullPath(name), partial = path + ".partial";
        if (Directory.Exists(path)) throw new BadInputException($"FILE '{name}' is a folder");
        if (File.Exists(path) && !force) throw new BadInputException($"FILE '{name}' exists; --force replaces it");
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder)) throw new BadInputException($"FILE '{name}': the folder '{folder}' does not exist");
        try
        {
            long count;
            using (var output = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) count = Write(directory, output);
            File.Move(partial, path, overwrite: force);
            return count;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            File.Delete(partial);
            throw new BadInputException($"FILE '{name}' cannot be written: {e.Message}");
        }
    }

    private static long Write(string directory, Stream output)
    {
        using var export = new TrainingExport(output);
        var join = new SampleJoin();
        foreach ((_, object record) in LedgerFold.Events(directory))
        {
            switch (record)
            {
                case DecisionRecord decided:
                    join.Decided(decided.Decision, decided.Due.HasFlag(DueLanes.Production), decided.Due.HasFlag(DueLanes.Shadow));
                    break;
                case OutcomeRecord outcome when join.Settled(outcome.Id, outcome.Lane, outcome.Trade) is { } sample:
                    export.Write(sample);
                    break;
            }
        }
        foreach (LabelledSample sample in join.Rest()) export.Write(sample);
        output.Flush();
        return export.Count;
    }
}
