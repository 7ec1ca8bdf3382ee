using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuadTurbo.Scoring.Trees;

/// <summary>64 rows down every tree at once, one byte lane each: AVX-512 VBMI.</summary>
/// <remarks>
/// Which column a lane compares at level d depends on the turns it took: of the 2^d columns of the level's nodes those turns select one, in a
/// binary tree of blends. Its threshold is a lookup in the tree's 64 bytes by node number, and so is its leaf, byte by byte in four planes.
/// </remarks>
internal sealed unsafe class VbmiBlock
{
    /// <summary>Rows of a block.</summary>
    public const int Rows = 64;

    private const int Size = ByteTrees.Size;
    private readonly VbmiBins _bins;
    private readonly PinnedTable<ByteTree> _trees;
    private readonly int _count, _columns;
    private readonly float _base;

    public VbmiBlock(ByteTrees trees)
    {
        TreeLayout layout = trees.Layout;
        (_count, _columns, _base) = (layout.Trees, layout.Columns.Length, layout.BaseMargin);
        _bins = new VbmiBins(trees);
        _trees = new PinnedTable<ByteTree>(_count);
        for (int t = 0; t < _count; t++)
        {
            ByteTree* tree = _trees.At + t;
            for (int k = 0; k < Size; k++)
            {
                tree->Offset[k] = (ushort)(trees.ColumnOf[t * Size + k] * Rows);
                tree->Threshold[k] = trees.Threshold[t * Size + k];
                int leaf = BitConverter.SingleToInt32Bits(layout.Leaves[t * Size + k]);
                for (int plane = 0; plane < 4; plane++) tree->Leaf[plane * Size + k] = (byte)(leaf >> (8 * plane));
            }
        }
    }

    /// <summary>The margins of 64 rows.</summary>
    /// <param name="rows">[64, features].</param>
    /// <param name="margins">[64].</param>
    [SkipLocalsInit]
    public void Margins(float* rows, float* margins)
    {
        byte* space = stackalloc byte[_columns * Rows + 64];
        byte* bins = PinnedTable<byte>.CacheLine(space);
        _bins.Fill(rows, bins);
        Vector512<float> s0 = Vector512.Create(_base), s1 = s0, s2 = s0, s3 = s0;
        ByteTree* end = _trees.At + _count;
        for (ByteTree* tree = _trees.At; tree < end; tree++)
        {
            Vector512<byte> leaf = Leaf(bins, tree->Offset, Vector512.LoadAligned(tree->Threshold));
            Vector512<byte> b0 = Lookup(tree->Leaf, leaf), b1 = Lookup(tree->Leaf + Size, leaf);
            Vector512<byte> b2 = Lookup(tree->Leaf + 2 * Size, leaf), b3 = Lookup(tree->Leaf + 3 * Size, leaf);
            Vector512<ushort> low01 = Avx512BW.UnpackLow(b0, b1).AsUInt16(), high01 = Avx512BW.UnpackHigh(b0, b1).AsUInt16();
            Vector512<ushort> low23 = Avx512BW.UnpackLow(b2, b3).AsUInt16(), high23 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
            s0 += Avx512BW.UnpackLow(low01, low23).AsSingle();
            s1 += Avx512BW.UnpackHigh(low01, low23).AsSingle();
            s2 += Avx512BW.UnpackLow(high01, high23).AsSingle();
            s3 += Avx512BW.UnpackHigh(high01, high23).AsSingle();
        }
        s0.Store(margins);
        s1.Store(margins + 16);
        s2.Store(margins + 32);
        s3.Store(margins + 48);
    }

    /// <summary>The leaf of each lane, in the lower 6 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Leaf(byte* bins, ushort* at, Vector512<byte> thresholds)
    {
        Vector512<byte> r0 = Vector512.GreaterThanOrEqual(Vector512.LoadAligned(bins + at[1]), Vector512.Create(thresholds[1]));
        Vector512<byte> k = Vector512.Create((byte)2) - r0;
        Vector512<byte> r1 = Right(Of2(bins, at + 2, r0), thresholds, k);
        k = k + k - r1;
        Vector512<byte> r2 = Right(Of4(bins, at + 4, r0, r1), thresholds, k);
        k = k + k - r2;
        Vector512<byte> r3 = Right(Of8(bins, at + 8, r0, r1, r2), thresholds, k);
        k = k + k - r3;
        Vector512<byte> r4 = Right(Of16(bins, at + 16, r0, r1, r2, r3), thresholds, k);
        k = k + k - r4;
        Vector512<byte> r5 = Right(
            Vector512.ConditionalSelect(r0, Of16(bins, at + 48, r1, r2, r3, r4), Of16(bins, at + 32, r1, r2, r3, r4)), thresholds, k);
        return k + k - r5;
    }

    /// <summary>All ones where a lane's bin reaches the threshold of its node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Right(Vector512<byte> bin, Vector512<byte> thresholds, Vector512<byte> node) =>
        Vector512.GreaterThanOrEqual(bin, Avx512Vbmi.PermuteVar64x8(thresholds, node));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Of2(byte* bins, ushort* at, Vector512<byte> right) =>
        Vector512.ConditionalSelect(right, Vector512.LoadAligned(bins + at[1]), Vector512.LoadAligned(bins + at[0]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Of4(byte* bins, ushort* at, Vector512<byte> r0, Vector512<byte> r1) =>
        Vector512.ConditionalSelect(r0, Of2(bins, at + 2, r1), Of2(bins, at, r1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Of8(byte* bins, ushort* at, Vector512<byte> r0, Vector512<byte> r1, Vector512<byte> r2) =>
        Vector512.ConditionalSelect(r0, Of4(bins, at + 4, r1, r2), Of4(bins, at, r1, r2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Of16(
        byte* bins, ushort* at, Vector512<byte> r0, Vector512<byte> r1, Vector512<byte> r2, Vector512<byte> r3) =>
        Vector512.ConditionalSelect(r0, Of8(bins, at + 8, r1, r2, r3), Of8(bins, at, r1, r2, r3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Lookup(byte* table, Vector512<byte> at) => Avx512Vbmi.PermuteVar64x8(Vector512.LoadAligned(table), at);

    /// <summary>One tree, 7 cache lines.</summary>
    private struct ByteTree
    {
        /// <summary>Where the column of a node starts among the bins.</summary>
        public fixed ushort Offset[Size];

        /// <summary>The least bin that goes right.</summary>
        public fixed byte Threshold[Size];

        /// <summary>[4, 64]: byte p of each leaf's float32.</summary>
        public fixed byte Leaf[4 * Size];
    }
}
