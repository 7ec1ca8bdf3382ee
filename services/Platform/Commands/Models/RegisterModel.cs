using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models register</c> [REG-10]</summary>
internal static class RegisterModel
{
    public static Command Create()
    {
        var type = new Argument<string>("TYPE") { Description = $"{RegistryAccess.Judging}." };
        var file = new Argument<FileInfo>("FILE") { Description = "xgboost's JSON, a .onnx file, or a package." };
        var version = new Argument<string>("VERSION") { Description = "Label of the form v1.1.0." };
        var metric = new Option<string[]>("--metric") { Description = "A figure of its training; may be repeated.", HelpName = "NAME=VALUE" };
        var activate = new Option<bool>("--activate") { Description = "Allow it to be put into an A/B test; it serves nothing by itself." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "register",
            "Register a model file under a label; the same file again, with --activate, activates it. It serves nothing before an A/B test.\n\n"
            + "Example: quadturbo models register xgboost trees.json v1.1.0 --metric accuracy=0.89 --activate")
        {
            type, file, version, metric, activate, dataDirectory, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var access = new RegistryAccess(parsed.GetValue(dataDirectory));
            FileInfo given = parsed.GetValue(file)!;
            var asked = new RegisterVersion(
                parsed.GetValue(type)!, access.Process is null ? given.FullName : access.Hand(given), parsed.GetValue(version)!, Metrics(parsed.GetValue(metric)),
                parsed.GetValue(activate));
            (JsonNode answer, _) = await access.AskAsync("/models/register", asked, async desk => (await desk.RegisterAsync(asked, anywhere: true)).Version, cancel);
            string active = (bool)answer["active"]! ? "active" : "not active";
            CommandLine.Say($"{answer["model_type"]} {answer["version"]} is registered and {active}: {answer["model_id"]}");
            if ((string?)answer["notes"] is { Length: > 0 } notes) CommandLine.Say($"note: {notes}");
            string serving = access.ServingName(VersionTypes.Parse(asked.ModelType));
            CommandLine.Say($"next: quadturbo models ab-test {answer["model_type"]} {serving} {answer["version"]}");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), answer);
            return CommandLine.Done;
        });
        return command;
    }

    private static Dictionary<string, double> Metrics(string[]? pairs)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string pair in pairs ?? [])
        {
            string[] sides = pair.Split('=', 2);
            if (sides.Length != 2 || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                throw new BadInputException($"--metric '{pair}' is not NAME=NUMBER");
            metrics[sides[0]] = value;
        }
        return metrics;
    }
}
