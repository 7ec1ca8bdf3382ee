using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuadTurbo.Scoring.Trees;

/// <summary>One row down eight trees at a time: AVX-512 VBMI.</summary>
/// <remarks>
/// The row's bins are a register of 64 columns. All 63 comparisons of a tree are one lookup of its columns and one comparison, 64 bits;
/// the walks of eight trees then are shifts of eight such words. Trees that fill the last eight add −0, which changes no sum.
/// A bin is found by counting cuts: 16 splitters say in which 16 cuts to count on.
/// </remarks>
internal sealed unsafe class VbmiRow
{
    private const int Size = ByteTrees.Size;
    private const int Group = 8;
    private const int Line = 16;
    private const int Table = Line + Line * Line;
    private readonly PinnedTable<byte> _columnOf, _threshold;
    private readonly PinnedTable<float> _leaves, _cuts;
    private readonly Feature[] _read;
    private readonly int _groups;
    private readonly float _base;

    public VbmiRow(ByteTrees trees)
    {
        TreeLayout layout = trees.Layout;
        _base = layout.BaseMargin;
        _groups = (layout.Trees + Group - 1) / Group;
        int nodes = _groups * Group * Size;
        _columnOf = new PinnedTable<byte>(nodes);
        _threshold = new PinnedTable<byte>(nodes);
        _leaves = new PinnedTable<float>(nodes);
        for (int i = 0; i < nodes; i++)
        {
            bool real = i < layout.Leaves.Length;
            _columnOf.At[i] = real ? trees.ColumnOf[i] : (byte)0;
            _threshold.At[i] = real ? trees.Threshold[i] : (byte)0;
            _leaves.At[i] = real ? layout.Leaves[i] : -0f;
        }

        _read = Feature.Of(layout.Columns, none: Size);
        _cuts = new PinnedTable<float>(_read.Length * Table);
        for (int f = 0; f < _read.Length; f++)
        {
            CutTable cuts = trees.Cuts[_read[f].Index]!;
            float* splitters = _cuts.At + f * Table, lines = splitters + Line;
            for (int i = 0; i < Line; i++) splitters[i] = cuts[i * Line + Line - 1];
            for (int i = 0; i < Line * Line; i++) lines[i] = cuts[i];
        }
    }

    /// <summary>The margin of one row.</summary>
    /// <param name="row">[features].</param>
    [SkipLocalsInit]
    public float Margin(float* row)
    {
        ulong* ends = stackalloc ulong[Group];
        Vector512<byte> bins = Bins(row);
        float margin = _base;
        byte* columnOf = _columnOf.At, threshold = _threshold.At;
        float* leaves = _leaves.At - Size;
        for (int group = _groups; group > 0; group--)
        {
            Walks(bins, columnOf, threshold).Store(ends);
            margin = margin + leaves[ends[0]] + leaves[Size + ends[1]] + leaves[2 * Size + ends[2]] + leaves[3 * Size + ends[3]]
                + leaves[4 * Size + ends[4]] + leaves[5 * Size + ends[5]] + leaves[6 * Size + ends[6]] + leaves[7 * Size + ends[7]];
            columnOf += Group * Size;
            threshold += Group * Size;
            leaves += Group * Size;
        }
        return margin;
    }

    /// <summary>The nodes 64 .. 127 that eight walks end in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Walks(Vector512<byte> bins, byte* columnOf, byte* threshold)
    {
        Vector512<ulong> right = Vector512.Create(
            Turns(bins, columnOf, threshold, 0), Turns(bins, columnOf, threshold, 1),
            Turns(bins, columnOf, threshold, 2), Turns(bins, columnOf, threshold, 3),
            Turns(bins, columnOf, threshold, 4), Turns(bins, columnOf, threshold, 5),
            Turns(bins, columnOf, threshold, 6), Turns(bins, columnOf, threshold, 7));
        Vector512<ulong> node = Step(Vector512<ulong>.One, right);
        return Step(Step(Step(Step(Step(node, right), right), right), right), right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Step(Vector512<ulong> node, Vector512<ulong> right) =>
        node + node + (Avx512F.ShiftRightLogicalVariable(right, node) & Vector512<ulong>.One);

    /// <summary>Bit k: node k of the tree sends the row right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Turns(Vector512<byte> bins, byte* columnOf, byte* threshold, int tree) => Vector512.GreaterThanOrEqual(
        Avx512Vbmi.PermuteVar64x8(bins, Vector512.LoadAligned(columnOf + tree * Size)),
        Vector512.LoadAligned(threshold + tree * Size)).ExtractMostSignificantBits();

    /// <summary>The bin of each column; a column that nobody reads is written to byte 64 and not kept.</summary>
    [SkipLocalsInit]
    private Vector512<byte> Bins(float* row)
    {
        byte* bins = stackalloc byte[Size + 1];
        float* splitters = _cuts.At;
        foreach (Feature feature in _read)
        {
            Vector512<float> x = Vector512.Create(row[feature.Index]);
            int line = Line * Count(Vector512.LoadAligned(splitters), x);
            int bin = line + Count(Vector512.LoadAligned(splitters + Line + line), x);
            bins[feature.Left] = (byte)bin;
            bins[feature.Right] = (byte)(float.IsNaN(row[feature.Index]) ? 255 : bin);
            splitters += Table;
        }
        return Vector512.Load(bins);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count(Vector512<float> cuts, Vector512<float> x) =>
        BitOperations.PopCount(Vector512.LessThanOrEqual(cuts, x).ExtractMostSignificantBits());
}
