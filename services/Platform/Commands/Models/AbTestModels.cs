using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models ab-test</c> [AB-01]</summary>
internal static class AbTestModels
{
    public static Command Create()
    {
        var type = new Argument<string>("TYPE") { Description = $"{RegistryAccess.Judging}." };
        var a = new Argument<string>("A") { Description = "The version that serves, as predictions name it (v0.1.0 for a member that is not there); another one takes its place." };
        var b = new Argument<string>("B") { Description = "The version that challenges it." };
        var split = new Option<string?>("--split") { Description = "Shares of A and B, which sum to 1; default 0.8,0.2.", HelpName = "A,B" };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "ab-test", "Let version B serve a share beside version A; both must be registered and active.\n\nExample: quadturbo models ab-test xgboost v1.0.0 v1.1.0 --split 0.9,0.1")
        {
            type, a, b, split, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = new StartAbTest(parsed.GetValue(type)!, parsed.GetValue(a)!, parsed.GetValue(b)!, Shares(parsed.GetValue(split)));
            (JsonNode answer, _) = await new RegistryAccess(parsed.GetValue(dataDirectory))
                .AskAsync("/models/ab-test", asked, desk => desk.StartAbTestAsync(asked, cancel), cancel);
            CommandLine.Say($"experiment {answer["experiment"]}: {RegistryAccess.NameOf(answer["challenger"])} serves {(double)answer["traffic_split"]![1]!:P0} beside {RegistryAccess.NameOf(answer["champion"])}");
            foreach (JsonNode? note in answer["notes"]!.AsArray()) CommandLine.Say($"note: {note}");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return CommandLine.Done;
        });
        return command;
    }

    private static double[]? Shares(string? text) => text?.Split(',').Select(share =>
        double.TryParse(share, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new BadInputException($"--split '{text}' is not two shares such as 0.8,0.2")).ToArray();
}
