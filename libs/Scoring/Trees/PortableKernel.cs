using System.Runtime.CompilerServices;

namespace QuadTurbo.Scoring.Trees;

/// <summary>Perfect heaps without branches, in plain integer instructions: 8 rows at a time down one tree, or one row down 4 trees.</summary>
/// <remarks>
/// A walk waits for memory at each step; several at a time hide it. Rows are first turned into integer keys that order as the numbers do,
/// one column after the other, 8 rows side by side, so that a comparison is one integer instruction and NaN is a key of its own.
/// </remarks>
internal sealed unsafe class PortableKernel : ITreeKernel
{
    /// <summary>Deeper trees would be mostly padding.</summary>
    public const int Depth = 8;

    /// <summary>More columns would not fit the stack: two keys for each feature of 8 rows, 32 KiB.</summary>
    public const int Features = 512;

    private const int Rows = 8;
    private readonly PinnedTable<KeyNode> _nodes;
    private readonly PinnedTable<float> _leaves;
    private readonly Column[] _columns;
    private readonly int _depth, _trees, _features;
    private readonly float _base;

    public PortableKernel(TreeLayout layout)
    {
        (_depth, _trees, _features, _base) = (layout.Depth, layout.Trees, layout.Features, layout.BaseMargin);
        _columns = [.. layout.Columns];
        _nodes = new PinnedTable<KeyNode>(layout.Nodes.Length);
        _leaves = new PinnedTable<float>(layout.Leaves.Length);
        for (int i = 0; i < layout.Nodes.Length; i++)
        {
            _nodes.At[i] = new KeyNode(KeyOf(layout.Nodes[i].Cut), layout.Nodes[i].Column * Rows);
            _leaves.At[i] = layout.Leaves[i];
        }
    }

    [SkipLocalsInit]
    public float Margin(ReadOnlySpan<float> row)
    {
        int* keys = stackalloc int[_columns.Length * Rows];
        fixed (float* from = row)
        {
            ToKeys(from, 1, keys);
            return OneRow(keys);
        }
    }

    [SkipLocalsInit]
    public void Margins(ReadOnlySpan<float> rows, Span<float> margins)
    {
        int* keys = stackalloc int[_columns.Length * Rows];
        fixed (float* from = rows, to = margins)
        {
            int i = 0;
            for (; i + Rows <= margins.Length; i += Rows)
            {
                ToKeys(from + (nint)i * _features, Rows, keys);
                EightRows(keys, to + i);
            }
            for (; i < margins.Length; i++)
            {
                ToKeys(from + (nint)i * _features, 1, keys);
                to[i] = OneRow(keys);
            }
        }
    }

    /// <summary>Orders as numbers do: a &lt; b exactly if its key is less; −0 and 0 share a key.</summary>
    private static int KeyOf(float number)
    {
        int bits = BitConverter.SingleToInt32Bits(number + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private void ToKeys(float* rows, int count, int* keys)
    {
        foreach (Column column in _columns)
        {
            int missing = column.MissingLeft ? int.MinValue : int.MaxValue;
            for (int r = 0; r < count; r++)
            {
                float number = rows[r * _features + column.Feature];
                keys[r] = float.IsNaN(number) ? missing : KeyOf(number);
            }
            keys += Rows;
        }
    }

    private void EightRows(int* keys, float* margins)
    {
        float s0 = _base, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        KeyNode* nodes = _nodes.At;
        float* leaves = _leaves.At - (1 << _depth);
        for (int t = 0; t < _trees; t++)
        {
            nint a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1;
            for (int level = _depth; level > 0; level--)
            {
                a = nodes[a].Next(a, keys);
                b = nodes[b].Next(b, keys + 1);
                c = nodes[c].Next(c, keys + 2);
                d = nodes[d].Next(d, keys + 3);
                e = nodes[e].Next(e, keys + 4);
                f = nodes[f].Next(f, keys + 5);
                g = nodes[g].Next(g, keys + 6);
                h = nodes[h].Next(h, keys + 7);
            }
            s0 += leaves[a];
            s1 += leaves[b];
            s2 += leaves[c];
            s3 += leaves[d];
            s4 += leaves[e];
            s5 += leaves[f];
            s6 += leaves[g];
            s7 += leaves[h];
            nodes += 1 << _depth;
            leaves += 1 << _depth;
        }
        (margins[0], margins[1], margins[2], margins[3]) = (s0, s1, s2, s3);
        (margins[4], margins[5], margins[6], margins[7]) = (s4, s5, s6, s7);
    }

    private float OneRow(int* keys)
    {
        float sum = _base;
        nint size = 1 << _depth;
        KeyNode* nodes = _nodes.At;
        float* leaves = _leaves.At - size;
        int t = 0;
        for (; t + 4 <= _trees; t += 4)
        {
            nint a = 1, b = 1, c = 1, d = 1;
            KeyNode* second = nodes + size, third = second + size, fourth = third + size;
            for (int level = _depth; level > 0; level--)
            {
                a = nodes[a].Next(a, keys);
                b = second[b].Next(b, keys);
                c = third[c].Next(c, keys);
                d = fourth[d].Next(d, keys);
            }
            sum = sum + leaves[a] + leaves[size + b] + leaves[2 * size + c] + leaves[3 * size + d];
            nodes += 4 * size;
            leaves += 4 * size;
        }
        for (; t < _trees; t++)
        {
            nint a = 1;
            for (int level = _depth; level > 0; level--) a = nodes[a].Next(a, keys);
            sum += leaves[a];
            nodes += size;
            leaves += size;
        }
        return sum;
    }

    /// <param name="Cut">Key of the cut.</param>
    /// <param name="Offset">Where its column starts among the keys.</param>
    private readonly record struct KeyNode(int Cut, int Offset)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Next(nint at, int* keys) => 2 * at + (keys[Offset] < Cut ? 0 : 1);
    }
}
