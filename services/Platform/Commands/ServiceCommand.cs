using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport.Dapr;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>service NAME</c>: one service in a process of its own, beside a Dapr sidecar.</summary>
internal static class ServiceCommand
{
    public static Command Create(IReadOnlyList<Service> services)
    {
        var name = new Argument<string>("NAME") { Description = string.Join(", ", services.Select(static s => s.Name)) };
        Option<string?> preset = SharedOptions.Preset(), config = SharedOptions.Config(), dataDirectory = SharedOptions.DataDirectory();
        Option<string[]> set = SharedOptions.Set();
        var urls = new Option<string?>("--urls") { Description = "Where to serve everybody but the sidecar; QUADTURBO_URLS, or any free port of the loopback address.", HelpName = "URL" };
        var feed = new Option<string?>("--feed") { Description = "'synthetic' (the default), or recorded files or a folder.", HelpName = "synthetic|PATH" };
        var speed = new Option<double?>("--speed") { Description = "Feed seconds per second.", HelpName = "X" };
        var learn = new Option<string?>("--learn") { Description = "off, online or nightly (default online)." };
        var command = new Command(
            "service",
            "Run one service in a process of its own beside a Dapr sidecar: what 'dapr run -f .' and the containers start. Give every service the same settings.\n\n"
            + "Example: APP_PORT=3001 DAPR_HTTP_PORT=3501 quadturbo service shadow --data-dir data/shadow")
        {
            name, urls, dataDirectory, preset, config, set, feed, speed, learn,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            Service service = Named(services, parsed.GetValue(name)!);
            string? path = parsed.GetValue(feed) is { } named && named != "synthetic" ? named : null;
            PlatformSettings settings = SharedOptions.Load(
                services, parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set),
                [("feed.paths", path is null ? null : JsonSerializer.Serialize(new[] { path })), ("training.learn", parsed.GetValue(learn))]);
            var plan = new ServiceProcessPlan
            {
                Dapr = Beside(service),
                DataDirectory = DataDirectory.ForService(parsed.GetValue(dataDirectory), service.Name),
                Settings = settings,
                Preset = parsed.GetValue(preset),
                Url = parsed.GetValue(urls) ?? Environment.GetEnvironmentVariable("QUADTURBO_URLS") ?? "http://127.0.0.1:0",
                Speed = parsed.GetValue(speed),
            };
            using IHost host = ServiceProcess.Create(service, plan);
            await host.StartAsync(cancel);
            CommandLine.Say($"QuadTurbo {PlatformRun.Version}: {service.Name} beside the sidecar at {plan.Dapr.Sidecar}, data in {plan.DataDirectory}");
            await host.WaitForShutdownAsync(cancel);
            return CommandLine.Done;
        });
        return command;
    }

    private static Service Named(IReadOnlyList<Service> services, string name) =>
        services.FirstOrDefault(s => s.Name == name)
        ?? throw new BadInputException(
            $"service '{name}' is not one of {string.Join(", ", services.Select(static s => s.Name))}; the nearest is '{Nearest.To(name, services.Select(static s => s.Name)) ?? "none"}'");

    private static DaprOptions Beside(Service service)
    {
        try
        {
            return DaprOptions.FromEnvironment(service.Name);
        }
        catch (FormatException e)
        {
            throw new BadInputException(e.Message);
        }
    }
}
