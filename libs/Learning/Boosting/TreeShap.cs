namespace QuadTurbo.Learning.Boosting;

/// <summary>How much each feature moved a margin away from its mean: path-dependent TreeSHAP.</summary>
/// <remarks>
/// φ is the Shapley value of the game in which a coalition of known features is worth the mean margin of the rows that a tree lets them
/// tell apart: an unknown feature's node counts both children by their share of cover. Local accuracy: base + Σφ = margin.
/// O(trees · leaves · depth²), in float64. A node whose children have no cover counts both half.
/// Source: Lundberg, Erion and Lee 2018, "Consistent individualized feature attribution for tree ensembles", algorithm 2.
/// </remarks>
public sealed class TreeShap
{
    private readonly TreeEnsemble _ensemble;
    private readonly int _depth;

    /// <summary>Explains margins of the ensemble.</summary>
    /// <exception cref="ArgumentException">A cover is negative or not finite.</exception>
    public TreeShap(TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        _ensemble = ensemble;
        BaseValue = ensemble.BaseMargin;
        for (int t = 0; t < ensemble.Count; t++)
        {
            ReadOnlySpan<TreeNode> tree = ensemble[t];
            for (int i = 0; i < tree.Length; i++)
                if (tree[i].Cover is not (>= 0 and < float.PositiveInfinity))
                    throw new ArgumentException($"tree {t}, node {i}: cover {tree[i].Cover} is not a sum of weights", nameof(ensemble));
            (double mean, int depth) = MeanAndDepth(tree, 0);
            BaseValue += mean;
            _depth = Math.Max(_depth, depth);
        }
    }

    /// <summary>The margin when no feature is known: base margin + Σ mean of each tree by cover.</summary>
    public double BaseValue { get; }

    /// <summary>Attributes the margin of one row.</summary>
    /// <param name="row">features: [Features]; NaN is missing.</param>
    /// <param name="phi">[Features]: receives the contributions, in units of the margin.</param>
    /// <exception cref="ArgumentException">A length is not the number of features.</exception>
    public void Explain(ReadOnlySpan<float> row, Span<double> phi)
    {
        if (row.Length != _ensemble.Features || phi.Length != row.Length)
            throw new ArgumentException($"{row.Length} features and {phi.Length} contributions of {_ensemble.Features}", nameof(row));
        phi.Clear();
        int longest = _depth + 1;
        var paths = new Step[longest * (longest + 1) / 2 + longest];
        for (int t = 0; t < _ensemble.Count; t++)
            Follow(_ensemble[t], 0, row, phi, default, paths, new Step(-1, 1, 1, 0));
    }

    private static (double Mean, int Depth) MeanAndDepth(ReadOnlySpan<TreeNode> tree, int at)
    {
        TreeNode node = tree[at];
        if (node.IsLeaf) return (node.Value, 0);
        (double left, int leftDepth) = MeanAndDepth(tree, node.Left);
        (double right, int rightDepth) = MeanAndDepth(tree, node.Right);
        double share = Share(tree, node.Left, node.Right);
        return (share * left + (1 - share) * right, 1 + Math.Max(leftDepth, rightDepth));
    }

    /// <summary>The part of a node's rows that went to one child; by the children's covers, so that the two parts add up to 1.</summary>
    private static double Share(ReadOnlySpan<TreeNode> tree, int child, int other)
    {
        double own = tree[child].Cover, both = own + tree[other].Cover;
        return both > 0 ? own / both : 0.5;
    }

