using System.Diagnostics;
using System.Globalization;

namespace QuadTurbo.Benchmarks;

/// <summary>The bars of the live stream: 1,000 clients at 10,000 deliveries a second, resuming, 10,000 publications a second, stalled and slow clients.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- stream [quick] [steady] [spread] [resume] [flood] [stalled] [slow]: all of them, or those that are named; about four
/// minutes, with quick one and a half. The server is a process with the runtime settings of <c>quadturbo</c>; its clients are plain sockets of this process,
/// read by one thread, on the same cores. Latency runs from before the verdict is published on its topic until the client has read it, on one clock.
/// </remarks>
internal static class StreamBench
{
    private const int Clients = 1_000, Rate = 10, Stalled = 100, SlowReaders = 100, Silent = 50, BytesPerSecond = 1_024;
    private static readonly string[] Bars = ["steady", "spread", "resume", "flood", "stalled", "slow"];
    private static readonly string[] ThreeKinds = ["opportunities", "executions", "alerts"];
    private static readonly string[] ManyClients = ["stream.clientsPerLoopback=5000", "stream.clients=5000"];

    /// <summary>Prints the bars; with <c>server</c>, is the server.</summary>
    public static void Run(string[] args)
    {
        if (args is ["server", .. string[] settings])
        {
            StreamServer.RunAsync(settings).GetAwaiter().GetResult();
            return;
        }
        if (!args.Contains("client"))
        {
            using Process client = Process.Start(ServingProcess.AsPlatform(["stream", "client", .. args], answers: false))!;
            client.WaitForExit();
            return;
        }
        bool quick = args.Contains("quick");
        string[] bars = [.. Bars.Where(args.Contains)];
        if (bars.Length == 0) bars = Bars;
        if (File.Exists("/proc/loadavg")) Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Trim()}");
        if (bars.Contains("steady")) Steady(quick ? 5 : 10, quick ? 1 : 3);
        if (bars.Contains("spread")) Spread(quick ? 5 : 10, quick ? 1 : 3);
        if (bars.Contains("resume")) Resume(quick ? 5 : 10);
        if (bars.Contains("flood")) Flood(quick ? 3 : 8);
        if (bars.Contains("stalled")) WithStalled(quick ? 3 : 5, quick ? 2 : 5);
        if (bars.Contains("slow")) WithSlow(quick ? 10 : 20);
    }

    private static void Steady(int seconds, int runs)
    {
        using var server = ServingProcess.Start(["stream", "server", .. ManyClients]);
        double alone = server.Usage().Megabytes;
        using StreamReaders readers = Connect(server, Clients);
        Console.WriteLine($"{Clients} clients                 {server.Usage().Megabytes - alone:F0} MB more than without");
        Measure(server, readers, Rate, 3);
        for (int i = 0; i < runs; i++) Console.WriteLine($"steady {Clients * Rate:N0} deliveries/s  {Measure(server, readers, Rate, seconds)}");
    }

    /// <summary>A third of the clients each hears verdicts, outcomes and alerts, which come in turn.</summary>
    private static void Spread(int seconds, int runs)
    {
        using var server = ServingProcess.Start(["stream", "server", .. ManyClients]);
        using StreamReaders readers = Connect(server, Clients, ThreeKinds);
        Measure(server, readers, Rate, 3, "spread");
        for (int i = 0; i < runs; i++) Console.WriteLine($"spread {Clients * Rate:N0} deliveries/s  {Measure(server, readers, Rate, seconds, "spread")}");
    }

    /// <summary>While messages come, every fifth client drops its connection, and comes back with its last place.</summary>
    private static void Resume(int seconds)
    {
        using var server = ServingProcess.Start(["stream", "server", .. ManyClients]);
        using StreamReaders readers = Connect(server, Clients);
        Task<string> publishing = Publish(server, Rate, seconds, 1, "verdicts");
        long next = Instants.Now + 300_000_000;
        int back = 0;
        readers.Read(() =>
        {
            if (publishing.IsCompleted) return true;
            if (Instants.Now < next) return false;
            next = Instants.Now + 100_000_000;
            foreach (StreamReader old in readers.All.Where(static r => r.Last > 0).Skip(back % 5).Take(20).ToArray())
            {
                readers.Leave(old);
                old.Dispose();
                // Some of what it missed is published before it is back.
                var again = new StreamReader(server.Address, "opportunities", old.Seq);
                again.GoOn(old);
                readers.Join(again);
                back++;
            }
            return false;
        });
        int published = int.Parse(publishing.Result, CultureInfo.InvariantCulture) - 1;
        Drain(readers, published);
        Console.WriteLine($"resume {back} times by {Clients} clients, {published} published: {readers.All.Sum(r => r.Missing)} missing, "
            + $"{readers.All.Sum(r => r.Repeated)} repeated, {readers.All.Count(r => r.Last == published)} clients at the last one");
    }

    private static void Flood(int seconds)
    {
        foreach (int clients in (int[])[0, 10, Clients])
        {
            using var server = ServingProcess.Start(["stream", "server", .. ManyClients]);
            using StreamReaders readers = Connect(server, clients);
            Measure(server, readers, 10_000, 2);
            if (clients == 0) Console.WriteLine($"10,000 made and not published      {Measure(server, readers, 10_000, seconds, "none")}");
            Console.WriteLine($"10,000 publications/s, {clients,4} clients  {Measure(server, readers, 10_000, seconds)}");
        }
    }

    private static void WithStalled(int pairs, int seconds)
    {
        using var server = ServingProcess.Start(["stream", "server", .. ManyClients, "stream.slowFor=10min", "stream.silence=1h"]);
        using StreamReaders readers = Connect(server, Clients, ThreeKinds);
        Measure(server, readers, Rate, 3, "spread");
        var with = new List<double>();
        var without = new List<double>();
        for (int i = 0; i < pairs; i++)
        {
            StreamLoad alone = Measure(server, readers, Rate, seconds, "spread");
            StreamReader[] stalled = [.. Enumerable.Range(0, Stalled).Select(_ => new StreamReader(server.Address, "learning"))];
            server.Get("/bench/flood?messages=2000");
            StreamLoad beside = Measure(server, readers, Rate, seconds, "spread");
            foreach (StreamReader reader in stalled) reader.Dispose();
            Console.WriteLine($"alone                      {alone}");
            Console.WriteLine($"with {Stalled} that do not read {beside}");
            without.Add(alone.Latency.Milliseconds(0.99));
            with.Add(beside.Latency.Milliseconds(0.99));
        }
        Console.WriteLine($"p99 with {Stalled} stalled clients: median {Paired.Median(with):F2} ms of {pairs}, alone {Paired.Median(without):F2} ms");
    }

    /// <summary>R-40: of 1,000 clients 100 read 1 KB a second and 50 nothing, while 100 a second come and go, at the settings of the platform.</summary>
    private static void WithSlow(int seconds)
    {
        using var server = ServingProcess.Start(["stream", "server", .. ManyClients]);
        using StreamReaders readers = Connect(server, Clients - SlowReaders - Silent, ThreeKinds);
        Measure(server, readers, Rate, 3, "spread");
        Console.WriteLine($"alone                      {Measure(server, readers, Rate, seconds, "spread")}");
        double before = server.Usage().Megabytes;
        StreamReader[] slow = [.. Enumerable.Range(0, SlowReaders).Select(_ => new StreamReader(server.Address, "learning"))];
        StreamReader[] silent = [.. Enumerable.Range(0, Silent).Select(_ => new StreamReader(server.Address, "learning"))];
        using var stop = new CancellationTokenSource();
        Task<int> churn = Task.Run(() => Churn(server, stop.Token));
        // The first fill their connections and are coalesced; the others wait behind a write that does not end.
        server.Get("/bench/flood?messages=2000");
        Instants.Await(Instants.Now + 500_000_000);
        server.Get("/bench/flood?messages=2000");
        Task<(double Seconds, double Megabytes)> watch = Task.Run(() => Watch(server, slow, SlowReaders + Silent, stop.Token));
        StreamLoad beside = Measure(server, readers, Rate, seconds, "spread");
        stop.Cancel();
        Console.WriteLine($"with {SlowReaders} at 1 KB/s, {Silent} silent  {beside}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"beside them {churn.Result / seconds} clients a second came and went; {ClosedAsSlow(server)} of {SlowReaders + Silent} were closed as slow, ")
            + string.Create(CultureInfo.InvariantCulture, $"the last {watch.Result.Seconds:F1} s after they fell behind; at most {watch.Result.Megabytes - before:F0} MB more"));
        foreach (StreamReader reader in slow.Concat(silent)) reader.Dispose();
    }

    /// <summary>Reads for the slow ones; seconds until the last was closed, and the most memory meanwhile.</summary>
    private static (double Seconds, double Megabytes) Watch(ServingProcess server, StreamReader[] slow, int clients, CancellationToken stop)
    {
        long start = Instants.Now, last = start;
        double most = 0;
        for (int tenth = 1; !stop.IsCancellationRequested; tenth++)
        {
            Instants.Await(start + tenth * 100_000_000L);
            foreach (StreamReader reader in slow) reader.ReadAtMost(BytesPerSecond / 10);
            if (tenth % 5 != 0) continue;
            most = Math.Max(most, server.Usage().Megabytes);
            if (ClosedAsSlow(server) < clients) last = Instants.Now;
        }
        return ((last - start) * 1e-9, most);
    }

    private static int ClosedAsSlow(ServingProcess server) =>
        server.Get("/metrics").Split('\n').Where(static l => l.StartsWith("quadturbo_stream_closed_total{", StringComparison.Ordinal) && l.Contains("slow", StringComparison.Ordinal))
            .Sum(static l => int.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static int Churn(ServingProcess server, CancellationToken stop)
    {
        int came = 0;
        for (long next = Instants.Now; !stop.IsCancellationRequested; next += 10_000_000)
        {
            Instants.Await(next);
            new StreamReader(server.Address, "metrics").Dispose();
            came++;
        }
        return came;
    }

    private static StreamReaders Connect(ServingProcess server, int clients, params string[] channels)
    {
        var readers = new StreamReaders();
        if (channels.Length == 0) channels = ["opportunities"];
        for (int c = 0; c < clients; c++) readers.Join(new StreamReader(server.Address, channels[c % channels.Length]));
        return readers;
    }

    private static StreamLoad Measure(ServingProcess server, StreamReaders readers, int rate, int seconds, string kind = "verdicts")
    {
        long before = readers.All.Sum(r => r.Count);
        int from = readers.All.Select(r => r.Last).DefaultIfEmpty().Max() + 1;
        readers.Take();
        ServingUsage began = server.Usage();
        long start = Instants.Now;
        Task<string> publishing = Publish(server, rate, seconds, from, kind);
        readers.Read(() => publishing.IsCompleted);
        int last = int.Parse(publishing.Result, CultureInfo.InvariantCulture) - 1;
        double cpu = server.Usage().CpuMicroseconds - began.CpuMicroseconds, took = (Instants.Now - start) * 1e-9;
        if (rate <= 200) Drain(readers, last);
        else DrainFor(readers, 0.5);
        long read = readers.All.Sum(r => r.Count) - before;
        long lost = rate <= 200 ? (long)readers.All.Count * (last - from + 1) - read : -1;
        return new StreamLoad(last - from + 1, read, read / took, lost, cpu / took * 1e-4, readers.Take());
    }

    private static Task<string> Publish(ServingProcess server, int rate, double seconds, int from, string kind) =>
        Task.Run(() => server.Get(string.Create(CultureInfo.InvariantCulture, $"/bench/publish?rate={rate}&seconds={seconds}&from={from}&kind={kind}")));

    private static void Drain(StreamReaders readers, int last)
    {
        long deadline = Instants.Now + 5_000_000_000;
        readers.Read(() => Instants.Now > deadline || readers.All.All(r => r.Last >= last));
    }

    private static void DrainFor(StreamReaders readers, double seconds)
    {
        long deadline = Instants.Now + (long)(seconds * 1e9);
        readers.Read(() => Instants.Now > deadline);
    }

    /// <summary>What a measured load was.</summary>
    private sealed record StreamLoad(int Published, long Read, double PerSecond, long Lost, double Cpu, LatencyTally Latency)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Published} published, {Read} read ({PerSecond:F0}/s), {(Lost < 0 ? "coalesced" : $"{Lost} lost")}, ")
            + string.Create(CultureInfo.InvariantCulture, $"p50 {Latency.Milliseconds(0.5):F2} p99 {Latency.Milliseconds(0.99):F2} ")
            + string.Create(CultureInfo.InvariantCulture, $"p99.9 {Latency.Milliseconds(0.999):F2} ms, server {Cpu:F0} % of a core");
    }
}
