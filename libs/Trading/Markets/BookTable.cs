namespace QuadTurbo.Trading.Markets;

/// <summary>The last good quote of every instrument, as of the instants that were applied.</summary>
/// <remarks>Single writer. A crossed quote makes the book unknown until the next good one.</remarks>
public sealed class BookTable
{
    private Book[] _books = new Book[64];

    /// <summary>Takes over the quotes of one known-at instant.</summary>
    public void Apply(ReadOnlySpan<Quote> quotes, DateTime knownAt)
    {
        foreach (ref readonly Quote quote in quotes)
            Slot(quote.Instrument) = quote.Crossed ? default : new Book(quote, knownAt);
    }

    /// <summary>The book of <paramref name="instrument"/>; <see cref="Book.Known"/> is false when there is no good quote.</summary>
    public ref readonly Book this[Instrument instrument] => ref Slot(instrument);

    private ref Book Slot(Instrument instrument)
    {
        if (instrument.Index >= _books.Length) Array.Resize(ref _books, Math.Max(instrument.Index + 1, _books.Length * 2));
        return ref _books[instrument.Index];
    }
}

/// <summary>A quote and the instant at which it became known.</summary>
/// <param name="Quote">The last good quote.</param>
/// <param name="KnownAt">When it became known, UTC.</param>
public readonly record struct Book(Quote Quote, DateTime KnownAt)
{
    /// <summary>False for a venue that has not quoted, or whose last quote was crossed.</summary>
    public bool Known => Quote.Instrument is not null;

    /// <summary>True when it is known and not older than <paramref name="maxAge"/> at <paramref name="now"/>.</summary>
    public bool FreshAt(DateTime now, TimeSpan maxAge) => Known && now - KnownAt <= maxAge;
}
