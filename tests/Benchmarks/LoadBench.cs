using System.Globalization;

namespace QuadTurbo.Benchmarks;

/// <summary>An open-loop load on a server that runs, or on one of our own.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- load RATE SECONDS [--batch 100] [--connections 16] [--url URL]: RATE requests a second to
/// /predict/batch, or with --batch 0 to /predict/single. Without --url the server is that of the serving bars, with trees and network.
/// </remarks>
internal static class LoadBench
{
    /// <summary>Prints what became of the load.</summary>
    public static void Run(string[] args)
    {
        if (args.Length < 2 || args.Length % 2 != 0) throw new ArgumentException("load RATE SECONDS [--batch 100] [--connections 16] [--url URL]");
        double rate = Number(args[0]);
        var time = TimeSpan.FromSeconds(Number(args[1]));
        int batch = (int)Number(Option(args, "--batch") ?? "100"), connections = (int)Number(Option(args, "--connections") ?? "16");
        string? url = Option(args, "--url");
        using ServingProcess? own = url is null ? ServingProcess.Start() : null;
        own?.Assign("ensemble");
        Uri server = own?.Address ?? new Uri(url!);
        byte[][] requests = PredictionRequests.To(server, batch == 0 ? "/predict/single" : "/predict/batch", batch);
        OpenLoop.Run(server, requests, rate, TimeSpan.FromSeconds(Math.Min(3, time.TotalSeconds)), connections);
        Console.WriteLine(OpenLoop.Run(server, requests, rate, time, connections));
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is var at && at >= 2 ? args[at + 1] : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
