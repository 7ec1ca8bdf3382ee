using QuadTurbo.PreValidator.Submissions;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Services.Tests.PreValidator;

public class SubmissionTests
{
    private readonly InstrumentTable _instruments = new();

    public SubmissionTests()
    {
        _instruments.Get("A", "BTC-USD");
        _instruments.Get("B", "BTC-USD");
        _instruments.Get("B", "ETH-USD");
    }

    private static Submission Gap => new() { Buy = new("A", "BTC-USD", 100m), Sell = new("B", "BTC-USD", 101m) };

    [Fact]
    public void A_gap_between_two_venues_of_one_symbol_can_be_judged() => Assert.Empty(Gap.Errors(_instruments));

    [Fact]
    public void The_legs_must_trade_one_symbol_at_two_venues()
    {
        Assert.Contains("sell.symbol", (Gap with { Sell = new("B", "ETH-USD", 101m) }).Errors(_instruments));
        Assert.Contains("sell.venue", (Gap with { Sell = new("A", "BTC-USD", 101m) }).Errors(_instruments));
    }

    [Theory]
    [InlineData("0.000000000001", null)]
    [InlineData("0.0000000000009", "quantity")]
    [InlineData("10000000", null)]
    [InlineData("10000000.01", "quantity")]
    [InlineData("79000000000000000000000000000", "quantity")]
    public void A_quantity_is_bounded_by_what_it_costs(string quantity, string? field) =>
        Assert.Equal(field is null ? [] : [field], (Gap with { Quantity = decimal.Parse(quantity) }).Errors(_instruments).Keys);

    [Theory]
    [InlineData("0.000000000001", true)]
    [InlineData("0.0000000000001", false)]
    [InlineData("1000000000000", true)]
    [InlineData("1000000000000.1", false)]
    public void A_price_is_what_a_recording_may_hold_too(string price, bool accepted)
    {
        Submission submission = Gap with { Buy = new("A", "BTC-USD", decimal.Parse(price)) };

        Assert.Equal(accepted, !submission.Errors(_instruments).ContainsKey("buy.price"));
    }
}
