namespace QuadTurbo.Gateway.Live;

/// <summary>How many messages of one kind may still be made now: so many a second, at most those of one second at once. One thread at a time.</summary>
/// <param name="perSecond">The rate, and the most at once.</param>
/// <param name="clock">Whose timestamps count.</param>
internal sealed class Allowance(int perSecond, TimeProvider clock)
{
    private double _left = perSecond;
    private long _at = clock.GetTimestamp();
    private long _refused;

    /// <summary>Takes one; false when none is left, which is counted.</summary>
    public bool TryTake()
    {
        if (_left < 1)
        {
            long now = clock.GetTimestamp();
            _left = Math.Min(perSecond, _left + clock.GetElapsedTime(_at, now).TotalSeconds * perSecond);
            _at = now;
        }
        if (_left < 1)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }
        _left--;
        return true;
    }

    /// <summary>How many were refused since the last call; from any thread.</summary>
    public long TakeRefused() => Interlocked.Exchange(ref _refused, 0);
}
