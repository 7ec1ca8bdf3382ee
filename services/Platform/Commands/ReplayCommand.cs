using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Feeds.Recorded;
using QuadTurbo.Registry;
using QuadTurbo.Training;
using QuadTurbo.Training.Cycle;
using Spectre.Console;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>replay PATH...</c>: a recorded market through all four lanes, in lockstep.</summary>
internal static class ReplayCommand
{
    public static Command Create(IReadOnlyList<Service> services)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Recorded files or folders, CSV or CSV.gz.", Arity = ArgumentArity.OneOrMore };
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config(), dataDirectory = SharedOptions.DataDirectory();
        Option<string[]> set = SharedOptions.Set();
        Option<FileInfo?> json = SharedOptions.Json();
        var seed = new Option<string?>("--seed") { Description = "Seed of every random draw.", HelpName = "N" };
        var learn = new Option<string?>("--learn") { Description = "off, online or nightly (default online)." };
        var sample = new Option<string?>("--sample") { Description = "Sampling period of the rows in seconds, or 'none' for events.", HelpName = "SECONDS|none" };
        var treatAs = new Option<string[]>("--treat-as") { Description = "Take one quote currency for another, for example USDT=USD: an assumption.", HelpName = "A=B" };
        var command = new Command(
            "replay",
            "Show a recorded market to all four lanes, in lockstep: same files, same settings, same seed, same result to the bit.\n\n"
            + "Example: quadturbo replay recordings/btc --preset safety --json out.json")
        {
            paths, preset, config, set, dataDirectory, seed, learn, sample, treatAs, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            PlatformSettings settings = SharedOptions.Load(
                services, parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set),
                [
                    ("feed.paths", JsonSerializer.Serialize(parsed.GetValue(paths))),
                    .. (parsed.GetValue(treatAs) ?? []).Select(TreatAs),
                    ("feed.seed", parsed.GetValue(seed)),
                    ("paper.seed", parsed.GetValue(seed)),
                    ("training.learn", parsed.GetValue(learn)),
                    ("feed.sample", parsed.GetValue(sample)),
                ]);
            var plan = new PlatformRunPlan
            {
                Schedule = Schedule.Lockstep,
                DataDirectory = DataDirectory.Fresh(parsed.GetValue(dataDirectory), "replay"),
                Settings = settings,
                Preset = parsed.GetValue(preset),
                Mode = "replay",
            };
            JsonObject report = await ReplayAsync(plan, services, cancel);
            CommandLine.Say(StatisticsText.Of(report));
            foreach (string line in LearningText.Of(report)) CommandLine.Say(line);
            CommandLine.Say($"data directory: {plan.DataDirectory}");
            CommandLine.Say("next: 'report', 'why ID' for one decision, 'verify' to check every byte of the ledger");
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), report);
            return CommandLine.Done;
        });
        return command;
    }

    private static (string Key, string? Value) TreatAs(string pair)
    {
        string[] sides = pair.Split('=');
        return sides is [{ Length: > 0 } from, { Length: > 0 } to]
            ? ($"feed.treatAs.{from}", to)
            : throw new BadInputException($"--treat-as '{pair}' is not A=B, for example USDT=USD");
    }

    /// <summary>Replays to the end; returns the report of the run.</summary>
    public static async Task<JsonObject> ReplayAsync(PlatformRunPlan plan, IReadOnlyList<Service> services, CancellationToken cancel)
    {
        long started = Stopwatch.GetTimestamp();
        await using PlatformRun run = PlatformRun.Create(plan, services);
        await run.StartAsync(cancel);
        bool toTheEnd = await ShowProgressAsync(run);
        if (!toTheEnd) CommandLine.Say("stopping: closing what is due, sealing the ledger; the report covers what was shown");
        await run.StopAsync(CancellationToken.None);
        JsonObject report = run.Auditor.Read(PathReport.Of);
        report["learning"] = LearningReport.Of(run.Services.GetRequiredService<Diary>(), run.Services.GetRequiredService<TrainingLane>(), run.Services.GetRequiredService<RegistryLane>());
        report["stopped"] = !toTheEnd;
        double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        report["ledger_head"] = HeadOf(plan.DataDirectory);
        report["elapsed_s"] = elapsed;
        report["opportunities_per_s"] = (long)report["conservation"]!["opportunities"]! / elapsed;
        report["data_dir"] = plan.DataDirectory;
        report["preset"] = plan.Preset;
        return report;
    }

    private static string HeadOf(string dataDirectory) =>
        LedgerVerifier.Verify(dataDirectory) is LedgerVerification.Intact intact ? intact.Head : throw new LedgerFailedException("the ledger that was just written does not verify");

    private static async Task<bool> ShowProgressAsync(PlatformRun run)
    {
        Task completion = run.Pump.Completion;
        Task over = Task.WhenAny(completion, run.UntilAskedToStopAsync());
        if (Console.IsOutputRedirected || run.Feed is not RecordedFeed recorded)
        {
            await over;
        }
        else
        {
            await AnsiConsole.Progress().AutoClear(true).StartAsync(async progress =>
            {
                ProgressTask rows = progress.AddTask("replay", maxValue: recorded.RowsToRead);
                while (await Task.WhenAny(over, Task.Delay(100)) != over) rows.Value = recorded.Report.Rows;
            });
        }
        if (completion.IsFaulted) await completion;
        return completion.IsCompleted;
    }
}
