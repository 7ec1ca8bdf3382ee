using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Libs.Tests.Trading;

public class FeeScheduleTests
{
    private readonly Example _market = new();

    [Fact]
    public void A_venue_has_its_own_fee_or_the_default()
    {
        var fees = new FeeSchedule(10m, [new("B", 2.5m), new("C", 0m)]);

        Assert.Equal([0.001m, 0.00025m, 0m], [fees.RateAt("A"), fees.RateAt("B"), fees.RateAt("C")]);
        Assert.Equal(0.001m, fees.RateAt("b"));
        Assert.Equal(0.001m, new FeeSchedule().RateAt("B"));
    }

    // 100.1 × 0.999 = 99.9 × 1.001 = 99.9999, exactly.
    [Theory]
    [InlineData("100.09999999999999999999", -1)]
    [InlineData("100.1", 0)]
    [InlineData("100.10000000000000000001", 1)]
    public void One_unit_pays_when_the_bid_less_its_fee_is_above_the_ask_plus_its_fee(string bid, int sign)
    {
        decimal net = new FeeSchedule().UnitNet(Offer(_market.A, 99.9m), Offer(_market.B, decimal.Parse(bid)));

        Assert.Equal(sign, Math.Sign(net));
    }

    [Fact]
    public void Each_side_pays_the_fee_of_its_venue()
    {
        var fees = new FeeSchedule(10m, [new("B", 20m)]);

        // 101 × 0.998 − 100 × 1.001, and with the venues swapped 101 × 0.999 − 100 × 1.002.
        Assert.Equal(0.698m, fees.UnitNet(Offer(_market.A, 100m), Offer(_market.B, 101m)));
        Assert.Equal(0.699m, fees.UnitNet(Offer(_market.B, 100m), Offer(_market.A, 101m)));
    }

    private static Offer Offer(Instrument instrument, decimal price) => new(instrument, price, null, Example.Noon);
}
