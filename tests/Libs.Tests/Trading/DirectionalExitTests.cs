using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;
using static QuadTurbo.Libs.Tests.Trading.Example;

namespace QuadTurbo.Libs.Tests.Trading;

/// <summary>A position that was entered at 100, with a target of 33 bps and a stop of 35 bps.</summary>
public class DirectionalExitTests
{
    private const int Minutes15 = 15 * 60;

    private readonly Example _market = new();
    private readonly MarketSimulator _simulator = new(TimeSpan.FromSeconds(5), capacity: 10);
    private readonly List<SimulatedTrade> _done = [];

    [Fact]
    public void The_seeds_winning_trade_is_a_win_of_13_bps_and_13_pence()
    {
        // SHDW-06: 2,045.50 to 2,052.30 in 480 s with 100 at 10 bps a side.
        Observe(0, Quote(_market.A, 2_045.30m, 2_045.50m));
        Open(_market.Direction(TradeSide.Long, quantity: 100m / 2_045.50m));
        Observe(1);
        Observe(479, Quote(_market.A, 2_052.20m, 2_052.30m));
        Assert.Empty(_done);
        Observe(480, Quote(_market.A, 2_052.30m, 2_052.50m));

        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal((2_045.50m, 2_052.30m), (trade.Entry.Price, trade.Exit.Price));
        Assert.Equal(100m, trade.Entry.Price * trade.Quantity, 20);
        Assert.Equal(0.10m, trade.Entry.Fee, 20);
        Assert.Equal(0.10m, Math.Round(trade.Exit.Fee, 2));
        Assert.Equal(33.2, Math.Round(trade.GrossBps, 1));
        Assert.Equal(13.2, Math.Round(trade.NetBps, 1));
        Assert.Equal(0.13m, Math.Round(trade.Net, 2));
        Assert.Equal((480.0, true, ExitReason.TakeProfit), (trade.Duration.TotalSeconds, trade.Won, trade.Reason));
    }

    [Theory]
    [InlineData(TradeSide.Long, "100.3299", null)]
    [InlineData(TradeSide.Long, "100.33", ExitReason.TakeProfit)]
    [InlineData(TradeSide.Long, "99.6501", null)]
    [InlineData(TradeSide.Long, "99.65", ExitReason.StopLoss)]
    [InlineData(TradeSide.Short, "99.6701", null)]
    [InlineData(TradeSide.Short, "99.67", ExitReason.TakeProfit)]
    [InlineData(TradeSide.Short, "100.3499", null)]
    [InlineData(TradeSide.Short, "100.35", ExitReason.StopLoss)]
    public void A_position_ends_when_the_price_it_would_close_at_reaches_a_barrier(TradeSide side, string price, ExitReason? reason)
    {
        Enter(side);
        decimal close = decimal.Parse(price);

        // The other side of the quote is far away: it closes a long at the bid, a short at the ask.
        Observe(2, side == TradeSide.Long ? Quote(_market.A, close, close + 5m) : Quote(_market.A, close - 5m, close));

        if (reason is null) Assert.Empty(_done);
        else Assert.Equal((reason, close, false), (Assert.Single(_done).Trade!.Reason, _done[0].Trade!.Exit.Price, _done[0].Trade!.Ambiguous));
    }

    [Theory]
    [InlineData(TradeSide.Long, -1, false)]
    [InlineData(TradeSide.Long, 0, true)]
    [InlineData(TradeSide.Short, -1, false)]
    [InlineData(TradeSide.Short, 0, true)]
    public void A_position_times_out_after_a_quarter_of_an_hour(TradeSide side, long ticks, bool ends)
    {
        Enter(side);

        _simulator.Observe(_market.Observed(At(Minutes15).AddTicks(ticks), Quote(_market.A, 100m, 100.01m)), _done);

        if (!ends) Assert.Empty(_done);
        else Assert.Equal((ExitReason.Timeout, side == TradeSide.Long ? 100m : 100.01m), (Assert.Single(_done).Trade!.Reason, _done[0].Trade!.Exit.Price));
    }

    [Fact]
    public void A_barrier_goes_before_the_time()
    {
        Enter(TradeSide.Long);
        Observe(Minutes15, Quote(_market.A, 100.4m, 100.5m));

        Assert.Equal(ExitReason.TakeProfit, Assert.Single(_done).Trade!.Reason);
    }

