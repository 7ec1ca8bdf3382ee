using System.Diagnostics;
using System.Runtime.InteropServices;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Online;
using QuadTurbo.Learning.Onnx;

namespace QuadTurbo.Benchmarks;

/// <summary>Whether ONNX Runtime gives the numbers that our ONNX models mean.</summary>
/// <remarks>
/// npm install --prefix MODULES --ignore-scripts onnxruntime-node@1.30.0, then
/// dotnet run -c Release --project tests/Benchmarks -- onnx MODULES. Rows hold NaN, ±∞, −0 and values exactly on cuts; one in ten cuts is +∞.
/// </remarks>
internal static class OnnxBench
{
    private const int Features = 6, Count = 2000;
    private static readonly double[] Knots = [-2, -0.5, 0, 1, 2.5], Levels = [0.05, 0.05, 0.4, 0.7, 0.95];

    /// <summary>Prints the largest difference for each kind of model.</summary>
    public static void Run(string[] args)
    {
        string folder = Directory.CreateTempSubdirectory("onnx").FullName;
        var random = new SplitMix64(1);
        TreeEnsemble logistic = Draw(ref random, Objective.Logistic), squared = Draw(ref random, Objective.Squared);
        Write("squared", squared, null, m => m);
        Write("sigmoid", logistic, null, m => Logistic.Sigmoid(m));
        Write("platt", logistic, OnnxCalibrator.Platt(1.3, -0.2), m => Logistic.Sigmoid(1.3 * m - 0.2));
        Write("beta", logistic, OnnxCalibrator.Beta(0.8, 1.2, 0.1), m => Logistic.Sigmoid(-0.8 * Softplus(-m) + 1.2 * Softplus(m) + 0.1));
        Write("isotonic", logistic, OnnxCalibrator.Isotonic(Knots, Levels), Interpolated);
        using Process node = Process.Start("node", [Path.Combine("tests", "Benchmarks", "peers", "onnxruntime.mjs"), args[0], folder]);
        node.WaitForExit();
        Directory.Delete(folder, recursive: true);

        void Write(string name, TreeEnsemble model, OnnxCalibrator? calibrator, Func<double, double> prediction)
        {
            float[] rows = Rows(model, ref random);
            float[] expected = [.. rows.Chunk(Features).Select(r => (float)prediction(model.Margin(r)))];
            File.WriteAllBytes(Path.Combine(folder, name + ".onnx"), OnnxTrees.Write(model, calibrator));
            File.WriteAllBytes(Path.Combine(folder, name + ".rows"), MemoryMarshal.AsBytes(rows.AsSpan()));
            File.WriteAllBytes(Path.Combine(folder, name + ".expected"), MemoryMarshal.AsBytes(expected.AsSpan()));
        }
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double Interpolated(double x)
    {
        if (x <= Knots[0]) return Levels[0];
        int i = Array.FindLastIndex(Knots, k => k < x);
        return i == Knots.Length - 1 ? Levels[^1] : Levels[i] + (Levels[i + 1] - Levels[i]) * (x - Knots[i]) / (Knots[i + 1] - Knots[i]);
    }

    private static TreeEnsemble Draw(ref SplitMix64 random, Objective objective)
    {
        var trees = new TreeNode[60][];
        for (int t = 0; t < trees.Length; t++)
        {
            var nodes = new TreeNode[63];
            for (int i = 0; i < nodes.Length; i++)
            {
                float cut = random.NextInt(10) == 0 ? float.PositiveInfinity : Grid(ref random);
                nodes[i] = i < 31
                    ? new TreeNode(random.NextInt(Features), cut, 2 * i + 1, 2 * i + 2, random.NextInt(2) == 0, 0, 1, 1)
                    : TreeNode.Leaf((float)(0.3 * random.NextNormal()), 1);
            }
            trees[t] = nodes;
        }
        return new TreeEnsemble(objective, Features, 0.1f, trees);
    }

    private static float[] Rows(TreeEnsemble model, ref SplitMix64 random)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -float.Epsilon];
        var rows = new float[Count * model.Features];
        for (int i = 0; i < rows.Length; i++) rows[i] = random.NextInt(4) == 0 ? special[random.NextInt(special.Length)] : Grid(ref random);
        return rows;
    }

    /// <summary>Few enough values that rows lie on cuts.</summary>
    private static float Grid(ref SplitMix64 random) => (float)(Math.Round(10 * random.NextNormal()) / 10);
}
