namespace QuadTurbo.Hosting.Platform;

/// <summary>Whose opportunities these are: the session's name and the running position within it.</summary>
/// <remarks>
/// A recording's session is constant and starts at 0, so a replay gives the same ids. A live run's session is new, and its position goes on from the
/// one before: positions are reserved in blocks, so a crash skips at most one block and repeats none.
/// </remarks>
/// <param name="name">Name of the session: part of every opportunity's identity.</param>
/// <param name="first">Position of the first instant.</param>
/// <param name="reserve">Makes durable that positions below its argument may have been used; null where a session is not resumed.</param>
public sealed class FeedSession(string name, long first = 0, Action<long>? reserve = null)
{
    private const long Block = 100_000;
    private long _reserved = first;

    /// <summary>Name of the session.</summary>
    public string Name => name;

    /// <summary>The position that is taken next.</summary>
    public long Next { get; private set; } = first;

    /// <summary>Takes the next position.</summary>
    public long Take()
    {
        if (reserve is not null && Next >= _reserved) reserve(_reserved = Next + Block);
        return Next++;
    }

    /// <summary>Makes the exact position durable, at a clean stop.</summary>
    public void Save() => reserve?.Invoke(_reserved = Next);
}
