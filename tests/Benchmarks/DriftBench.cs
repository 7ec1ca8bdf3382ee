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
        using var peer = new Peer("drift.py");
        double[] a = Normals(10_000, "a", 0), b = Normals(10_000, "b", 0.05);
        Measure("S1 32 features, window 100", "pass", 1_000, Pass(100), peer, pairs);
        Measure("S1 32 features, window 500", "pass500", 200, Pass(500), peer, pairs);
        Measure("S2 KS 10k/10k", "ks", 200, () => KolmogorovSmirnov.Test(a, b), peer, pairs);
        Measure("S2 W1 10k/10k", "w1", 200, () => Wasserstein.Distance(a, b), peer, pairs);
        Measure("S2 KS and W1, each alone", "both", 100, () => _ = KolmogorovSmirnov.Test(a, b).D + Wasserstein.Distance(a, b), peer, pairs);
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

    private static void Measure(string title, string workload, int repeats, Action ours, Peer peer, int pairs) =>
        Paired.Compare(title, pairs, repeats, ours, () => 1e3 * peer.AskNumber(workload));

    private static double[] Normals(int count, string name, double shift)
    {
        SplitMix64 random = SplitMix64.Stream(1, name);
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = random.NextNormal() + shift;
        return values;
    }
}
