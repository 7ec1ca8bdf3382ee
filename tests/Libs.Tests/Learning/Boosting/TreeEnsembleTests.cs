using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class TreeEnsembleTests
{
    private static readonly TreeNode[] Stump =
        [new(1, 0.5f, 1, 2, MissingLeft: true, 0, 3, 9), TreeNode.Leaf(-1, 4), TreeNode.Leaf(2, 5)];

    private static readonly TreeEnsemble Two = new(Objective.Squared, 2, 10, [Stump, [TreeNode.Leaf(0.25f, 9)]]);

    [Theory]
    [InlineData(0.4999f, 9.25f)]
    [InlineData(0.5f, 12.25f)]
    [InlineData(float.NaN, 9.25f)]
    [InlineData(float.NegativeInfinity, 9.25f)]
    [InlineData(float.PositiveInfinity, 12.25f)]
    public void A_value_below_the_cut_goes_left_and_a_missing_one_where_the_node_says(float value, float margin) =>
        Assert.Equal(margin, Two.Margin([0, value]));

    [Fact]
    public void An_ensemble_survives_its_bytes()
    {
        byte[] bytes = Two.ToBytes();

        Assert.Equal(bytes, TreeEnsemble.FromBytes(bytes).ToBytes());
        for (int cut = 0; cut < bytes.Length; cut++) Assert.Throws<InvalidDataException>(() => TreeEnsemble.FromBytes(bytes.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => TreeEnsemble.FromBytes([.. bytes, 0]));
    }

    [Fact]
    public void A_tree_that_loops_shares_a_node_or_reads_a_feature_that_is_not_there_is_refused()
    {
        Assert.Contains("child 0", Refused(Stump[0] with { Left = 0 }, Stump[1], Stump[2]), StringComparison.Ordinal);
        Assert.Contains("node 1 has 0 parents", Refused(Stump[0] with { Left = 2 }, Stump[1], Stump[2]), StringComparison.Ordinal);
        Assert.Contains("feature 2 of 2", Refused(Stump[0] with { Feature = 2 }, Stump[1], Stump[2]), StringComparison.Ordinal);
        Assert.Contains("tree 0, node 1: its value is NaN", Refused(Stump[0], TreeNode.Leaf(float.NaN, 1), Stump[2]), StringComparison.Ordinal);
    }

    private static string Refused(params TreeNode[] tree) =>
        Assert.Throws<ArgumentException>(() => new TreeEnsemble(Objective.Logistic, 2, 0, [tree])).Message;
}
