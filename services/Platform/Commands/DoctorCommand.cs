using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Platform.Doctor;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>doctor</c>: what is missing here, and what the last run teaches [LANE-26, E-02]; within 5 s.</summary>
internal static class DoctorCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    public static Command Create(IReadOnlyList<Service> services)
    {
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config(), dataDirectory = SharedOptions.DataDirectory();
        Option<string[]> set = SharedOptions.Set();
        Option<FileInfo?> json = SharedOptions.Json();
        var urls = new Option<string>("--urls") { Description = "Where 'run' is to serve.", DefaultValueFactory = _ => DefaultUrl, HelpName = "URL" };
        var command = new Command(
            "doctor",
            "Check this machine, the settings and the data directory, and read advice from the last run: each finding with its cause and its exact fix.\n\n"
            + "Exit codes: 0 fine, or warnings only; 1 a problem; 2 bad input.\n\nExample: quadturbo doctor --data-dir data/run --preset safety")
        {
            urls, dataDirectory, preset, config, set, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            long began = Stopwatch.GetTimestamp();
            string? named = parsed.GetValue(dataDirectory);
            string directory = DataDirectory.OfRun(named);
            PlatformSettings? settings = Settings(
                () => SharedOptions.Load(services, parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set)), out IReadOnlyList<Finding> settingFindings);
            ProcessFile? process = RunningProcess.Of(directory);
            Finding[] findings =
            [
                MachineChecks.Runtime(), .. MachineChecks.Ports(parsed.GetValue(urls)!, process), await MachineChecks.ClockAsync(TimeProvider.System, DataChecks.NewestFile(directory)),
                MachineChecks.Memory(), MachineChecks.Sqlite(), DataChecks.Disk(directory), DataChecks.Writable(directory), .. settingFindings,
                .. LastRun(named, settings),
            ];
            foreach (Finding finding in findings) Print(finding);
            Severity worst = findings.Max(f => f.Severity);
            CommandLine.Say($"{findings.Count(f => f.Severity == Severity.Problem)} problems, {findings.Count(f => f.Severity == Severity.Warning)} warnings, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), JsonOf(findings));
            return worst == Severity.Problem ? CommandLine.Finding : CommandLine.Done;
        });
        return command;
    }

    private static IEnumerable<Finding> LastRun(string? named, PlatformSettings? settings)
    {
        string directory;
        try
        {
            directory = DataDirectory.ToRead(named);
        }
        catch (BadInputException)
        {
            return [Finding.Fine("run", "nothing has run here yet; advice comes with the first 'run' or 'replay'")];
        }
        return [.. DataChecks.Ledger(directory, ProcessFile.Read(directory)), DataChecks.Tables(directory), .. settings is null ? [] : RunAdvice.Of(directory, settings)];
    }

    private static PlatformSettings? Settings(Func<PlatformSettings> load, out IReadOnlyList<Finding> findings)
    {
        try
        {
            PlatformSettings settings = load();
            LaneSettings lanes = settings.Get<LaneSettings>();
            findings = lanes is { EnableProduction: true, EnablePrevalidation: false }
                ? [Finding.Problem("settings", "lanes.enablePrevalidation is false while lanes.enableProduction is true", "set lanes.enablePrevalidation=true: pre-validation cannot be bypassed")]
                : [Finding.Fine("settings", $"{settings.Explain().Count} settings are valid")];
            return settings;
        }
        catch (SettingsException e)
        {
            findings = [.. e.Errors.Select(error => Finding.Problem("settings", CommandLine.Describe(error), "correct it where the message points; 'config explain' lists every key, range and source"))];
            return null;
        }
    }

    private static void Print(Finding finding)
    {
        string mark = finding.Severity switch
        {
            Severity.Fine => "ok",
            Severity.Warning => "WARNING",
            _ => "PROBLEM",
        };
        CommandLine.Say($"{mark,-9}{finding.Code,-15}{finding.Cause}");
        if (finding.Fix is { } fix) CommandLine.Say($"{"",-24}fix: {fix}");
    }

    private static JsonObject JsonOf(IEnumerable<Finding> findings) => new()
    {
        ["findings"] = new JsonArray(
        [
            .. findings.Select(f => (JsonNode)new JsonObject
            {
                ["code"] = f.Code,
                ["severity"] = f.Severity.ToString().ToLowerInvariant(),
                ["cause"] = f.Cause,
                ["fix"] = f.Fix,
            }),
        ]),
    };
}
