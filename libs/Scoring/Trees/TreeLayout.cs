using System.Runtime.InteropServices;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Scoring.Trees;

/// <summary>What nodes compare: a feature, with NaN below every number or above.</summary>
internal readonly record struct Column(int Feature, bool MissingLeft);

/// <summary>One comparison of a perfect tree: right unless column &lt; cut.</summary>
internal readonly record struct HeapNode(float Cut, int Column);

/// <summary>An ensemble as perfect trees of one depth D, so that a walk is D steps without a question whether it has ended.</summary>
/// <remarks>
/// Node k (1 .. 2^D − 1) of tree t lies at t·2^D + k, its children are 2k and 2k + 1; leaf j of tree t at t·2^D + j, reached as node 2^D + j.
/// A leaf above the last level is repeated under it; what the nodes there compare has no effect, so they repeat their parent's comparison.
/// The default direction is part of the column: in a column that is missing left NaN lies below −∞, otherwise above +∞.
/// </remarks>
internal sealed class TreeLayout
{
    private readonly List<Column> _columns = [];

    public TreeLayout(TreeEnsemble ensemble, int depth)
    {
        Depth = depth;
        Trees = ensemble.Count;
        Features = ensemble.Features;
        BaseMargin = ensemble.BaseMargin;
        Nodes = new HeapNode[Trees << depth];
        Leaves = new float[Trees << depth];
        var indices = new int[2 * Features]; // index + 1 by column; 0 for one that no node has read yet
        for (int t = 0; t < Trees; t++) Fill(ensemble[t], 0, t << depth, 1, default, indices);
        if (_columns.Count == 0) _columns.Add(default);
    }

    public int Depth { get; }

    public int Trees { get; }

    public int Features { get; }

    public float BaseMargin { get; }

    /// <summary>What the nodes read, each once; at least one.</summary>
    public ReadOnlySpan<Column> Columns => CollectionsMarshal.AsSpan(_columns);

    /// <summary>[Trees, 2^Depth]; the first of each tree is not used.</summary>
    public HeapNode[] Nodes { get; }

    /// <summary>[Trees, 2^Depth].</summary>
    public float[] Leaves { get; }

    /// <summary>Comparisons on the longest way to a leaf.</summary>
    public static int DepthOf(TreeEnsemble ensemble)
    {
        int deepest = 0;
        for (int t = 0; t < ensemble.Count; t++)
        {
            ReadOnlySpan<TreeNode> tree = ensemble[t];
            var depth = new int[tree.Length];
            for (int i = 0; i < tree.Length; i++)
            {
                deepest = Math.Max(deepest, depth[i]);
                if (!tree[i].IsLeaf) depth[tree[i].Left] = depth[tree[i].Right] = depth[i] + 1;
            }
        }
        return deepest;
    }

    private void Fill(ReadOnlySpan<TreeNode> tree, int at, int start, int k, HeapNode above, int[] indices)
    {
        TreeNode node = tree[at];
        if (k >= 1 << Depth)
        {
            Leaves[start + k - (1 << Depth)] = node.Value;
            return;
        }
        HeapNode own = node.IsLeaf ? above : new HeapNode(node.Cut, IndexOf(new Column(node.Feature, node.MissingLeft), indices));
        Nodes[start + k] = own;
        Fill(tree, node.IsLeaf ? at : node.Left, start, 2 * k, own, indices);
        Fill(tree, node.IsLeaf ? at : node.Right, start, 2 * k + 1, own, indices);
    }

    private int IndexOf(Column column, int[] indices)
    {
        ref int index = ref indices[2 * column.Feature + (column.MissingLeft ? 1 : 0)];
        if (index > 0) return index - 1;
        _columns.Add(column);
        index = _columns.Count;
        return index - 1;
    }
}
