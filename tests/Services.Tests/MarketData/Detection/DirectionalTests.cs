using QuadTurbo.MarketData.Detection;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using static QuadTurbo.Services.Tests.MarketData.Detection.Market;

namespace QuadTurbo.Services.Tests.MarketData.Detection;

public class DirectionalTests
{
    // To and fro for 20 observations, up for 20, to and fro again, down for 20.
    private static readonly int[] UpAndDown = [.. Path(20, i => i % 2 == 0 ? 1 : -1), .. Path(20, _ => 1), .. Path(20, i => i % 2 == 0 ? 1 : -1), .. Path(20, _ => -1)];

    [Fact]
    public void A_direction_is_signalled_only_when_efficiency_crosses_a_threshold_upwards()
    {
        double[] mids = Mids(UpAndDown), efficiency = Efficiency(mids);
        string[] expected = [.. Enumerable.Range(1, mids.Length - 1)
            .Where(i => Crosses(i, 0.5) || Crosses(i, 0.7))
            .Select(i => $"{i} {(Crosses(i, 0.7) ? "Runner" : "Scalp")} {(i < 45 ? "Long" : "Short")}")];
        Assert.Equal(4, expected.Length);

        Assert.Equal(expected, Signals(mids, new DetectionSettings()).Select(s => $"{s.At} {s.Signal.Mode} {s.Signal.Side}"));

        bool Crosses(int i, double threshold) => efficiency[i - 1] <= threshold && efficiency[i] > threshold;
    }

    [Fact]
    public void An_efficiency_at_the_threshold_is_no_crossing_and_the_next_one_above_it_is()
    {
        double[] mids = Mids(UpAndDown), efficiency = Efficiency(mids);
        int crossing = Enumerable.Range(1, mids.Length).First(i => efficiency[i - 1] <= 0.5 && efficiency[i] > 0.5);

        int at = First(efficiency[crossing]), below = First(Math.BitDecrement(efficiency[crossing]));

        Assert.Equal(crossing, below);
        Assert.True(at > crossing);

        int First(double threshold) => Signals(mids, new DetectionSettings { ScalpEfficiency = threshold, RunnerEfficiency = 1.0 })[0].At;
    }

    [Fact]
    public void A_leap_over_both_thresholds_is_a_runner_alone()
    {
        double[] mids = Mids([.. Path(20, i => i % 2 == 0 ? 1 : -1), -40]);

        (int at, Opportunity signal) = Assert.Single(Signals(mids, new DetectionSettings()));

        Assert.Equal((21, TradeMode.Runner, TradeSide.Short), (at, signal.Mode, signal.Side));
    }

    [Fact]
    public void The_first_known_efficiency_is_no_crossing() => Assert.Empty(Signals(Mids([.. Path(30, _ => 1)]), new DetectionSettings()));

    [Theory]
    [InlineData(TradeMode.Scalp, 33, 35)]
    [InlineData(TradeMode.Runner, 99, 50)]
    public void A_signal_carries_side_price_confidence_and_the_barriers_of_its_mode(TradeMode mode, double takeProfit, double stopLoss)
    {
        double[] mids = Mids(UpAndDown), efficiency = Efficiency(mids);
        foreach ((int at, Opportunity signal) in Signals(mids, new DetectionSettings()).Where(s => s.Signal.Mode == mode))
        {
            double confidence = (1 + efficiency[at]) / 2, expected = confidence * takeProfit - (1 - confidence) * stopLoss;
            decimal bid = (decimal)mids[at] - 0.5m, ask = bid + 1m, entry = signal.Side == TradeSide.Long ? ask : bid;

            Assert.Equal(confidence, signal.Confidence, 12);
            Assert.Equal(new Barriers(takeProfit, stopLoss, TimeSpan.FromMinutes(15)), signal.Barriers);
            Assert.Equal((ask, bid), (signal.Buy.Price, signal.Sell.Price));
            Assert.Equal(100m / entry, signal.Quantity);
            Assert.Equal((OpportunityKind.Directional, 1), (signal.Kind, signal.Hops));
            Assert.Equal(expected, signal.GrossEdgeBps, 9);
            Assert.Equal(20, signal.FeeBps, 9);
            Assert.Equal(expected > 20, signal.NetPositive);
            Assert.Equal((expected - 20) / 1e4 * 100, (double)signal.ExpectedProfit, 9);
            Assert.Equal(1f, signal.Features[FeatureSchema.IndexOf("directional")]);
        }
    }

    [Fact]
    public void A_crossed_quote_signals_nothing()
    {
        var market = new Market(FeedTiming.Sampled);
        double[] mids = Mids([.. Path(20, i => i % 2 == 0 ? 1 : -1)]);
        for (int i = 0; i < mids.Length; i++) market.Directions(At(60 * i), Around(market.A, mids[i]));

        Assert.Empty(market.Directions(At(60 * mids.Length), Quote(market.A, 2_000m, 2_000m)));
    }

    private static IEnumerable<int> Path(int count, Func<int, int> move) => Enumerable.Range(0, count).Select(move);

    private static double[] Mids(int[] moves)
    {
        double mid = 1_000;
        return [mid, .. moves.Select(move => mid += move)];
    }

    /// <summary>Net move over path of the last 15 moves, from the whole history.</summary>
    private static double[] Efficiency(double[] mids) => [.. mids.Select((mid, i) =>
        i < 15 ? double.NaN : Math.Abs(mid - mids[i - 15]) / Enumerable.Range(i - 14, 15).Sum(j => Math.Abs(mids[j] - mids[j - 1])))];

    private static Quote Around(Instrument instrument, double mid) => Quote(instrument, (decimal)mid - 0.5m, (decimal)mid + 0.5m);

    private static List<(int At, Opportunity Signal)> Signals(double[] mids, DetectionSettings settings)
    {
        var market = new Market(FeedTiming.Sampled, settings: settings);
        var signals = new List<(int, Opportunity)>();
        for (int i = 0; i < mids.Length; i++)
            foreach (Opportunity signal in market.Directions(At(60 * i), Around(market.A, mids[i]))) signals.Add((i, signal));
        return signals;
    }
}
