namespace QuadTurbo.Training.Drift;

/// <summary>A history of bounded length over a time without bound: when it is full every other entry goes, and from then on every other one is kept. Not thread-safe.</summary>
/// <param name="capacity">Most entries; even.</param>
internal sealed class ThinnedHistory<T>(int capacity)
{
    private readonly List<T> _kept = new(capacity);
    private long _stride = 1;
    private long _seen;

    /// <summary>What is kept, the oldest first, at even distances.</summary>
    public IReadOnlyList<T> Kept => _kept;

    /// <summary>Takes one entry, and keeps it if its turn has come.</summary>
    public void Add(T entry)
    {
        if (_seen++ % _stride != 0) return;
        if (_kept.Count == capacity)
        {
            for (int i = 0; i < capacity / 2; i++) _kept[i] = _kept[2 * i];
            _kept.RemoveRange(capacity / 2, _kept.Count - capacity / 2);
            _stride *= 2;
            // The entry that did not fit stands at an even place of the old stride, so at a place of the new one.
        }
        _kept.Add(entry);
    }
}
