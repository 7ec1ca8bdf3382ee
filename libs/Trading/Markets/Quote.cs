namespace QuadTurbo.Trading.Markets;

/// <summary>The best bid and ask of one instrument, as a feed gave it.</summary>
/// <param name="Instrument">What is quoted.</param>
/// <param name="Bid">Best bid, quote currency.</param>
/// <param name="Ask">Best ask, quote currency.</param>
/// <param name="BidSize">Size at the bid in base currency; null when the feed does not say.</param>
/// <param name="AskSize">Size at the ask in base currency; null when the feed does not say.</param>
/// <param name="Range">Where the quote went since the last row of a sampled feed; null when the feed does not say.</param>
/// <param name="Volume">Volume traded since the last row, base currency; null when the feed does not say.</param>
public readonly record struct Quote(
    Instrument Instrument, decimal Bid, decimal Ask, decimal? BidSize, decimal? AskSize, QuoteRange? Range = null, double? Volume = null)
{
    /// <summary>A crossed quote (bid ≥ ask) says nothing: the venue's book is unknown until its next good quote.</summary>
    public bool Crossed => Bid >= Ask;

    /// <summary>The middle of bid and ask.</summary>
    public decimal Mid => (Bid + Ask) / 2m;
}

/// <summary>The highest and lowest bid and ask within one period of a sampled feed.</summary>
/// <param name="BidHigh">Highest bid: where a long position could have taken its profit.</param>
/// <param name="BidLow">Lowest bid: where a long position would have been stopped.</param>
/// <param name="AskHigh">Highest ask: where a short position would have been stopped.</param>
/// <param name="AskLow">Lowest ask: where a short position could have taken its profit.</param>
public sealed record QuoteRange(decimal BidHigh, decimal BidLow, decimal AskHigh, decimal AskLow);
