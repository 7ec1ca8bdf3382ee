namespace QuadTurbo.Scoring.Trees;

/// <summary>Perfect trees of depth 6 in bytes: the bin of a feature is #{its cuts ≤ x}, and a node goes right when bin ≥ threshold.</summary>
/// <remarks>
/// Threshold of cut j: j + 1, at least 1. NaN is in bin 0 of a column that is missing left, and in bin 255 of another: below and above every
/// threshold. One tree is 64 bytes of columns and 64 of thresholds, one register each; node k at k.
/// </remarks>
internal sealed class ByteTrees
{
    /// <summary>63 comparisons fill a register of bytes.</summary>
    public const int Depth = 6;

    /// <summary>Nodes and leaves of a tree, and columns of a row.</summary>
    public const int Size = 1 << Depth;

    private const int MaxCuts = 255;

    public ByteTrees(TreeLayout layout)
    {
        Layout = layout;
        Cuts = CutsOf(layout);
        ColumnOf = [.. layout.Nodes.Select(n => (byte)n.Column)];
        Threshold = new byte[layout.Nodes.Length];
        for (int i = 0; i < Threshold.Length; i++)
            if (i % Size > 0) Threshold[i] = (byte)(Cuts[layout.Columns[ColumnOf[i]].Feature]!.IndexOf(layout.Nodes[i].Cut) + 1);
    }

    public TreeLayout Layout { get; }

    /// <summary>The cuts of each feature; null where no node reads it.</summary>
    public CutTable?[] Cuts { get; }

    /// <summary>[Trees, 64]: the column that a node reads.</summary>
    public byte[] ColumnOf { get; }

    /// <summary>[Trees, 64]: the least bin that goes right.</summary>
    public byte[] Threshold { get; }

    /// <summary>Whether bytes are enough.</summary>
    public static bool Holds(TreeLayout layout) =>
        layout.Features <= Size && layout.Columns.Count <= Size && Array.TrueForAll(CutsOf(layout), c => c is null || c.Count <= MaxCuts);

    private static CutTable?[] CutsOf(TreeLayout layout)
    {
        var cuts = new CutTable?[layout.Features];
        foreach (Column column in layout.Columns) cuts[column.Feature] = new CutTable([]);
        IEnumerable<HeapNode> nodes = layout.Nodes.Where((_, i) => i % Size > 0);
        foreach (IGrouping<int, HeapNode> group in nodes.GroupBy(n => layout.Columns[n.Column].Feature))
            cuts[group.Key] = new CutTable(group.Select(n => n.Cut));
        return cuts;
    }
}
