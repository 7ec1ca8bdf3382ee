using System.Security.Cryptography;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>Recorded quotes: CSV or CSV.gz files, merged by the time at which their rows become known.</summary>
/// <remarks>
/// Every file is read through once when the feed is opened, so that bad input is refused before the first decision, and streamed when it is read:
/// memory does not grow with the files. Of the rows of the files that are not skipped,
/// rows = quotes (good ones) + crossed + trades + malformed + stale. Crossed quotes are handed on, the others that are not good are only counted.
/// Columns by name: <c>ts</c> or <c>ts_us</c>, <c>venue</c>, <c>symbol</c>, <c>bid</c> or <c>bid_close</c>, <c>ask</c> or <c>ask_close</c>; if there:
/// <c>kind</c>, <c>price</c>, <c>bid_size</c>, <c>ask_size</c>, <c>volume</c>, <c>bid_high</c> .. <c>ask_low</c>, <c>mid_high</c>, <c>mid_low</c>.
/// </remarks>
public sealed class RecordedFeed : IMarketFeed
{
    /// <summary>The most files of one feed.</summary>
    public const int MaxFiles = 4096;

    /// <summary>The most rows that become known at one instant.</summary>
    public const int MaxRowsPerInstant = 1_000_000;

    private readonly QuoteFile[] _files;
    private readonly InstrumentTable _instruments;
    private readonly FeedReport _opened;
    private volatile FeedCounts _counts = new();

    private RecordedFeed(QuoteFile[] files, InstrumentTable instruments, FeedReport opened)
    {
        (_files, _instruments, _opened) = (files, instruments, opened);
        Timing = Sampling.Timing(files[0].Period);
        RowsToRead = files.Sum(f => f.Rows);
    }

    /// <inheritdoc/>
    public FeedTiming Timing { get; }

    /// <summary>Rows that the whole feed has: where a progress bar ends.</summary>
    public long RowsToRead { get; }

    /// <inheritdoc/>
    public FeedReport Report => _counts.In(_opened);

    /// <summary>Opens files, or the <c>.csv</c> and <c>.csv.gz</c> files of folders (in order of name).</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="instruments">Where the instruments are interned.</param>
    /// <param name="sampling">When rows become known.</param>
    /// <exception cref="FeedRefusedException">
    /// A path is missing, a file is empty, damaged, lacks a column or has more than 1 % malformed rows, files are both sampled and events,
    /// or nothing is quoted.
    /// </exception>
    public static RecordedFeed Open(IReadOnlyList<string> paths, InstrumentTable instruments, Sampling sampling = default)
    {
        QuoteFile[] scanned = [.. FilesOf(paths).Select(path => QuoteFile.Scan(path, sampling, instruments))];
        QuoteFile[] files = [.. scanned.Where(f => f.SkippedBecause is null)];
        string[] skipped = [.. scanned.Select(f => f.SkippedBecause).OfType<string>()];
        if (files.Length == 0) throw new FeedRefusedException($"nothing to read: {string.Join("; ", skipped)}");
        if (files.FirstOrDefault(f => f.Period != files[0].Period) is { } other)
            throw new FeedRefusedException(
                $"{files[0].Name} is {Words(files[0].Period)} and {other.Name} is {Words(other.Period)}: one feed has one timing (set sample)");
        if (files.All(f => f.Instruments.Count == 0)) throw new FeedRefusedException($"{files[0].Name}: no row is a quote");
        return new RecordedFeed(files, instruments, ReportOf(paths, files, skipped, instruments));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FeedInstant> ReadAsync(CancellationToken stop) => Read(stop).ToAsyncEnumerable();

    /// <summary>The instants of <see cref="ReadAsync"/>, without waiting: reading a file is all the work there is. Starts anew each time.</summary>
    /// <exception cref="FeedRefusedException">
    /// A file was damaged after it was opened, or an instant has more than <see cref="MaxRowsPerInstant"/> rows.
    /// </exception>
    public IEnumerable<FeedInstant> Read(CancellationToken stop)
    {
        var counts = new FeedCounts();
        _counts = counts;
        var cursors = new PriorityQueue<FileCursor, (DateTime, int)>();
        try
        {
            for (int i = 0; i < _files.Length; i++)
                if (_files[i].From is { } from) cursors.Enqueue(new FileCursor(_files[i], _instruments, counts, i), (from, i));
            var quotes = new List<Quote>();
            while (!stop.IsCancellationRequested && cursors.TryPeek(out _, out (DateTime At, int) next))
            {
                quotes.Clear();
                while (cursors.TryPeek(out _, out (DateTime At, int) first) && first.At == next.At) TakeFirst(cursors, next.At, quotes);
                counts.Reach(next.At);
                yield return new FeedInstant(next.At, [.. quotes]);
            }
            counts.End();
        }
        finally
        {
            foreach ((FileCursor cursor, _) in cursors.UnorderedItems) cursor.Dispose();
        }
    }

    private static void TakeFirst(PriorityQueue<FileCursor, (DateTime, int)> cursors, DateTime now, List<Quote> quotes)
    {
        FileCursor cursor = cursors.Peek();
        bool more = cursor.Take(now, quotes);
        cursors.Dequeue();
        if (more) cursors.Enqueue(cursor, (cursor.KnownAt, cursor.Order));
        else cursor.Dispose();
    }

    private static FeedReport ReportOf(IReadOnlyList<string> paths, QuoteFile[] files, string[] skipped, InstrumentTable instruments)
    {
        SymbolReport[] symbols =
        [
            .. files.SelectMany(f => f.Instruments)
                .GroupBy(i => i.Market, i => i.Venue, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new SymbolReport(g.Key, [.. g.Distinct().Order(StringComparer.Ordinal)], 0)),
        ];
        return new FeedReport
        {
            Feed = string.Join('+', paths.Select(NameOf)),
            Session = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(f => f.Digest)]))[..16],
            Files = [.. files.Select(f => f.Name)],
            Skipped = skipped,
            SampleSeconds = files[0].Period?.TotalSeconds,
            TreatAs = instruments.TreatAs,
            Symbols = symbols,
            Remarks = [.. Remarks(files, symbols, instruments)],
        };
    }

    private static IEnumerable<string> Remarks(QuoteFile[] files, SymbolReport[] symbols, InstrumentTable instruments)
    {
        foreach ((string from, string to) in instruments.TreatAs) yield return $"assumption: {from} is taken for {to}";
        if (symbols.All(s => s.Venues.Count < 2)) yield return "no two venues share a symbol";
        if (files.All(f => !f.HasSizes)) yield return "sizes are not recorded: unit size is assumed";
        foreach (Instrument unknown in files.SelectMany(f => f.Instruments).Distinct().Where(i => i.Sizing.Unit == SizeUnit.Unknown))
            yield return $"{unknown}: the value of a contract is not known, so it is not sized";
    }

    private static List<string> FilesOf(IReadOnlyList<string> paths)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path)) files.AddRange(FilesIn(path));
            else if (File.Exists(path)) files.Add(path);
            else throw new FeedRefusedException($"path '{path}' does not exist");
        }
        List<string> distinct = [.. files.DistinctBy(Path.GetFullPath)];
        if (distinct.Count is 0 or > MaxFiles) throw new FeedRefusedException($"{distinct.Count} files are given; a feed has 1 to {MaxFiles}");
        return distinct;
    }

    private static string[] FilesIn(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder)
                .Where(f => f.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new FeedRefusedException($"folder '{folder}' has no .csv or .csv.gz file");
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static string Words(TimeSpan? period) => period is { } p ? $"sampled every {p.TotalSeconds} s" : "a stream of events";
}
