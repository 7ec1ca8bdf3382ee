using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>How much an ensemble leans on each feature.</summary>
public static class Importance
{
    /// <summary>Share of each feature in the loss that splits saved: [Features], adding up to 1, or 0 each without a split.</summary>
    public static double[] GainShares(TreeEnsemble ensemble) => Shares(ensemble, node => node.Gain);

    /// <summary>Share of each feature in the cover of the nodes that ask for it: [Features], adding up to 1, or 0 each without a split.</summary>
    public static double[] CoverShares(TreeEnsemble ensemble) => Shares(ensemble, node => node.Cover);

    /// <summary>How much the mean loss on some rows grows when the values of a feature are dealt out to the rows anew (Breiman 2001): mean of the repeats.</summary>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="rows">Rows that it was not fitted to.</param>
    /// <param name="seed">Of the dealing.</param>
    /// <param name="repeats">Dealings of each feature.</param>
    /// <param name="groups">Features to deal out together, since each stands in for the others; null for each on its own.</param>
    /// <param name="quantile">Of the pinball loss.</param>
    /// <returns>One figure for each group, or feature; 0 for what no tree asks for.</returns>
    /// <exception cref="ArgumentException">The rows have other features than the ensemble, or a group names one that is not there.</exception>
    public static double[] Permutation(
        TreeEnsemble ensemble, TrainingRows rows, long seed, int repeats = 5, IReadOnlyList<int[]>? groups = null, double quantile = 0.5)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (rows.Features != ensemble.Features) throw new ArgumentException($"rows of {rows.Features} features; the ensemble reads {ensemble.Features}", nameof(rows));
        groups ??= [.. Enumerable.Range(0, ensemble.Features).Select(f => (int[])[f])];
        foreach (int f in groups.SelectMany(g => g))
            if (f < 0 || f >= ensemble.Features) throw new ArgumentException($"feature {f} of {ensemble.Features}", nameof(groups));
        var options = new BoostingOptions { Objective = ensemble.Objective, Quantile = quantile };
        HashSet<int> asked = [.. Enumerable.Range(0, ensemble.Count).SelectMany(t => ensemble[t].ToArray()).Where(n => !n.IsLeaf).Select(n => n.Feature)];
        double own = LossOf(ensemble, rows, rows.Values.Span, options);
        return [.. groups.Select((group, g) => group.Any(asked.Contains) ? Mean(g, group) - own : 0)];

        double Mean(int number, int[] group)
        {
            var random = SplitMix64.Stream(seed, $"permutation {number}");
            double sum = 0;
            for (int repeat = 0; repeat < repeats; repeat++) sum += LossOf(ensemble, rows, Dealt(rows, group, ref random), options);
            return sum / repeats;
        }
    }

    private static double LossOf(TreeEnsemble ensemble, TrainingRows rows, ReadOnlySpan<float> values, BoostingOptions options)
    {
        var margins = new float[rows.Count];
        ensemble.Margins(values, margins);
        return Loss.Mean(options, rows, margins);
    }

    private static float[] Dealt(TrainingRows rows, int[] group, ref SplitMix64 random)
    {
        int[] from = [.. Enumerable.Range(0, rows.Count)];
        random.Shuffle<int>(from);
        float[] values = rows.Values.ToArray();
        for (int i = 0; i < from.Length; i++)
            foreach (int f in group) values[i * rows.Features + f] = rows.Values.Span[from[i] * rows.Features + f];
        return values;
    }

    private static double[] Shares(TreeEnsemble ensemble, Func<TreeNode, double> figure)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        var shares = new double[ensemble.Features];
        for (int t = 0; t < ensemble.Count; t++)
            foreach (TreeNode node in ensemble[t])
                if (!node.IsLeaf) shares[node.Feature] += figure(node);
        double total = shares.Sum();
        return total > 0 ? [.. shares.Select(s => s / total)] : shares;
    }
}
