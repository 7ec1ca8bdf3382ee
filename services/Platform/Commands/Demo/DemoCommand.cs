using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary><c>demo</c>: walks through what the platform can do, against a platform of its own that is gone afterwards [PLAT-07].</summary>
/// <remarks>Nothing of the environment or a settings file is read: everybody sees the same demonstration.</remarks>
internal static class DemoCommand
{
    private const string FreePort = "http://127.0.0.1:0";

    // 60 instants of the market a second: the 100 minutes that an interval needs pass in 4 s, and a day in 48.
    private const double Speed = 1_800;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["feed.seed"] = "42",
        ["paper.seed"] = "42",
        ["feed.symbols"] = "3",
        ["feed.period"] = "00:00:30",
        ["lanes.verbose"] = "false",
        ["triggers.profile"] = "elite",
        ["triggers.fullInterval"] = "1500",
        // One retrain begins by itself, none beside the steps after it.
        ["triggers.minNewSamplesFull"] = "500",
        ["triggers.coolDownFull"] = "2.00:00:00",
    };

    public static Command Create(IReadOnlyList<Service> services)
    {
        string names = string.Join(", ", DemoStep.All.Select(s => s.Name));
        var urls = new Option<string?>("--urls") { Description = "Where to serve; a free port of this machine unless given.", HelpName = "URL" };
        var data = new Option<string?>("--data-dir", "--data")
        {
            Description = "An empty folder to keep everything in; a temporary one, removed at the end, unless given.",
            HelpName = "D",
        };
        var step = new Option<string?>("--step") { Description = $"Show one step alone: {names}.", HelpName = "NAME" };
        var keep = new Option<bool>("--keep") { Description = "Go on at the end until Ctrl-C, so that the lines can be tried." };
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "demo",
            "Show batch prediction, an A/B test, the live stream, a retrain, inference providers and the three votes, on a synthetic market "
            + "of its own, in half a minute. Each step prints lines for curl or a WebSocket, and what was answered.\n\n"
            + "Exit codes: 0 every step was shown, 1 a step failed, 2 bad input.\n\n"
            + "Examples:\n  quadturbo demo\n  quadturbo demo --step votes\n  quadturbo demo --keep --urls http://127.0.0.1:8080")
        {
            step, keep, urls, data, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            IReadOnlyList<DemoStep> steps = DemoStep.Named(parsed.GetValue(step));
            string url = CheckedUrl(parsed.GetValue(urls) ?? FreePort);
            string? kept = parsed.GetValue(data);
            if (kept is not null && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
                throw new BadInputException($"--data-dir '{kept}' is not empty; a demonstration starts with an empty folder");
            string directory = kept is null ? Directory.CreateTempSubdirectory("quadturbo-demo-").FullName : DataDirectory.ForRun(kept);
            try
            {
                return await RunAsync(steps, services, url, directory, parsed.GetValue(keep), parsed.GetValue(json), cancel);
            }
            finally
            {
                if (kept is null) Directory.Delete(directory, recursive: true);
            }
        });
        return command;
    }

    /// <summary>Shows <paramref name="steps"/> one after the other; one that fails does not keep the others from being shown.</summary>
    /// <returns>What was seen, by step, and the names of those that failed.</returns>
    internal static async Task<(JsonObject Seen, IReadOnlyList<string> Failed)> WalkAsync(
        IReadOnlyList<DemoStep> steps, DemoClient platform, CancellationToken cancel)
    {
        var seen = new JsonObject();
        var failed = new List<string>();
        for (int i = 0; i < steps.Count; i++)
        {
            CommandLine.Say();
            CommandLine.Say($"== {i + 1} of {steps.Count}: {steps[i].Title} (--step {steps[i].Name}) ==");
            CommandLine.Say($"  {steps[i].What}");
            CommandLine.Say();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            try
            {
                seen[steps[i].Name] = await steps[i].ShowAsync(platform, patience.Token);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is not OutOfMemoryException)
            {
                failed.Add(steps[i].Name);
                string why = e is OperationCanceledException ? $"nothing came of it in {Patience.TotalSeconds:0} s" : e.Message;
                await Console.Error.WriteLineAsync($"step {steps[i].Name} failed: {why}");
            }
        }
        return (seen, failed);
    }

    /// <summary>Starts a platform, shows <paramref name="steps"/>, and stops it.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(
        IReadOnlyList<DemoStep> steps, IReadOnlyList<Service> services, string url, string directory, bool keep, FileInfo? json,
        CancellationToken cancel)
    {
        long started = TimeProvider.System.GetTimestamp();
        await using PlatformRun run = PlatformRun.Create(PlanOf(steps, services, url, directory), services);
        await run.StartAsync(cancel);
        string address = run.Address ?? url;
        ProcessFile.Write(directory, address, TimeProvider.System);
        CommandLine.Say($"QuadTurbo {PlatformRun.Version}, a demonstration at {address}. No real money.");
        CommandLine.Say($"The market is synthetic, drawn from a fixed seed, and {Speed:N0} times as fast as a real one.");
        Task asked = run.UntilAskedToStopAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using CancellationTokenRegistration stop = run.Stopping.Register(over.Cancel);
        try
        {
            using var http = new HttpClient();
            var platform = new DemoClient(http, address, Path.Combine(directory, "import"));
            (JsonObject seen, IReadOnlyList<string> failed) = await WalkAsync(steps, platform, over.Token);
            await SharedOptions.WriteJsonAsync(json, seen);
            CommandLine.Say();
            double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            CommandLine.Say(failed.Count == 0
                ? $"Shown in {seconds:0} s. Next: 'quadturbo run' and open its page; docs/api.md has every route."
                : $"Failed: {string.Join(", ", failed)}.");
            if (keep)
            {
                CommandLine.Say($"It goes on at {address}, the dashboard too: the lines above can be tried. Ctrl-C ends it.");
                await asked.WaitAsync(cancel);
            }
            return failed.Count == 0 ? CommandLine.Done : CommandLine.Finding;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("ended before everything was shown");
            return CommandLine.Finding;
        }
        finally
        {
            await run.StopAsync(CancellationToken.None);
            ProcessFile.Delete(directory);
        }
    }

    private static PlatformRunPlan PlanOf(IReadOnlyList<DemoStep> steps, IReadOnlyList<Service> services, string url, string directory)
    {
        var settings = new Dictionary<string, string>(Settings);
        // Where no step shows it, no retrain comes between the others.
        if (!steps.Contains(RetrainStep.Step)) settings["triggers.minNewSamplesFull"] = "1000000";
        return new PlatformRunPlan
        {
            Schedule = Schedule.Concurrent,
            DataDirectory = directory,
            Settings = PlatformSettings.Load(
                ServiceHost.CatalogueOf(services), new SettingsSources { Presets = Presets.All, CommandLine = settings }),
            Url = url,
            Speed = Speed,
            Mode = "demonstration, synthetic market",
        };
    }

    private static string CheckedUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address is { Scheme: "http", AbsolutePath: "/", IsLoopback: true }
            ? url
            : throw new BadInputException($"--urls '{url}' is not an http address of this machine, for example http://127.0.0.1:8080");
}
