using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class ImportanceTests
{
    private static readonly TreeNode[] Tree =
    [
        new(0, 1, 1, 2, false, 0, Gain: 6, Cover: 10),
        new(2, 1, 3, 4, false, 0, Gain: 2, Cover: 6),
        TreeNode.Leaf(1, 4), TreeNode.Leaf(2, 3), TreeNode.Leaf(3, 3),
    ];

    private static readonly TreeEnsemble Given = new(Objective.Squared, 3, 0, [Tree, [TreeNode.Leaf(1, 9)]]);

    [Fact]
    public void Shares_are_of_the_nodes_that_ask()
    {
        Assert.Equal([0.75, 0, 0.25], Importance.GainShares(Given));
        Assert.Equal([10.0 / 16, 0, 6.0 / 16], Importance.CoverShares(Given));
        Assert.Equal([0, 0], Importance.GainShares(new TreeEnsemble(Objective.Squared, 2, 0, [])));
    }

    [Fact]
    public void Dealing_out_a_feature_anew_costs_what_it_was_worth()
    {
        TrainingRows rows = Tables.Noisy(1_000), fresh = Tables.Noisy(1_000, seed: 2);
        TreeEnsemble ensemble = Booster.Fit(rows, new BoostingOptions { Rounds = 20, MaxDepth = 3 }).Ensemble;

        double[] cost = Importance.Permutation(ensemble, fresh, seed: 4);

        Assert.Equal(cost, Importance.Permutation(ensemble, fresh, seed: 4));
        Assert.InRange(cost[0], 0.1, 0.5);
        Assert.InRange(cost[5], 0.01, 0.1);
        Assert.InRange(cost[3], -0.005, 0.005);
        double together = Importance.Permutation(ensemble, fresh, seed: 4, groups: [[0, 1, 2, 5]])[0];
        Assert.True(together > cost[0]);
        Assert.Throws<ArgumentException>(() => Importance.Permutation(ensemble, fresh, 4, groups: [[6]]));
    }

    [Fact]
    public void A_feature_that_no_tree_asks_for_is_worth_nothing() =>
        Assert.Equal(0, Importance.Permutation(Given, new TrainingRows(new float[] { 0, 1, 2, 3, 4, 5 }, 3, new float[] { 1, 2 }), 1)[1]);

    [Fact]
    public void Stability_compares_shares_ranks_and_the_greatest()
    {
        ImportanceStability same = ImportanceStability.Between([1, 2, 3], [10, 20, 30]);
        Assert.Equal(0, same.Distance, 12);
        Assert.Equal((1.0, 1.0), (same.Spearman, same.Jaccard));

        ImportanceStability other = ImportanceStability.Between([0.5, 0.5, 0, 0], [0, 0.25, 0.25, 0.5]);

        // Ranks 3.5 3.5 1.5 1.5 and 1 2.5 2.5 4: covariance −3, variances 4 and 4.5.
        Assert.Equal(0.75, other.Distance, 12);
        Assert.Equal(-3 / Math.Sqrt(4 * 4.5), other.Spearman, 12);
        Assert.Equal(0.25, other.Jaccard);
        Assert.Equal(1, ImportanceStability.Between([0, 0], [1, 2]).Distance);
        Assert.Equal((0, 1), (ImportanceStability.Between([0, 0], [0, 0]).Distance, ImportanceStability.Between([0, 0], [0, 0]).Jaccard));
    }

    [Fact]
    public void Only_ten_features_count_as_the_greatest()
    {
        double[] before = [.. Enumerable.Range(0, 12).Select(f => 12.0 - f)], after = [.. before];
        (after[9], after[11]) = (after[11], after[9]);

        Assert.Equal(9.0 / 11, ImportanceStability.Between(before, after).Jaccard, 12);
    }

    [Fact]
    public void Importance_that_is_no_share_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ImportanceStability.Between([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => ImportanceStability.Between([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>(() => ImportanceStability.Between([1, -1], [1, 2]));
    }
}
