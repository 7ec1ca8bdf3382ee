using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Splits;

namespace QuadTurbo.Libs.Tests.Learning.Splits;

public sealed class TripleBarrierTests
{
    private static readonly TripleBarrier Seed = new(takeProfit: 33, stopLoss: 35, horizon: 10);
    private static readonly long[] Times = [1, 5, 10, 12];

    [Theory]
    [InlineData(+1, new[] { 100.2, 100.4, 99, 100 }, BarrierExit.TakeProfit, 5, 40)]
    [InlineData(-1, new[] { 100.2, 100.4, 99, 100 }, BarrierExit.StopLoss, 5, -40)]
    [InlineData(+1, new[] { 99.8, 99.9, 99.6, 101 }, BarrierExit.StopLoss, 10, -40)]
    [InlineData(+1, new[] { 100.1, 100.2, 100.3, 101 }, BarrierExit.Timeout, 10, 30)]
    [InlineData(-1, new[] { 100.1, 100.2, 100.3, 101 }, BarrierExit.Timeout, 10, -30)]
    public void A_path_ends_at_the_barrier_it_meets_first(int side, double[] prices, BarrierExit exit, long end, double bps)
    {
        BarrierLabel label = Seed.Label(0, 100, side, Times, prices)!.Value;

        Assert.Equal((exit, new LabelSpan(0, end), false), (label.Exit, label.Span, label.Ambiguous));
        Assert.Equal(bps, label.ReturnBps, 9);
    }

    [Fact]
    public void A_path_that_has_not_reached_the_limit_or_a_barrier_has_no_label_yet()
    {
        Assert.Null(Seed.Label(0, 100, 1, [1, 9], [100.1, 100.2]));
        Assert.Null(Seed.Label(0, 100, 1, [], []));
        Assert.Equal(BarrierExit.Timeout, Seed.Label(0, 100, 1, [1, 11], [100.1, 200])!.Value.Exit);
        Assert.Equal(0, Seed.Label(0, 100, 1, [11], [200])!.Value.ReturnBps);
    }

    [Fact]
    public void A_bar_that_reached_both_barriers_counts_as_a_loss_and_says_so()
    {
        BarrierLabel both = Seed.Label(0, 100, 1, [1], [99.5], [100.5], [100.4])!.Value;
        BarrierLabel loss = Seed.Label(0, 100, 1, [1], [99.5], [100.2], [100])!.Value;
        BarrierLabel gain = Seed.Label(0, 100, -1, [1], [99.5], [100.2], [100])!.Value;

        Assert.Equal(new BarrierLabel(BarrierExit.StopLoss, new LabelSpan(0, 1), -35, true), both);
        Assert.Equal(new BarrierLabel(BarrierExit.StopLoss, new LabelSpan(0, 1), -35, false), loss);
        Assert.Equal(new BarrierLabel(BarrierExit.TakeProfit, new LabelSpan(0, 1), 33, false), gain);
    }

    [Fact]
    public void A_bar_that_ends_after_the_limit_tells_nothing()
    {
        BarrierLabel label = Seed.Label(0, 100, 1, [5, 15], [99.9, 90], [100.1, 110], [100.05, 100])!.Value;

        Assert.Equal((BarrierExit.Timeout, new LabelSpan(0, 10)), (label.Exit, label.Span));
        Assert.Equal(5, label.ReturnBps, 9);
    }

    [Theory]
    [InlineData(10, BarrierExit.TakeProfit)]
    [InlineData(11, BarrierExit.Timeout)]
    public void Barriers_widen_with_the_volatility_known_at_entry(double volatility, BarrierExit exit)
    {
        // Three times the volatility: 30 or 33 bps, and the path gains 31.
        var scaled = new TripleBarrier(3, 3, 10);

        Assert.Equal(exit, scaled.Label(0, 100, 1, Times, [100.31, 100, 100, 100], volatility)!.Value.Exit);
    }

    [Fact]
    public void Bars_of_one_price_end_as_their_prices_do_and_as_the_definition_says()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int Wait, int Step)[]>(), ArbMap.Default.ArbFor<bool>(), (drawn, up) =>
        {
            var times = new long[drawn.Length];
            var prices = new double[drawn.Length];
            long time = 100;
            double price = 100;
            for (int i = 0; i < drawn.Length; i++)
            {
                times[i] = time += 1 + Math.Abs(drawn[i].Wait % 3);
                prices[i] = price += drawn[i].Step % 4 * 0.1;
            }
            int side = up ? 1 : -1;
            BarrierLabel? ticks = Seed.Label(100, 100, side, times, prices), bars = Seed.Label(100, 100, side, times, prices, prices, prices);
            Assert.Equal((ticks?.Exit, ticks?.Span), (bars?.Exit, bars?.Span));
            double[] r = [.. prices.Select(p => 1e4 * side * (p / 100 - 1))];
            long First(Func<double, bool> met) =>
                Enumerable.Range(0, r.Length).Where(i => met(r[i])).Select(i => times[i]).FirstOrDefault(long.MaxValue);
            long gain = First(x => x >= 33), loss = First(x => x <= -35), end = Math.Min(110, Math.Min(gain, loss));
            BarrierExit exit = gain == end ? BarrierExit.TakeProfit : loss == end ? BarrierExit.StopLoss : BarrierExit.Timeout;
            if (ticks is { } label) Assert.Equal((end, exit), (label.Span.End, label.Exit));
            else Assert.True(gain == long.MaxValue && loss == long.MaxValue && (times.Length == 0 || times[^1] < 110));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Wins_must_be_as_frequent_as_losses_are_large()
    {
        Assert.Equal(35 / 68.0, TripleBarrier.BreakEvenWinRate(33, 35), 15);
        // 20 bps of fees on 33 gross gained and 35 gross lost.
        Assert.Equal(0.8088235294117647, TripleBarrier.BreakEvenWinRate(13, 55), 15);
        Assert.Throws<ArgumentOutOfRangeException>(() => TripleBarrier.BreakEvenWinRate(0, 35));
    }

    [Fact]
    public void A_path_that_cannot_be_is_refused()
    {
        Refused("horizon", () => _ = new TripleBarrier(1, 1, 0));
        Refused("takeProfit", () => _ = new TripleBarrier(double.NaN, 1, 1));
        Refused("side", () => Seed.Label(0, 100, 0, [1], [100]));
        Refused("price", () => Seed.Label(0, double.PositiveInfinity, 1, [1], [100]));
        Refused("volatility", () => Seed.Label(0, 100, 1, [1], [100], volatility: 0));
        Refused("time 0 is 0", () => Seed.Label(0, 100, 1, [0], [100]));
        Refused("time 1 is 3", () => Seed.Label(0, 100, 1, [4, 3], [100, 100]));
        Refused("price 1 is NaN", () => Seed.Label(0, 100, 1, [4, 5], [100, double.NaN]));
        Refused("1 prices for 2 times", () => Seed.Label(0, 100, 1, [4, 5], [100]));
        Refused("bar 0 closes at 102", () => Seed.Label(0, 100, 1, [4], [99], [101], [102]));
        Refused("outside", () => Seed.Label(LabelSpan.Limit, 100, 1, [], []));
    }

    private static void Refused(string words, Action action) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
