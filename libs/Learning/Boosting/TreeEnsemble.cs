using System.Buffers.Binary;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Boosting;

/// <summary>What the margin of an ensemble means.</summary>
public enum Objective
{
    /// <summary>Log-odds of label 1.</summary>
    Logistic,

    /// <summary>The mean, in the units of the target.</summary>
    Squared,

    /// <summary>A quantile, in the units of the target (pinball loss).</summary>
    Pinball,
}

/// <summary>A sum of decision trees, as every trainer writes it and every reader reads it; immutable. Its walk is the reference of all faster ones.</summary>
/// <remarks>
/// margin = base + Σ leaf, added in float32 in the order of the trees, so that every implementation can give the same bits.
/// An inner node sends x left when x &lt; cut; NaN goes where the node says; ±∞ are numbers like any other.
/// A tree's root is its first node, and children come after their parent.
/// </remarks>
public sealed class TreeEnsemble
{
    private const uint Magic = 0x42544751; // "QGTB"
    private const int NodeBytes = 4 + 4 + 4 + 4 + 1 + 4 + 4 + 4;
    private readonly TreeNode[][] _trees;

    /// <summary>An ensemble of the given trees.</summary>
    /// <param name="objective">What its margin means.</param>
    /// <param name="features">Columns of a row.</param>
    /// <param name="baseMargin">Margin before the first tree.</param>
    /// <param name="trees">Nodes of each tree, root first, parents before children.</param>
    /// <exception cref="ArgumentException">A tree is empty, a number is not finite, a feature or child does not exist, or a node is reached twice or never.</exception>
    public TreeEnsemble(Objective objective, int features, float baseMargin, IReadOnlyList<TreeNode[]> trees)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (!Enum.IsDefined(objective)) throw new ArgumentException($"objective {(int)objective} is not known", nameof(objective));
        if (!float.IsFinite(baseMargin)) throw new ArgumentException($"the base margin is {baseMargin}", nameof(baseMargin));
        Objective = objective;
        Features = features;
        BaseMargin = baseMargin;
        _trees = [.. trees.Select(t => (TreeNode[])t.Clone())];
        for (int t = 0; t < _trees.Length; t++) Check(t, _trees[t], features);
    }

    /// <summary>What its margin means.</summary>
    public Objective Objective { get; }

    /// <summary>Columns of a row.</summary>
    public int Features { get; }

    /// <summary>Margin before the first tree.</summary>
    public float BaseMargin { get; }

    /// <summary>Number of trees.</summary>
    public int Count => _trees.Length;

    /// <summary>The nodes of one tree, root first.</summary>
    public ReadOnlySpan<TreeNode> this[int tree] => _trees[tree];

    /// <summary>The margin of one row: float32, in the order of the trees.</summary>
    /// <param name="row">features: [Features]; NaN is missing.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public float Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Features) throw new ArgumentException($"a row of {row.Length} features; the ensemble reads {Features}", nameof(row));
        float margin = BaseMargin;
        foreach (TreeNode[] tree in _trees) margin += tree[LeafOf(tree, row)].Value;
        return margin;
    }

    /// <summary>The margin as a prediction: a probability for <see cref="Objective.Logistic"/>, otherwise the margin itself.</summary>
    public double Predict(ReadOnlySpan<float> row) => ToPrediction(Margin(row));

    /// <summary>What a margin means: a probability for <see cref="Objective.Logistic"/>, otherwise itself.</summary>
    public double ToPrediction(float margin) => Objective == Objective.Logistic ? Logistic.Sigmoid(margin) : margin;

    /// <summary>The margins of a batch.</summary>
    /// <param name="rows">[count, Features], row-major.</param>
    /// <param name="margins">[count].</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Margins(ReadOnlySpan<float> rows, Span<float> margins)
    {
        if (rows.Length != margins.Length * Features)
            throw new ArgumentException($"{rows.Length} numbers for {margins.Length} rows of {Features} features", nameof(rows));
        for (int i = 0; i < margins.Length; i++) margins[i] = Margin(rows.Slice(i * Features, Features));
    }

    /// <summary>The index of the leaf that a row ends in.</summary>
    public static int LeafOf(ReadOnlySpan<TreeNode> tree, ReadOnlySpan<float> row)
    {
        int at = 0;
        while (!tree[at].IsLeaf)
        {
            ref readonly TreeNode node = ref tree[at];
            float value = row[node.Feature];
            bool left = float.IsNaN(value) ? node.MissingLeft : value < node.Cut;
            at = left ? node.Left : node.Right;
        }
        return at;
    }

    /// <summary>Canonical bytes, little-endian: equal ensembles have equal bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[4 + 1 + 4 + 4 + 4 + _trees.Sum(t => 4 + t.Length * NodeBytes)];
        var to = new Writer(bytes);
        to.Write(Magic);
        to.Write((byte)Objective);
        to.Write((uint)Features);
        to.Write(BaseMargin);
        to.Write((uint)_trees.Length);
        foreach (TreeNode[] tree in _trees)
        {
            to.Write((uint)tree.Length);
            foreach (TreeNode node in tree)
            {
                to.Write((uint)node.Feature);
                to.Write(node.Cut);
                to.Write((uint)node.Left);
                to.Write((uint)node.Right);
                to.Write(node.MissingLeft ? (byte)1 : (byte)0);
                to.Write(node.Value);
                to.Write(node.Gain);
                to.Write(node.Cover);
            }
        }
        return bytes;
    }

    /// <summary>The ensemble that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an ensemble, are cut short or go on after it.</exception>
    public static TreeEnsemble FromBytes(ReadOnlySpan<byte> bytes)
    {
        var from = new Reader(bytes);
        if (from.UInt() != Magic) throw new InvalidDataException("not a tree ensemble");
        var objective = (Objective)from.Byte();
        int features = from.Int();
        float baseMargin = from.Float();
        var trees = new TreeNode[from.CountOf(4)][];
        for (int t = 0; t < trees.Length; t++)
        {
            var tree = new TreeNode[from.CountOf(NodeBytes)];
            for (int i = 0; i < tree.Length; i++)
                tree[i] = new TreeNode(from.Int(), from.Float(), from.Int(), from.Int(), from.Byte() != 0, from.Float(), from.Float(), from.Float());
            trees[t] = tree;
        }
        if (from.Left > 0) throw new InvalidDataException($"{from.Left} bytes too many after a tree ensemble");
        try
        {
            return new TreeEnsemble(objective, features, baseMargin, trees);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"not a tree ensemble: {e.Message}", e);
        }
    }

    private static void Check(int t, TreeNode[] tree, int features)
    {
        if (tree.Length == 0) throw new ArgumentException($"tree {t} has no nodes", nameof(tree));
        var parents = new int[tree.Length];
        for (int i = 0; i < tree.Length; i++)
        {
            TreeNode node = tree[i];
            if (!float.IsFinite(node.Value)) throw new ArgumentException($"tree {t}, node {i}: its value is {node.Value}, which is not finite", nameof(tree));
            if (float.IsNaN(node.Cut)) throw new ArgumentException($"tree {t}, node {i}: it compares with NaN", nameof(tree));
            if (node.IsLeaf) continue;
            if (node.Feature >= features) throw new ArgumentException($"tree {t}, node {i} reads feature {node.Feature} of {features}", nameof(tree));
            foreach (int child in (ReadOnlySpan<int>)[node.Left, node.Right])
            {
                if (child <= i || child >= tree.Length) throw new ArgumentException($"tree {t}, node {i}: child {child} is not after it and within {tree.Length}", nameof(tree));
                parents[child]++;
            }
        }
        int lost = parents.AsSpan(1).IndexOfAnyExcept(1);
        if (lost >= 0) throw new ArgumentException($"tree {t}, node {lost + 1} has {parents[lost + 1]} parents", nameof(tree));
    }

    private ref struct Writer(Span<byte> bytes)
    {
        private Span<byte> _rest = bytes;

        public void Write(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void Write(float value)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void Write(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly int Left => _rest.Length;

        public uint UInt() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

        public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

        public byte Byte() => Take(1)[0];

        public int CountOf(int size)
        {
            uint count = UInt();
            return count <= (uint)(_rest.Length / size) ? (int)count : throw new InvalidDataException("a tree ensemble is cut short");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (_rest.Length < count) throw new InvalidDataException("a tree ensemble is cut short");
            ReadOnlySpan<byte> taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
