using System.CommandLine;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>retrain</c>: asks the running process for a new model version now [LANE-20].</summary>
internal static class RetrainCommand
{
    private const int Ok = 200;
    private const int NothingToLearn = 409;
    private const int NoSuchService = 404;

    public static Command Create()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "retrain",
            "Ask the running process to make a new model version now, whatever its triggers say.\n\n"
            + "Exit codes: 0 a version was made, 1 there was nothing to make it from, 2 no process runs on the data directory.\n\nExample: quadturbo retrain --data-dir data/run")
        {
            dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string directory = DataDirectory.OfRun(parsed.GetValue(dataDirectory));
            ProcessFile process = RunningProcess.Of(directory) ?? throw new BadInputException(Nobody(directory));
            (int status, JsonNode? body) = await RunningProcess.AskAsync(process, HttpMethod.Post, "/api/training/retrain", cancel);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject { ["status"] = status, ["answer"] = body?.DeepClone() });
            switch (status)
            {
                case Ok:
                    CommandLine.Say($"made v{body?["ordinal"]} ({body?["label"]}, {body?["id"]})");
                    CommandLine.Say("next: 'training why' shows how it does against the baseline");
                    return CommandLine.Done;
                case NothingToLearn:
                    CommandLine.Say($"no new version: {body?["detail"]}");
                    return CommandLine.Finding;
                case NoSuchService:
                    throw new BadInputException($"process {process.Pid} has no training lane (--role trader)");
                default:
                    throw new BadInputException($"process {process.Pid} at {process.Address} answered {status}: {body?["detail"] ?? body?["title"]}");
            }
        });
        return command;
    }

    private static string Nobody(string directory)
    {
        string left = ProcessFile.Read(directory) is { } gone ? $" (process {gone.Pid} is gone without a clean stop)" : "";
        return $"no process runs on '{directory}'{left}; start one with: quadturbo run --data-dir {directory}";
    }
}
