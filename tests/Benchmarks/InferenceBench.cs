using System.Diagnostics;
using System.Runtime.InteropServices;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Scoring.Trees;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars I1, I3 and I5: scoring an xgboost model of 100 trees beside xgboost itself, and the cost of 500 trees.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- inference [PAIRS]; I3 the same with DOTNET_EnableAVX512=0 or DOTNET_EnableHWIntrinsic=0.
/// CPU time of one thread, blocks of 1,024 rotating rows; each figure of ours is followed by one of the peer's, the ratio is the median of pairs.
/// </remarks>
internal static class InferenceBench
{
    private const int Block = 1024;

    /// <summary>Prints the table.</summary>
    public static void Run(string[] args)
    {
        int pairs = args.Length > 0 ? int.Parse(args[0]) : 7;
        string folder = Directory.CreateTempSubdirectory("inference").FullName;
        using Process peer = Peer(folder);
        try
        {
            float[] rows = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "rows.bin"))).ToArray();
            TreeEnsemble hundred = Model(folder, 100), more = Model(folder, 500);
            Console.WriteLine($"largest difference from xgboost {Difference(hundred, rows, folder):E1}");
            foreach (TreeKernel kernel in Enum.GetValues<TreeKernel>())
            {
                bool holds = CompiledTrees.Holds(hundred, kernel) && CompiledTrees.Holds(more, kernel);
                Console.WriteLine($"{kernel}: {(holds ? "" : "not on this processor, or not these models")}");
                if (!holds) continue;
                var compiled = new CompiledTrees(hundred, kernel);
                Compare(compiled, rows, peer, pairs);
                Grow(compiled, new CompiledTrees(more, kernel), rows, pairs);
            }
        }
        finally
        {
            peer.StandardInput.Close();
            peer.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>I1 or I3, and the latency of a row by itself.</summary>
    private static void Compare(CompiledTrees trees, float[] rows, Process peer, int pairs)
    {
        Warm(trees, rows);
        var ratios = new double[pairs];
        var ours = new double[pairs];
        for (int p = 0; p < pairs; p++)
        {
            ours[p] = Batches(trees, rows);
            peer.StandardInput.WriteLine("100");
            ratios[p] = double.Parse(peer.StandardOutput.ReadLine()!) / ours[p];
        }
        double single = Enumerable.Range(0, pairs).Select(_ => Singles(trees, rows)).Min();
        Console.WriteLine($"  xgboost / ours {Median(ratios):F1} ({ratios.Min():F1} to {ratios.Max():F1})");
        Console.WriteLine($"  {ours.Min():F1} ns a row in batches, {single:F0} ns alone");
    }

    /// <summary>I5.</summary>
    private static void Grow(CompiledTrees hundred, CompiledTrees more, float[] rows, int pairs)
    {
        Warm(more, rows);
        double[] ratios = [.. Enumerable.Range(0, pairs).Select(_ => 1 / Batches(hundred, rows) * Batches(more, rows))];
        Console.WriteLine($"  500 / 100 trees {Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2})");
    }

    private static void Warm(CompiledTrees trees, float[] rows)
    {
        for (int i = 0; i < 6; i++)
        {
            Batches(trees, rows);
            Singles(trees, rows);
        }
    }

    /// <summary>CPU nanoseconds per row, in blocks.</summary>
    private static double Batches(CompiledTrees trees, float[] rows)
    {
        var margins = new float[Block];
        int size = Block * trees.Features, done = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime, spent;
        do
        {
            for (int first = 0; first < rows.Length; first += size) trees.Margins(rows.AsSpan(first, size), margins);
            done += rows.Length / trees.Features;
            spent = Environment.CpuUsage.TotalTime - start;
        }
        while (spent < TimeSpan.FromMilliseconds(100));
        return spent.TotalNanoseconds / done;
    }

    /// <summary>CPU nanoseconds per row, one call each.</summary>
    private static double Singles(CompiledTrees trees, float[] rows)
    {
        float sum = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int first = 0; first < rows.Length; first += trees.Features) sum += trees.Margin(rows.AsSpan(first, trees.Features));
        double spent = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
        GC.KeepAlive(sum);
        return spent / (rows.Length / trees.Features);
    }

    private static double Difference(TreeEnsemble model, float[] rows, string folder)
    {
        ReadOnlySpan<float> margins = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "margins.bin")));
        double largest = 0;
        for (int i = 0; i < 4096; i++)
            largest = Math.Max(largest, Math.Abs(margins[i] - model.Margin(rows.AsSpan(i * model.Features, model.Features))));
        return largest;
    }

    private static TreeEnsemble Model(string folder, int trees) => XgboostModel.Import(File.ReadAllBytes(Path.Combine(folder, $"model{trees}.json")));

    private static Process Peer(string folder)
    {
        string script = Path.Combine("tests", "Benchmarks", "peers", "inference.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, folder]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process peer = Process.Start(start)!;
        while (peer.StandardOutput.ReadLine() is { } line && line != "ready") { }
        return peer;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
