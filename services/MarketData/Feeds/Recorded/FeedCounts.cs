using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>What became of the rows so far: one writer, read from any thread.</summary>
internal sealed class FeedCounts
{
    private const int MaxBadRows = 20;

    private long _quotes, _crossed, _trades, _stale, _malformed, _from, _to;
    private string[] _bad = [];
    private bool _ended;

    public void Accept(QuoteRows row)
    {
        if (row.Kind == RowKind.Trade) Volatile.Write(ref _trades, _trades + 1);
        else if (row.Quote.Crossed) Volatile.Write(ref _crossed, _crossed + 1);
        else Volatile.Write(ref _quotes, _quotes + 1);
    }

    public void Reject(string row)
    {
        Volatile.Write(ref _malformed, _malformed + 1);
        if (_bad.Length < MaxBadRows) Volatile.Write(ref _bad, [.. _bad, row]);
    }

    public void RejectStale() => Volatile.Write(ref _stale, _stale + 1);

    public void Reach(DateTime instant)
    {
        if (_from == 0) Volatile.Write(ref _from, instant.Ticks);
        Volatile.Write(ref _to, instant.Ticks);
    }

    public void End() => Volatile.Write(ref _ended, true);

    /// <summary><paramref name="report"/> with these counts.</summary>
    public FeedReport In(FeedReport report)
    {
        (long quotes, long crossed, long trades) = (Volatile.Read(ref _quotes), Volatile.Read(ref _crossed), Volatile.Read(ref _trades));
        (long stale, long malformed) = (Volatile.Read(ref _stale), Volatile.Read(ref _malformed));
        return report with
        {
            Rows = quotes + crossed + trades + stale + malformed,
            Quotes = quotes,
            Crossed = crossed,
            Trades = trades,
            Stale = stale,
            Malformed = malformed,
            MalformedRows = Volatile.Read(ref _bad),
            From = Time(Volatile.Read(ref _from)),
            To = Time(Volatile.Read(ref _to)),
            Ended = Volatile.Read(ref _ended),
        };
    }

    private static DateTime? Time(long ticks) => ticks == 0 ? null : new DateTime(ticks, DateTimeKind.Utc);
}
