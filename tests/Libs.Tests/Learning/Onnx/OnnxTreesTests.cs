using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Libs.Tests.Scoring.Trees;

namespace QuadTurbo.Libs.Tests.Learning.Onnx;

public sealed class OnnxTreesTests
{
    private static readonly TreeNode[] Stump = [new(0, 0.5f, 1, 2, MissingLeft: true, 0, 3, 9), TreeNode.Leaf(-1, 4), TreeNode.Leaf(2, 5)];

    /// <summary>The interpreter adds in float64: margins agree to float32 rounding.</summary>
    [Fact]
    public void The_graph_gives_the_margins_of_the_ensemble_and_their_sigmoid()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new SplitMix64(seed);
            TreeEnsemble model = Finite(RandomForest.Draw(ref random, 4, random.NextInt(6), random.NextInt(5), 20), out RandomForest forest);
            var graph = new OnnxInterpreter(OnnxTrees.Write(model));
            float[] rows = forest.Rows(ref random, 20);
            foreach (float[] row in rows.Chunk(4))
            {
                Dictionary<string, double> outputs = graph.Run(row);
                Assert.Equal(model.Margin(row), outputs["margin"], 1e-5);
                Assert.Equal(model.Predict(row), outputs["probability"], 1e-6);
            }
        }
    }

    [Fact]
    public void A_model_states_its_version_its_input_and_its_outputs()
    {
        var classifier = new OnnxInterpreter(OnnxTrees.Write(new TreeEnsemble(Objective.Logistic, 7, 0, [])));
        var regressor = new OnnxInterpreter(OnnxTrees.Write(new TreeEnsemble(Objective.Pinball, 7, 1.5f, [])));

        Assert.Equal(8, classifier.IrVersion);
        Assert.Equal(new() { [""] = 17, ["ai.onnx.ml"] = 3 }, classifier.Operators);
        Assert.Equal([("features", 7)], classifier.Values(11));
        Assert.Equal([("margin", 1), ("probability", 1)], classifier.Values(12));
        Assert.Equal([("margin", 1)], regressor.Values(12));
        Assert.Equal(1.5, regressor.Run(new float[7])["margin"]);
    }

    [Theory]
    [InlineData(0.4999f, -1)]
    [InlineData(0.5f, 2)]
    [InlineData(float.NaN, -1)]
    [InlineData(float.PositiveInfinity, 2)]
    public void The_boundary_of_a_split_is_kept(float value, double margin) =>
        Assert.Equal(margin, new OnnxInterpreter(OnnxTrees.Write(new TreeEnsemble(Objective.Squared, 1, 0, [Stump]))).Run([value])["margin"]);

    public static TheoryData<string> Calibrators => ["identity", "platt", "temperature", "beta", "isotonic"];

    [Theory]
    [MemberData(nameof(Calibrators))]
    public void Every_calibrator_that_can_be_fitted_says_the_same_in_ONNX(string kind)
    {
        Calibrator calibrator = kind switch
        {
            "platt" => new Platt(1.3, -0.2),
            "temperature" => new Temperature(1.7),
            "beta" => new Beta(0.8, 1.1, 0.1),
            "isotonic" => new Isotonic([-2, -1, 0.5f, 3], [0.1f, 0.2f, 0.7f, 0.9f]),
            _ => Identity.Instance,
        };
        for (double margin = -4; margin <= 4; margin += 0.25) Assert.Equal(calibrator.Apply(margin), Calibrated(OnnxCalibrator.Of(calibrator), margin), 1e-6);
    }

    public static TheoryData<double> Margins => [-50, -3, -1, -0.5, -0.25, 0, 0.3, 1, 2, 2.5, 40];

    [Theory]
    [MemberData(nameof(Margins))]
    public void Platt_scaling_and_temperature_are_lines_in_the_margin(double margin)
    {
        Assert.Equal(Sigmoid(1.7 * margin - 0.4), Calibrated(OnnxCalibrator.Platt(1.7, -0.4), margin), 1e-6);
        Assert.Equal(Sigmoid(margin / 2.5), Calibrated(OnnxCalibrator.Temperature(2.5), margin), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void Beta_calibration_weighs_the_logarithms_of_both_probabilities(double margin)
    {
        double p = Math.Clamp(Sigmoid(margin), 1e-15, 1 - 1e-15);

        Assert.Equal(Sigmoid(0.8 * Math.Log(p) - 1.3 * Math.Log(1 - p) + 0.2), Calibrated(OnnxCalibrator.Beta(0.8, 1.3, 0.2), margin), 1e-6);
    }

    [Theory]
    [InlineData(-9, 0.1)]
    [InlineData(-1, 0.1)]
    [InlineData(-0.5, 0.1)]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0.3)]
    [InlineData(1, 0.5)]
    [InlineData(2.5, 0.725)]
    [InlineData(4, 0.95)]
    [InlineData(50, 0.95)]
    public void Isotonic_knots_are_joined_by_lines_and_held_outside(double margin, double probability) =>
        Assert.Equal(probability, Calibrated(OnnxCalibrator.Isotonic([-1, 0, 1, 4], [0.1, 0.1, 0.5, 0.95]), margin), 1e-6);

    [Fact]
    public void Knots_that_float32_cannot_tell_apart_keep_their_step()
    {
        OnnxCalibrator step = OnnxCalibrator.Isotonic([1, 1 + 1e-12], [0.2, 0.8]);

        Assert.Equal(0.2, Calibrated(step, 1), 1e-6);
        Assert.Equal(0.8, Calibrated(step, 1.001), 1e-6);
        Assert.Equal(0.4, Calibrated(OnnxCalibrator.Isotonic([3], [0.4]), 7), 1e-6);
    }

    [Fact]
    public void What_a_runtime_could_misread_is_refused()
    {
        var model = new TreeEnsemble(Objective.Squared, 1, 0, [[Stump[0] with { Cut = float.NegativeInfinity }, Stump[1], Stump[2]]]);

        AssertRefused("cut of −∞", () => OnnxTrees.Write(model));
        AssertRefused("Squared", () => OnnxTrees.Write(model, OnnxCalibrator.Platt(1, 0)));
        AssertRefused("a is NaN", () => OnnxCalibrator.Platt(double.NaN, 0));
        AssertRefused("temperature 0", () => OnnxCalibrator.Temperature(0));
        AssertRefused("knot 1", () => OnnxCalibrator.Isotonic([1, 1], [0, 1]));
        AssertRefused("0 margins", () => OnnxCalibrator.Isotonic([], []));
        AssertRefused("y[0] is", () => OnnxCalibrator.Isotonic([1], [double.NaN]));
    }

    [Fact]
    public void Equal_ensembles_have_equal_bytes()
    {
        var random = new SplitMix64(2);
        TreeEnsemble model = Finite(RandomForest.Draw(ref random, 3, 4, 5, 9), out _);

        Assert.Equal(OnnxTrees.Write(model), OnnxTrees.Write(TreeEnsemble.FromBytes(model.ToBytes())));
    }

    private static double Calibrated(OnnxCalibrator calibrator, double margin) =>
        new OnnxInterpreter(OnnxTrees.Write(new TreeEnsemble(Objective.Logistic, 1, (float)margin, []), calibrator)).Run([0])["probability"];

    private static void AssertRefused(string message, Func<object> action) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The drawn ensemble with its cuts of −∞ at 0 instead.</summary>
    private static TreeEnsemble Finite(RandomForest drawn, out RandomForest forest)
    {
        TreeEnsemble model = drawn.Ensemble;
        var trees = new TreeNode[model.Count][];
        for (int t = 0; t < trees.Length; t++)
            trees[t] = [.. model[t].ToArray().Select(n => float.IsNegativeInfinity(n.Cut) ? n with { Cut = 0 } : n)];
        var finite = new TreeEnsemble(model.Objective, model.Features, model.BaseMargin, trees);
        forest = drawn with { Ensemble = finite };
        return finite;
    }
}
