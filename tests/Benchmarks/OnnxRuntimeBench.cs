using System.Diagnostics;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Online;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Trees;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars I2 and I4: our trees beside the TreeEnsembleRegressor of ONNX Runtime, and what our other ONNX members cost.</summary>
/// <remarks>
/// dotnet run -c Release --project tests/Benchmarks -- onnxruntime [PAIRS]. Model G: 100 trees of depth 6, ours, fitted to TAB(100,000) and exported.
/// I2: CPU time of 65,536 rotating rows in blocks of 1,024, both in turn. I4: median time of one rotating row by itself, both in turn.
/// </remarks>
internal static class OnnxRuntimeBench
{
    private const int Block = 1024, Rows = 65_536, Columns = TabularWorld.Features;

    /// <summary>Prints both bars, then microseconds of the heads.</summary>
    public static void Run(string[] args)
    {
        int pairs = args.Length > 0 ? int.Parse(args[0]) : 9;
        TreeEnsemble model = Booster.Fit(TabularWorld.Rows(100_000, 1), new BoostingOptions()).Ensemble;
        float[] rows = TabularWorld.Rows(Rows, 99).Values.ToArray();
        var ours = new CompiledTrees(model);
        using var session = OnnxSession.Load(OnnxTrees.Write(model));
        double apart = Difference(ours, session, rows);
        Console.WriteLine($"ONNX Runtime {OnnxEnvironment.Shared.Version}, kernel {ours.Kernel}, largest difference {apart:E1}");
        Batches(ours, session, rows, pairs);
        Singles("I4 single row, trees", i => Ours(ours, rows, i), i => Theirs(session, rows, i), pairs);
        Heads(model, rows);
    }

    private static void Batches(CompiledTrees ours, OnnxSession session, float[] rows, int pairs)
    {
        var margins = new float[Block];
        Paired.Compare("I2 65,536 rows, trees", pairs, calls: 20, Ours, Theirs);

        void Ours() => InBlocks(first => ours.Margins(rows.AsSpan(first, Block * Columns), margins));

        double Theirs()
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            InBlocks(first => session.Run(rows.AsSpan(first, Block * Columns), [Block, Columns], 0, margins, [Block, 1]));
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }
    }

    private static void InBlocks(Action<int> score)
    {
        for (int first = 0; first < Rows * Columns; first += Block * Columns) score(first);
    }

    private static void Singles(string title, Action<int> ours, Action<int> theirs, int pairs)
    {
        Median(ours);
        Median(theirs);
        var measured = new (double Ours, double Theirs)[pairs];
        for (int p = 0; p < pairs; p++) measured[p] = (Median(ours), Median(theirs));
        double[] ratios = [.. measured.Select(m => m.Theirs / m.Ours).Order()];
        double peer = Paired.Median(measured.Select(m => m.Theirs)), mine = Paired.Median(measured.Select(m => m.Ours));
        Console.WriteLine($"{title,-28} peer p50 {peer,6:F2} us   ours p50 {mine,6:F2} us   "
            + $"peer/ours {ratios[pairs / 2]:F1} [{ratios[0]:F1} {ratios[^1]:F1}]");
    }

    /// <summary>Median microseconds of a call, by sets of eight: a single one is near the clock's grain.</summary>
    private static double Median(Action<int> score)
    {
        const int set = 8;
        var times = new double[Rows / set / 4];
        for (int t = 0; t < times.Length; t++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < set; i++) score(t * set + i);
            times[t] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / set;
        }
        return Paired.Median(times);
    }

    private static void Ours(CompiledTrees trees, float[] rows, int row) => trees.Margin(rows.AsSpan(row * Columns, Columns));

    private static void Theirs(OnnxSession session, float[] rows, int row)
    {
        Span<float> margin = stackalloc float[1];
        session.Run(rows.AsSpan(row * Columns, Columns), [1, Columns], 0, margin, [1, 1]);
    }

    /// <summary>What a row of an ONNX member costs by itself and in batches, whose bits are the same.</summary>
    private static void Heads(TreeEnsemble trees, float[] rows)
    {
        TrainingRows sample = TabularWorld.Rows(4_000, 5);
        var bins = OneHotBins.Fit(sample.Values.Span, Columns, 16);
        var logistic = LogisticRegression.Fit(bins.Transform(sample.Values.Span), bins.Width, Labels(sample));
        (string, byte[])[] models =
        [
            ("32-64-1 network", OnnxNetwork.Write(1)),
            ("logistic on 16 bins", OnnxLogistic.Write(bins, logistic)),
            ("model G", OnnxTrees.Write(trees)),
        ];
        foreach ((string name, byte[] bytes) in models)
        {
            long start = Stopwatch.GetTimestamp();
            var head = new OnnxHead(bytes, null, 1);
            double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var scores = new double[Block];
            double alone = Median(i => head.Score(rows.AsSpan(i * Columns, Columns)));
            double batch = Paired.Alone(7, 5, () => head.Score(rows.AsSpan(0, Block * Columns), scores)) * 1000 / Block;
            Console.WriteLine($"{name,-28} load {load:F0} ms, steps of {head.Step}, p50 {alone:F2} us alone, {batch:F3} us a row of {Block}");
        }
    }

    private static bool[] Labels(TrainingRows rows) => [.. rows.Targets.ToArray().Select(l => l > 0.5)];

    private static double Difference(CompiledTrees ours, OnnxSession session, float[] rows)
    {
        float[] mine = new float[Block], theirs = new float[Block];
        ours.Margins(rows.AsSpan(0, Block * Columns), mine);
        session.Run(rows.AsSpan(0, Block * Columns), [Block, Columns], 0, theirs, [Block, 1]);
        return mine.Zip(theirs, (a, b) => Math.Abs(Logistic.Sigmoid(a) - Logistic.Sigmoid(b))).Max();
    }
}
