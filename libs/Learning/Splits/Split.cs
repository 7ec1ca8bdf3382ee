namespace QuadTurbo.Learning.Splits;

/// <summary>Rows to learn from and rows to be judged on. One that leaks cannot be made: each factory proves its rule or throws.</summary>
public sealed class Split
{
    private Split(int[] train, int[] test) => (Train, Test) = (train, test);

    /// <summary>Rows to learn from.</summary>
    public IReadOnlyList<int> Train { get; }

    /// <summary>Rows to be judged on.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <summary>A split of rows that do not depend on each other: no row on both sides, none twice on a side.</summary>
    /// <param name="train">Rows to learn from, at least one.</param>
    /// <param name="test">Rows to be judged on, at least one.</param>
    /// <param name="rows">How many there are: a row is 0 .. rows − 1.</param>
    /// <exception cref="LeakingSplitException">A row is on both sides.</exception>
    /// <exception cref="ArgumentException">A side is empty, names a row twice, or one that is not there.</exception>
    public static Split Plain(ReadOnlySpan<int> train, ReadOnlySpan<int> test, int rows)
    {
        var side = new byte[rows];
        Claim(side, test, 1, "test");
        Claim(side, train, 2, "training");
        return new Split(train.ToArray(), test.ToArray());
    }

    /// <summary>A split of rows in time: no training label overlaps a test label, nor starts within the embargo after one.</summary>
    /// <remarks>For all training i and test j: t₀(i) &gt; t₁(j) + embargo or t₁(i) &lt; t₀(j) (López de Prado 2018, 7.4). O(n log n).</remarks>
    /// <param name="train">Rows to learn from, at least one.</param>
    /// <param name="test">Rows to be judged on, at least one.</param>
    /// <param name="spans">Of every row.</param>
    /// <param name="embargo">Ticks, 0 or more.</param>
    /// <exception cref="LeakingSplitException">A training row tells of a test row.</exception>
    /// <exception cref="ArgumentException">A side is empty, names a row twice, or one that is not there; or a span ends before it starts.</exception>
    public static Split Purged(ReadOnlySpan<int> train, ReadOnlySpan<int> test, ReadOnlySpan<LabelSpan> spans, long embargo)
    {
        CheckEmbargo(embargo);
        LabelSpan.Check(spans);
        Split split = Plain(train, test, spans.Length);
        long[] starts = new long[test.Length];
        for (int j = 0; j < starts.Length; j++) starts[j] = spans[test[j]].Start;
        int[] latest = test.ToArray();
        Array.Sort(starts, latest);
        // latest[j]: of the tests that start no later than the j-th, the one whose label ends last.
        for (int j = 1; j < latest.Length; j++)
            if (spans[latest[j - 1]].End > spans[latest[j]].End) latest[j] = latest[j - 1];
        foreach (int i in train)
        {
            int started = CountUpTo(starts, spans[i].End);
            if (started == 0 || spans[latest[started - 1]].End + embargo < spans[i].Start) continue;
            int j = latest[started - 1];
            throw new LeakingSplitException(
                $"training row {i}, {spans[i]}, overlaps test row {j}, {spans[j]}, or starts within the embargo of {embargo} after it", i, j);
        }
        return split;
    }

    /// <summary>A split of rows in time that learns from the past alone: every training label is known before the first test row starts.</summary>
    /// <param name="train">Rows to learn from, at least one.</param>
    /// <param name="test">Rows to be judged on, at least one.</param>
    /// <param name="spans">Of every row.</param>
    /// <exception cref="LeakingSplitException">A training label is known only when a test row has started.</exception>
    /// <exception cref="ArgumentException">A side is empty, names a row twice, or one that is not there; or a span ends before it starts.</exception>
    public static Split Forward(ReadOnlySpan<int> train, ReadOnlySpan<int> test, ReadOnlySpan<LabelSpan> spans)
    {
        LabelSpan.Check(spans);
        Split split = Plain(train, test, spans.Length);
        int first = test[0];
        foreach (int j in test)
            if (spans[j].Start < spans[first].Start) first = j;
        foreach (int i in train)
            if (spans[i].End >= spans[first].Start)
                throw new LeakingSplitException(
                    $"training row {i}, {spans[i]}, is known only when test row {first}, {spans[first]}, has started", i, first);
        return split;
    }

    internal static void CheckEmbargo(long embargo)
    {
        if (embargo is < 0 or >= LabelSpan.Limit) throw new ArgumentOutOfRangeException(nameof(embargo), embargo, "0 or more ticks, below 2^62");
    }

    private static void Claim(byte[] side, ReadOnlySpan<int> rows, byte own, string name)
    {
        if (rows.IsEmpty) throw new ArgumentException($"no {name} rows");
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)side.Length) throw new ArgumentException($"{name} row {row} of {side.Length}");
            if (side[row] == own) throw new ArgumentException($"{name} row {row} is there twice");
            if (side[row] != 0) throw new LeakingSplitException($"row {row} is on both sides", row, row);
            side[row] = own;
        }
    }

    private static int CountUpTo(long[] sorted, long limit)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= limit) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
