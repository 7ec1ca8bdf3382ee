using QuadTurbo.Hosting.Platform;

namespace QuadTurbo.MarketData.Feeds;

/// <summary>How fast a feed is shown.</summary>
/// <param name="clock">The platform's clock; a <see cref="FeedClock"/> moves with the feed.</param>
/// <param name="wall">The time that passes for whoever watches.</param>
/// <param name="speed">Feed seconds per second; null for as fast as the lanes keep up.</param>
/// <param name="stopsAtEnd">Whether the platform stops when the feed ends.</param>
public sealed class FeedPace(TimeProvider clock, TimeProvider wall, double? speed, bool stopsAtEnd)
{
    private DateTime? _firstKnownAt;
    private DateTimeOffset _startedAt;

    /// <summary>Whether the platform stops when the feed ends.</summary>
    public bool StopsAtEnd => stopsAtEnd;

    /// <summary>Completes when <paramref name="knownAt"/> may be shown; false when the feed was stopped meanwhile.</summary>
    public async ValueTask<bool> UntilAsync(DateTime knownAt, CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return false;
        if (clock is FeedClock feedClock) feedClock.MoveTo(knownAt);
        if (speed is not { } factor) return true;
        DateTimeOffset now = wall.GetUtcNow();
        if (_firstKnownAt is not { } first) (_firstKnownAt, first, _startedAt) = (knownAt, knownAt, now);
        TimeSpan wait = _startedAt + (knownAt - first) / factor - now;
        if (wait <= TimeSpan.Zero) return true;
        try
        {
            await Task.Delay(wait, wall, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
