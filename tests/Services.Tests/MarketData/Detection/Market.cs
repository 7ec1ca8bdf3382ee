using QuadTurbo.MarketData.Detection;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Services.Tests.MarketData.Detection;

/// <summary>Venues A, B and C that quote X-USD, seen instant by instant from noon; 10 bps a side, orders of 100.</summary>
internal sealed class Market
{
    public static readonly DateTime Noon = new(2025, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    public static readonly TimeSpan MaxQuoteAge = TimeSpan.FromSeconds(5);

    private readonly CrossVenue _crossVenue;
    private readonly Directional _directional;
    private readonly List<Opportunity> _found = [];
    private long _position;

    public Market(FeedTiming timing, IReadOnlyDictionary<string, string>? treatAs = null, DetectionSettings? settings = null)
    {
        Instruments = new InstrumentTable(treatAs);
        (A, B, C) = (Instruments.Get("A", "X-USD"), Instruments.Get("B", "X-USD"), Instruments.Get("C", "X-USD"));
        View = new MarketView("feed", "session", new FeeSchedule(), 100m);
        _crossVenue = new CrossVenue(View, timing, MaxQuoteAge);
        _directional = new Directional(View, timing, settings ?? new DetectionSettings());
    }

    public InstrumentTable Instruments { get; }

    public Instrument A { get; }

    public Instrument B { get; }

    public Instrument C { get; }

    public MarketView View { get; }

    public IReadOnlyList<SymbolReport> Symbols => [.. _crossVenue.Symbols];

    public static DateTime At(double seconds) => Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static Quote Quote(Instrument instrument, decimal bid, decimal ask, decimal? bidSize = null, decimal? askSize = null) =>
        new(instrument, bid, ask, bidSize, askSize);

    /// <summary>The gaps of one instant.</summary>
    public Opportunity[] Gaps(DateTime at, params Quote[] quotes) => Detect(at, quotes, _crossVenue.Detect);

    /// <summary>The directions of one instant.</summary>
    public Opportunity[] Directions(DateTime at, params Quote[] quotes) => Detect(at, quotes, _directional.Detect);

    public static float[] Bits(in FeatureVector features) => [.. (ReadOnlySpan<float>)features];

    private Opportunity[] Detect(DateTime at, Quote[] quotes, Search search)
    {
        View.Apply(quotes, at, _position++);
        _found.Clear();
        search(quotes, _found);
        return [.. _found];
    }

    private delegate void Search(ReadOnlySpan<Quote> quotes, List<Opportunity> found);
}
