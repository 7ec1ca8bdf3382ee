using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Trading.Features;
using static QuadTurbo.Libs.Tests.Scoring.Onnx.OnnxBytes;

namespace QuadTurbo.Libs.Tests.Learning.Onnx;

public class DenseNetworkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(100)]
    public void A_network_is_what_its_formula_says(int hidden)
    {
        byte[] model = OnnxNetwork.Write(hidden, hidden: hidden);
        float[] rows = Rows(50, seed: hidden, missing: 0.1), outputs = new float[50];

        DenseNetwork.TryRead(model, "features", "probability", 32)!.Run(rows, outputs);

        for (int r = 0; r < 50; r++) Assert.Equal(Formula(hidden, rows.AsSpan(r * 32, 32)), outputs[r], 1e-6);
    }

    [Fact]
    public void It_agrees_with_ONNX_Runtime_whatever_the_weights() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            byte[] model = OnnxNetwork.Write(seed, hidden: 1 + (int)((uint)seed % 90), calibrator: OnnxCalibrator.Platt(0.7, -0.2));
            float[] rows = Rows(64, seed, missing: 0.1), compiled = new float[64], general = new float[64];
            DenseNetwork.TryRead(model, "features", "probability", 32)!.Run(rows, compiled);
            var session = OnnxSession.Load(model);
            session.Run(rows, [64, 32], 0, general, [64, 1]);
            return compiled.Zip(general).All(p => Math.Abs(p.First - p.Second) <= 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_matrix_product_with_terms_and_factors_beside_it_is_a_layer_too()
    {
        float[] weights = [.. Enumerable.Range(0, 64).Select(i => i % 7 * 0.1f - 0.3f)];
        byte[] model = Model(
            Input("x", Float, 0, 32), Constant("w", [32, 2], weights), Constant("b", [1, 2], [0.5f, -0.25f]), Constant("f", [1], [2]),
            Constant("v", [2, 1], [1, -1]), Node("MatMul", ["x", "w"], ["h"]), Node("Add", ["h", "b"], ["i"]), Node("Mul", ["i", "f"], ["j"]),
            Node("MatMul", ["j", "v"], ["m"]), Node("Sigmoid", ["m"], ["p"]), Output("p", Float, 0, 1));
        float[] row = Rows(1, seed: 2), output = new float[1];

        DenseNetwork.TryRead(model, "x", "p", 32)!.Run(row, output);

        double first = 0.5, second = -0.25;
        for (int i = 0; i < 32; i++) (first, second) = (first + row[i] * weights[2 * i], second + row[i] * weights[2 * i + 1]);
        Assert.Equal(1 / (1 + Math.Exp(-2 * (first - second))), output[0], 1e-6);
    }

    [Fact]
    public void Other_graphs_are_left_to_the_general_runtime()
    {
        Assert.Null(Read(Node("Sigmoid", ["x"], ["p"]))); // as many outputs as columns
        Assert.Null(Read(Constant("w", [32, 1], new float[32]), Node("MatMul", ["x", "w"], ["m"]), Node("Exp", ["m"], ["p"])));
        Assert.Null(Read(Constant("w", [31, 1], new float[31]), Node("MatMul", ["x", "w"], ["p"])));
        Assert.Null(Read(Constant("w", [32, 1], new float[32]), Node("MatMul", ["x", "w"], ["p"]), Node("Sigmoid", ["p"], ["q"])));
        Assert.Null(Read(Constant("w", [32, 1], new float[32]), Node("MatMul", ["x", "w"], ["m"]), Node("Sigmoid", ["x"], ["p"])));
        Assert.Null(DenseNetwork.TryRead(OnnxNetwork.Write(1, hidden: 500), "features", "probability", 32)); // more weights than are worth it
        Assert.Null(DenseNetwork.TryRead([1, 2, 3], "x", "p", 32));

        static DenseNetwork? Read(params byte[][] parts) =>
            DenseNetwork.TryRead(Model([Input("x", Float, 0, 32), .. parts, Output("p", Float, 0, 1)]), "x", "p", 32);
    }

    /// <summary>σ(ReLU(x W₁) W₂) in float64, with the weights that the seed draws.</summary>
    private static double Formula(int hidden, ReadOnlySpan<float> row)
    {
        var random = SplitMix64.Stream(hidden, "onnx network");
        float[] first = Draw(FeatureSchema.Count, hidden), second = Draw(hidden, 1);
        double margin = 0;
        for (int h = 0; h < hidden; h++)
        {
            double sum = 0;
            for (int i = 0; i < FeatureSchema.Count; i++)
                if (!float.IsNaN(row[i])) sum += (double)row[i] * first[i * hidden + h];
            margin += Math.Max(0, sum) * second[h];
        }
        return 1 / (1 + Math.Exp(-margin));

        float[] Draw(int from, int to) => [.. Enumerable.Range(0, from * to).Select(_ => (float)(Math.Sqrt(2.0 / from) * random.NextNormal()))];
    }
}
