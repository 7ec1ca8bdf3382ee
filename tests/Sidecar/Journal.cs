namespace QuadTurbo.Sidecar;

/// <summary>The last things a sidecar said.</summary>
public sealed class Journal
{
    private const int Most = 1_000;
    private readonly Queue<string> _lines = new();

    /// <summary>Hears each line as it is written; null: nobody.</summary>
    public Action<string>? Listener { get; set; }

    /// <summary>The lines that are left, oldest first.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    internal void Say(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Most) _lines.Dequeue();
            _lines.Enqueue(line);
        }
        Listener?.Invoke(line);
    }
}