    /// <summary>Walks both children of every node, with the features met so far (RECURSE in the paper).</summary>
    /// <param name="above">The path down to the parent, one step for each distinct feature.</param>
    /// <param name="free">Room for this node's path and those below.</param>
    /// <param name="step">The last step.</param>
    private static void Follow(
        ReadOnlySpan<TreeNode> tree, int at, ReadOnlySpan<float> row, Span<double> phi, ReadOnlySpan<Step> above, Span<Step> free, Step step)
    {
        if (step is { Zero: 0, One: 0 }) return; // no row and no coalition comes here
        Span<Step> path = free[..(above.Length + 1)];
        above.CopyTo(path);
        Extend(path, step);
        TreeNode node = tree[at];
        if (node.IsLeaf)
        {
            for (int i = 1; i < path.Length; i++) phi[path[i].Feature] += UnwoundSum(path, i) * (path[i].One - path[i].Zero) * node.Value;
            return;
        }

        float value = row[node.Feature];
        bool left = float.IsNaN(value) ? node.MissingLeft : value < node.Cut;
        (int hot, int cold) = left ? (node.Left, node.Right) : (node.Right, node.Left);
        (double zero, double one) = (1, 1);
        free = free[path.Length..];
        int met = IndexOf(path, node.Feature);
        if (met > 0)
        {
            (zero, one) = (path[met].Zero, path[met].One);
            Unwind(path, met);
            path = path[..^1];
        }
        double share = Share(tree, hot, cold);
        Follow(tree, hot, row, phi, path, free, new Step(node.Feature, zero * share, one, 0));
        Follow(tree, cold, row, phi, path, free, new Step(node.Feature, zero * (1 - share), 0, 0));
    }

    private static int IndexOf(ReadOnlySpan<Step> path, int feature)
    {
        for (int i = 1; i < path.Length; i++)
            if (path[i].Feature == feature) return i;
        return -1;
    }

    /// <summary>Puts <paramref name="step"/> at the end and spreads the weights of coalitions by size (EXTEND).</summary>
    private static void Extend(Span<Step> path, Step step)
    {
        int last = path.Length - 1;
        path[last] = step with { Weight = last == 0 ? 1 : 0 };
        for (int i = last - 1; i >= 0; i--)
        {
            path[i + 1].Weight += step.One * path[i].Weight * (i + 1) / (last + 1);
            path[i].Weight = step.Zero * path[i].Weight * (last - i) / (last + 1);
        }
    }

    /// <summary>Takes step <paramref name="index"/> out, as if it had never been put in; the last place is then free (UNWIND).</summary>
    private static void Unwind(Span<Step> path, int index)
    {
        int last = path.Length - 1;
        (double zero, double one) = (path[index].Zero, path[index].One);
        double next = path[last].Weight;
        for (int i = last - 1; i >= 0; i--)
        {
            double weight = path[i].Weight;
            path[i].Weight = one != 0 ? next * (last + 1) / ((i + 1) * one) : weight * (last + 1) / (zero * (last - i));
            next = weight - path[i].Weight * zero * (last - i) / (last + 1);
        }
        for (int i = index; i < last; i++) path[i] = path[i + 1] with { Weight = path[i].Weight };
    }

    /// <summary>The sum of the weights that <see cref="Unwind"/> would leave.</summary>
    private static double UnwoundSum(ReadOnlySpan<Step> path, int index)
    {
        int last = path.Length - 1;
        (double zero, double one) = (path[index].Zero, path[index].One);
        double next = path[last].Weight, sum = 0;
        for (int i = last - 1; i >= 0; i--)
        {
            double weight = one != 0 ? next * (last + 1) / ((i + 1) * one) : path[i].Weight * (last + 1) / (zero * (last - i));
            next = path[i].Weight - weight * zero * (last - i) / (last + 1);
            sum += weight;
        }
        return sum;
    }

    /// <summary>One distinct feature of a path.</summary>
    /// <param name="Feature">Its column; −1 for the root.</param>
    /// <param name="Zero">Share of rows that follow the path when it is not known.</param>
    /// <param name="One">1 when the row itself follows, else 0.</param>
    /// <param name="Weight">Sum of the Shapley weights of the coalitions with as many features as steps lie above.</param>
    private record struct Step(int Feature, double Zero, double One, double Weight);
}
