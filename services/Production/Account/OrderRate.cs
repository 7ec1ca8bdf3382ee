namespace QuadTurbo.Production.Account;

/// <summary>The times of the last orders, as many as one second may hold.</summary>
internal sealed class OrderRate(int perSecond)
{
    private readonly DateTime[] _sent = new DateTime[perSecond];
    private int _next;

    /// <summary>True when as many orders as a second may hold went out within the second up to <paramref name="now"/>.</summary>
    public bool IsFull(DateTime now) => _sent[_next] != default && now - _sent[_next] < TimeSpan.FromSeconds(1);

    /// <summary>One order went out.</summary>
    public void Count(DateTime now)
    {
        if (perSecond == 0) return;
        _sent[_next] = now;
        _next = (_next + 1) % perSecond;
    }
}
