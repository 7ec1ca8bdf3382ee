using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Benchmarks;

/// <summary>Bar S3, the AUC's part, beside scikit-learn; and the sorts below it beside numpy's stable argsort and sort.</summary>
/// <remarks>
/// metrics [N …]: cpu milliseconds of a call, ours and the peer's in turn on the same numbers, median of paired ratios [least greatest].
/// Scores are uniform doubles, a third of them positives, which score higher: no two are equal.
/// </remarks>
internal static class MetricsBench
{
    private const int Pairs = 11;

    public static void Run(string[] args)
    {
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");
        using var peer = new Peer("metrics.py");
        Console.WriteLine("what        n   peer ms   ours ms  peer/ours");
        foreach (int n in args.Length > 0 ? args.Select(int.Parse) : [10_000, 100_000])
        {
            var random = new SplitMix64(1);
            double[] scores = new double[n], copy = new double[n];
            int[] order = new int[n];
            bool[] labels = new bool[n];
            for (int i = 0; i < n; i++)
            {
                labels[i] = random.NextInt(3) == 0;
                scores[i] = 0.8 * random.NextDouble() + (labels[i] ? 0.2 : 0);
            }
            peer.Ask($"draw {n}");
            double ours = Classification.Auc(scores, labels), theirs = peer.AskNumber("value");
            if (Math.Abs(ours - theirs) > 1e-12) throw new InvalidOperationException($"AUC is {ours:R} here and {theirs:R} there");
            Compare(peer, "auc", n, () => Classification.Auc(scores, labels));
            Compare(peer, "order", n, () => Sorting.Order(scores, order));
            Compare(peer, "sort", n, () =>
            {
                scores.CopyTo(copy, 0);
                Sorting.Sort(copy);
            });
        }
    }

    private static void Compare(Peer peer, string what, int n, Action ours)
    {
        int calls = 2_000_000 / n;
        for (int warm = 0; warm < 5; warm++) Milliseconds(ours, calls);
        peer.Ask($"{what} 2");
        var pairs = new List<(double Peer, double Ours)>();
        for (int pair = 0; pair < Pairs; pair++) pairs.Add((peer.AskNumber($"{what} {calls / 4}"), Milliseconds(ours, calls)));
        double[] ratios = [.. pairs.Select(p => p.Peer / p.Ours).Order()];
        Console.WriteLine($"{what,-5} {n,7} {Median(pairs.Select(p => p.Peer)),9:F3} {Median(pairs.Select(p => p.Ours)),9:F3}"
            + $"  {Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}]");
    }

    private static double Milliseconds(Action work, int calls)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < calls; i++) work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / calls;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
