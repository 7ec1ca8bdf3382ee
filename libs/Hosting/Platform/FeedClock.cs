namespace QuadTurbo.Hosting.Platform;

/// <summary>The time of a recording: it stands at the last known-at, and moves only with the feed.</summary>
public sealed class FeedClock : TimeProvider
{
    private long _ticks = DateTime.UnixEpoch.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves to <paramref name="knownAt"/>; never backwards.</summary>
    public void MoveTo(DateTime knownAt)
    {
        if (knownAt.Ticks > Interlocked.Read(ref _ticks)) Interlocked.Exchange(ref _ticks, knownAt.Ticks);
    }
}
