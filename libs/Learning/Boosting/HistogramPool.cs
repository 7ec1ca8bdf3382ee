namespace QuadTurbo.Learning.Boosting;

/// <summary>Histograms for the leaves that are open at a time, used again from tree to tree.</summary>
internal sealed unsafe class HistogramPool : IDisposable
{
    private readonly BinnedRows _rows;
    private readonly NativeBuffer<long> _cells;
    private readonly Stack<nint> _free = new();
    private readonly long _cellsOfOne;
    private readonly int _threads;

    // What the second thread has added up, until it is added to the first one's.
    private readonly long* _other;

    /// <param name="rows">What is added up.</param>
    /// <param name="options">How many leaves may be open.</param>
    /// <param name="counts">Whether each histogram is followed by one of rows.</param>
    public HistogramPool(BinnedRows rows, BoostingOptions options, bool counts)
    {
        (_rows, _threads) = (rows, options.Threads);
        _cellsOfOne = (long)rows.Blocks * Histogram.BlockCells;

        // Leaves of the greatest depth are not searched; the smaller child of the last split is there beside its parent.
        int open = Math.Min(options.MaxLeaves, 1 << (options.MaxDepth - 1)) + 1;
        long each = counts ? 2 * _cellsOfOne : _cellsOfOne;
        _cells = new(open * each + (_threads - 1) * _cellsOfOne);
        for (int i = open - 1; i >= 0; i--) _free.Push((nint)(_cells.Pointer + i * each));
        _other = _cells.Pointer + open * each;
    }

    public void Dispose() => _cells.Dispose();

    /// <summary>A histogram with whatever was in it.</summary>
    public long* Rent() => (long*)_free.Pop();

    /// <summary>Takes one back; null is none.</summary>
    public void Return(long* sums)
    {
        if (sums != null) _free.Push((nint)sums);
    }

    /// <summary>The histogram of rows that belongs to one of derivatives.</summary>
    public long* Counts(long* sums) => sums + _cellsOfOne;

    /// <summary>Sets a histogram to the sums of the rows named by <paramref name="index"/>; of all rows if it is null.</summary>
    public void Fill(long* packed, int* index, int count, long* sums)
    {
        if (_threads == 1 || count < Work.LeastShared)
        {
            FillPart(packed, index, 0, count, sums);
            return;
        }
        Work.Split(count, _threads, (first, end) => FillPart(packed, index, first, end, first == 0 ? sums : _other));
        Histogram.Add(_rows, sums, _other);
    }

    private void FillPart(long* packed, int* index, int first, int end, long* sums)
    {
        if (index == null) Histogram.Fill(_rows, packed, first, end, sums);
        else Histogram.Fill(_rows, packed, index + first, end - first, sums);
    }
}
