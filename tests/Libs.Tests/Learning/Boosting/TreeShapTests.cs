using System.Numerics;
using System.Text;
using System.Text.Json;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Libs.Tests.Scoring.Trees;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class TreeShapTests
{
    private static readonly Fixture Xgboost = Fixture.Load("xgboost_import");

    /// <summary>xgboost attributes in float32: 1e-5 of margins of the order of 1.</summary>
    [Theory]
    [InlineData("logistic")]
    [InlineData("squared")]
    [InlineData("leafwise")]
    public void Contributions_are_those_of_xgboost(string name)
    {
        JsonElement result = Xgboost.Results.GetProperty(name);
        TreeEnsemble model = XgboostModel.Import(Encoding.UTF8.GetBytes(result.GetProperty("model").GetRawText()));
        var shap = new TreeShap(model);
        float[][] rows = XgboostModelTests.Rows("test");
        var phi = new double[model.Features];

        for (int i = 0; i < rows.Length; i++)
        {
            double[] expected = Fixture.Numbers(result.GetProperty("contributions")[i]);
            shap.Explain(rows[i], phi);
            for (int f = 0; f < phi.Length; f++) Assert.Equal(expected[f], phi[f], 1e-5);
            Assert.Equal(expected[^1], shap.BaseValue, 1e-5);
        }
    }

    /// <summary>The definition itself: over all 2^features coalitions, with random covers, some of them 0; features repeat along paths.</summary>
    [Fact]
    public void Contributions_are_the_shapley_values_of_all_coalitions()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            var random = new SplitMix64(seed);
            RandomForest forest = RandomForest.Draw(ref random, 1 + random.NextInt(5), random.NextInt(6), 3, 5);
            TreeEnsemble model = WithCovers(forest.Ensemble, ref random);
            var shap = new TreeShap(model);
            float[] row = forest.Rows(ref random, 1);
            var phi = new double[model.Features];

            shap.Explain(row, phi);

            Assert.Equal(Worth(model, row, 0), shap.BaseValue, 1e-12);
            for (int f = 0; f < phi.Length; f++) Assert.Equal(Shapley(model, row, f), phi[f], 1e-12);
        }
    }

    [Fact]
    public void Base_and_contributions_add_up_to_the_margin()
    {
        var random = new SplitMix64(77);
        for (int i = 0; i < 20; i++)
        {
            RandomForest forest = RandomForest.Draw(ref random, 20, 8, 10, 30);
            TreeEnsemble model = WithCovers(forest.Ensemble, ref random);
            float[] row = forest.Rows(ref random, 1);
            var phi = new double[model.Features];
            var shap = new TreeShap(model);

            shap.Explain(row, phi);

            Assert.Equal(model.Margin(row), shap.BaseValue + phi.Sum(), 1e-5);
        }
    }

    [Fact]
    public void A_feature_that_no_tree_reads_contributes_nothing()
    {
        var model = new TreeEnsemble(Objective.Squared, 3, 2, [[new(1, 0.5f, 1, 2, true, 0, 1, 4), TreeNode.Leaf(-1, 3), TreeNode.Leaf(3, 1)]]);
        var shap = new TreeShap(model);
        var phi = new double[3];

        shap.Explain([9, 1, 9], phi);

        Assert.Equal(2.0, shap.BaseValue);
        Assert.Equal([0, 3, 0], phi);
    }

    [Fact]
    public void Covers_below_0_and_rows_of_another_length_are_refused()
    {
        var negative = new TreeEnsemble(Objective.Squared, 2, 0, [[TreeNode.Leaf(1, -1)]]);
        var fine = new TreeShap(new TreeEnsemble(Objective.Squared, 2, 0, []));

        Assert.Contains("cover -1", Assert.Throws<ArgumentException>(() => new TreeShap(negative)).Message, StringComparison.Ordinal);
        string message = Assert.Throws<ArgumentException>(() => fine.Explain([1], new double[2])).Message;
        Assert.Contains("1 features and 2 contributions of 2", message, StringComparison.Ordinal);
    }

    private static double Shapley(TreeEnsemble model, float[] row, int feature)
    {
        double phi = 0;
        for (uint known = 0; known < 1u << row.Length; known++)
        {
            if ((known >> feature & 1) == 1) continue;
            int size = BitOperations.PopCount(known);
            double weight = Factorial(size) * Factorial(row.Length - size - 1) / Factorial(row.Length);
            phi += weight * (Worth(model, row, known | 1u << feature) - Worth(model, row, known));
        }
        return phi;
    }

    private static double Worth(TreeEnsemble model, float[] row, uint known) =>
        model.BaseMargin + Enumerable.Range(0, model.Count).Sum(t => Worth(model[t].ToArray(), 0, row, known));

    private static double Worth(TreeNode[] tree, int at, float[] row, uint known)
    {
        TreeNode node = tree[at];
        if (node.IsLeaf) return node.Value;
        double left = Worth(tree, node.Left, row, known), right = Worth(tree, node.Right, row, known);
        float value = row[node.Feature];
        if ((known >> node.Feature & 1) == 1) return (float.IsNaN(value) ? node.MissingLeft : value < node.Cut) ? left : right;
        double leftCover = tree[node.Left].Cover, rightCover = tree[node.Right].Cover;
        return leftCover + rightCover == 0 ? (left + right) / 2 : (leftCover * left + rightCover * right) / (leftCover + rightCover);
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static TreeEnsemble WithCovers(TreeEnsemble model, ref SplitMix64 random)
    {
        var trees = new TreeNode[model.Count][];
        for (int t = 0; t < trees.Length; t++)
        {
            trees[t] = model[t].ToArray();
            for (int i = 0; i < trees[t].Length; i++) trees[t][i] = trees[t][i] with { Cover = random.NextInt(12) };
        }
        return new TreeEnsemble(model.Objective, model.Features, model.BaseMargin, trees);
    }
}
