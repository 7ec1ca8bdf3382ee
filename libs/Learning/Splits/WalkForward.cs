namespace QuadTurbo.Learning.Splits;

/// <summary>Splits that learn from the past alone, as production does; nothing is embargoed, for nothing after the test is learned from.</summary>
public static class WalkForward
{
    /// <summary>Tests block after block of time, each learned for from all rows before it whose labels are known when it starts.</summary>
    /// <remarks>Time is cut into folds + 1 blocks of equally many rows; the first is never tested.</remarks>
    /// <param name="spans">Of every row, in any order.</param>
    /// <param name="folds">Blocks to test, at least 1.</param>
    /// <exception cref="ArgumentException">A span ends before it starts, rows are fewer than blocks, or a fold keeps no training row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no fold.</exception>
    public static IReadOnlyList<Split> Of(ReadOnlySpan<LabelSpan> spans, int folds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(folds);
        var blocks = new TimeBlocks(spans, folds + 1);
        return [.. Enumerable.Range(1, folds).Select(k => Before(blocks.Before(k), blocks.Rows(k, k + 1), blocks.Spans))];
    }

    /// <summary>One split: the last rows in time are held out, at least <paramref name="share"/> of all.</summary>
    /// <param name="spans">Of every row, in any order.</param>
    /// <param name="share">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">A span ends before it starts, or no training label is known when the held-out rows start.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static Split Holdout(ReadOnlySpan<LabelSpan> spans, double share = 0.2)
    {
        if (!(share > 0 && share < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "between 0 and 1");
        if (spans.Length < 2) throw new ArgumentException($"{spans.Length} rows cannot be split", nameof(spans));
        LabelSpan.Check(spans);
        ReadOnlySpan<int> order = TimeBlocks.Order(spans);
        int kept = order.Length - (int)Math.Ceiling(share * order.Length);
        if (kept == 0) throw new ArgumentException($"{spans.Length} rows leave none to learn from", nameof(spans));
        long start = spans[order[kept]].Start;
        var train = new List<int>(kept);
        foreach (int row in order[..kept])
            if (spans[row].End < start) train.Add(row);
        return Before(TimeBlocks.Ascending([.. train]), order[kept..], spans);
    }

    private static Split Before(int[] train, ReadOnlySpan<int> test, ReadOnlySpan<LabelSpan> spans) => train.Length > 0
        ? Split.Forward(train, TimeBlocks.Ascending(test), spans)
        : throw new ArgumentException($"no training label is known when test row {test[0]}, {spans[test[0]]}, starts");
}
