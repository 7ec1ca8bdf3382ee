using System.Diagnostics;
using System.Globalization;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Benchmarks;

/// <summary>The bars S1 and S2 of drift, as CPU time beside scipy's.</summary>
/// <remarks>
/// <c>dotnet run -c Release --project tests/Benchmarks -- drift [pairs]</c>. The peer is one python3 process, pinned to one thread, that runs a named
/// workload when told to and answers with its CPU seconds; ours and its turns alternate, and the median of the paired ratios is printed.
/// S1 includes taking the window out of the ring and sorting it; the reference is sorted beforehand on our side only, as in the service.
/// </remarks>
internal static class DriftBench
{
    private const int Features = 32;

    public static void Run(string[] args)
    {
        int pairs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "drift.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process peer = Process.Start(start)!;
        double[] a = Normals(10_000, "a", 0), b = Normals(10_000, "b", 0.05);
        Measure("S1 32 features, window 100", "pass", 1_000, Pass(100), peer, pairs);
        Measure("S1 32 features, window 500", "pass500", 200, Pass(500), peer, pairs);
        Measure("S2 KS 10k/10k", "ks", 200, () => KolmogorovSmirnov.Test(a, b), peer, pairs);
        Measure("S2 W1 10k/10k", "w1", 200, () => Wasserstein.Distance(a, b), peer, pairs);
        Measure("S2 KS and W1, each alone", "both", 100, () => _ = KolmogorovSmirnov.Test(a, b).D + Wasserstein.Distance(a, b), peer, pairs);
        peer.StandardInput.Close();
        peer.WaitForExit();
    }

    private static Action Pass(int window)
    {
        string[] names = [.. Enumerable.Range(0, Features).Select(f => $"f{f}")];
        double[][] columns = [.. names.Select(n => Normals(10_000, n, 0))];
        var options = new DriftOptions { Windows = [window], CheckEvery = window };
        var monitor = new DriftMonitor(DriftReference.Of(names, columns, seed: 1, options));
        double[] normals = Normals(64 * window * Features, "stream", 0);
        int at = 0;
        return () =>
        {
            for (int i = 0; i < window; i++, at = (at + Features) % normals.Length) monitor.Add(normals.AsSpan(at, Features));
        };
    }

    private static void Measure(string title, string workload, int repeats, Action ours, Process peer, int pairs)
    {
        for (int warm = 0; warm < 60; warm++) ours();
        Thread.Sleep(200);
        for (int warm = 0; warm < 60; warm++) ours();
        Ask(peer, workload);
        var ratios = new double[pairs];
        var mine = new double[pairs];
        var theirs = new double[pairs];
        for (int p = 0; p < pairs; p++)
        {
            mine[p] = Cpu(ours, repeats);
            theirs[p] = Ask(peer, workload);
            ratios[p] = theirs[p] / mine[p];
        }
        Console.WriteLine($"{title,-28} ours {Median(mine) * 1e6,9:F1} us   scipy {Median(theirs) * 1e6,9:F1} us   "
            + $"ratio {Median(ratios),6:F1}   ({ratios.Min():F1} .. {ratios.Max():F1})");
    }

    private static double Cpu(Action work, int repeats)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int r = 0; r < repeats; r++) work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds / repeats;
    }

    private static double Ask(Process peer, string workload)
    {
        peer.StandardInput.WriteLine(workload);
        peer.StandardInput.Flush();
        return double.Parse(peer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double[] Normals(int count, string name, double shift)
    {
        SplitMix64 random = SplitMix64.Stream(1, name);
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = random.NextNormal() + shift;
        return values;
    }
}
