using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Grows one tree after the other on the same rows, greedily, and moves the margins of the rows by them.</summary>
internal sealed unsafe class TreeGrower : IDisposable
{
    private readonly BinnedRows _rows;
    private readonly Gradients _gradients;
    private readonly BoostingOptions _options;

    // The rows leaf by leaf, each leaf ascending, and room for those that go right.
    private readonly NativeBuffer<int> _index;
    private readonly NativeBuffer<int> _aside;

    // 1 for each row that counts; null where min child weight implies min leaf rows.
    private readonly NativeBuffer<long>? _ones;
    private readonly HistogramPool _pool;
    private readonly List<OpenLeaf> _leaves = [];
    private readonly List<TreeNode> _nodes = [];
    private SplitSearch _search = null!;
    private LeafWeight _weight;

    public TreeGrower(BinnedRows rows, Gradients gradients, TrainingRows source, BoostingOptions options)
    {
        (_rows, _gradients, _options) = (rows, gradients, options);
        _index = new(rows.Count);
        _aside = new(rows.Count);
        if (!Implied(source, options)) _ones = new(rows.Count);
        _pool = new HistogramPool(rows, options, _ones is not null);
    }

    public void Dispose()
    {
        _index.Dispose();
        _aside.Dispose();
        _ones?.Dispose();
        _pool.Dispose();
    }

    /// <summary>The nodes of the tree of this number, grown on the derivatives as they are; the margins are moved by its leaves.</summary>
    public TreeNode[] Grow(int tree)
    {
        _weight = new LeafWeight(_options, _gradients.GradientScale, _gradients.HessianScale);
        _search = new SplitSearch(_rows, _options, _weight, Seen(tree), _ones is not null);
        _leaves.Clear();
        _nodes.Clear();
        Plant();
        while (_leaves.Count < _options.MaxLeaves && Next() is var at && at >= 0) SplitLeaf(at);
        foreach (OpenLeaf leaf in _leaves) _pool.Return(leaf.Sums);
        foreach (OpenLeaf leaf in _leaves) Close(leaf);
        Move();
        return [.. _nodes];
    }

    // Where h is at most c for every row of weight 1, H of a child is at most c times its rows.
    private static bool Implied(TrainingRows source, BoostingOptions options)
    {
        double mostHessian = options.Objective == Objective.Logistic ? 0.25 : 1;
        return options.MinLeafRows == 1 || (source.Weights.IsEmpty && options.MinChildWeight >= mostHessian * options.MinLeafRows);
    }

    // The features with the smallest hashes of seed, tree and feature.
    private bool[] Seen(int tree)
    {
        var seen = new bool[_rows.Features];
        int count = (int)Math.Ceiling(_options.ColumnSampling * seen.Length);
        ulong key = SplitMix64.Mix(~SplitMix64.Mix((ulong)_options.Seed) + (ulong)tree);
        foreach (int f in Enumerable.Range(0, seen.Length).OrderBy(f => SplitMix64.Mix(key + (ulong)f)).ThenBy(f => f).Take(count)) seen[f] = true;
        return seen;
    }

    private void Plant()
    {
        Work.Split(_rows.Count, _rows.Count < Work.LeastShared ? 1 : _options.Threads, (first, end) =>
        {
            for (int i = first; i < end; i++) _index.Pointer[i] = i;
            if (_ones is null) return;
            for (int i = first; i < end; i++) _ones.Pointer[i] = _gradients.Packed[i] == 0 ? 0 : 1;
        });
        var root = new OpenLeaf(0, _rows.Count, 0, 0, double.NegativeInfinity, double.PositiveInfinity) { Sums = _pool.Rent() };
        Fill(root, null);
        for (int bin = 0; bin < Histogram.Bins; bin++) root.Total += root.Sums[bin * BinnedRows.BlockFeatures];
        _nodes.Add(default);
        _leaves.Add(root);
        Find(root);
    }

    // The leaf to split next, or −1 if none is worth it.
    private int Next()
    {
        int best = -1;
        for (int i = 0; i < _leaves.Count; i++)
            if (_leaves[i].Best.Exists && (best < 0 || Before(_leaves[i], _leaves[best]))) best = i;
        return best;
    }

    private bool Before(OpenLeaf a, OpenLeaf b)
    {
        if (_options.Growth == Growth.DepthWise) return a.Depth != b.Depth ? a.Depth < b.Depth : a.Node < b.Node;
        return a.Best.Gain != b.Best.Gain ? a.Best.Gain > b.Best.Gain : a.Node < b.Node;
    }

    private void SplitLeaf(int at)
    {
        OpenLeaf parent = _leaves[at];
        Split split = parent.Best;
        int left = RowPartition.Move(_rows, split, _index.Pointer + parent.First, _aside.Pointer + parent.First, parent.Count, _options.Threads);
        var a = new OpenLeaf(parent.First, left, parent.Depth + 1, _nodes.Count, parent.Lower, parent.Upper) { Total = split.Left };
        var b = new OpenLeaf(parent.First + left, parent.Count - left, parent.Depth + 1, _nodes.Count + 1, parent.Lower, parent.Upper)
        {
            Total = parent.Total - split.Left,
        };
        Bound(a, b, _options.Monotone.Count == 0 ? 0 : _options.Monotone[split.Feature]);
        _nodes[parent.Node] = new TreeNode(split.Feature, _rows.Cuts[split.Feature][split.Bin], a.Node, b.Node, split.MissingLeft, 0, (float)split.Gain, Cover(parent));
        _nodes.Add(default);
        _nodes.Add(default);
        _leaves[at] = a;
        _leaves.Add(b);
        Look(parent, a, b);
    }

