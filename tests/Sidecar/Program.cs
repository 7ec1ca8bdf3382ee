using System.Globalization;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar;

/// <summary>
/// A mesh as a process: <c>[--broker redis|kafka] [--state redis|memory] [--retries N] --app ID=APPPORT:SIDECARPORT …</c>; it prints a line for each sidecar
/// and runs until its input ends or it is told to stop.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            (MeshOptions options, List<SidecarOptions> sidecars) = Read(args);
            await using var mesh = new Mesh(options);
            foreach (SidecarOptions sidecar in sidecars)
            {
                SidecarServer started = await mesh.StartAsync(sidecar);
                await Console.Out.WriteLineAsync($"{started.AppId} {started.Address.Port}");
            }
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.TrySetResult();
            });
            await Task.WhenAny(stop.Task, Task.Run(() => Console.In.ReadToEnd()));
            return 0;
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    /// <exception cref="FormatException">An argument is unknown or does not parse.</exception>
    private static (MeshOptions Options, List<SidecarOptions> Sidecars) Read(string[] args)
    {
        var broker = new BrokerOptions();
        var store = new StateComponent();
        var pubsub = new PubSubComponent { Inbound = new RetryPolicy { Exponential = true, MaxRetries = 5, MaxInterval = TimeSpan.FromSeconds(15) } };
        var sidecars = new List<SidecarOptions>();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} wants a value");
            switch (args[i])
            {
                case "--broker":
                    broker = broker with { Flavour = Enum.Parse<BrokerFlavour>(value, ignoreCase: true) };
                    break;
                case "--state":
                    store = store with { Flavour = value == "memory" ? StateFlavour.InMemory : StateFlavour.Redis };
                    break;
                case "--retries":
                    pubsub = pubsub with { Inbound = pubsub.Inbound! with { MaxRetries = int.Parse(value, CultureInfo.InvariantCulture) } };
                    break;
                case "--app":
                    sidecars.Add(App(value));
                    break;
                default:
                    throw new FormatException($"unknown argument {args[i]}");
            }
        }
        return (new MeshOptions { Broker = broker, PubSubs = [pubsub], Stores = [store] }, sidecars);
    }

    private static SidecarOptions App(string text) =>
        text.Split('=', ':') is [var id, var app, var port]
            ? new SidecarOptions
            {
                AppId = id,
                AppPort = int.Parse(app, CultureInfo.InvariantCulture),
                Port = int.Parse(port, CultureInfo.InvariantCulture),
                ApiToken = Environment.GetEnvironmentVariable("DAPR_API_TOKEN"),
                AppToken = Environment.GetEnvironmentVariable("APP_API_TOKEN"),
            }
            : throw new FormatException($"--app wants ID=APPPORT:SIDECARPORT, not {text}");
}
