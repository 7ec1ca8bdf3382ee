using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>When the rows of a recording become known: by their time column, or as <c>--sample</c> says.</summary>
/// <remarks>
/// A <c>ts</c> cell is the start of a period of S seconds: known at ts + S. A <c>ts_us</c> cell is the time of an event: known at that time,
/// or, when it is sampled, at the end of the S-second period of the clock (UTC) that it falls in.
/// </remarks>
public readonly record struct Sampling
{
    /// <summary>The period of a <c>ts</c> column when nothing else is said.</summary>
    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(60);

    /// <summary>The longest period: one day.</summary>
    public static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(1);

    private readonly bool _said;

    private Sampling(TimeSpan? period)
    {
        _said = true;
        Period = period;
    }

    /// <summary><c>ts</c> rows are sampled every 60 s, <c>ts_us</c> rows are events.</summary>
    public static Sampling ByColumn => default;

    /// <summary>Every row is an event, known at its own time.</summary>
    public static Sampling None { get; } = new(null);

    private TimeSpan? Period { get; }

    /// <summary>Every row is sampled.</summary>
    /// <exception cref="FeedRefusedException">The period is not within 1 ms and <see cref="MaxPeriod"/>.</exception>
    public static Sampling Every(TimeSpan period) =>
        period >= TimeSpan.FromMilliseconds(1) && period <= MaxPeriod
            ? new Sampling(period)
            : throw new FeedRefusedException($"sample {period.TotalSeconds} s is not between 0.001 and {MaxPeriod.TotalSeconds} s");

    /// <summary>Reads <c>none</c> or a number of seconds.</summary>
    /// <exception cref="FeedRefusedException">It is neither, or out of range.</exception>
    public static Sampling Parse(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return None;
        if (double.TryParse(text, out double seconds) && seconds >= 0.001 && seconds <= MaxPeriod.TotalSeconds)
            return Every(TimeSpan.FromSeconds(seconds));
        throw new FeedRefusedException($"sample '{text}' is neither 'none' nor a number of seconds between 0.001 and {MaxPeriod.TotalSeconds}");
    }

    /// <summary>The period of a file; null when its rows are events.</summary>
    internal TimeSpan? PeriodOf(bool eventColumn)
    {
        if (_said) return Period;
        return eventColumn ? null : DefaultPeriod;
    }

    /// <summary>When a row of the given time is known; <paramref name="ticks"/> since 1970.</summary>
    internal static long KnownAt(long ticks, bool eventColumn, TimeSpan? period)
    {
        if (period is not { } p) return ticks;
        return eventColumn ? ticks - ticks % p.Ticks + p.Ticks : ticks + p.Ticks;
    }

    internal static FeedTiming Timing(TimeSpan? period) => period is null ? FeedTiming.Event : FeedTiming.Sampled;
}
