using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Production.Account;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>run</c>: the whole platform, live, on the synthetic market by default.</summary>
internal static class RunCommand
{
    internal const string DefaultUrl = "http://127.0.0.1:8080";
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    public static Command Create(IReadOnlyList<Service> services)
    {
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config(), dataDirectory = SharedOptions.DataDirectory();
        Option<string[]> set = SharedOptions.Set();
        Option<FileInfo?> json = SharedOptions.Json();
        var urls = new Option<string>("--urls") { Description = "Where to serve.", DefaultValueFactory = _ => DefaultUrl, HelpName = "URL" };
        var feed = new Option<string?>("--feed") { Description = "'synthetic' (the default), or recorded files or a folder.", HelpName = "synthetic|PATH" };
        var seed = new Option<string?>("--seed") { Description = "Seed of the synthetic market and of every random draw.", HelpName = "N" };
        var speed = new Option<double?>("--speed") { Description = "Feed seconds per second: 1 for the synthetic market, as fast as the lanes keep up for a recording.", HelpName = "X" };
        var role = new Option<string?>("--role") { Description = "all-in-one (default), learner (Production is not composed in) or trader (Training is not)." };
        var learn = new Option<string?>("--learn") { Description = "off, online or nightly (default online)." };
        var live = new Option<bool>("--live") { Description = "With --execute: trade real money. Refused until everything that makes it safe is in place." };
        var execute = new Option<bool>("--execute") { Description = "See --live." };
        var command = new Command(
            "run",
            "Run all four lanes in one process, on paper, with nothing else installed: a synthetic market by default. Ctrl-C stops and prints the report.\n\n"
            + "Examples:\n  quadturbo run\n  quadturbo run --preset safety --seed 7 --urls http://127.0.0.1:8090")
        {
            urls, dataDirectory, preset, config, set, feed, seed, speed, role, learn, live, execute, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string? path = parsed.GetValue(feed) is { } named && named != "synthetic" ? named : null;
            PlatformSettings settings = SharedOptions.Load(
                services, parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set),
                [("feed.paths", path is null ? null : JsonSerializer.Serialize(new[] { path })), ("feed.seed", parsed.GetValue(seed)),
                    ("paper.seed", parsed.GetValue(seed)), ("training.learn", parsed.GetValue(learn))]);
            string directory = DataDirectory.ForRun(parsed.GetValue(dataDirectory));
            IReadOnlyList<Service> composed = Roles.Compose(services, Roles.Parse(parsed.GetValue(role)));
            if (parsed.GetValue(live) || parsed.GetValue(execute))
                return LiveGate.Refuse(directory, settings, parsed.GetValue(role), parsed.GetValue(live), parsed.GetValue(execute));
            string url = CheckedUrl(parsed.GetValue(urls));
            bool synthetic = settings.Get<FeedSettings>().Paths.Count == 0, trades = Roles.Restrict(settings.Get<LaneSettings>(), composed).EnableProduction;
            var plan = new PlatformRunPlan
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = directory,
                Settings = settings,
                Preset = parsed.GetValue(preset),
                Url = url,
                Speed = parsed.GetValue(speed) ?? (synthetic ? 1 : null),
                Mode = $"{(trades ? "paper" : "spring training, production is off")}, {(synthetic ? "synthetic" : "recorded")} market",
            };
            JsonObject report = await RunAsync(plan, composed, cancel);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), report);
            return CommandLine.Done;
        });
        return command;
    }

    private static string CheckedUrl(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp && address.AbsolutePath == "/"
            ? url!
            : throw new BadInputException($"--urls '{url}' is not an http address, for example {DefaultUrl}");

    private static async Task<JsonObject> RunAsync(PlatformRunPlan plan, IReadOnlyList<Service> services, CancellationToken cancel)
    {
        await using PlatformRun run = PlatformRun.Create(plan, services);
        await run.StartAsync(cancel);
        string url = run.Address ?? plan.Url ?? "";
        ProcessFile.Write(plan.DataDirectory, url, TimeProvider.System);
        Announce(plan, url, trades: run.Services.GetRequiredService<LaneSettings>().EnableProduction, needsKey: run.Services.GetRequiredService<KeyRing>().Any);
        bool verbose = plan.Settings.Get<LaneSettings>().Verbose;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task table = verbose ? ShowAsync(run, over.Token) : Task.CompletedTask;
        await Task.WhenAny(run.Pump.Completion, run.UntilAskedToStopAsync(), Task.Delay(Timeout.Infinite, over.Token));
        await over.CancelAsync();
        await table;
        CommandLine.Say("stopping: closing what is due, sealing the ledger");
        await run.StopAsync(CancellationToken.None);
        ProcessFile.Delete(plan.DataDirectory);
        JsonObject report = run.Auditor.Read(PathReport.Of);
        report["data_dir"] = plan.DataDirectory;
        CommandLine.Say(StatisticsText.Of(report));
        CommandLine.Say(run.Auditor.Read(audit => LiveGate.Stage(audit, plan.Settings.Get<GraduationSettings>())));
        return report;
    }

    private static void Announce(PlatformRunPlan plan, string url, bool trades, bool needsKey)
    {
        CommandLine.Say($"QuadTurbo {PlatformRun.Version}: {plan.Mode.ToUpperInvariant()}. No real money.");
        CommandLine.Say($"  open           {ForABrowser(url)}");
        CommandLine.Say("  served there   the dashboard, /docs, /health, /metrics, POST /predict/batch, POST /opportunities; POST /api/kill stops trading");
        if (!trades) CommandLine.Say("  production     is off, all is simulated; '--preset safety' has lane 1 trade on the paper venue");
        if (!needsKey) CommandLine.Say("  WARNING        no API key: every program of this machine may change state; 'quadturbo keys create NAME' makes one");
        CommandLine.Say($"  data directory {plan.DataDirectory}");
        CommandLine.Say("  Ctrl-C or SIGTERM stops, closes what is open and prints the report.");
    }

    // "Any address" is none that a browser can open.
    private static string ForABrowser(string url) =>
        url.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);

    private static async Task ShowAsync(PlatformRun run, CancellationToken stop)
    {
        CommandLine.Say($"{"UTC",-10}{"judged",9}{"passed",8}{"shadow",8}{"won",7}{"shadow $",11}{"paper",7}{"paper $",10}{"model",7}{"AUC",7}");
        using var timer = new PeriodicTimer(ReportEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) CommandLine.Say(run.Auditor.Read(Row));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over: the report follows.
        }
    }

    private static string Row(PathAudit audit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetUtcNow():HH:mm:ss}  {audit.Judged,9:N0}{audit.Passed,8:N0}{audit.Shadow.Processed,8:N0}{audit.Shadow.WinRate,7:P0}{audit.Shadow.Profit.Base,11:N2}{audit.Production.Processed,7:N0}{audit.Production.Profit.Base,10:N2}{"v" + (audit.LastModel?.Model.Ordinal ?? 0),7}{audit.LastModel?.Auc,7:0.000}");
}