    // The mean of two weights that a constraint has in order parts all that grows below them, so that no later split can cross it.
    private void Bound(OpenLeaf left, OpenLeaf right, int constraint)
    {
        if (constraint == 0) return;
        double middle = 0.5 * (WeightOf(left) + WeightOf(right));
        (OpenLeaf below, OpenLeaf above) = constraint > 0 ? (left, right) : (right, left);
        below.Upper = middle;
        above.Lower = middle;
    }

    private double WeightOf(OpenLeaf leaf) => _weight.Of(Gradients.GradientOf(leaf.Total), Gradients.HessianOf(leaf.Total), leaf.Lower, leaf.Upper);

    // Histograms of two children: the smaller one from its rows, the other by subtraction in the parent's place.
    private void Look(OpenLeaf parent, OpenLeaf a, OpenLeaf b)
    {
        if (_leaves.Count == _options.MaxLeaves || (!MaySplit(a) && !MaySplit(b)))
        {
            _pool.Return(parent.Sums);
            return;
        }
        (OpenLeaf small, OpenLeaf large) = a.Count <= b.Count ? (a, b) : (b, a);
        small.Sums = _pool.Rent();
        large.Sums = parent.Sums;
        Fill(small, _index.Pointer + small.First);
        Histogram.Subtract(_rows, large.Sums, small.Sums);
        if (_ones is not null) Histogram.Subtract(_rows, _pool.Counts(large.Sums), _pool.Counts(small.Sums));
        Find(a);
        Find(b);
    }

    private bool MaySplit(OpenLeaf leaf) =>
        leaf.Depth < _options.MaxDepth && Gradients.HessianOf(leaf.Total) >= 2 * _weight.LeastHessian && leaf.Count >= 2 * (long)_options.MinLeafRows;

    private void Find(OpenLeaf leaf)
    {
        if (MaySplit(leaf)) leaf.Best = _search.Find(leaf.Sums, _ones is null ? null : _pool.Counts(leaf.Sums), leaf.Total, leaf.Lower, leaf.Upper);
        if (leaf.Best.Exists) return;
        _pool.Return(leaf.Sums);
        leaf.Sums = null;
    }

    private void Fill(OpenLeaf leaf, int* index)
    {
        _pool.Fill(_gradients.Packed, index, leaf.Count, leaf.Sums);
        if (_ones is not null) _pool.Fill(_ones.Pointer, index, leaf.Count, _pool.Counts(leaf.Sums));
    }

    private float Cover(OpenLeaf leaf) => (float)(Gradients.HessianOf(leaf.Total) / _gradients.HessianScale);

    private void Close(OpenLeaf leaf)
    {
        double weight = _options.Objective == Objective.Pinball
            ? Math.Clamp(ResidualQuantile(leaf), -_weight.MaxDelta * _weight.WeightUnit, _weight.MaxDelta * _weight.WeightUnit)
            : WeightOf(leaf) * _weight.WeightUnit;
        _nodes[leaf.Node] = TreeNode.Leaf((float)(_options.Eta * weight), Cover(leaf));
    }

    private double ResidualQuantile(OpenLeaf leaf)
    {
        var residuals = new List<float>(leaf.Count);
        var weights = new List<float>(leaf.Count);
        for (int i = leaf.First; i < leaf.First + leaf.Count; i++)
        {
            int row = _index.Pointer[i];
            if (_gradients.Packed[row] == 0) continue;
            residuals.Add(_gradients.Targets[row] - _gradients.Margins[row]);
            weights.Add(_gradients.Weight(row));
        }
        return WeightedQuantile.Of(residuals.ToArray(), weights.ToArray(), _options.Quantile);
    }

    // Shares the rows, not the leaves: leaves differ in size.
    private void Move() => Work.Split(_rows.Count, _rows.Count < Work.LeastShared ? 1 : _options.Threads, (first, end) =>
    {
        float* margins = _gradients.Margins;
        int* index = _index.Pointer;
        foreach (OpenLeaf leaf in _leaves)
        {
            float value = _nodes[leaf.Node].Value;
            int stop = Math.Min(end, leaf.First + leaf.Count);
            for (int i = Math.Max(first, leaf.First); i < stop; i++) margins[index[i]] += value;
        }
    });

    /// <summary>A leaf that may yet be split.</summary>
    private sealed class OpenLeaf(int first, int count, int depth, int node, double lower, double upper)
    {
        /// <summary>Where its rows begin in the index.</summary>
        public int First { get; } = first;

        public int Count { get; } = count;

        public int Depth { get; } = depth;

        public int Node { get; } = node;

        /// <summary>Bounds of its weight and of those below it, in units of packed sums.</summary>
        public double Lower { get; set; } = lower;

        public double Upper { get; set; } = upper;

        public long Total { get; set; }

        public long* Sums { get; set; }

        public Split Best { get; set; } = Split.None;
    }
}
