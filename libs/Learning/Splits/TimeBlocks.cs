namespace QuadTurbo.Learning.Splits;

/// <summary>Rows in order of their starts, cut into blocks of equal size, and what of them may be learned from beside a test block.</summary>
internal sealed class TimeBlocks
{
    private readonly LabelSpan[] _spans;
    private readonly int[] _order;
    private readonly int[] _cuts;

    /// <exception cref="ArgumentException">A span ends before it starts, or there are fewer rows than blocks.</exception>
    public TimeBlocks(ReadOnlySpan<LabelSpan> spans, int blocks)
    {
        LabelSpan.Check(spans);
        _spans = spans.ToArray();
        _order = Order(spans);
        _cuts = Cuts(_order.Length, blocks);
    }

    public ReadOnlySpan<LabelSpan> Spans => _spans;

    /// <summary>Rows of blocks <paramref name="from"/> to <paramref name="to"/>, the last not included.</summary>
    public ReadOnlySpan<int> Rows(int from, int to) => _order.AsSpan(_cuts[from].._cuts[to]);

    /// <summary>From the first start to the last end of a block's labels: [a, b].</summary>
    public LabelSpan Hull(int block)
    {
        ReadOnlySpan<int> rows = Rows(block, block + 1);
        long end = long.MinValue;
        foreach (int row in rows) end = Math.Max(end, _spans[row].End);
        return new LabelSpan(_spans[rows[0]].Start, end);
    }

    /// <summary>Rows outside the test blocks, less those with t₀ ≤ b + embargo and t₁ ≥ a for a test block [a, b]; ascending.</summary>
    public int[] Beside(ReadOnlySpan<int> testBlocks, long embargo)
    {
        var hulls = new LabelSpan[testBlocks.Length];
        for (int k = 0; k < hulls.Length; k++) hulls[k] = Hull(testBlocks[k]);
        var kept = new List<int>(_order.Length);
        for (int block = 0; block < _cuts.Length - 1; block++)
        {
            if (testBlocks.Contains(block)) continue;
            foreach (int row in Rows(block, block + 1))
                if (!Array.Exists(hulls, h => _spans[row].Start <= h.End + embargo && _spans[row].End >= h.Start)) kept.Add(row);
        }
        kept.Sort();
        return [.. kept];
    }

    /// <summary>Rows before a block whose labels are known before it starts; ascending.</summary>
    public int[] Before(int block)
    {
        long start = _spans[Rows(block, block + 1)[0]].Start;
        var kept = new List<int>();
        foreach (int row in Rows(0, block))
            if (_spans[row].End < start) kept.Add(row);
        kept.Sort();
        return [.. kept];
    }

    /// <summary>Where blocks begin and, last, where they end; the first rows mod blocks have one row more.</summary>
    public static int[] Cuts(int rows, int blocks)
    {
        if (rows < blocks) throw new ArgumentException($"{rows} rows cannot be cut into {blocks} parts");
        return [.. Enumerable.Range(0, blocks + 1).Select(k => k * (rows / blocks) + Math.Min(k, rows % blocks))];
    }

    public static int[] Ascending(ReadOnlySpan<int> rows)
    {
        int[] sorted = rows.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Rows by their starts; equal starts keep their order.</summary>
    public static int[] Order(ReadOnlySpan<LabelSpan> spans)
    {
        var keys = new (long Start, int Row)[spans.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = (spans[i].Start, i);
        Array.Sort(keys);
        return [.. keys.Select(k => k.Row)];
    }
}
