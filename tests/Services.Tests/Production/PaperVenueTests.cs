using QuadTurbo.Production.Execution;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Services.Tests.Production;

public class PaperVenueTests
{
    private static readonly DateTime T = Example.Noon;

    [Theory]
    [InlineData(FeedTiming.Sampled)]
    [InlineData(FeedTiming.Event)]
    public void Without_any_difference_the_venue_fills_as_the_shadow_does(FeedTiming timing) =>
        Assert.Equal(ShadowTrade(timing), PaperTrade(PaperVenueSettings.Exact, timing));

    [Fact]
    public void Impact_alone_moves_the_price_and_nothing_else()
    {
        (Trade shadow, Trade paper) = (ShadowTrade(), PaperTrade(PaperVenueSettings.Exact with { ImpactBps = 5 }));

        Assert.True(paper.Entry.Price > shadow.Entry.Price);
        Assert.True(paper.Exit.Price < shadow.Exit.Price);
        Assert.Equal(shadow, paper with { Entry = paper.Entry with { Price = shadow.Entry.Price }, Exit = paper.Exit with { Price = shadow.Exit.Price } });
    }

    [Fact]
    public void A_price_move_alone_moves_what_the_venue_quotes_and_not_what_we_see()
    {
        (Trade shadow, Trade paper) = (ShadowTrade(), PaperTrade(PaperVenueSettings.Exact with { PriceMoveBps = 5 }));

        Assert.NotEqual(shadow.Entry.Quoted, paper.Entry.Quoted);
        Assert.All([paper.Entry, paper.Exit], fill => Assert.Equal(fill.Quoted, fill.Price));
        Assert.Equal(shadow, paper with
        {
            Entry = paper.Entry with { Quoted = shadow.Entry.Quoted, Price = shadow.Entry.Price },
            Exit = paper.Exit with { Quoted = shadow.Exit.Quoted, Price = shadow.Exit.Price },
        });
    }

    [Fact]
    public void A_partial_fill_alone_changes_the_quantity()
    {
        (Trade shadow, Trade paper) = (ShadowTrade(), PaperTrade(PaperVenueSettings.Exact with { PartialFillProbability = 1, PartialFillLeast = 0.5 }));

        Assert.InRange(paper.Quantity, shadow.Quantity / 2, shadow.Quantity * 0.999m);
        Assert.Equal(shadow, paper with
        {
            Entry = paper.Entry with { Quantity = shadow.Quantity },
            Exit = paper.Exit with { Quantity = shadow.Quantity },
        });
    }

    [Fact]
    public void A_fee_alone_changes_the_rate()
    {
        (Trade shadow, Trade paper) = (ShadowTrade(), PaperTrade(PaperVenueSettings.Exact with { FeeBpsExtra = 2m }));

        Assert.Equal(0.0012m, paper.Entry.FeeRate);
        Assert.Equal(0.0012m, paper.Exit.FeeRate);
        Assert.Equal(shadow, paper with
        {
            Entry = paper.Entry with { FeeRate = shadow.Entry.FeeRate },
            Exit = paper.Exit with { FeeRate = shadow.Exit.FeeRate },
        });
    }

    [Fact]
    public void Latency_alone_changes_when_an_event_feed_fills_and_so_what_it_sees()
    {
        PaperVenueSettings slow = PaperVenueSettings.Exact with { LatencyMedian = TimeSpan.FromSeconds(2) };

        Trade paper = PaperTrade(slow, FeedTiming.Event);

        Assert.Equal(T.AddSeconds(2), paper.Entry.At);
        Assert.Equal(1003m, paper.Entry.Price);
        Assert.Equal(1000m, ShadowTrade(FeedTiming.Event).Entry.Price);
    }

    [Fact]
    public void Latency_within_a_period_changes_nothing_on_a_sampled_feed_and_beyond_it_waits_for_the_next_instant()
    {
        Trade within = PaperTrade(PaperVenueSettings.Exact with { LatencyMedian = TimeSpan.FromSeconds(59) });
        Trade beyond = PaperTrade(PaperVenueSettings.Exact with { LatencyMedian = TimeSpan.FromSeconds(60) });

        Assert.Equal(ShadowTrade(), within);
        Assert.Equal(T.AddMinutes(2), beyond.Entry.At);
    }

    [Fact]
    public void A_venue_that_rejects_leaves_nothing_open()
    {
        PaperVenue venue = Example.Venue(PaperVenueSettings.Exact with { RejectProbability = 1 });

        Assert.Equal(VenueAnswer.Rejected, venue.Send(Example.Gap(1, T).Passed()));
        Assert.Equal(0, venue.Working);
    }

    [Theory]
    [InlineData(2, VenueAnswer.Full)]
    [InlineData(3, VenueAnswer.Accepted)]
    public void A_venue_holds_as_many_orders_as_its_bound(int bound, VenueAnswer third)
    {
        PaperVenue venue = Example.Venue(PaperVenueSettings.Exact with { MaxOpenOrders = bound });
        venue.Send(Example.Gap(1, T).Passed());
        venue.Send(Example.Gap(2, T).Passed());

        Assert.Equal(third, venue.Send(Example.Gap(3, T).Passed()));
    }

