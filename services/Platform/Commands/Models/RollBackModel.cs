using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models rollback</c> [REG-14]</summary>
internal static class RollBackModel
{
    public static Command Create()
    {
        var type = new Argument<string>("TYPE") { Description = $"{RegistryAccess.Judging}." };
        var version = new Argument<string?>("VERSION")
        {
            Description = "A version that served before, or that serves; it is pinned. Unless said: ends the A/B test; without one, the version before, pinned.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "rollback",
            "End the A/B test, or go back to a version that served before, and see that it is served. What is gone back to is pinned: nothing takes its place by "
            + "itself before models unpin, or a promotion by people.\n\n"
            + "Exit codes: 0 done, 1 something else is served, 2 there is nothing to go back to.\n\nExample: quadturbo models rollback meta_label")
        {
            type, version, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = new RollBack(parsed.GetValue(type)!, parsed.GetValue(version));
            (JsonNode answer, _) = await new RegistryAccess(parsed.GetValue(dataDirectory))
                .AskAsync("/models/rollback", asked, async desk => new { live = await desk.RollBackAsync(asked, cancel) }, cancel);
            bool? verified = (bool?)answer["verified"];
            string seen = verified switch { true => "and is served", false => $"but {RegistryAccess.NameOf(answer["served"])} is served", null => "from the next start on" };
            CommandLine.Say($"{RegistryAccess.NameOf(answer["live"]!["champion"])} judges, {seen}");
            bool pinned = (bool)answer["live"]!["pinned"]!;
            CommandLine.Say(pinned ? $"it is pinned; models unpin {asked.ModelType} lifts that" : "the A/B test has ended; nothing is pinned");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return verified == false ? CommandLine.Finding : CommandLine.Done;
        });
        return command;
    }
}
