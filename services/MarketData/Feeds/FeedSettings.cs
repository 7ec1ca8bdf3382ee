using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.MarketData.Feeds.Recorded;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds;

/// <summary>Which market is shown.</summary>
[SettingsSection("feed")]
public sealed record FeedSettings
{
    /// <summary>Recorded files or folders; none for the synthetic market.</summary>
    [Description("Recorded files or folders (CSV or CSV.gz); empty for the synthetic market.")]
    public IList<string> Paths { get; init; } = [];

    /// <summary>Sampling override.</summary>
    [Description("Sampling of a recording: 'auto' (ts columns every 60 s, ts_us columns are events), 'none' (events), or a period in seconds.")]
    public string Sample { get; init; } = "auto";

    /// <summary>Quote currencies taken for another.</summary>
    [Description("Quote currencies taken for another, for example USDT: USD. An assumption, labelled wherever it is used.")]
    public IDictionary<string, string> TreatAs { get; init; } = new Dictionary<string, string>();

    /// <summary>Contract values.</summary>
    [Description("Value of one contract in quote currency by VENUE/SYMBOL; inverse perpetuals that are not named are not sized.")]
    [Range(0.000000001, 1000000000.0)]
    public IDictionary<string, decimal> Contracts { get; init; } = new Dictionary<string, decimal>(InstrumentTable.KnownContracts);

    /// <summary>Seed of the synthetic market.</summary>
    [Description("Seed of the synthetic market; --seed sets it and paper.seed, the seed of the paper venue's draws.")]
    public long Seed { get; init; } = 42;

    /// <summary>Synthetic symbols.</summary>
    [Description("Symbols of the synthetic market.")]
    [Range(1, 512)]
    public int Symbols { get; init; } = 4;

    /// <summary>Synthetic venues.</summary>
    [Description("Venues of the synthetic market.")]
    [Range(2, 8)]
    public int Venues { get; init; } = 3;

    /// <summary>Synthetic period.</summary>
    [Description("Time between two instants of the synthetic market.")]
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Instants after which the synthetic market ends.</summary>
    [Description("Instants after which the synthetic market ends; 0 for never.")]
    [Range(0.0, 1e12)]
    public long Instants { get; init; }

    /// <summary>No planted signal.</summary>
    [Description("Synthetic market without anything to learn: the gap at the fill is independent of everything known at the decision.")]
    public bool Noise { get; init; }

    /// <summary>The instruments of this market.</summary>
    public InstrumentTable CreateInstruments() => new(TreatAs.AsReadOnly(), Contracts.AsReadOnly());

    /// <summary>Opens the market; everything that would make it unusable is said now, before the first decision.</summary>
    /// <param name="instruments">Takes the instruments.</param>
    /// <param name="start">First instant of a synthetic market, UTC.</param>
    /// <exception cref="FeedRefusedException">It cannot be used; the message says why.</exception>
    public IMarketFeed Open(InstrumentTable instruments, DateTime start) =>
        Paths.Count > 0
            ? RecordedFeed.Open([.. Paths], instruments, SamplingOf(Sample))
            : new SyntheticFeed(
                new SyntheticFeedOptions
                {
                    Seed = Seed,
                    Symbols = Symbols,
                    Venues = Venues,
                    Period = Period,
                    Start = start,
                    Instants = Instants == 0 ? null : Instants,
                    Noise = Noise,
                },
                instruments);

    private static Sampling SamplingOf(string sample) => sample == "auto" ? Sampling.ByColumn : Sampling.Parse(sample);
}
