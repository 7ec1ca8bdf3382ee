using System.Diagnostics;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars T1-T5 and the quality of boosting beside xgboost's and scikit-learn's.</summary>
/// <remarks>
/// boosting [speed] [N …]: cpu seconds of model G (100 trees, depth 6, eta 0.1, lambda 1), ours and the peers' in turn, median of paired ratios;
/// boosting threads [N]: wall seconds on 1 and 2 threads; boosting quality [SEEDS] [N …]: AUC on 100,000 fresh rows; boosting ours N: seconds of ours alone.
/// </remarks>
internal static class BoostingBench
{
    private static readonly BoostingOptions ModelG = new();

    public static void Run(string[] args)
    {
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");
        int[] numbers = [.. args.Skip(1).Select(int.Parse)];
        switch (args.FirstOrDefault("speed"))
        {
            case "threads": Threads(numbers is [int n, ..] ? n : 1_000_000); break;
            case "quality": Quality(numbers is [int seeds, ..] ? seeds : 10, numbers.Length > 1 ? numbers[1..] : [2_000, 10_000, 50_000]); break;
            case "ours": Ours(numbers[0]); break;
            default: Speed(numbers.Length > 0 ? numbers : [1_000, 10_000, 100_000, 1_000_000]); break;
        }
    }

    private static void Speed(int[] sizes)
    {
        using var folder = new ScratchFolder();
        using var peer = new Peer("boosting.py");
        WarmUp();
        Console.WriteLine("        n   xgb s   hgb s  ours s  best/ours: median [least greatest]");
        foreach (int n in sizes)
        {
            TrainingRows rows = TabularWorld.Rows(n, 1);
            peer.Ask($"load {TabularWorld.Write(rows, folder.Path, "train")}");
            int pairs = n >= 1_000_000 ? 3 : n >= 100_000 ? 5 : 9, repeats = n <= 1_000 ? 5 : n <= 10_000 ? 2 : 1;
            var figures = new List<(double Xgb, double Hgb, double Ours)>();
            for (int pair = 0; pair < pairs; pair++)
                figures.Add((peer.AskNumber("xgb"), peer.AskNumber("hgb"), CpuSeconds(() => Booster.Fit(rows, ModelG), repeats)));
            double[] ratios = [.. figures.Select(f => Math.Min(f.Xgb, f.Hgb) / f.Ours).Order()];
            Console.WriteLine($"{n,9} {Median(figures.Select(f => f.Xgb)),7:F3} {Median(figures.Select(f => f.Hgb)),7:F3} {Median(figures.Select(f => f.Ours)),7:F3}"
                + $"  {Median(ratios):F2} [{ratios[0]:F2} {ratios[^1]:F2}]");
        }
    }

    private static void Threads(int n)
    {
        TrainingRows rows = TabularWorld.Rows(n, 1);
        WarmUp();
        var ratios = new List<double>();
        for (int pair = 0; pair < (n >= 1_000_000 ? 3 : 5); pair++)
        {
            double one = WallSeconds(() => Booster.Fit(rows, ModelG)), two = WallSeconds(() => Booster.Fit(rows, ModelG with { Threads = 2 }));
            ratios.Add(one / two);
            Console.WriteLine($"{n,9} 1 thread {one:F3} s, 2 threads {two:F3} s, {one / two:F2}");
        }
        Console.WriteLine($"median {Median(ratios):F2}");
    }

    private static void Quality(int seeds, int[] sizes)
    {
        using var folder = new ScratchFolder();
        using var peer = new Peer("boosting.py");
        Console.WriteLine("        n  xgb AUC  our AUC  mean difference [least greatest]");
        foreach (int n in sizes)
        {
            var figures = new List<(double Xgb, double Ours)>();
            for (int seed = 0; seed < seeds; seed++)
            {
                TrainingRows train = TabularWorld.Rows(n, seed), test = TabularWorld.Rows(100_000, seed);
                peer.Ask($"load {TabularWorld.Write(train, folder.Path, "train")}");
                peer.Ask("xgb");
                figures.Add((peer.AskNumber($"auc {TabularWorld.Write(test, folder.Path, "test")}"), Auc(Booster.Fit(train, ModelG).Ensemble, test)));
            }
            double[] differences = [.. figures.Select(f => f.Ours - f.Xgb).Order()];
            Console.WriteLine($"{n,9}  {figures.Average(f => f.Xgb):F5}  {figures.Average(f => f.Ours):F5}"
                + $"  {differences.Average():+0.00000;-0.00000} [{differences[0]:+0.00000;-0.00000} {differences[^1]:+0.00000;-0.00000}]");
        }
    }

    private static void Ours(int n)
    {
        TrainingRows rows = TabularWorld.Rows(n, 1);
        WarmUp();
        int repeats = Math.Clamp(1_000_000 / n, 1, 100);
        for (int i = 0; i < 5; i++) Console.WriteLine($"{n,9} {CpuSeconds(() => Booster.Fit(rows, ModelG), repeats):F4} cpu s");
    }

    private static double Auc(TreeEnsemble ensemble, TrainingRows test)
    {
        var margins = new float[test.Count];
        ensemble.Margins(test.Values.Span, margins);
        return Classification.Auc([.. margins.Select(m => (double)m)], [.. test.Targets.ToArray().Select(y => y > 0)]);
    }

    private static void WarmUp()
    {
        TrainingRows rows = TabularWorld.Rows(2_000, 2);
        for (int i = 0; i < 40; i++) Booster.Fit(rows, ModelG);
    }

    private static double CpuSeconds(Action work, int repeats)
    {
        TimeSpan began = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < repeats; i++) work();
        return (Environment.CpuUsage.TotalTime - began).TotalSeconds / repeats;
    }

    private static double WallSeconds(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
