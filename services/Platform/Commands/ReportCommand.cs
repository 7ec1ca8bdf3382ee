using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Production.Account;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>report</c>: the account of a run, folded from its ledger; the run may still be going on.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "report", "Print the account of a run, folded from its ledger (by default the latest run's).\n\nExample: quadturbo report --json report.json")
        {
            dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.ToRead(parsed.GetValue(dataDirectory));
            using PathAudit audit = LedgerFold.Of(directory);
            JsonObject report = PathReport.Of(audit);
            report["data_dir"] = directory;
            CommandLine.Say(StatisticsText.Of(report));
            CommandLine.Say(LiveGate.Stage(audit, new GraduationSettings()));
            CommandLine.Say($"data directory: {directory}");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), report);
            return CommandLine.Done;
        });
        return command;
    }
}
