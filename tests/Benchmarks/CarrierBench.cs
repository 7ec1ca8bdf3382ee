using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Sidecar;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Benchmarks;

/// <summary>What it costs to carry judged opportunities to one listener: within a process, and from process to process over the double of a sidecar.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- carrier. Both ends, both sidecars and the broker are in this process, so its processor time is that of all of them; a
/// real sidecar costs more or less than the double. Latency is from saying to having handled, at a tenth of the rate measured before.
/// </remarks>
internal static class CarrierBench
{
    private const int PerMessage = 64, Messages = 400;

    /// <summary>Prints a line for each way and size.</summary>
    public static void Run(string[] args) => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        OpportunityJudged[] batches = [.. JudgedMarket.Of(1024).Chunk(PerMessage).Select((chunk, i) => new OpportunityJudged { Position = i, Decisions = chunk, JudgedThrough = i })];
        Console.WriteLine($"{Messages} messages of {PerMessage} opportunities");
        await MeasureAsync("one process", batches, await EmbeddedAsync());
        foreach (int bulk in new[] { 1, 10, 100 }) await MeasureAsync($"double, bulk {bulk}", batches, await BesideAsync(bulk));
    }

    private static async Task MeasureAsync(string way, OpportunityJudged[] batches, Ends ends)
    {
        await using (ends)
        {
            await SayAsync(batches, ends, Messages / 4, everyMicroseconds: 0);
            ends.Ear.Latencies.Clear();
            TimeSpan busy = Process.GetCurrentProcess().TotalProcessorTime;
            long started = Stopwatch.GetTimestamp();
            await SayAsync(batches, ends, Messages, everyMicroseconds: 0);
            double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds, opportunities = Messages * PerMessage;
            busy = Process.GetCurrentProcess().TotalProcessorTime - busy;
            ends.Ear.Latencies.Clear();
            await SayAsync(batches, ends, Messages / 4, everyMicroseconds: 10 * 1e6 * elapsed / Messages);
            TimeSpan[] latencies = [.. ends.Ear.Latencies.Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{way,-16} {opportunities / elapsed,10:N0} opportunities/s, {busy.TotalMicroseconds / opportunities,6:F1} us of processor each; latency p50 {latencies[latencies.Length / 2].TotalMilliseconds,6:F2} ms, p99 {latencies[latencies.Length * 99 / 100].TotalMilliseconds,6:F2} ms"));
        }
    }

    private static async Task SayAsync(OpportunityJudged[] batches, Ends ends, int messages, double everyMicroseconds)
    {
        ends.Ear.Await(messages);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            while (Stopwatch.GetElapsedTime(started).TotalMicroseconds < i * everyMicroseconds) await Task.Yield();
            await ends.Speaker.UntilRoomAsync(0.25, CancellationToken.None);
            ends.Ear.Said.Enqueue(Stopwatch.GetTimestamp());
            await ends.Speaker.PublishAsync(Topics.OpportunityValidated, batches[i % batches.Length]);
        }
        await ends.Ear.AllHeard.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static async Task<Ends> EmbeddedAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSingleton(TimeProvider.System);
        builder.CarryEmbedded(Schedule.Concurrent);
        Listen(builder);
        IHost host = builder.Build();
        ITransport transport = host.Services.GetRequiredService<ITransport>();
        await transport.StartAsync(CancellationToken.None);
        return new Ends(transport, host.Services.GetRequiredService<Ear>(), ((IAsyncDisposable)host).DisposeAsync);
    }

    private static async Task<Ends> BesideAsync(int bulk)
    {
        var folder = new ScratchFolder();
        var mesh = new Mesh(new MeshOptions { Broker = new BrokerOptions { Flavour = BrokerFlavour.Redis, Concurrency = 100, QueueDepth = 1_000 } });
        IHost hears = await StartAsync(mesh, "shadow", folder, bulk, Listen), says = await StartAsync(mesh, "pre-validator", folder, bulk, static _ => { });
        return new Ends(says.Services.GetRequiredService<ITransport>(), hears.Services.GetRequiredService<Ear>(), async () =>
        {
            foreach (IHost host in (IHost[])[says, hears])
            {
                await host.StopAsync();
                await ((IAsyncDisposable)host).DisposeAsync();
            }
            await mesh.DisposeAsync();
            folder.Dispose();
        });
    }

    private static async Task<IHost> StartAsync(Mesh mesh, string appId, ScratchFolder folder, int bulk, Action<IHostApplicationBuilder> add)
    {
        int port = LoopbackPorts.Take();
        SidecarServer sidecar = await mesh.StartAsync(new SidecarOptions { AppId = appId, AppPort = port, MaxBodySize = 64 << 20 });
        var service = new Service(appId, add, static _ => { });
        IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = Path.Combine(folder.Path, appId),
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf([service]), new SettingsSources()),
                Clock = TimeProvider.System,
                Url = "http://127.0.0.1:0",
                Dapr = new DaprOptions { AppId = appId, Sidecar = sidecar.Address, AppPort = port, BulkMessages = bulk },
            },
            [service],
            static builder => builder.Services.AddSingleton(new InstrumentTable()));
        await host.StartAsync();
        await sidecar.Ready;
        return host;
    }

    private static void Listen(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Ear>();
        builder.Subscribe(Topics.OpportunityValidated, static _ => new Listener<Ear, OpportunityJudged>(
            static (ear, _, _) =>
            {
                ear.Heard();
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(20_000)));
    }

    private sealed record Ends(ITransport Speaker, Ear Ear, Func<ValueTask> End) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => End();
    }

    /// <summary>Messages come in the order in which they were said, so each belongs to the oldest that was.</summary>
    private sealed class Ear
    {
        private TaskCompletionSource _all = new();
        private int _left;

        public System.Collections.Concurrent.ConcurrentQueue<long> Said { get; } = new();

        public List<TimeSpan> Latencies { get; } = [];

        public Task AllHeard => _all.Task;

        public void Await(int messages) => (_all, _left) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), messages);

        public void Heard()
        {
            if (Said.TryDequeue(out long said)) Latencies.Add(Stopwatch.GetElapsedTime(said));
            if (--_left == 0) _all.TrySetResult();
        }
    }
}