    [Fact]
    public void Draws_depend_on_seed_and_opportunity_and_not_on_the_order_of_work()
    {
        Opportunity[] orders = [.. Enumerable.Range(0, 200).Select(n => Example.Gap(n, T))];
        Draw[] forward = Draws(orders, seed: 1);

        Assert.Equal(forward, Draws(orders.Reverse(), seed: 1).Reverse());
        Assert.Equal(200, forward.Distinct().Count());
        Assert.Empty(forward.Intersect(Draws(orders, seed: 2)));
    }

    [Fact]
    public void Switching_one_difference_off_leaves_the_other_draws_as_they_were()
    {
        PaperVenueSettings all = new() { PartialFillProbability = 0.5 };
        foreach (int n in Enumerable.Range(0, 100))
        {
            ExecutionTerms with = Example.Venue(all).DrawFor(Example.Gap(n, T)).Terms;
            ExecutionTerms without = Example.Venue(all with { ImpactBps = 0 }).DrawFor(Example.Gap(n, T)).Terms;
            Assert.Equal((with.Latency, with.SizeShare, with.PriceMoveBps), (without.Latency, without.SizeShare, without.PriceMoveBps));
            Assert.Equal(0, without.ImpactBps);
        }
    }

    // 4,000 draws: a share has a standard error below 0.008, the mean of |z| one of 0.0095, so each bound is more than three of them wide.
    [Fact]
    public void Draws_have_the_stated_distributions()
    {
        var settings = new PaperVenueSettings
        {
            LatencyMedian = TimeSpan.FromMilliseconds(250),
            LatencySigma = 0.5,
            ImpactBps = 1,
            PriceMoveBps = 1,
            PartialFillProbability = 0.2,
            RejectProbability = 0.1,
        };
        PaperVenue venue = Example.Venue(settings);
        Draw[] draws = [.. Enumerable.Range(0, 4000).Select(n => venue.DrawFor(Example.Gap(n, T, touch: null)))];

        Assert.Equal(0.5, draws.Count(d => d.Terms.Latency < settings.LatencyMedian) / 4000.0, 0.025);
        Assert.Equal(0.8413, draws.Count(d => d.Terms.Latency < settings.LatencyMedian * Math.Exp(0.5)) / 4000.0, 0.02);
        Assert.Equal(Math.Sqrt(2 / Math.PI), draws.Average(d => d.Terms.ImpactBps), 0.03);
        Assert.Equal(0, draws.Average(d => d.Terms.PriceMoveBps), 0.05);
        Assert.Equal(1, draws.Average(d => d.Terms.PriceMoveBps * d.Terms.PriceMoveBps), 0.08);
        Assert.Equal(0.2, draws.Count(d => d.Terms.SizeShare < 1) / 4000.0, 0.025);
        Assert.Equal(0.1, draws.Count(d => d.Rejected) / 4000.0, 0.025);
    }

    [Theory]
    [InlineData("0.1", 1.0)]
    [InlineData("0.2", 0.5)]
    [InlineData(null, 1.0)]
    public void Impact_is_in_proportion_to_the_share_of_the_touch_that_an_order_takes(string? touch, double share)
    {
        PaperVenue venue = Example.Venue(PaperVenueSettings.Exact with { ImpactBps = 4 });
        Opportunity whole = Example.Gap(1, T, quantity: 0.1m, touch: 0.1m);
        decimal? size = touch is null ? null : decimal.Parse(touch);
        Opportunity part = whole with { Buy = whole.Buy with { Size = size }, Sell = whole.Sell with { Size = 100m } };
        if (size is null) part = part with { Sell = part.Sell with { Size = null } };

        Assert.Equal(share * venue.DrawFor(whole).Terms.ImpactBps, venue.DrawFor(part).Terms.ImpactBps, 1e-12);
    }

    private static Draw[] Draws(IEnumerable<Opportunity> orders, long seed)
    {
        PaperVenue venue = Example.Venue(new PaperVenueSettings { Seed = seed });
        // The fee schedule is one object per venue and no draw.
        return [.. orders.Select(venue.DrawFor).Select(d => d with { Terms = d.Terms with { Fees = null! } })];
    }

    private static Trade ShadowTrade(FeedTiming timing = FeedTiming.Sampled)
    {
        var shadow = new MarketSimulator(TimeSpan.FromSeconds(5), 10);
        return Watch(shadow.Observe, decision => shadow.TryOpen(decision, new ExecutionTerms(TimeSpan.FromMilliseconds(250), new FeeSchedule())), timing);
    }

    private static Trade PaperTrade(PaperVenueSettings settings, FeedTiming timing = FeedTiming.Sampled)
    {
        PaperVenue venue = Example.Venue(settings);
        return Watch(venue.Observe, decision => venue.Send(decision) == VenueAnswer.Accepted, timing);
    }

    /// <summary>A order at T; A's ask rises by 3 a second (or a minute, when sampled) later, and stays.</summary>
    private static Trade Watch(Action<MarketObserved, List<SimulatedTrade>> observe, Func<Decision, bool> send, FeedTiming timing)
    {
        TimeSpan step = timing == FeedTiming.Sampled ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);
        List<SimulatedTrade> done = [];
        observe(Example.Market(0, T, timing: timing), done);
        Assert.True(send(Example.Gap(1, T, timing: timing).Passed()));
        for (int i = 1; i <= 3; i++) observe(Example.Market(i, T + i * step, askMoved: 3m, timing: timing), done);
        return Assert.Single(done).Trade!;
    }
}
