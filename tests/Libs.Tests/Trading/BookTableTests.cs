using QuadTurbo.Trading.Markets;
using static QuadTurbo.Libs.Tests.Trading.Example;

namespace QuadTurbo.Libs.Tests.Trading;

public class BookTableTests
{
    private readonly Example _market = new();
    private readonly BookTable _books = new();

    [Fact]
    public void A_venue_that_has_not_quoted_is_unknown() => Assert.False(_books[_market.A].Known);

    [Theory]
    [InlineData(100.01, 100.00)]
    [InlineData(100.00, 100.00)]
    public void A_crossed_quote_makes_the_book_unknown_until_the_next_good_one(double bid, double ask)
    {
        _books.Apply([Quote(_market.A, 99.99m, 100m), Quote(_market.B, 98m, 99m)], At(0));
        Assert.True(_books[_market.A].Known);

        _books.Apply([Quote(_market.A, (decimal)bid, (decimal)ask)], At(1));
        Assert.False(_books[_market.A].Known);
        Assert.True(_books[_market.B].Known);
        _books.Apply([Quote(_market.B, 98m, 99m)], At(2));
        Assert.False(_books[_market.A].Known);

        _books.Apply([Quote(_market.A, 99.99m, 100m)], At(3));
        Assert.Equal(new Book(Quote(_market.A, 99.99m, 100m), At(3)), _books[_market.A]);
    }

    [Fact]
    public void The_last_quote_of_an_instant_holds()
    {
        _books.Apply([Quote(_market.A, 1m, 2m), Quote(_market.A, 3m, 4m)], At(0));
        Assert.Equal(3m, _books[_market.A].Quote.Bid);

        _books.Apply([Quote(_market.A, 1m, 2m), Quote(_market.A, 4m, 4m)], At(1));
        Assert.False(_books[_market.A].Known);
    }

    [Fact]
    public void A_book_is_fresh_up_to_its_maximum_age()
    {
        var book = new Book(Quote(_market.A, 1m, 2m), At(0));
        TimeSpan limit = TimeSpan.FromSeconds(5);

        Assert.True(book.FreshAt(At(5), limit));
        Assert.False(book.FreshAt(At(5).AddTicks(1), limit));
        Assert.False(default(Book).FreshAt(At(5), limit));
    }

    [Fact]
    public void Books_of_hundreds_of_instruments_are_kept_apart()
    {
        var table = new InstrumentTable();
        Instrument[] instruments = [.. Enumerable.Range(0, 300).Select(i => table.Get("A", $"S{i}"))];
        _books.Apply([.. instruments.Reverse().Select(i => Quote(i, i.Index + 1, i.Index + 2))], At(0));

        Assert.All(instruments, i => Assert.Equal(i.Index + 1, _books[i].Quote.Bid));
    }
}
