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

    private ByteTrees(TreeLayout layout, CutTable?[] cuts)
    {
        Layout = layout;
        Cuts = cuts;
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

    /// <summary>The trees of <paramref name="layout"/>; null where bytes are not enough.</summary>
    public static ByteTrees? TryMake(TreeLayout layout)
    {
        if (layout.Features > Size || layout.Columns.Length > Size) return null;
        CutTable?[] cuts = CutsOf(layout);
        return Array.TrueForAll(cuts, c => c is null || c.Count <= MaxCuts) ? new ByteTrees(layout, cuts) : null;
    }

    private static CutTable?[] CutsOf(TreeLayout layout)
    {
        var cuts = new List<float>?[layout.Features];
        foreach (Column column in layout.Columns) cuts[column.Feature] = [];
        for (int i = 0; i < layout.Nodes.Length; i++)
            if (i % Size > 0) cuts[layout.Columns[layout.Nodes[i].Column].Feature]!.Add(layout.Nodes[i].Cut);
        return Array.ConvertAll(cuts, c => c is null ? null : new CutTable(c));
    }
}
