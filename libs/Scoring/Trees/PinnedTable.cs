namespace QuadTurbo.Scoring.Trees;

/// <summary>Memory that never moves, zeroed, and starts on a cache line; it lives as long as this object is reachable.</summary>
internal sealed unsafe class PinnedTable<T> where T : unmanaged
{
    private const int Line = 64;
    private readonly byte[] _bytes;

    public PinnedTable(int count)
    {
        _bytes = GC.AllocateArray<byte>(checked(count * sizeof(T) + 2 * Line), pinned: true);
        fixed (byte* start = _bytes) At = (T*)CacheLine(start);
    }

    /// <summary>The first element.</summary>
    public T* At { get; }

    /// <summary>The first address at or after <paramref name="start"/> that begins a cache line.</summary>
    public static byte* CacheLine(byte* start) => (byte*)(((nuint)start + Line - 1) & ~(nuint)(Line - 1));
}
