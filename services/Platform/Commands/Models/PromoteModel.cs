using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models promote</c> [AB-05]</summary>
internal static class PromoteModel
{
    public static Command Create()
    {
        var type = new Argument<string>("TYPE") { Description = $"{RegistryAccess.Judging}." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "promote",
            "Let the challenger serve alone, if every check of the promotion policy has passed. The running process knows the evidence, so one must run.\n\n"
            + "Exit codes: 0 promoted, 1 a check is open, 2 there is nothing to promote.\n\nExample: quadturbo models promote xgboost")
        {
            type, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = new PromoteWinner(parsed.GetValue(type)!);
            (JsonNode answer, bool open) = await new RegistryAccess(parsed.GetValue(dataDirectory))
                .AskAsync("/models/promote-winner", asked, desk => desk.PromoteWinnerAsync(asked, cancel), cancel);
            foreach (JsonNode? check in answer["checks"]!.AsArray())
                CommandLine.Say($"  {(bool?)check!["passed"] switch { true => "passed", false => "open", null => "not known" },-9}  {check["name"]}: {check["words"]}");
            CommandLine.Say($"{(open ? "not promoted" : "promoted")}; {RegistryAccess.NameOf(answer["champion"])} serves");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return open ? CommandLine.Finding : CommandLine.Done;
        });
        return command;
    }
}
