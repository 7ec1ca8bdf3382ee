namespace QuadTurbo.Learning.Splits;

/// <summary>K-fold splits of rows in time: folds are blocks of it, and training rows that would tell of the test block are left out.</summary>
/// <remarks>
/// For the test block [a, b], a its first start and b its last end, training row i goes when t₀(i) ≤ b + h and t₁(i) ≥ a;
/// h is <see cref="Embargo"/> (López de Prado 2018, 7.4).
/// </remarks>
public static class PurgedKFold
{
    /// <summary>One split a block, in order of time; every row is tested once.</summary>
    /// <param name="spans">Of every row, in any order.</param>
    /// <param name="folds">Blocks, at least 2.</param>
    /// <param name="lookBack">How far the longest feature looks back, ticks.</param>
    /// <exception cref="ArgumentException">A span ends before it starts, rows are fewer than folds, or a fold keeps no training row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, or the look-back is negative.</exception>
    public static IReadOnlyList<Split> Of(ReadOnlySpan<LabelSpan> spans, int folds, long lookBack)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var blocks = new TimeBlocks(spans, folds);
        long embargo = Embargo(spans, lookBack);
        var splits = new Split[folds];
        for (int k = 0; k < folds; k++) splits[k] = Beside(blocks, [k], embargo);
        return splits;
    }

    /// <summary>max(1 % of the time from first start to last end, rounded up; look-back), ticks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The look-back is negative or 2⁶² and more.</exception>
    public static long Embargo(ReadOnlySpan<LabelSpan> spans, long lookBack)
    {
        Split.CheckEmbargo(lookBack);
        LabelSpan.Check(spans);
        if (spans.IsEmpty) return lookBack;
        long first = long.MaxValue, last = long.MinValue;
        foreach (LabelSpan span in spans) (first, last) = (Math.Min(first, span.Start), Math.Max(last, span.End));
        return Math.Max((long)(((Int128)last - first + 99) / 100), lookBack);
    }

    internal static Split Beside(TimeBlocks blocks, ReadOnlySpan<int> testBlocks, long embargo)
    {
        int[] train = blocks.Beside(testBlocks, embargo);
        if (train.Length == 0)
            throw new ArgumentException($"no training row is left beside test block {testBlocks[0]}: labels or embargo ({embargo}) reach all others");
        var test = new List<int>();
        foreach (int k in testBlocks) test.AddRange(blocks.Rows(k, k + 1));
        return Split.Purged(train, TimeBlocks.Ascending([.. test]), blocks.Spans, embargo);
    }
}
