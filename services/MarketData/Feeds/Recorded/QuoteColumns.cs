using System.Text;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>Where a file keeps what we read, by the names in its header; -1 for a column that it does not have.</summary>
internal sealed record QuoteColumns
{
    /// <summary>The most columns a file may have.</summary>
    public const int Limit = 256;

    private static readonly string[] Known =
    [
        "ts", "ts_us", "venue", "symbol", "kind", "bid", "bid_close", "ask", "ask_close", "price", "bid_size", "ask_size", "volume",
        "bid_high", "bid_low", "ask_high", "ask_low", "mid_high", "mid_low",
    ];

    /// <summary>Columns of the header: every row has as many.</summary>
    public required int Count { get; init; }

    /// <summary>The time column is <c>ts_us</c>: microseconds of an event, not seconds of the start of a period.</summary>
    public required bool IsEvent { get; init; }

    public required int Time { get; init; }

    public required int Venue { get; init; }

    public required int Symbol { get; init; }

    public required int Kind { get; init; }

    public required int Bid { get; init; }

    public required int Ask { get; init; }

    public required int Price { get; init; }

    public required int BidSize { get; init; }

    public required int AskSize { get; init; }

    public required int Volume { get; init; }

    public required int BidHigh { get; init; }

    public required int BidLow { get; init; }

    public required int AskHigh { get; init; }

    public required int AskLow { get; init; }

    public required int MidHigh { get; init; }

    public required int MidLow { get; init; }

    public bool HasBidRange => BidHigh >= 0 && BidLow >= 0 && AskHigh >= 0 && AskLow >= 0;

    public bool HasMidRange => MidHigh >= 0 && MidLow >= 0;

    /// <summary>The names of the cells of a header line.</summary>
    /// <exception cref="FeedRefusedException">It has too many columns, or is a row of data.</exception>
    public static string[] Names(ReadOnlySpan<byte> line, string file)
    {
        Span<Range> cells = stackalloc Range[Limit];
        int count = CsvCells.Split(line, cells);
        if (count > Limit) throw new FeedRefusedException($"{file}: more than {Limit} columns");
        var names = new string[count];
        for (int i = 0; i < count; i++) names[i] = Encoding.UTF8.GetString(line[cells[i]]);
        if (names.Any(n => decimal.TryParse(n, out _)))
            throw new FeedRefusedException($"{file}: has no header: its first line is data ('{names[0]}', ...)");
        return names;
    }

    /// <summary>The columns of <paramref name="names"/>, or null when there is neither a bid nor an ask.</summary>
    /// <exception cref="FeedRefusedException">A column that a quote needs is missing.</exception>
    public static QuoteColumns? Of(string[] names, string file)
    {
        int At(params ReadOnlySpan<string> aliases)
        {
            foreach (string alias in aliases)
            {
                int found = Array.FindIndex(names, n => n.Equals(alias, StringComparison.OrdinalIgnoreCase));
                if (found >= 0) return found;
            }
            return -1;
        }

        int Required(params string[] aliases)
        {
            int found = At(aliases);
            return found >= 0
                ? found
                : throw new FeedRefusedException($"{file}: has no column '{string.Join("' or '", aliases)}'{Meant(aliases, names)}");
        }

        if (At("bid", "bid_close") < 0 && At("ask", "ask_close") < 0) return null;
        return new QuoteColumns
        {
            Count = names.Length,
            IsEvent = At("ts_us") >= 0,
            Time = Required("ts_us", "ts"),
            Venue = Required("venue"),
            Symbol = Required("symbol"),
            Bid = Required("bid", "bid_close"),
            Ask = Required("ask", "ask_close"),
            Kind = At("kind"),
            Price = At("price"),
            BidSize = At("bid_size"),
            AskSize = At("ask_size"),
            Volume = At("volume"),
            BidHigh = At("bid_high"),
            BidLow = At("bid_low"),
            AskHigh = At("ask_high"),
            AskLow = At("ask_low"),
            MidHigh = At("mid_high"),
            MidLow = At("mid_low"),
        };
    }

    private static string Meant(string[] aliases, string[] names)
    {
        string? nearest = NearestName.Of(aliases, names.Except(Known, StringComparer.OrdinalIgnoreCase));
        return nearest is null ? $"; its columns are {string.Join(", ", names)}" : $"; the nearest of its columns is '{nearest}'";
    }
}
