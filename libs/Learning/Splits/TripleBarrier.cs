namespace QuadTurbo.Learning.Splits;

/// <summary>Labels what became of an entry: a gain, a loss or a time limit, whichever its path meets first.</summary>
/// <remarks>
/// r(t) = 10⁴ side (P(t)/P₀ − 1) bps; gain when r ≥ take profit, loss when r ≤ −stop loss, limit t₀ + horizon (López de Prado 2018, 3.4).
/// </remarks>
public sealed class TripleBarrier
{
    private readonly double _takeProfit, _stopLoss;
    private readonly long _horizon;

    /// <summary>Barriers for entries.</summary>
    /// <param name="takeProfit">Bps, or multiples of the volatility given with each entry; above 0, gross of costs.</param>
    /// <param name="stopLoss">In the same unit, above 0.</param>
    /// <param name="horizon">Ticks, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A barrier or the horizon is not above 0, or not finite.</exception>
    public TripleBarrier(double takeProfit, double stopLoss, long horizon)
    {
        (_takeProfit, _stopLoss) = (Positive(takeProfit, nameof(takeProfit)), Positive(stopLoss, nameof(stopLoss)));
        if (horizon is < 1 or > LabelSpan.Limit) throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "1 to 2^62 ticks");
        _horizon = horizon;
    }

    /// <summary>The share of wins at which gains and losses cancel: S / (T + S).</summary>
    /// <param name="gain">T, net of costs, above 0.</param>
    /// <param name="loss">S, with costs, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount is not above 0, or not finite.</exception>
    public static double BreakEvenWinRate(double gain, double loss) =>
        Positive(loss, nameof(loss)) / (Positive(gain, nameof(gain)) + loss);

    /// <summary>The end of an entry whose path is known price by price; null while it is not known.</summary>
    /// <remarks>The return is that of the price which met the barrier or, at the limit, of the last price up to it.</remarks>
    /// <param name="time">t₀.</param>
    /// <param name="price">P₀, the executable price of entry.</param>
    /// <param name="side">+1 gains when prices rise, −1 when they fall.</param>
    /// <param name="times">Of the prices, after t₀ and never falling.</param>
    /// <param name="prices">One for each time.</param>
    /// <param name="volatility">Bps per unit of the barriers, as known at t₀; 1 when they are in bps.</param>
    /// <exception cref="ArgumentException">The lengths differ, times fall or do not start after t₀, or a price is not above 0 and finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The side is neither +1 nor −1, or price or volatility is not above 0.</exception>
    public BarrierLabel? Label(long time, double price, int side, ReadOnlySpan<long> times, ReadOnlySpan<double> prices, double volatility = 1)
    {
        (double gain, double loss) = Levels(price, side, volatility);
        CheckPath(time, times, prices);
        double last = 0;
        for (int i = 0; i < times.Length && times[i] <= time + _horizon; i++)
        {
            last = Bps(price, side, prices[i]);
            if (last >= gain) return new BarrierLabel(BarrierExit.TakeProfit, new LabelSpan(time, times[i]), last, Ambiguous: false);
            if (last <= -loss) return new BarrierLabel(BarrierExit.StopLoss, new LabelSpan(time, times[i]), last, Ambiguous: false);
        }
        return AtLimit(time, times, last);
    }

    /// <summary>The end of an entry whose path is known bar by bar; null while it is not known.</summary>
    /// <remarks>
    /// The return is that of the barrier itself or, at the limit, of the last close up to it. A bar that ends after the limit tells nothing:
    /// its extremes may have come too late. A bar that reached both barriers counts as a loss and is flagged.
    /// </remarks>
    /// <param name="time">t₀.</param>
    /// <param name="price">P₀, the executable price of entry.</param>
    /// <param name="side">+1 gains when prices rise, −1 when they fall.</param>
    /// <param name="times">When bars end, after t₀ and never falling; the first begins at t₀ or later.</param>
    /// <param name="lows">One for each bar.</param>
    /// <param name="highs">One for each bar.</param>
    /// <param name="closes">One for each bar, between low and high.</param>
    /// <param name="volatility">Bps per unit of the barriers, as known at t₀; 1 when they are in bps.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, times fall or do not start after t₀, a price is not above 0 and finite, or a close is outside its bar.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The side is neither +1 nor −1, or price or volatility is not above 0.</exception>
    public BarrierLabel? Label(
        long time, double price, int side, ReadOnlySpan<long> times, ReadOnlySpan<double> lows, ReadOnlySpan<double> highs,
        ReadOnlySpan<double> closes, double volatility = 1)
    {
        (double gain, double loss) = Levels(price, side, volatility);
        CheckPath(time, times, lows);
        CheckPath(time, times, highs);
        CheckPath(time, times, closes);
        for (int i = 0; i < times.Length; i++)
            if (!(lows[i] <= closes[i] && closes[i] <= highs[i]))
                throw new ArgumentException($"bar {i} closes at {closes[i]}, outside {lows[i]} to {highs[i]}");
        ReadOnlySpan<double> best = side > 0 ? highs : lows, worst = side > 0 ? lows : highs;
        double last = 0;
        for (int i = 0; i < times.Length && times[i] <= time + _horizon; i++)
        {
            bool gained = Bps(price, side, best[i]) >= gain;
            if (Bps(price, side, worst[i]) <= -loss) return new BarrierLabel(BarrierExit.StopLoss, new LabelSpan(time, times[i]), -loss, gained);
            if (gained) return new BarrierLabel(BarrierExit.TakeProfit, new LabelSpan(time, times[i]), gain, Ambiguous: false);
            last = Bps(price, side, closes[i]);
        }
        return AtLimit(time, times, last);
    }

    private BarrierLabel? AtLimit(long time, ReadOnlySpan<long> times, double last) =>
        !times.IsEmpty && times[^1] >= time + _horizon
            ? new BarrierLabel(BarrierExit.Timeout, new LabelSpan(time, time + _horizon), last, Ambiguous: false)
            : null;

    private (double Gain, double Loss) Levels(double price, int side, double volatility)
    {
        Positive(price, nameof(price));
        Positive(volatility, nameof(volatility));
        if (side is not (1 or -1)) throw new ArgumentOutOfRangeException(nameof(side), side, "+1 or -1");
        return (_takeProfit * volatility, _stopLoss * volatility);
    }

    private static double Bps(double entry, int side, double price) => 1e4 * side * (price / entry - 1);

    private void CheckPath(long time, ReadOnlySpan<long> times, ReadOnlySpan<double> prices)
    {
        if (time < -LabelSpan.Limit || time > LabelSpan.Limit - _horizon)
            throw new ArgumentException($"entry at {time} or its end is outside ± 2^62");
        if (times.Length != prices.Length) throw new ArgumentException($"{prices.Length} prices for {times.Length} times", nameof(prices));
        for (int i = 0; i < times.Length; i++)
        {
            if (i == 0 ? times[0] <= time : times[i] < times[i - 1])
                throw new ArgumentException($"time {i} is {times[i]}: the entry at {time} comes before all, and time goes on", nameof(times));
            if (!(prices[i] > 0 && double.IsFinite(prices[i]))) throw new ArgumentException($"price {i} is {prices[i]}: above 0", nameof(prices));
        }
    }

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "above 0");
}
