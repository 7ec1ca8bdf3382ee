using QuadTurbo.Hosting.Platform;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.MarketData.Detection;

/// <summary>Everything that is looked for, instant by instant. Single writer.</summary>
public sealed class Detector
{
    private readonly DetectionSettings _settings;
    private readonly MarketView _view;
    private readonly CrossVenue _crossVenue;
    private readonly Directional _directional;
    private readonly List<Opportunity> _found = [];

    /// <summary>A detector for one session of <paramref name="feed"/>.</summary>
    public Detector(IMarketFeed feed, FeedSession session, CostSettings costs, DetectionSettings settings)
    {
        _settings = settings;
        _view = new MarketView(feed.Report.Synthetic ? "synthetic" : "recorded", session.Name, costs.Fees, costs.Notional);
        _crossVenue = new CrossVenue(_view, feed.Timing, costs.MaxQuoteAge);
        _directional = new Directional(_view, feed.Timing, settings);
    }

    /// <summary>Per symbol: the venues seen, and how often two of them were comparable.</summary>
    public IReadOnlyList<SymbolReport> Symbols => [.. _crossVenue.Symbols];

    /// <summary>What the quotes of one instant show, gaps first, in feed order.</summary>
    public Opportunity[] Detect(ReadOnlySpan<Quote> quotes, DateTime knownAt, long position)
    {
        _view.Apply(quotes, knownAt, position);
        _found.Clear();
        if (_settings.CrossVenue) _crossVenue.Detect(quotes, _found);
        if (_settings.Directional) _directional.Detect(quotes, _found);
        return _found.Count == 0 ? [] : [.. _found];
    }
}
