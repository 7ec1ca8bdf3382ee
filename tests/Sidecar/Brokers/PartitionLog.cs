namespace QuadTurbo.Sidecar.Brokers;

/// <summary>The messages of one partition, oldest first. Guarded by its topic's lock.</summary>
internal sealed class PartitionLog
{
    private readonly List<StoredMessage> _messages = [];
    private int _dead;

    public long First { get; private set; }

    public long End => First + _messages.Count - _dead;

    public int Count => _messages.Count - _dead;

    public StoredMessage this[long offset] => _messages[(int)(offset - First) + _dead];

    public void Append(StoredMessage message) => _messages.Add(message);

    /// <summary>Forgets the oldest message and returns it.</summary>
    public StoredMessage Trim()
    {
        StoredMessage oldest = _messages[_dead];
        _messages[_dead++] = null!;
        First++;
        if (_dead < 1024 || _dead * 2 < _messages.Count) return oldest;
        _messages.RemoveRange(0, _dead);
        _dead = 0;
        return oldest;
    }
}
