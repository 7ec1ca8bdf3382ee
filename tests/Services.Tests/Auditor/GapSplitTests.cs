using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Auditor.Reconciliation;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using Outcome = QuadTurbo.Trading.Outcomes.Outcome;

namespace QuadTurbo.Services.Tests.Auditor;

public class GapSplitTests
{
    private static readonly Decision Decision = Judged.Decide(0);

    /// <summary>Bought at 1000, sold at 1010, 0.1 of it, 10 bps a side.</summary>
    private static readonly Trade Paper = TradeOf(new Side(1000m, 1000m, 1000m), new Side(1010m, 1010m, 1010m), 0.1m, 0.001m, 0.001m);

    // Prices in hundredths, a quantity in thousandths, fees in tenths of a bp.
    private static readonly Gen<Trade> Trades =
        from p in Gen.Choose(50_000, 150_000).ArrayOf(6)
        from q in Gen.Choose(1, 5_000)
        from fees in Gen.Choose(0, 300).ArrayOf(2)
        from isShort in Gen.Choose(0, 1)
        select TradeOf(
            new Side(p[0] / 100m, p[1] / 100m, p[2] / 100m), new Side(p[3] / 100m, p[4] / 100m, p[5] / 100m), q / 1000m, fees[0] / 100_000m, fees[1] / 100_000m,
            isShort == 1 ? TradeSide.Short : TradeSide.Long);

    [Fact]
    public void Causes_sum_to_the_difference_of_the_nets_and_nothing_is_unexplained() =>
        Prop.ForAll(Trades.ToArbitrary(), Trades.ToArbitrary(), (real, other) =>
        {
            Trade paper = other with { Side = real.Side };
            GapCauses causes = Split(real, paper);
            Assert.InRange(causes.Total - (real.Net - paper.Net), -1e-20m, 1e-20m);
            Assert.InRange(causes.Unexplained, -1e-20m, 1e-20m);
            Assert.Equal(0m, causes.Missed);
            Assert.Equal(causes.Total, causes.ByName.Sum(c => c.Amount));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_trade_has_no_gap_to_itself() => Assert.Equal(default, Split(Paper, Paper));

    // By hand: one worse on both sides is 0.1 × (−2) and its fees cancel; half the size is half of 0.1 × (10 − 1 − 1.01); 10 bps more are 0.1 × 1 and 0.1 × 1.01.
    [Theory]
    [InlineData("latency", "-0.2")]
    [InlineData("price_move", "-0.2")]
    [InlineData("impact", "-0.2")]
    [InlineData("size", "-0.3995")]
    [InlineData("fee", "-0.1")]
    [InlineData("fee_exit", "-0.101")]
    public void A_single_difference_is_that_cause_alone(string cause, string amount)
    {
        Trade real = cause switch
        {
            "latency" => TradeOf(new Side(1001m, 1001m, 1001m), new Side(1009m, 1009m, 1009m), 0.1m, 0.001m, 0.001m),
            "price_move" => TradeOf(new Side(1000m, 1001m, 1001m), new Side(1010m, 1009m, 1009m), 0.1m, 0.001m, 0.001m),
            "impact" => TradeOf(new Side(1000m, 1000m, 1001m), new Side(1010m, 1010m, 1009m), 0.1m, 0.001m, 0.001m),
            "size" => Paper with { Entry = Paper.Entry with { Quantity = 0.05m }, Exit = Paper.Exit with { Quantity = 0.05m } },
            "fee" => Paper with { Entry = Paper.Entry with { FeeRate = 0.002m } },
            _ => Paper with { Exit = Paper.Exit with { FeeRate = 0.002m } },
        };

        GapCauses causes = Split(real, Paper);

        Assert.Equal([(cause == "fee_exit" ? "fee" : cause, decimal.Parse(amount))], causes.ByName.Where(c => c.Amount != 0m));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_side_that_was_missed_counts_as_nothing_and_the_whole_gap_is_missed(bool productionFilled, bool shadowFilled)
    {
        Outcome production = productionFilled ? Filled(Lane.Production, Paper) : Decision.Missed(Lane.Production, MissCode.Guard);
        Outcome shadow = shadowFilled ? Filled(Lane.ShadowSim, Paper) : Decision.Missed(Lane.ShadowSim, MissCode.NoQuote);

        GapCauses causes = GapSplit.Of(production, shadow);

        decimal net = 0.1m * (10m - 1m - 1.01m);
        Assert.Equal((productionFilled ? net : 0m) - (shadowFilled ? net : 0m), causes.Missed);
        Assert.Equal(causes.Missed, causes.Total);
    }

    private static GapCauses Split(Trade real, Trade paper) => GapSplit.Of(Filled(Lane.Production, real), Filled(Lane.ShadowSim, paper));

    private static Outcome Filled(Lane lane, Trade trade) => new() { Decision = Decision, Lane = lane, Trade = trade, At = Example.Noon };

    private static Trade TradeOf(Side entry, Side exit, decimal quantity, decimal entryFee, decimal exitFee, TradeSide side = TradeSide.Long) => new()
    {
        Entry = new Fill(Example.A, entry.Observed, entry.Quoted, entry.Paid, quantity, entryFee, Example.Noon),
        Exit = new Fill(Example.B, exit.Observed, exit.Quoted, exit.Paid, quantity, exitFee, Example.Noon),
        Side = side,
        Reason = ExitReason.Legs,
    };

    private readonly record struct Side(decimal Observed, decimal Quoted, decimal Paid);
}
