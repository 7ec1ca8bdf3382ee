using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;
using static QuadTurbo.Libs.Tests.Trading.Example;

namespace QuadTurbo.Libs.Tests.Trading;

public class MarketSimulatorTests
{
    private static readonly TimeSpan MaxQuoteAge = TimeSpan.FromSeconds(5);

    private readonly Example _market = new();
    private readonly MarketSimulator _simulator = new(MaxQuoteAge, capacity: 100);
    private readonly List<SimulatedTrade> _done = [];

    [Theory]
    [InlineData(0, 60)]
    [InlineData(59.999, 60)]
    [InlineData(60, 120)]
    [InlineData(119.9, 120)]
    public void A_sampled_gap_fills_at_the_first_instant_later_than_decision_and_latency(double latency, double filledAt)
    {
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Sampled), latency);

        foreach (double at in new[] { 0.0, 60, 120 })
            Observe(at, Quote(_market.A, 99m + (decimal)at, 100m + (decimal)at), Quote(_market.B, 101m + (decimal)at, 102m + (decimal)at));

        SimulatedTrade only = Assert.Single(_done);
        Assert.Equal((MissCode.None, At(filledAt)), (only.Missed, only.At));
        Assert.Equal((100m + (decimal)filledAt, 101m + (decimal)filledAt), (only.Trade!.Entry.Price, only.Trade.Exit.Price));
        Assert.Equal((ExitReason.Legs, At(filledAt)), (only.Trade.Reason, only.Trade.Exit.At));
    }

    [Fact]
    public void Any_row_of_the_symbol_brings_the_sampled_fill_and_a_row_of_another_does_not()
    {
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Sampled), latency: 0.25);
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));

        Observe(60, Quote(_market.Other, 99m, 100m));
        Assert.Empty(_done);
        Observe(120, Quote(_market.C, 99m, 100m));

        Assert.Equal((MissCode.NoQuote, At(120)), (Assert.Single(_done).Missed, _done[0].At));
    }

    [Theory]
    [InlineData(true, true, MissCode.None)]
    [InlineData(true, false, MissCode.NoQuote)]
    [InlineData(false, true, MissCode.NoQuote)]
    public void A_sampled_leg_without_a_good_quote_at_the_fill_is_missed(bool buyQuoted, bool sellQuoted, MissCode missed)
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Sampled), latency: 0.25);

        // Quoted or not there; and in the same place, quoted or crossed.
        Observe(60, [.. Present(_market.A, buyQuoted), .. Present(_market.B, sellQuoted)]);
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Sampled), latency: 60.25);
        Observe(120, Crossed(_market.A, !buyQuoted), Crossed(_market.B, !sellQuoted));

        Assert.Equal([missed, missed], _done.Select(d => d.Missed));

        static Quote[] Present(Instrument instrument, bool quoted) => quoted ? [Quote(instrument, 99m, 100m)] : [];
        static Quote Crossed(Instrument instrument, bool crossed) => crossed ? Quote(instrument, 100m, 100m) : Quote(instrument, 99m, 100m);
    }

    [Theory]
    [InlineData(0, 98)]
    [InlineData(1, 100)]
    public void An_event_leg_fills_on_the_last_quote_at_decision_and_latency(long ticksLate, int price)
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Event), latency: 0.25);

        _simulator.Observe(_market.Observed(At(0.25).AddTicks(ticksLate), Quote(_market.A, 97m, 98m)), _done);

        SimulatedTrade only = Assert.Single(_done);
        Assert.Equal((price, At(0.25)), ((int)only.Trade!.Entry.Price, only.Trade.Entry.At));
        Assert.Equal(101m, only.Trade.Exit.Price);
    }

    [Theory]
    [InlineData(0, MissCode.None)]
    [InlineData(1, MissCode.Stale)]
    public void An_event_leg_does_not_fill_on_a_quote_older_than_the_limit(long ticksOlder, MissCode missed)
    {
        _simulator.Observe(_market.Observed(At(0.25).AddTicks(-MaxQuoteAge.Ticks - ticksOlder), Quote(_market.A, 99m, 100m)), _done);
        Observe(0, Quote(_market.B, 101m, 102m));
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Event), latency: 0.25);
        Open(_market.Gap(_market.B, _market.A, FeedTiming.Event), latency: 0.25);

        Observe(1, Quote(_market.Other, 1m, 2m));

        Assert.Equal([missed, missed], _done.Select(d => d.Missed));
        Assert.Equal([At(0.25), At(0.25)], _done.Select(d => d.At));
    }

    [Fact]
    public void An_event_leg_on_a_book_that_is_unknown_is_no_quote()
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));
        Open(_market.Gap(_market.A, _market.C, FeedTiming.Event), latency: 0.25);
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Event), latency: 0.25);
        Observe(0.1, Quote(_market.B, 102m, 102m));
        Observe(1);

        Assert.Equal([MissCode.NoQuote, MissCode.NoQuote], _done.Select(d => d.Missed));
    }

    [Fact]
    public void Event_orders_fill_in_the_order_in_which_they_are_due()
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));
        Decision late = _market.Gap(_market.A, _market.B, FeedTiming.Event), first = _market.Gap(_market.A, _market.B, FeedTiming.Event), second = _market.Gap(_market.A, _market.B, FeedTiming.Event);
        Open(late, 0.3);
        Open(first, 0.25);
        Open(second, 0.25);

        Observe(1);

        Assert.Equal([first.Id, second.Id, late.Id], _done.Select(d => d.Decision.Id));
    }

    [Theory]
    [InlineData(1.0, 5.0, 5.0, 1.0, 1.0)]
    [InlineData(1.0, 0.4, 5.0, 1.0, 0.4)]
    [InlineData(1.0, 5.0, 0.3, 1.0, 0.3)]
    [InlineData(1.0, null, null, 1.0, 1.0)]
    [InlineData(1.0, 5.0, 5.0, 0.5, 0.5)]
    [InlineData(1.0, 0.4, 5.0, 0.5, 0.4)]
    public void A_fill_is_limited_by_the_touch_of_both_sides(double ordered, double? askSize, double? bidSize, double share, double filled)
    {
        Observe(0, Quote(_market.A, 99m, 100m, 9m, (decimal?)askSize), Quote(_market.B, 101m, 102m, (decimal?)bidSize, 9m));
        _simulator.TryOpen(_market.Gap(_market.A, _market.B, FeedTiming.Event, (decimal)ordered), new ExecutionTerms(TimeSpan.Zero, new FeeSchedule(), SizeShare: share));
        Observe(1);

        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal(((decimal)filled, (decimal)filled), (trade.Entry.Quantity, trade.Exit.Quantity));
    }

    [Fact]
    public void Each_leg_pays_the_fee_of_its_venue_on_its_own_notional()
    {
        var fees = new FeeSchedule(10m, [new("B", 5m)]);
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 102m, 103m));
        _simulator.TryOpen(_market.Gap(_market.A, _market.B, FeedTiming.Event, 2m), new ExecutionTerms(TimeSpan.Zero, fees));
        Observe(1);

        // 2 × 100 × 0.001, 2 × 102 × 0.0005, 2 × 2 − 0.2 − 0.102.
        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal((0.2m, 0.102m, 4m, 3.698m), (trade.Entry.Fee, trade.Exit.Fee, trade.Gross, trade.Net));
        Assert.True(trade.Won);
        Assert.Equal(184.9, trade.NetBps, 9);
    }

    [Fact]
    public void Price_moves_and_impact_are_against_the_order_on_both_legs()
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 102m, 103m));
        _simulator.TryOpen(_market.Gap(_market.A, _market.B, FeedTiming.Event), new ExecutionTerms(TimeSpan.Zero, new FeeSchedule(), ImpactBps: 10, PriceMoveBps: 20));
        Observe(1);

        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal((100m, 100.2m, 100.3002m), (trade.Entry.Observed, trade.Entry.Quoted, trade.Entry.Price));
        Assert.Equal((102m, 101.796m, 101.694204m), (trade.Exit.Observed, trade.Exit.Quoted, trade.Exit.Price));
    }

    [Fact]
    public void A_simulator_at_its_capacity_takes_no_more_until_something_ends()
    {
        var simulator = new MarketSimulator(MaxQuoteAge, capacity: 2);
        var terms = new ExecutionTerms(TimeSpan.FromSeconds(1), new FeeSchedule());
        Decision gap = _market.Gap(_market.A, _market.B, FeedTiming.Event);

        Assert.True(simulator.TryOpen(gap, terms));
        Assert.True(simulator.TryOpen(_market.Direction(TradeSide.Long), terms));
        Assert.False(simulator.TryOpen(gap, terms));
        Assert.Equal(2, simulator.Working);

        simulator.Observe(_market.Observed(At(0), Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m)), _done);
        simulator.Observe(_market.Observed(At(1)), _done);

        // The gap has ended, the direction has become a position.
        Assert.Equal(1, simulator.Working);
        Assert.True(simulator.TryOpen(gap, terms));
        Assert.False(simulator.TryOpen(gap, terms));
    }

    [Fact]
    public void At_the_end_of_a_feed_gaps_that_are_due_are_no_quote()
    {
        Observe(0, Quote(_market.A, 99m, 100m), Quote(_market.B, 101m, 102m));
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Event), latency: 0.25);
        Open(_market.Gap(_market.A, _market.B, FeedTiming.Sampled), latency: 0.25);
        Open(_market.Direction(TradeSide.Long), latency: 0.25);

        _simulator.Observe(_market.Observed(At(0)) with { End = FeedEnd.EndOfFeed }, _done);

        Assert.Equal(Enumerable.Repeat((MissCode.NoQuote, At(0)), 3), _done.Select(d => (d.Missed, d.At)));
        Assert.Equal(0, _simulator.Working);
    }

    [Theory]
    [InlineData(FeedEnd.EndOfFeed)]
    [InlineData(FeedEnd.Shutdown)]
    public void At_the_end_of_a_feed_open_directions_close_at_their_last_good_quote(FeedEnd end)
    {
        Observe(0, Quote(_market.A, 99.99m, 100m));
        Open(_market.Direction(TradeSide.Long), latency: 0);
        Open(_market.Direction(TradeSide.Short), latency: 0);
        Observe(1);
        Observe(2, Quote(_market.A, 100.1m, 100.12m));
        Observe(3, Quote(_market.A, 100.2m, 100.2m));

        _simulator.Observe(_market.Observed(At(4)) with { End = end }, _done);

        Assert.Equal([100.1m, 100.12m], _done.Select(d => d.Trade!.Exit.Price));
        Assert.All(_done, d => Assert.Equal((ExitReason.Timeout, end, At(4)), (d.Trade!.Reason, d.Trade.ClosedBy, d.At)));
        Assert.Equal(0, _simulator.Working);
    }

    private void Open(Decision decision, double latency) =>
        Assert.True(_simulator.TryOpen(decision, new ExecutionTerms(TimeSpan.FromSeconds(latency), new FeeSchedule())));

    private void Observe(double at, params Quote[] quotes) => _simulator.Observe(_market.Observed(At(at), quotes), _done);
}
