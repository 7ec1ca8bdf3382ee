namespace QuadTurbo.Auditor.Records;

/// <summary>The bytes of the last models of a session: what an assignment may refer to. Bounded, so writer and reader forget alike.</summary>
public sealed class RecentPackages
{
    private const int Most = 64;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Takes up a package; the oldest is forgotten for it.</summary>
    public void Add(string id, ReadOnlyMemory<byte> package)
    {
        if (!_byId.TryAdd(id, package)) return;
        _order.Enqueue(id);
        if (_order.Count > Most) _byId.Remove(_order.Dequeue());
    }

    /// <summary>The package's bytes; false where it is not among the last.</summary>
    public bool TryFind(string id, out ReadOnlyMemory<byte> package) => _byId.TryGetValue(id, out package);

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _byId.Clear();
        _order.Clear();
    }
}
