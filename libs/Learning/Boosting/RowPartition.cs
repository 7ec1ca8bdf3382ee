using System.Runtime.CompilerServices;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Parts the rows of a node, each side in its old order.</summary>
internal static unsafe class RowPartition
{
    /// <summary>Moves the rows that go left to the front of <paramref name="index"/>; returns their number.</summary>
    /// <param name="rows">Their bins.</param>
    /// <param name="split">The question.</param>
    /// <param name="index">[count] rows.</param>
    /// <param name="aside">[count] room.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">Threads to use.</param>
    public static int Move(BinnedRows rows, Split split, int* index, int* aside, int count, int threads)
    {
        byte* column = rows.Column(split.Feature);
        if (threads == 1 || count < Work.LeastShared)
        {
            int all = Part(column, split, index, aside, count);
            Copy(aside, index + all, count - all);
            return all;
        }
        var lefts = new int[2];
        int middle = count / 2;
        Work.Split(2, 2, (part, _) =>
        {
            int first = part == 0 ? 0 : middle, end = part == 0 ? middle : count;
            lefts[part] = Part(column, split, index + first, aside + first, end - first);
        });
        int left = lefts[0] + lefts[1];
        Copy(index + middle, index + lefts[0], lefts[1]);
        Copy(aside, index + left, middle - lefts[0]);
        Copy(aside + middle, index + left + middle - lefts[0], count - middle - lefts[1]);
        return left;
    }

    private static void Copy(int* from, int* to, int count) => Buffer.MemoryCopy(from, to, 4L * count, 4L * count);

    // Without a branch: which way a row goes cannot be foretold. A missing value's bin, 255, becomes 0 where it goes left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Part(byte* column, Split split, int* index, int* aside, int count)
    {
        int shift = split.MissingLeft ? 1 : 0;
        int cut = split.Bin + shift;
        int left = 0, right = 0;
        for (int i = 0; i < count; i++)
        {
            int row = index[i];
            bool goesLeft = (byte)(column[row] + shift) <= cut;
            index[left] = row;
            aside[right] = row;
            int step = Unsafe.BitCast<bool, byte>(goesLeft);
            left += step;
            right += 1 - step;
        }
        return left;
    }
}
