namespace QuadTurbo.Trading.Markets;

/// <summary>What a feed was and what became of its rows: the message <c>feed.reported</c>, sent at its start and at its end.</summary>
public sealed record FeedReport
{
    /// <summary>Name of the feed: a path, or <c>synthetic</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>Session: constant for a recording, new for each live run.</summary>
    public required string Session { get; init; }

    /// <summary>True for a made-up market: labelled wherever its numbers are shown.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Files that were read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Files without quote columns, with the reason.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Rows read.</summary>
    public long Rows { get; init; }

    /// <summary>Good quotes.</summary>
    public long Quotes { get; init; }

    /// <summary>Trade rows.</summary>
    public long Trades { get; init; }

    /// <summary>Sampling period in seconds; null for an event feed.</summary>
    public double? SampleSeconds { get; init; }

    /// <summary>Quotes with bid ≥ ask.</summary>
    public long Crossed { get; init; }

    /// <summary>Rows that arrived after their instant had passed.</summary>
    public long Stale { get; init; }

    /// <summary>Rows that could not be read.</summary>
    public long Malformed { get; init; }

    /// <summary>The first malformed rows, each as file:line and reason; at most 20.</summary>
    public IReadOnlyList<string> MalformedRows { get; init; } = [];

    /// <summary>Quote currencies taken for another: an assumption.</summary>
    public IReadOnlyDictionary<string, string> TreatAs { get; init; } = new Dictionary<string, string>();

    /// <summary>Opportunities detected so far.</summary>
    public long Detected { get; init; }

    /// <summary>Per symbol: how often two venues were comparable.</summary>
    public IReadOnlyList<SymbolReport> Symbols { get; init; } = [];

    /// <summary>What a reader should know, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>First and last known-at; null before the first row.</summary>
    public DateTime? From { get; init; }

    /// <summary>See <see cref="From"/>.</summary>
    public DateTime? To { get; init; }

    /// <summary>True once the feed has ended.</summary>
    public bool Ended { get; init; }
}

/// <summary>What a feed showed of one symbol.</summary>
/// <param name="Symbol">The symbol, after <c>--treat-as</c>.</param>
/// <param name="Venues">The venues that quote it.</param>
/// <param name="Aligned">Instants at which two venues both had a good quote usable for detection.</param>
public sealed record SymbolReport(string Symbol, IReadOnlyList<string> Venues, long Aligned);
