using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Libs.Tests.Trading;

public class InstrumentTableTests
{
    [Fact]
    public void An_instrument_is_the_same_entry_however_often_it_is_asked_for()
    {
        var table = new InstrumentTable();
        Instrument first = table.Get("A", "X-USD");

        Assert.Same(first, table.Get("A", "X-USD"));
        Assert.Same(first, table.Find("A", "X-USD"));
        Assert.Null(table.Find("A", "Y-USD"));
        Assert.Equal([0, 1, 2], [first.Index, table.Get("B", "X-USD").Index, table.Get("A", "Y-USD").Index]);
        Assert.Equal(["A X-USD", "B X-USD", "A Y-USD"], table.All.Select(i => i.ToString()));
    }

    [Fact]
    public void Instruments_asked_for_by_many_threads_have_contiguous_numbers()
    {
        var table = new InstrumentTable();
        Parallel.For(0, 2_000, i => table.Get($"V{i % 40}", $"S{i % 25}-USD"));

        Assert.Equal(Enumerable.Range(0, 200), table.All.Select(i => i.Index));
        Assert.Equal(200, table.All.Select(i => i.ToString()).Distinct().Count());
    }

    [Theory]
    [InlineData("BTC-USDT", "BTC-USD")]
    [InlineData("BTC-USD", "BTC-USD")]
    [InlineData("USDT-EUR", "USDT-EUR")]
    [InlineData("BTCUSDT", "BTCUSDT")]
    [InlineData("BTC-USDC", "BTC-USDC")]
    public void Treating_one_quote_currency_as_another_joins_symbols_that_end_in_it(string symbol, string market)
    {
        var table = new InstrumentTable(new Dictionary<string, string> { ["USDT"] = "USD" });

        Assert.Equal((symbol, market), (table.Get("A", symbol).Symbol, table.Get("A", symbol).Market));
        Assert.Equal(symbol, new InstrumentTable().Get("A", symbol).Market);
    }

    [Theory]
    [InlineData("BINANCE_COINM", "BTCUSD-PERP", SizeUnit.QuoteContract, 100)]
    [InlineData("BYBIT_INVERSE", "BTCUSD-PERP", SizeUnit.QuoteContract, 1)]
    [InlineData("ELSEWHERE", "BTCUSD-PERP", SizeUnit.Unknown, 0)]
    [InlineData("BINANCE_COINM", "ETHUSD-PERP", SizeUnit.Unknown, 0)]
    [InlineData("BINANCE", "BTCUSDT-PERP", SizeUnit.Base, 1)]
    [InlineData("COINBASE", "BTC-USD", SizeUnit.Base, 1)]
    public void Only_contracts_of_known_value_are_sized(string venue, string symbol, SizeUnit unit, int value) =>
        Assert.Equal(new Sizing(unit, value), new InstrumentTable().Get(venue, symbol).Sizing);

    [Fact]
    public void Sizes_become_base_currency()
    {
        Assert.Equal(7m, Sizing.Base.ToBase(7m, 16_000m));
        Assert.Equal(0.5m, Sizing.Contract(100m).ToBase(80m, 16_000m));
        Assert.Null(Sizing.Contract(100m).ToBase(80m, 0m));
        Assert.Null(Sizing.Unknown.ToBase(80m, 16_000m));
        Assert.Null(Sizing.Base.ToBase(null, 16_000m));
        Assert.Null(Sizing.Contract(100m).ToBase(null, 16_000m));
    }

    [Fact]
    public void A_table_holds_its_capacity_and_no_more()
    {
        var table = new InstrumentTable();
        for (int i = 0; i < InstrumentTable.Capacity; i++) table.Get("A", $"S{i}");

        Assert.Equal(InstrumentTable.Capacity, table.All.Count);
        string message = Assert.Throws<InvalidOperationException>(() => table.Get("A", "one-more")).Message;
        Assert.Equal("instruments: 4097 exceeds the limit of 4096 (at A one-more)", message);
        Assert.Equal("S0", table.Get("A", "S0").Symbol);
    }

    [Theory]
    [InlineData("BTC-USD", "USD")]
    [InlineData("BTC-USDT", "USDT")]
    [InlineData("BTCUSD-PERP", "USD")]
    [InlineData("BTCUSDT", "USDT")]
    [InlineData("ETHBTC", "BTC")]
    [InlineData("SOMETHING", "unknown")]
    public void Profit_is_counted_in_the_quote_currency(string symbol, string currency) => Assert.Equal(currency, Currency.Of(symbol));
}
