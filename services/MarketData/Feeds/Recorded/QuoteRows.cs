using System.Globalization;
using System.Text;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>What a row of a recording is.</summary>
internal enum RowKind
{
    /// <summary>A quote, crossed or not.</summary>
    Quote,

    /// <summary>A trade: counted only.</summary>
    Trade,

    /// <summary>A row that cannot be read.</summary>
    Malformed,
}

/// <summary>The rows of one file, one at a time.</summary>
internal sealed class QuoteRows : IDisposable
{
    // Beyond these a price or size is taken for damage: products of two of them still fit a decimal.
    private const decimal Least = 0.000000000001m;
    private const decimal Most = 1_000_000_000_000m;
    private const NumberStyles Number = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;

    private static readonly long MaxTicks = DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks - Sampling.MaxPeriod.Ticks;

    private readonly LineReader _lines;
    private readonly QuoteColumns _columns;
    private readonly TimeSpan? _period;
    private readonly InstrumentTable _instruments;
    private readonly Range[] _cells;
    private string _problem = "";

    /// <param name="lines">Positioned on the header.</param>
    /// <param name="columns">The columns of that header.</param>
    /// <param name="period">See <see cref="Sampling"/>.</param>
    /// <param name="instruments">Where instruments are interned.</param>
    public QuoteRows(LineReader lines, QuoteColumns columns, TimeSpan? period, InstrumentTable instruments)
    {
        (_lines, _columns, _period, _instruments) = (lines, columns, period, instruments);
        _cells = new Range[columns.Count];
    }

    /// <summary>What the current row is.</summary>
    public RowKind Kind { get; private set; }

    /// <summary>When the current quote or trade is known, UTC.</summary>
    public DateTime KnownAt { get; private set; }

    /// <summary>The current quote.</summary>
    public Quote Quote { get; private set; }

    /// <summary>Line number and reason of the current malformed row.</summary>
    public string Problem => $"{_lines.Number}: {_problem}";

    /// <summary>Moves to the next row; empty lines are none.</summary>
    /// <exception cref="FeedRefusedException">The file is damaged.</exception>
    public bool Read()
    {
        do
        {
            if (!_lines.Read()) return false;
        } while (_lines.Line.IsEmpty);
        Kind = Parse(_lines.Line);
        return true;
    }

    public void Dispose() => _lines.Dispose();

    private RowKind Parse(ReadOnlySpan<byte> line)
    {
        int count = CsvCells.Split(line, _cells);
        if (count != _columns.Count)
            return Bad(count > _columns.Count ? $"more than {_columns.Count} cells" : $"{count} cells instead of {_columns.Count}");
        if (!Time(line)) return RowKind.Malformed;
        ReadOnlySpan<byte> venue = Cell(line, _columns.Venue), symbol = Cell(line, _columns.Symbol);
        if (venue.IsEmpty || symbol.IsEmpty) return Bad(venue.IsEmpty ? "venue is missing" : "symbol is missing");
        ReadOnlySpan<byte> kind = Cell(line, _columns.Kind);
        if (kind.SequenceEqual("trade"u8)) return Trade(line);
        if (!kind.IsEmpty && !kind.SequenceEqual("quote"u8)) return Bad($"kind '{Text(kind)}' is neither quote nor trade");
        bool priceOnly = Cell(line, _columns.Bid).IsEmpty && Cell(line, _columns.Ask).IsEmpty && !Cell(line, _columns.Price).IsEmpty;
        return priceOnly && kind.IsEmpty ? Trade(line) : QuoteOf(line, Text(venue), Text(symbol));
    }

    private RowKind Trade(ReadOnlySpan<byte> line) => Price(line, _columns.Price, "price", out _) ? RowKind.Trade : RowKind.Malformed;

    private RowKind QuoteOf(ReadOnlySpan<byte> line, string venue, string symbol)
    {
        if (!Price(line, _columns.Bid, "bid", out decimal bid) || !Price(line, _columns.Ask, "ask", out decimal ask)) return RowKind.Malformed;
        if (!Optional(line, _columns.BidSize, "bid_size", out decimal? bidSize) || !Optional(line, _columns.AskSize, "ask_size", out decimal? askSize)
            || !Optional(line, _columns.Volume, "volume", out decimal? volume) || !RangeOf(line, bid, ask, out QuoteRange? range))
            return RowKind.Malformed;
        Instrument instrument = Intern(venue, symbol);
        Sizing sizing = instrument.Sizing;
        Quote = new Quote(
            instrument, bid, ask, sizing.ToBase(bidSize, bid), sizing.ToBase(askSize, ask), range, (double?)sizing.ToBase(volume, (bid + ask) / 2m));
        return RowKind.Quote;
    }

