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
        Paired.Compare($"{what}, {n}", Pairs, calls, ours, () => peer.AskNumber($"{what} {calls / 4}"));
    }
}
