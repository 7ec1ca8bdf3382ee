using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>One file within the merge: it is opened at its first instant, and stands on the next row that counts.</summary>
internal sealed class FileCursor(QuoteFile file, InstrumentTable instruments, FeedCounts counts, int order) : IDisposable
{
    private QuoteRows? _rows;

    /// <summary>Rows of one instant come in this order of files.</summary>
    public int Order => order;

    /// <summary>When the row it stands on is known.</summary>
    public DateTime KnownAt => _rows!.KnownAt;

    /// <summary>Adds every quote known at <paramref name="now"/> and moves to the first row known later; false at the end of the file.</summary>
    public bool Take(DateTime now, List<Quote> quotes)
    {
        if (_rows is null)
        {
            _rows = file.Open(instruments);
            if (!MoveOn(now)) return false;
        }
        while (_rows.KnownAt == now)
        {
            if (quotes.Count >= RecordedFeed.MaxRowsPerInstant)
                throw new FeedRefusedException($"{file.Name}: more than {RecordedFeed.MaxRowsPerInstant} rows at {now:O}");
            counts.Accept(_rows);
            if (_rows.Kind == RowKind.Quote) quotes.Add(_rows.Quote);
            if (!MoveOn(now)) return false;
        }
        return true;
    }

    public void Dispose() => _rows?.Dispose();

    private bool MoveOn(DateTime now)
    {
        while (_rows!.Read())
        {
            if (_rows.Kind == RowKind.Malformed) counts.Reject($"{file.Name}:{_rows.Problem}");
            else if (_rows.KnownAt < now) counts.RejectStale();
            else return true;
        }
        return false;
    }
}
