using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Packed sums of derivatives by feature and bin: [Blocks, 256 bins, 8 features].</summary>
/// <remarks>
/// The eight features of a block lie side by side, so that the search adds up eight at a time, and a block of 16 KiB stays in the
/// first-level cache while a tile of rows is added to it; the rows of a tile stay in the second-level cache from block to block.
/// </remarks>
internal static unsafe class Histogram
{
    public const int Bins = 256;
    public const int BlockCells = Bins * BinnedRows.BlockFeatures;
    private const int TileRows = 1024;

    // Rows between asking for one and reading it: time for memory to answer.
    private const int Ahead = 24;

    // Eight features of eight bytes: where the sums of a bin begin.
    private const int LineShift = 6;
    private const ulong LineMask = 0xFF << LineShift;

    /// <summary>Sets the blocks to the sums of the rows named by <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(BinnedRows rows, long* packed, int* index, int count, ReadOnlySpan<int> blocks, long* sums)
    {
        foreach (int block in blocks) new Span<long>(sums + (long)block * BlockCells, BlockCells).Clear();
        long* tile = stackalloc long[TileRows];
        for (int first = 0; first < count; first += TileRows)
        {
            int length = Math.Min(TileRows, count - first);
            Gather(rows, packed, index + first, length, count - first, tile);
            foreach (int block in blocks)
                AddTile(rows.ByRow + block * BinnedRows.BlockFeatures, rows.Stride, index + first, length, tile, (byte*)(sums + (long)block * BlockCells));
        }
    }

    /// <summary>sums += others.</summary>
    public static void Add(long* sums, long* others, ReadOnlySpan<int> blocks)
    {
        foreach (int block in blocks)
            for (long* a = sums + (long)block * BlockCells, b = others + (long)block * BlockCells, end = a + BlockCells; a < end; a += 8, b += 8)
                (Vector512.Load(a) + Vector512.Load(b)).Store(a);
    }

    /// <summary>sums −= others: a node less one child is the other child.</summary>
    public static void Subtract(long* sums, long* others, ReadOnlySpan<int> blocks)
    {
        foreach (int block in blocks)
            for (long* a = sums + (long)block * BlockCells, b = others + (long)block * BlockCells, end = a + BlockCells; a < end; a += 8, b += 8)
                (Vector512.Load(a) - Vector512.Load(b)).Store(a);
    }

    // Brings the rows of a tile near, and their derivatives side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(BinnedRows rows, long* packed, int* index, int length, int left, long* tile)
    {
        byte* bins = rows.ByRow;
        long stride = rows.Stride;
        for (int i = 0; i < length; i++)
        {
            if (Sse.IsSupported && i + Ahead < left)
            {
                Sse.Prefetch0(bins + index[i + Ahead] * stride);
                Sse.Prefetch0(packed + index[i + Ahead]);
            }
            tile[i] = packed[index[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(byte* bins, long stride, int* index, int length, long* tile, byte* sums)
    {
        for (int i = 0; i < length; i++)
        {
            ulong row = *(ulong*)(bins + index[i] * stride);
            long derivatives = tile[i];
            *(long*)(sums + ((row << LineShift) & LineMask)) += derivatives;
            *(long*)(sums + 8 + ((row >> (8 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 16 + ((row >> (16 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 24 + ((row >> (24 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 32 + ((row >> (32 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 40 + ((row >> (40 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 48 + ((row >> (48 - LineShift)) & LineMask)) += derivatives;
            *(long*)(sums + 56 + ((row >> (56 - LineShift)) & LineMask)) += derivatives;
        }
    }
}
