using System.Diagnostics;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars W1 to W8, D1 and, of the serving process alone, M1: predictions over HTTP beside an echo of the same bodies, open loops and hot swaps.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- serving [quick] [w1] [w3] [w4] [w5] [d1] [decision]: all of them, or those that are named; about ten
/// minutes, with quick two. The server is a process with the runtime settings of <c>quadturbo</c>, the client is on the same cores. Ratios are medians of
/// pairs, echo and prediction in turn; CPU is that of the server's process.
/// </remarks>
internal static class ServingBench
{
    private const int Batch = 100, Rate = 1_000;
    private static readonly string[] Bars = ["w1", "w3", "w4", "w5", "d1", "decision"];

    /// <summary>Prints the bars; with <c>server</c>, is the server.</summary>
    public static void Run(string[] args)
    {
        if (args is ["server"])
        {
            ServingServer.RunAsync().GetAwaiter().GetResult();
            return;
        }
        bool quick = args.Contains("quick");
        string[] bars = [.. Bars.Where(args.Contains)];
        if (bars.Length == 0) bars = Bars;
        if (File.Exists("/proc/loadavg")) Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Trim()}");
        if (bars.Contains("decision")) Process.Start(ServingProcess.AsPlatform(["decision"], answers: false))!.WaitForExit();
        using var server = ServingProcess.Start();
        if (bars.Contains("w1")) Costs(server, "W1, W2, W8 single", "/predict/single", 0, connections: 16, quick);
        if (bars.Contains("w3")) Costs(server, "W3, W8 batch of 100", "/predict/batch", Batch, connections: 2, quick);
        server.Assign("ensemble");
        if (bars.Contains("w4")) Throughput(server, quick);
        if (bars.Contains("w5")) Steady(server, quick);
        if (bars.Contains("d1")) Swaps(server, quick);
        Console.WriteLine($"M1 serving alone             {server.Usage().Megabytes:F0} MB resident");
    }

    private static void Costs(ServingProcess server, string title, string path, int opportunities, int connections, bool quick)
    {
        byte[][] echoed = PredictionRequests.To(server.Address, "/echo", opportunities), predicted = PredictionRequests.To(server.Address, path, opportunities);
        var time = TimeSpan.FromSeconds(quick ? 0.7 : 1.5);
        foreach (string model in (string[])["trees", "ensemble"])
        {
            server.Assign(model);
            for (int i = 0; i < 2; i++) Pair();
            (LoopCost Echo, LoopCost Ours)[] pairs = [.. Enumerable.Range(0, quick ? 5 : 9).Select(_ => Pair())];
            Print($"{title}, {model}", pairs, Math.Max(1, opportunities));
        }

        (LoopCost Echo, LoopCost Ours) Pair() => (ClosedLoop.Run(server, echoed, connections, time), ClosedLoop.Run(server, predicted, connections, time));
    }

    private static void Print(string title, (LoopCost Echo, LoopCost Ours)[] pairs, int opportunities)
    {
        double[] ratios = [.. pairs.Select(p => p.Ours.Microseconds / p.Echo.Microseconds).Order()];
        Console.WriteLine($"{title,-28} CPU us a request: echo {Echo(c => c.Microseconds):F1} ours {Ours(c => c.Microseconds):F1}, ours/echo {Paired.Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}]");
        double[] rates = [.. pairs.Select(p => p.Ours.PerSecond / p.Echo.PerSecond).Order()];
        Console.WriteLine($"{"",-28} requests/s: echo {Echo(c => c.PerSecond):F0} ours {Ours(c => c.PerSecond):F0}, ours/echo {Paired.Median(rates):F2} [{rates[0]:F2} {rates[^1]:F2}]");
        Console.WriteLine($"{"",-28} garbage a request: echo {Echo(c => c.Bytes):F0} ours {Ours(c => c.Bytes):F0} B; an opportunity: {Ours(c => c.Bytes) / opportunities:F1} B, "
            + $"gen0 {Paired.Median(pairs.Select(p => p.Ours.Gen0)) * 1e6 / opportunities:F1} a million");

        double Echo(Func<LoopCost, double> figure) => Paired.Median(pairs.Select(p => figure(p.Echo)));
        double Ours(Func<LoopCost, double> figure) => Paired.Median(pairs.Select(p => figure(p.Ours)));
    }

    private static void Throughput(ServingProcess server, bool quick)
    {
        byte[][] requests = PredictionRequests.To(server.Address, "/predict/batch", Batch);
        foreach (int connections in (int[])[1, 2, 4, 8])
        {
            ClosedLoop.Run(server, requests, connections, TimeSpan.FromSeconds(1));
            LoopCost[] runs = [.. Enumerable.Range(0, quick ? 3 : 5).Select(_ => ClosedLoop.Run(server, requests, connections, TimeSpan.FromSeconds(quick ? 1 : 3)))];
            Console.WriteLine($"W4 batch of 100, {connections} connections  {Paired.Median(runs.Select(r => r.PerSecond)) * Batch:F0} opportunities/s, p99 {Paired.Median(runs.Select(r => r.P99)):F2} ms, {Paired.Median(runs.Select(r => r.Microseconds)):F1} CPU us a request");
        }
    }

    private static void Steady(ServingProcess server, bool quick)
    {
        byte[][] requests = PredictionRequests.To(server.Address, "/predict/batch", Batch);
        OpenLoop.Run(server.Address, requests, Rate, TimeSpan.FromSeconds(3), connections: 16);
        LoadReport[] runs = [.. Enumerable.Range(0, 3).Select(_ => OpenLoop.Run(server.Address, requests, Rate, TimeSpan.FromSeconds(quick ? 5 : 60), connections: 16))];
        foreach (LoadReport run in runs) Console.WriteLine($"W5 100,000 opportunities/s   {run}");
        Console.WriteLine($"{"",-28} median p99 {Median(runs, 0.99):F2} ms, p99.9 {Median(runs, 0.999):F2} ms");
    }

    private static void Swaps(ServingProcess server, bool quick)
    {
        byte[][] requests = PredictionRequests.To(server.Address, "/predict/batch", Batch);
        var time = TimeSpan.FromSeconds(quick ? 5 : 20);
        var before = new LoadReport[3];
        var during = new LoadReport[3];
        var served = new List<double>();
        // The first run compiles what both have in common.
        server.Assign("challenger", share: 0.2);
        OpenLoop.Run(server.Address, requests, Rate, TimeSpan.FromSeconds(2), connections: 16);
        server.Assign("second");
        OpenLoop.Run(server.Address, requests, Rate, TimeSpan.FromSeconds(2), connections: 16);
        for (int i = 0; i < before.Length; i++)
        {
            before[i] = OpenLoop.Run(server.Address, requests, Rate, time, connections: 16);
            using var stop = new CancellationTokenSource();
            var swaps = new Thread(() => Swap(server, served, stop.Token));
            ServingUsage usage = server.Usage();
            swaps.Start();
            during[i] = OpenLoop.Run(server.Address, requests, Rate, time, connections: 16);
            stop.Cancel();
            swaps.Join();
            Console.WriteLine($"D1 before                    {before[i]}");
            (double pauses, int full) = (server.Usage().PauseMilliseconds - usage.PauseMilliseconds, server.Usage().Gen2 - usage.Gen2);
            Console.WriteLine($"D1 a swap every second       {during[i]}; {full} full collections, pauses of {pauses:F1} ms in all");
        }
        double[] ratios = [.. during.Zip(before, (d, b) => d.Answers.Milliseconds(0.99) / b.Answers.Milliseconds(0.99)).Order()];
        Console.WriteLine($"{"",-28} p99 during/before {Paired.Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}], median p99 {Median(during, 0.99):F2} ms; "
            + $"{served.Count} swaps, assigned to serving {Paired.Median(served):F0} ms, at most {served.Max():F0} ms");
    }

    /// <summary>Every second the other ensemble becomes the champion, and a challenger is given a fifth again.</summary>
    private static void Swap(ServingProcess server, List<double> served, CancellationToken stop)
    {
        for (long next = Instants.Now; !stop.IsCancellationRequested; next += 1_000_000_000)
        {
            Instants.Await(next);
            served.Add(server.Assign(served.Count % 2 == 0 ? "second" : "ensemble"));
            server.Assign("challenger", share: 0.2);
        }
    }

    private static double Median(LoadReport[] runs, double quantile) => Paired.Median(runs.Select(r => r.Answers.Milliseconds(quantile)));
}