    [Theory]
    [InlineData(TradeSide.Long)]
    [InlineData(TradeSide.Short)]
    public void A_bar_that_reached_both_barriers_counts_as_stop_loss_and_says_so(TradeSide side)
    {
        Enter(side);
        ObserveBar(100m, 100.02m, new QuoteRange(BidHigh: 100.5m, BidLow: 99.5m, AskHigh: 100.5m, AskLow: 99.5m));

        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal((ExitReason.StopLoss, true, side == TradeSide.Long ? 99.65m : 100.35m), (trade.Reason, trade.Ambiguous, trade.Exit.Price));
    }

    [Theory]
    [InlineData(TradeSide.Long, "100.33", "99.66", ExitReason.TakeProfit, "100.33")]
    [InlineData(TradeSide.Long, "100.32", "99.65", ExitReason.StopLoss, "99.65")]
    [InlineData(TradeSide.Long, "100.32", "99.66", null, null)]
    [InlineData(TradeSide.Short, "100.34", "99.67", ExitReason.TakeProfit, "99.67")]
    [InlineData(TradeSide.Short, "100.35", "99.68", ExitReason.StopLoss, "100.35")]
    [InlineData(TradeSide.Short, "100.34", "99.68", null, null)]
    public void A_bar_that_reached_one_barrier_fills_there(TradeSide side, string high, string low, ExitReason? reason, string? price)
    {
        Enter(side);
        ObserveBar(100m, 100.02m, new QuoteRange(decimal.Parse(high), decimal.Parse(low), decimal.Parse(high), decimal.Parse(low)));

        if (reason is null) Assert.Empty(_done);
        else Assert.Equal((reason, decimal.Parse(price!), false), (Assert.Single(_done).Trade!.Reason, _done[0].Trade!.Exit.Price, _done[0].Trade!.Ambiguous));
    }

    [Theory]
    [InlineData(TradeSide.Long, 102, ExitReason.TakeProfit)]
    [InlineData(TradeSide.Long, 98, ExitReason.StopLoss)]
    [InlineData(TradeSide.Short, 98, ExitReason.TakeProfit)]
    [InlineData(TradeSide.Short, 102, ExitReason.StopLoss)]
    public void A_bar_that_lies_beyond_a_barrier_fills_at_its_close(TradeSide side, int price, ExitReason reason)
    {
        Enter(side);
        ObserveBar(price, price + 0.01m, new QuoteRange(price + 0.1m, price - 0.1m, price + 0.1m, price - 0.1m));

        Assert.Equal((reason, side == TradeSide.Long ? price : price + 0.01m), (Assert.Single(_done).Trade!.Reason, _done[0].Trade!.Exit.Price));
    }

    [Fact]
    public void A_crossed_quote_ends_nothing()
    {
        Enter(TradeSide.Long);
        Observe(2, Quote(_market.A, 101m, 101m));
        Observe(3, Quote(_market.B, 101m, 102m));

        Assert.Empty(_done);
        Assert.Equal(1, _simulator.Working);
    }

    [Fact]
    public void A_short_makes_money_when_the_price_falls()
    {
        Enter(TradeSide.Short);
        Observe(2, Quote(_market.A, 99m, 99.5m));

        // 100 − 99.5 − 0.1 − 0.0995.
        Trade trade = Assert.Single(_done).Trade!;
        Assert.Equal((0.5m, 0.3005m, true), (trade.Gross, trade.Net, trade.Won));
        Assert.Equal(50, trade.GrossBps, 9);
        Assert.Equal(30.05, trade.NetBps, 9);
    }

    private void Enter(TradeSide side)
    {
        Observe(0, side == TradeSide.Long ? Quote(_market.A, 99.99m, 100m) : Quote(_market.A, 100m, 100.01m));
        Open(_market.Direction(side));
        Observe(1);
        Assert.Equal(1, _simulator.Working);
    }

    private void Open(Decision decision) => Assert.True(_simulator.TryOpen(decision, new ExecutionTerms(TimeSpan.Zero, new FeeSchedule())));

    private void Observe(double at, params Quote[] quotes) => _simulator.Observe(_market.Observed(At(at), quotes), _done);

    private void ObserveBar(decimal bid, decimal ask, QuoteRange range) =>
        _simulator.Observe(_market.Observed(At(60), new Quote(_market.A, bid, ask, null, null, range)), _done);
}