    // Extremes that contradict the close are not known; half of the closing spread lies on either side of a mid price.
    private bool RangeOf(ReadOnlySpan<byte> line, decimal bid, decimal ask, out QuoteRange? range)
    {
        range = null;
        if (_period is null) return true;
        if (_columns.HasBidRange)
        {
            if (!Extremes(line, _columns.BidHigh, _columns.BidLow, out decimal? bidHigh, out decimal? bidLow)) return false;
            if (!Extremes(line, _columns.AskHigh, _columns.AskLow, out decimal? askHigh, out decimal? askLow)) return false;
            if (bidHigh >= bid && bidLow <= bid && askHigh >= ask && askLow <= ask)
                range = new QuoteRange(bidHigh.Value, bidLow.Value, askHigh.Value, askLow.Value);
        }
        else if (_columns.HasMidRange)
        {
            if (!Extremes(line, _columns.MidHigh, _columns.MidLow, out decimal? high, out decimal? low)) return false;
            decimal half = (ask - bid) / 2m;
            if (half > 0m && high >= low && low > half)
                range = new QuoteRange(high.Value - half, low.Value - half, high.Value + half, low.Value + half);
        }
        return true;
    }

    private bool Extremes(ReadOnlySpan<byte> line, int highColumn, int lowColumn, out decimal? high, out decimal? low)
    {
        low = null;
        return Optional(line, highColumn, "high", out high) && Optional(line, lowColumn, "low", out low);
    }

    private bool Time(ReadOnlySpan<byte> line)
    {
        string name = _columns.IsEvent ? "ts_us" : "ts";
        ReadOnlySpan<byte> cell = Cell(line, _columns.Time);
        if (cell.IsEmpty) return Problematic($"{name} is missing");
        decimal unit = _columns.IsEvent ? TimeSpan.TicksPerMicrosecond : TimeSpan.TicksPerSecond;
        if (!decimal.TryParse(cell, Number, CultureInfo.InvariantCulture, out decimal time) || time <= 0m || time > MaxTicks / unit)
            return Problematic($"{name} '{Text(cell)}' is no time in {(_columns.IsEvent ? "micro" : "")}seconds since 1970");
        KnownAt = DateTime.UnixEpoch.AddTicks(Sampling.KnownAt((long)(time * unit), _columns.IsEvent, _period));
        return true;
    }

    private bool Price(ReadOnlySpan<byte> line, int column, string name, out decimal price)
    {
        ReadOnlySpan<byte> cell = Cell(line, column);
        price = 0m;
        if (cell.IsEmpty) return Problematic($"{name} is missing");
        if (!decimal.TryParse(cell, Number, CultureInfo.InvariantCulture, out price)) return Problematic($"{name} '{Text(cell)}' is not a number");
        if (price is >= Least and <= Most) return true;
        return Problematic(price <= 0m ? $"{name} {Text(cell)} is not above 0" : $"{name} {Text(cell)} is not between 1e-12 and 1e12");
    }

    // A size of 0 is what rounding left of a small one: not known.
    private bool Optional(ReadOnlySpan<byte> line, int column, string name, out decimal? value)
    {
        value = null;
        ReadOnlySpan<byte> cell = Cell(line, column);
        if (cell.IsEmpty || Ascii.EqualsIgnoreCase(cell, "nan"u8) || Ascii.EqualsIgnoreCase(cell, "null"u8)) return true;
        if (!decimal.TryParse(cell, Number, CultureInfo.InvariantCulture, out decimal number) || number > Most)
            return Problematic($"{name} '{Text(cell)}' is not a number below 1e12");
        if (number >= Least) value = number;
        return true;
    }

    private Instrument Intern(string venue, string symbol)
    {
        try
        {
            return _instruments.Get(venue, symbol);
        }
        catch (InvalidOperationException e)
        {
            throw new FeedRefusedException(e.Message, e);
        }
    }

    private ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> line, int column) => column < 0 ? default : line[_cells[column]];

    private RowKind Bad(string problem)
    {
        _problem = problem;
        return RowKind.Malformed;
    }

    private bool Problematic(string problem)
    {
        _problem = problem;
        return false;
    }

    private static string Text(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 40)]);
}
