using System.Security.Cryptography;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>A file that was read through once, before the first decision.</summary>
internal sealed record QuoteFile
{
    /// <summary>A file with a larger share of malformed rows is refused.</summary>
    public const double MaxMalformedShare = 0.01;

    // Beyond it the file is not in time order at all; below, late rows are counted and dropped as stale.
    private const double MaxLateShare = 0.5;

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>What reports call it: its name without the folder.</summary>
    public required string Name { get; init; }

    /// <summary>Its columns; null when it has no quotes and is skipped.</summary>
    public QuoteColumns? Columns { get; init; }

    /// <summary>Why it is skipped; null when it is read.</summary>
    public string? SkippedBecause { get; init; }

    /// <summary>Sampling period; null for events.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Rows of data.</summary>
    public long Rows { get; init; }

    /// <summary>Known-at of the first quote or trade; null when it has none.</summary>
    public DateTime? From { get; init; }

    /// <summary>What it quotes, in order of first sight.</summary>
    public IReadOnlyList<Instrument> Instruments { get; init; } = [];

    /// <summary>True when any quote has a size.</summary>
    public bool HasSizes { get; init; }

    /// <summary>SHA-256 of its uncompressed bytes.</summary>
    public byte[] Digest { get; init; } = [];

    /// <summary>Reads all of <paramref name="path"/> and judges it.</summary>
    /// <exception cref="FeedRefusedException">It is empty, damaged, lacks a column or has too many malformed rows.</exception>
    public static QuoteFile Scan(string path, Sampling sampling, InstrumentTable instruments)
    {
        string name = System.IO.Path.GetFileName(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var lines = new LineReader(path, name, hash);
        if (!lines.Read()) throw new FeedRefusedException($"{name}: the file is empty");
        string[] names = QuoteColumns.Names(lines.Line, name);
        var file = new QuoteFile { Path = path, Name = name };
        if (QuoteColumns.Of(names, name) is not { } columns) return file with { SkippedBecause = WithoutQuotes(name, names) };
        TimeSpan? period = sampling.PeriodOf(columns.IsEvent);
        return Scan(file with { Columns = columns, Period = period }, new QuoteRows(lines, columns, period, instruments), hash);
    }

    /// <summary>The rows from the first one on.</summary>
    public QuoteRows Open(InstrumentTable instruments)
    {
        var lines = new LineReader(Path, Name);
        lines.Read();
        return new QuoteRows(lines, Columns!, Period, instruments);
    }

    private static QuoteFile Scan(QuoteFile file, QuoteRows rows, IncrementalHash hash)
    {
        (long count, long malformed, long late, bool sizes, DateTime? from, DateTime latest) = (0, 0, 0, false, null, DateTime.MinValue);
        var instruments = new List<Instrument>();
        var seen = new HashSet<Instrument>();
        var bad = new List<string>();
        while (rows.Read())
        {
            count++;
            if (rows.Kind == RowKind.Malformed)
            {
                if (malformed++ < 3) bad.Add($"{file.Name}:{rows.Problem}");
                continue;
            }
            from ??= rows.KnownAt;
            if (rows.KnownAt < latest) late++;
            else latest = rows.KnownAt;
            if (rows.Kind == RowKind.Trade) continue;
            if (seen.Add(rows.Quote.Instrument)) instruments.Add(rows.Quote.Instrument);
            sizes |= rows.Quote.BidSize is not null || rows.Quote.AskSize is not null;
        }
        if (count == 0) throw new FeedRefusedException($"{file.Name}: the file has a header and no rows");
        if (malformed > MaxMalformedShare * count)
            throw new FeedRefusedException(
                $"{file.Name}: {malformed} of {count} rows are malformed ({100.0 * malformed / count:F2} %), "
                + $"the limit is {100 * MaxMalformedShare:F0} %: {string.Join("; ", bad)}");
        if (late > MaxLateShare * count)
            throw new FeedRefusedException($"{file.Name}: {late} of {count} rows are older than a row before them, the limit is {100 * MaxLateShare:F0} %: sort the file by time");
        return file with { Rows = count, From = from, Instruments = instruments, HasSizes = sizes, Digest = hash.GetHashAndReset() };
    }

    private static string WithoutQuotes(string name, string[] names)
    {
        string[] wanted = ["bid", "ask", "bid_close", "ask_close"];
        string? nearest = NearestName.Of(wanted, names);
        return $"{name}: no bid/ask columns" + (NearestName.IsClose(wanted, nearest) ? $" (did you mean '{nearest}'?)" : "");
    }
}
