using QuadTurbo.Hosting.Platform;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.MarketData.Detection;

public class DetectorTests
{
    private static readonly DateTime Start = new(2025, 11, 20, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Two_runs_of_one_market_detect_the_same_opportunities_under_the_same_ids()
    {
        List<Opportunity> first = await DetectAsync("s", new DetectionSettings()), second = await DetectAsync("s", new DetectionSettings());

        Assert.True(first.Count > 100);
        Assert.Equal(first.Select(Described), second.Select(Described));
        Assert.Equal(first.Count, first.Select(o => o.Id).Distinct().Count());
        Assert.Empty(first.Select(o => o.Id).Intersect((await DetectAsync("another", new DetectionSettings())).Select(o => o.Id)));
    }

    [Fact]
    public async Task Either_search_can_be_switched_off()
    {
        List<Opportunity> all = await DetectAsync("s", new DetectionSettings());

        Assert.Equal(All(OpportunityKind.CrossVenue), (await DetectAsync("s", new DetectionSettings { Directional = false })).Select(Described));
        Assert.Equal(All(OpportunityKind.Directional), (await DetectAsync("s", new DetectionSettings { CrossVenue = false })).Select(Described));

        IEnumerable<string> All(OpportunityKind kind)
        {
            IEnumerable<Opportunity> some = all.Where(o => o.Kind == kind);
            Assert.NotEmpty(some);
            return some.Select(Described);
        }
    }

    private static string Described(Opportunity o) =>
        $"{o.Id} {o.Position} {o.Mode} {o.Side} {o.Buy} {o.Sell} {o.Quantity} {o.ExpectedProfit} {o.Confidence:R} {string.Join(' ', Market.Bits(o.Features))}";

    private static async Task<List<Opportunity>> DetectAsync(string session, DetectionSettings settings)
    {
        var feed = new SyntheticFeed(new SyntheticFeedOptions { Seed = 7, Symbols = 2, Venues = 3, Start = Start, Instants = 2_000 }, new InstrumentTable());
        var detector = new Detector(feed, new FeedSession(session), new CostSettings(), settings);
        var found = new List<Opportunity>();
        long position = 0;
        await foreach (FeedInstant instant in feed.ReadAsync(CancellationToken.None)) found.AddRange(detector.Detect(instant.Quotes, instant.KnownAt, position++));
        return found;
    }
}
