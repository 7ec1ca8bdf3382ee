using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>bench path</c>: how fast an opportunity goes from the feed to the ledger, composed exactly as <c>run</c>.</summary>
internal static class BenchCommand
{
    private const string AnyPort = "http://127.0.0.1:0";

    public static Command Create(IReadOnlyList<Service> services)
    {
        var command = new Command("bench", "Measure the platform on this machine.") { Path(services) };
        return command;
    }

    private static Command Path(IReadOnlyList<Service> services)
    {
        var opportunities = new Option<long>("--opportunities") { Description = "How many opportunities to send down the path.", DefaultValueFactory = _ => 1_000_000 };
        var symbols = new Option<int>("--symbols") { Description = "Symbols of the synthetic market: opportunities per instant.", DefaultValueFactory = _ => 64 };
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config(), dataDirectory = SharedOptions.DataDirectory();
        Option<string[]> set = SharedOptions.Set();
        Option<FileInfo?> json = SharedOptions.Json();
        var keep = new Option<bool>("--keep") { Description = "Keep the data directory." };
        var command = new Command(
            "path",
            "Send opportunities of the synthetic market through all lanes to the ledger, as fast as they go, composed exactly as 'run'.\n\nExample: quadturbo bench path --opportunities 2000000 --json bench.json")
        {
            opportunities, symbols, preset, config, set, dataDirectory, keep, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            long wanted = parsed.GetValue(opportunities);
            int perInstant = parsed.GetValue(symbols);
            if (wanted is < 1000 or > 100_000_000) throw new BadInputException($"--opportunities {wanted} is not between 1000 and 100000000");
            string name = parsed.GetValue(preset) ?? "aggressive";
            PlatformSettings settings = SharedOptions.Load(
                services, name, parsed.GetValue(config), parsed.GetValue(set),
                [("feed.symbols", $"{perInstant}"), ("feed.instants", $"{wanted / perInstant + 1}")]);
            string directory = DataDirectory.Fresh(parsed.GetValue(dataDirectory), "bench");
            var plan = new PlatformRunPlan
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = directory,
                Settings = settings,
                Preset = name,
                Url = AnyPort,
                Speed = null,
                SyntheticStart = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                Mode = "bench",
            };
            JsonObject verdicts = VerdictBench.Run(settings);
            JsonObject result = await RunAsync(plan, services, cancel);
            result["verdict"] = verdicts;
            Print(result);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), result);
            if (!parsed.GetValue(keep)) Directory.Delete(directory, recursive: true);
            return Sound(result) ? CommandLine.Done : CommandLine.Finding;
        });
        return command;
    }

    private static async Task<JsonObject> RunAsync(PlatformRunPlan plan, IReadOnlyList<Service> services, CancellationToken cancel)
    {
        await using PlatformRun run = PlatformRun.Create(plan, services);
        _ = run.Feed.Report;
        LedgerWriter ledger = run.Services.GetRequiredService<LedgerWriter>();
        long started = Stopwatch.GetTimestamp();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes();
        await run.StartAsync(cancel);
        await run.Pump.Completion.WaitAsync(cancel);
        await ledger.WaitForCommit(ledger.NextSequence - 1, cancel);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Projector projector = run.Services.GetRequiredService<Projector>();
        long lag = projector.Lag;
        JsonObject result = run.Auditor.Read(audit => Counts(audit, seconds));
        result["cpu_s"] = cpuSeconds;
        result["allocated_mb"] = (GC.GetTotalAllocatedBytes() - allocated) / 1e6;
        result["gc"] = new JsonObject
        {
            ["gen0"] = GC.CollectionCount(0),
            ["gen1"] = GC.CollectionCount(1),
            ["gen2"] = GC.CollectionCount(2),
            ["pause_s"] = GC.GetTotalPauseDuration().TotalSeconds,
        };
        result["ledger_records"] = ledger.NextSequence;
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;
        long catchUp = Stopwatch.GetTimestamp();
        await projector.UntilCaughtUpAsync(cancel);
        double catchUpSeconds = Stopwatch.GetElapsedTime(catchUp).TotalSeconds;
        await run.StopAsync(CancellationToken.None);
        result["peak_memory_mb"] = peak / 1e6;
        result["projection"] = new JsonObject { ["lag_records"] = lag, ["catch_up_s"] = catchUpSeconds, ["records_per_s"] = lag / catchUpSeconds };
        result["ledger_mb"] = new DirectoryInfo(System.IO.Path.Combine(plan.DataDirectory, "ledger")).EnumerateFiles().Sum(f => f.Length) / 1e6;
        Verify(plan.DataDirectory, result);
        return result;
    }

    private static JsonObject Counts(PathAudit audit, double seconds) => new()
    {
        ["opportunities_per_s"] = audit.Judged / seconds,
        ["opportunities"] = audit.Judged,
        ["elapsed_s"] = seconds,
        ["outcomes"] = audit.Conservation.Outcomes,
        ["missing"] = audit.Conservation.Missing,
        ["full"] = Missed(audit, MissCode.Full),
        ["stale"] = Missed(audit, MissCode.Stale),
        ["passed"] = audit.Passed,
        ["versions"] = audit.TrainingRuns,
    };

    private static long Missed(PathAudit audit, MissCode code) =>
        audit.Production.MissedBy.GetValueOrDefault(code) + audit.Shadow.MissedBy.GetValueOrDefault(code) + (code == MissCode.Full ? audit.Judged - audit.Recorded : 0);

    private static void Verify(string directory, JsonObject result)
    {
        result["verify"] = LedgerVerifier.Verify(directory).ToString();
        using PathAudit folded = LedgerFold.Of(directory);
        result["verified_opportunities"] = folded.Judged;
        result["verified_outcomes"] = folded.Conservation.Outcomes;
    }

    private static bool Sound(JsonObject r) =>
        (long)r["missing"]! == 0 && (long)r["full"]! == 0 && (long)r["stale"]! == 0 && (long)r["verified_opportunities"]! == (long)r["opportunities"]!
        && (long)r["verified_outcomes"]! == (long)r["outcomes"]! && r["verify"]!.GetValue<string>().StartsWith("intact", StringComparison.Ordinal);

    private static void Print(JsonObject r)
    {
        CommandLine.Say($"{(double)r["opportunities_per_s"]!:N0} opportunities/s to the ledger: {(long)r["opportunities"]!:N0} in {(double)r["elapsed_s"]!:0.00} s, {(double)r["cpu_s"]!:0.00} s of CPU");
        CommandLine.Say($"outcomes {(long)r["outcomes"]!:N0}, missing {r["missing"]}, full {r["full"]}, stale {r["stale"]}, model versions {r["versions"]}");
        CommandLine.Say($"peak memory {(double)r["peak_memory_mb"]!:N0} MB, ledger {(double)r["ledger_mb"]!:N0} MB, {(double)r["allocated_mb"]! * 1e6 / (long)r["opportunities"]!:N0} bytes allocated an opportunity, {r["gc"]!["gen0"]} collections pausing {(double)r["gc"]!["pause_s"]!:0.00} s");
        JsonObject projection = r["projection"]!.AsObject();
        CommandLine.Say($"projection lag {(long)projection["lag_records"]!:N0} records, caught up in {(double)projection["catch_up_s"]!:0.0} s ({(double)projection["records_per_s"]!:N0} records/s)");
        CommandLine.Say($"verify: {r["verify"]}; {(long)r["verified_opportunities"]!:N0} opportunities and {(long)r["verified_outcomes"]!:N0} outcomes read back");
        foreach ((string name, JsonNode? cost) in r["verdict"]!.AsObject())
        {
            CommandLine.Say($"verdict, {name}: p50 {(double)cost!["p50_us"]!:0.00} us, p99 {(double)cost["p99_us"]!:0.00} us an opportunity, {(double)cost["bytes"]!:0.##} bytes allocated");
        }
    }
}
