using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Trading.Simulation;

/// <summary>A decision on its way to the venue.</summary>
internal sealed record Order(Decision Decision, ExecutionTerms Terms, DateTime Due)
{
    public Opportunity Opportunity => Decision.Opportunity;

    public decimal Quantity => Terms.SizeShare == 1 ? Opportunity.Quantity : Opportunity.Quantity * (decimal)Terms.SizeShare;
}

/// <summary>An open directional trade.</summary>
internal sealed class Position(Order order, Fill entry, MarketContext context, Quote quote)
{
    private readonly DateTime _closesAt = entry.At + BarriersOf(order).Timeout;
    private readonly decimal _target = Barrier(order, entry, BarriersOf(order).TakeProfitBps);
    private readonly decimal _stop = Barrier(order, entry, -BarriersOf(order).StopLossBps);

    public Order Order { get; } = order;

    public Fill Entry { get; } = entry;

    public MarketContext EntryContext { get; } = context;

    public TradeSide Side { get; } = order.Opportunity.Side;

    /// <summary>The last good quote: what it is closed at if the feed ends.</summary>
    public Quote Last { get; set; } = quote;

    /// <summary>How the position ends on <paramref name="quote"/>; null while it does not.</summary>
    /// <remarks>
    /// With a bar's range an exit fills at its barrier, or at the close when the whole bar lies beyond it. Both barriers in one bar: the stop-loss, as the
    /// order in which they were reached is not known (learning.md section 1).
    /// </remarks>
    public PositionExit? ExitAt(in Quote quote, DateTime at)
    {
        bool isLong = Side == TradeSide.Long;
        decimal close = isLong ? quote.Bid : quote.Ask;
        (decimal best, decimal worst) = quote.Range is not { } range ? (close, close)
            : isLong ? (range.BidHigh, range.BidLow)
            : (range.AskLow, range.AskHigh);
        bool hitTarget = isLong ? best >= _target : best <= _target;
        bool hitStop = isLong ? worst <= _stop : worst >= _stop;
        if (hitStop)
        {
            bool gapped = isLong ? best < _stop : best > _stop;
            return new PositionExit(ExitReason.StopLoss, quote.Range is null || gapped ? null : _stop, hitTarget);
        }
        if (hitTarget)
        {
            bool gapped = isLong ? worst > _target : worst < _target;
            return new PositionExit(ExitReason.TakeProfit, quote.Range is null || gapped ? null : _target);
        }
        return at >= _closesAt ? new PositionExit(ExitReason.Timeout) : null;
    }

    private static Barriers BarriersOf(Order order) =>
        order.Opportunity.Barriers ?? throw new ArgumentException($"opportunity {order.Decision.Id} is directional and has no barriers", nameof(order));

    private static decimal Barrier(Order order, in Fill entry, double bps) =>
        entry.Price * (1m + (order.Opportunity.Side == TradeSide.Long ? 1m : -1m) * (decimal)bps / 10_000m);
}

/// <summary>How a position ends.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Price">The barrier it fills at; null for the quote's own price.</param>
/// <param name="Ambiguous">Both barriers lay within the bar.</param>
internal readonly record struct PositionExit(ExitReason Reason, decimal? Price = null, bool Ambiguous = false);

/// <summary>From a touch to a fill.</summary>
internal static class Filling
{
    /// <summary>A market order against <paramref name="quote"/>.</summary>
    public static Fill Fill(in this ExecutionTerms terms, in Quote quote, bool buying, decimal quantity, DateTime at) =>
        terms.Fill(quote.Instrument, buying ? quote.Ask : quote.Bid, buying, quantity, at);

    /// <summary>An order at <paramref name="touch"/>: quoted = touch × (1 ± price move), price = quoted × (1 ± impact), against the order.</summary>
    public static Fill Fill(in this ExecutionTerms terms, Instrument instrument, decimal touch, bool buying, decimal quantity, DateTime at)
    {
        decimal quoted = Worse(touch, terms.PriceMoveBps, buying);
        return new Fill(instrument, touch, quoted, Worse(quoted, terms.ImpactBps, buying), quantity, terms.Fees.RateAt(instrument.Venue), at);
    }

    private static decimal Worse(decimal price, double bps, bool buying) =>
        bps == 0 ? price : price * (1m + (buying ? 1m : -1m) * (decimal)bps / 10_000m);
}
