using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Reconciliation;

/// <summary>Splits production net − shadow net into named causes that sum to it [LANE-17].</summary>
/// <remarks>
/// The shadow trade is turned into the production trade one difference at a time, and each step is priced, so the steps telescope: observed prices
/// (latency), the venue's touch against the observed one (price move), the price paid against the touch (impact), quantity (size), fee rates (fee).
/// What remains against the net that the venue reported is unexplained.
/// </remarks>
public static class GapSplit
{
    /// <summary>The causes for one pair of outcomes of the same opportunity.</summary>
    public static GapCauses Of(Outcome production, Outcome shadow)
    {
        if (production.Trade is not { } real || shadow.Trade is not { } paper)
            return new GapCauses(0, 0, 0, 0, 0, Missed: production.Net - shadow.Net, 0);

        var step = new Terms(paper);
        decimal start = step.Net;
        step.Shift(real.Entry.Observed - paper.Entry.Observed, real.Exit.Observed - paper.Exit.Observed);
        decimal latency = step.Net;
        step.Shift(TouchGap(real.Entry) - TouchGap(paper.Entry), TouchGap(real.Exit) - TouchGap(paper.Exit));
        decimal move = step.Net;
        step.Shift(Slip(real.Entry) - Slip(paper.Entry), Slip(real.Exit) - Slip(paper.Exit));
        decimal impact = step.Net;
        step.Quantity = real.Quantity;
        decimal size = step.Net;
        (step.EntryFee, step.ExitFee) = (real.Entry.FeeRate, real.Exit.FeeRate);
        decimal fee = step.Net;
        return new GapCauses(
            Latency: latency - start, PriceMove: move - latency, Impact: impact - move, Fee: fee - size, Size: size - impact, Missed: 0,
            Unexplained: real.Net - fee);
    }

    private static decimal TouchGap(in Fill fill) => fill.Quoted - fill.Observed;

    private static decimal Slip(in Fill fill) => fill.Price - fill.Quoted;

    /// <summary>What a trade's net is computed from.</summary>
    private struct Terms(Trade trade)
    {
        private readonly decimal _direction = trade.Side == TradeSide.Long ? 1m : -1m;
        private decimal _entry = trade.Entry.Price;
        private decimal _exit = trade.Exit.Price;

        public decimal Quantity { get; set; } = trade.Quantity;

        public decimal EntryFee { get; set; } = trade.Entry.FeeRate;

        public decimal ExitFee { get; set; } = trade.Exit.FeeRate;

        public readonly decimal Net => Quantity * (_direction * (_exit - _entry) - _entry * EntryFee - _exit * ExitFee);

        public void Shift(decimal entry, decimal exit)
        {
            _entry += entry;
            _exit += exit;
        }
    }
}
