namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>What the synthetic world is like.</summary>
public sealed record SyntheticFeedOptions
{
    /// <summary>Seed of everything that happens; the same seed is the same market.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Symbols, 1 to 512. The world of a symbol does not depend on how many there are.</summary>
    public int Symbols { get; init; } = 4;

    /// <summary>Venues, 2 to 8; each quotes every symbol.</summary>
    public int Venues { get; init; } = 3;

    /// <summary>Time between two instants; longer than the latency of a fill, or the planted outcome is not the one that is filled.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Known-at of the first instant, UTC.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Instants after which it ends; null: never.</summary>
    public long? Instants { get; init; }

    /// <summary>
    /// The gap at the next instant is drawn independently of everything that is known at decision, with the same base rate everywhere;
    /// nothing else changes.
    /// </summary>
    public bool Noise { get; init; }

    /// <summary>Session of the feed; null: a name made from seed, size, period, start and noise.</summary>
    public string? Session { get; init; }

    /// <summary>These options, checked.</summary>
    /// <exception cref="FeedRefusedException">One is out of range; the message names it.</exception>
    internal SyntheticFeedOptions Checked()
    {
        if (Symbols is < 1 or > 512) throw new FeedRefusedException($"synthetic symbols {Symbols} is not between 1 and 512");
        if (Venues is < 2 or > 8) throw new FeedRefusedException($"synthetic venues {Venues} is not between 2 and 8");
        if (Period <= TimeSpan.Zero || Period > TimeSpan.FromDays(1))
            throw new FeedRefusedException($"synthetic period {Period} is not between 0 and 1 day");
        if (Start.Kind != DateTimeKind.Utc) throw new FeedRefusedException($"synthetic start {Start:O} is not UTC");
        if (Instants is < 1) throw new FeedRefusedException($"synthetic instants {Instants} is below 1");
        return this;
    }
}
