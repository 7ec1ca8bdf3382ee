using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models unpin</c> [REG-14]</summary>
internal static class UnpinModel
{
    public static Command Create()
    {
        var type = new Argument<string>("TYPE") { Description = $"{RegistryAccess.Judging}; all three judge by one champion." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "unpin",
            "Lift the pin of a rollback: refreshes of the learner and promotions take the champion's place again.\n\n"
            + "Exit codes: 0 done, 2 nothing is pinned.\n\nExample: quadturbo models unpin meta_label")
        {
            type, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = new Unpin(parsed.GetValue(type)!);
            (JsonNode answer, _) = await new RegistryAccess(parsed.GetValue(dataDirectory))
                .AskAsync("/models/unpin", asked, desk => desk.UnpinAsync(asked, cancel), cancel);
            CommandLine.Say($"{RegistryAccess.NameOf(answer["champion"])} judges, and is not pinned");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return CommandLine.Done;
        });
        return command;
    }
}
