namespace QuadTurbo.Learning.Boosting;

/// <summary>Moves the leaves of an ensemble towards what newer rows say; its splits stay.</summary>
internal static class LeafRefresh
{
    public static TreeEnsemble Run(TreeEnsemble start, TrainingRows rows, BoostingOptions options, double rate)
    {
        var margins = new float[rows.Count];
        margins.AsSpan().Fill(start.BaseMargin);
        var leafOf = new int[rows.Count];
        var trees = new List<TreeNode[]>(start.Count);
        for (int t = 0; t < start.Count; t++)
        {
            TreeNode[] tree = start[t].ToArray();
            for (int i = 0; i < leafOf.Length; i++) leafOf[i] = TreeEnsemble.LeafOf(tree, rows.Values.Span.Slice(i * rows.Features, rows.Features));
            MoveLeaves(tree, leafOf, margins, rows, options, rate);
            for (int i = 0; i < leafOf.Length; i++) margins[i] += tree[leafOf[i]].Value;
            trees.Add(tree);
        }
        return new TreeEnsemble(start.Objective, start.Features, start.BaseMargin, trees);
    }

    private static void MoveLeaves(TreeNode[] tree, int[] leafOf, float[] margins, TrainingRows rows, BoostingOptions options, double rate)
    {
        double[] weights = options.Objective == Objective.Pinball
            ? Quantiles(tree.Length, leafOf, margins, rows, options)
            : Newton(tree.Length, leafOf, margins, rows, options);
        for (int node = 0; node < tree.Length; node++)
        {
            if (!tree[node].IsLeaf || double.IsNaN(weights[node])) continue;
            tree[node] = tree[node] with { Value = (float)((1 - rate) * tree[node].Value + rate * options.Eta * weights[node]) };
        }
    }

    // The weight of each node; NaN where no row of positive weight ends.
    private static double[] Newton(int nodes, int[] leafOf, float[] margins, TrainingRows rows, BoostingOptions options)
    {
        var sums = new (double First, double Second)[nodes];
        for (int i = 0; i < leafOf.Length; i++)
        {
            (double first, double second) = Loss.Derive(options, margins[i], rows.Targets.Span[i]);
            ref (double First, double Second) sum = ref sums[leafOf[i]];
            sum = (sum.First + rows.Weight(i) * first, sum.Second + rows.Weight(i) * second);
        }
        var leaf = new LeafWeight(options, 1, 1);
        return [.. sums.Select(s => s.Second > 0 ? leaf.Of(s.First, s.Second, double.NegativeInfinity, double.PositiveInfinity) : double.NaN)];
    }

    private static double[] Quantiles(int nodes, int[] leafOf, float[] margins, TrainingRows rows, BoostingOptions options)
    {
        var weights = new double[nodes];
        Array.Fill(weights, double.NaN);
        double limit = new LeafWeight(options, 1, 1).MaxDelta;
        foreach (IGrouping<int, int> leaf in Enumerable.Range(0, leafOf.Length).Where(i => rows.Weight(i) > 0).GroupBy(i => leafOf[i]))
        {
            float[] residuals = [.. leaf.Select(i => rows.Targets.Span[i] - margins[i])];
            weights[leaf.Key] = Math.Clamp(WeightedQuantile.Of(residuals, [.. leaf.Select(rows.Weight)], options.Quantile), -limit, limit);
        }
        return weights;
    }
}
