using System.Security.Cryptography;
using System.Text;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>A made-up market with a planted mispricing, labelled as such: the synthetic world.</summary>
/// <remarks>
/// Sampled. At nearly every instant each symbol has one pair of venues with bid / ask &gt; 1, and whether that trade still pays after fees
/// (10 bps per side) at the next instant depends on what is quoted now, by the formula in <see cref="SyntheticSymbol"/>.
/// Now and then a quote is crossed (1 in 1,000) or a venue is silent for 10 to 40 instants; both are independent of the planted outcome.
/// </remarks>
public sealed class SyntheticFeed : IMarketFeed
{
    /// <summary>Opportunities over which <see cref="Skill"/> is measured.</summary>
    public const int SkillOpportunities = 50_000;

    private static readonly string[] VenueNames = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL"];

    private static readonly (string Name, double Price)[] Known =
        [("BTC", 60_000), ("ETH", 3_000), ("SOL", 150), ("AVAX", 35), ("LINK", 14), ("LTC", 80), ("XRP", 0.6), ("ADA", 0.45)];

    private readonly SyntheticFeedOptions _options;
    private readonly InstrumentTable _instruments;
    private readonly Action<PlantedTruth>? _truth;
    private readonly Lazy<PlantedSkill> _skill;
    private readonly Lazy<FeedReport> _opened;
    private long _quotes, _crossed, _instants;
    private bool _ended;

    /// <summary>A world that has not begun.</summary>
    /// <param name="options">What it is like.</param>
    /// <param name="instruments">Where its instruments are interned.</param>
    /// <param name="truth">Hears the truth about each opportunity before the instant that shows it is handed out; for diagnostics and tests.</param>
    /// <exception cref="FeedRefusedException">An option is out of range.</exception>
    public SyntheticFeed(SyntheticFeedOptions options, InstrumentTable instruments, Action<PlantedTruth>? truth = null)
    {
        (_options, _instruments, _truth) = (options.Checked(), instruments, truth);
        _skill = new Lazy<PlantedSkill>(() => Measure(_options, SkillOpportunities));
        _opened = new Lazy<FeedReport>(ReportOf);
    }

    /// <inheritdoc/>
    public FeedTiming Timing => FeedTiming.Sampled;

    /// <summary>How well the planted outcome can be told at best, over the first <see cref="SkillOpportunities"/> of this world.</summary>
    public PlantedSkill Skill => _skill.Value;

    /// <inheritdoc/>
    public FeedReport Report
    {
        get
        {
            (long quotes, long crossed, long instants) = (Volatile.Read(ref _quotes), Volatile.Read(ref _crossed), Volatile.Read(ref _instants));
            return _opened.Value with
            {
                Rows = quotes + crossed,
                Quotes = quotes,
                Crossed = crossed,
                From = instants == 0 ? null : _options.Start,
                To = instants == 0 ? null : KnownAt(instants - 1),
                Ended = Volatile.Read(ref _ended),
            };
        }
    }

    /// <summary>The skill of a world over its first <paramref name="opportunities"/>, however many instants that takes.</summary>
    public static PlantedSkill Measure(SyntheticFeedOptions options, int opportunities)
    {
        var truths = new List<PlantedTruth>(opportunities);
        var world = new SyntheticFeed(options with { Instants = null }, new InstrumentTable(), t =>
        {
            if (truths.Count < opportunities) truths.Add(t);
        });
        foreach (FeedInstant _ in world.Read(CancellationToken.None))
            if (truths.Count == opportunities) break;
        return PlantedSkill.Of(truths);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FeedInstant> ReadAsync(CancellationToken stop) => Read(stop).ToAsyncEnumerable();

    /// <summary>The instants of <see cref="ReadAsync"/>, without waiting: as fast as they are taken. Starts anew each time.</summary>
    public IEnumerable<FeedInstant> Read(CancellationToken stop)
    {
        SyntheticSymbol[] symbols = [.. Enumerable.Range(0, _options.Symbols).Select(Symbol)];
        var outages = new SyntheticOutages(_options);
        (_quotes, _crossed, _instants, _ended) = (0, 0, 0, false);
        for (long i = 0; i < (_options.Instants ?? long.MaxValue) && !stop.IsCancellationRequested; i++)
        {
            Quote[] quotes = Step(i, symbols, outages);
            yield return new FeedInstant(KnownAt(i), quotes);
        }
        Volatile.Write(ref _ended, true);
    }

    private Quote[] Step(long instant, SyntheticSymbol[] symbols, SyntheticOutages outages)
    {
        int up = outages.Step();
        var quotes = new Quote[symbols.Length * up];
        for (int i = 0; i < symbols.Length; i++)
        {
            if (symbols[i].Step(outages.Up, quotes.AsSpan(i * up, up)) is { } t && _truth is not null)
                _truth(new PlantedTruth(instant, KnownAt(instant), symbols[i].Name, t.Buy, t.Sell, t.Additive, t.Logit, t.Probability, t.Wins));
        }
        int crossed = 0;
        foreach (ref readonly Quote quote in quotes.AsSpan())
            if (quote.Crossed) crossed++;
        Volatile.Write(ref _crossed, _crossed + crossed);
        Volatile.Write(ref _quotes, _quotes + quotes.Length - crossed);
        Volatile.Write(ref _instants, instant + 1);
        return quotes;
    }

    private DateTime KnownAt(long instant) => _options.Start + instant * _options.Period;

    private SyntheticSymbol Symbol(int index)
    {
        double price = index < Known.Length ? Known[index].Price : 10 + 7 * (index % 13);
        Instrument[] instruments = [.. VenueNames.Take(_options.Venues).Select(venue => _instruments.Get(venue, NameOf(index)))];
        return new SyntheticSymbol(instruments, price, _options);
    }

    private string MarketOf(int index) => _instruments.Get(VenueNames[0], NameOf(index)).Market;

    private static string NameOf(int index) => index < Known.Length ? $"{Known[index].Name}-USD" : $"S{index:D3}-USD";

    private FeedReport ReportOf()
    {
        string[] venues = VenueNames[.._options.Venues];
        return new FeedReport
        {
            Feed = "synthetic",
            Session = _options.Session ?? SessionOf(_options),
            Synthetic = true,
            SampleSeconds = _options.Period.TotalSeconds,
            TreatAs = _instruments.TreatAs,
            Symbols = [.. Enumerable.Range(0, _options.Symbols).Select(i => new SymbolReport(MarketOf(i), venues, 0))],
            Remarks = [$"synthetic: a made-up market, seed {_options.Seed}", PlantedWords()],
        };
    }

    private string PlantedWords() => _options.Noise
        ? "noise: the gap at fill is drawn independently of everything known at decision; nothing can be learned"
        : $"planted: Bayes AUC {Skill.Bayes:F3}, {Skill.Additive:F3} without the interaction, over its first {Skill.Opportunities} opportunities";

    private static string SessionOf(SyntheticFeedOptions o)
    {
        string text = $"synthetic|{o.Seed}|{o.Symbols}|{o.Venues}|{o.Period.Ticks}|{o.Start.Ticks}|{o.Noise}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
