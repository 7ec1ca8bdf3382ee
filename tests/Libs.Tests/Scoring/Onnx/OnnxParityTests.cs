using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Libs.Tests.Scoring.Trees;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

public class OnnxParityTests
{
    [Fact]
    public void Exported_trees_run_by_ONNX_Runtime_equal_ours_on_ten_thousand_rows_on_cuts_and_one_float_beside() =>
        Assert.InRange(OnnxParity.LargestDifference(new TreesHead(Forest(100, 6), new Platt(0.9, -0.2), 1), 10_000, seed: 1), 0, 1e-5);

    [Fact]
    public void Exported_trees_equal_ours_with_any_calibrator_and_without()
    {
        TreeEnsemble forest = Forest(20, 4);
        bool[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 7 > i / 40)];
        double[] margins = [.. labels.Select((_, i) => 3 - i / 30.0)];

        foreach (Calibrator calibrator in (Calibrator[])[Identity.Instance, Beta.Fit(margins, labels), Isotonic.Fit(margins, labels)])
            Assert.InRange(OnnxParity.LargestDifference(new TreesHead(forest, calibrator, 1), 300, seed: 2), 0, 1e-5);
        var regression = new TreeEnsemble(Objective.Squared, 32, 0.5f, [.. Enumerable.Range(0, 10).Select(t => forest[t].ToArray())]);
        Assert.InRange(OnnxParity.LargestDifference(new TreesHead(regression, null, 1), 300, seed: 3), 0, 1e-5);
    }

    private static TreeEnsemble Forest(int trees, int depth)
    {
        var random = new SplitMix64(trees);
        RandomForest drawn = RandomForest.Draw(ref random, features: 32, depth, trees, cuts: 200);
        TreeEnsemble finite = FiniteCuts.Of(drawn.Ensemble);
        // Leaves as small as boosting has them: margins of a few log-odds.
        TreeNode[] Scaled(int t) => [.. finite[t].ToArray().Select(n => n.IsLeaf ? TreeNode.Leaf(0.1f * n.Value, 1) : n)];
        return new TreeEnsemble(Objective.Logistic, 32, 0.1f, [.. Enumerable.Range(0, trees).Select(Scaled)]);
    }
}
