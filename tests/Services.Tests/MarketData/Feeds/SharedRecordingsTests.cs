using System.Diagnostics;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Recorded;
using QuadTurbo.Trading.Markets;
using Xunit.Abstractions;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

public sealed class SharedRecordingsTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_weeks_of_minutes_are_93942_rows_of_which_9_are_crossed()
    {
        if (Recordings.Shared("cex_l1_btc_mar2023", output) is not { } path) return;
        long start = Stopwatch.GetTimestamp();
        var feed = RecordedFeed.Open([path], new InstrumentTable());
        FeedInstant[] instants = [.. feed.Read(CancellationToken.None)];
        output.WriteLine($"opened and read in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");

        FeedReport report = feed.Report;
        Assert.Equal((93_942L, 93_933L, 9L, 0L, 0L, 0L), (report.Rows, report.Quotes, report.Crossed, report.Trades, report.Malformed, report.Stale));
        Assert.Equal(93_942, instants.Sum(i => i.Quotes.Length));
        Assert.Equal(9, instants.Sum(i => i.Quotes.Count(q => q.Crossed)));
        Assert.Equal((FeedTiming.Sampled, 60.0), (feed.Timing, report.SampleSeconds));
        Assert.Equal("cex_l1_btc_mar2023", report.Feed);
        Assert.Equal(new DateTime(2023, 3, 1, 0, 1, 0, DateTimeKind.Utc), report.From);
        Assert.Equal(new DateTime(2023, 3, 13, 0, 0, 0, DateTimeKind.Utc), report.To);
        Assert.Equal(["BTC-USD", "BTC-USDC", "BTC-USDT", "USDC-USD"], report.Symbols.Select(s => s.Symbol));
        Assert.Equal(["BINANCEUS", "COINBASE"], report.Symbols[0].Venues);
        Assert.Empty(report.Remarks);
    }

    [Fact]
    public void The_last_quote_of_the_first_day_is_the_tick_that_the_vendor_printed()
    {
        if (Recordings.Shared("cex_l1_btc_mar2023", output) is not { } path) return;
        var feed = RecordedFeed.Open([path], new InstrumentTable());

        FeedInstant midnight = feed.Read(CancellationToken.None).First(i => i.KnownAt == new DateTime(2023, 3, 2, 0, 0, 0, DateTimeKind.Utc));

        Quote[] printed = [.. midnight.Quotes.Where(q => q.Bid == 23630.30m && q.Ask == 23635.53m)];
        Quote quote = Assert.Single(printed);
        Assert.Equal((0.185m, 0.058397m), (quote.BidSize, quote.AskSize));
        Assert.True(quote.Range!.BidHigh >= quote.Bid && quote.Range.AskLow <= quote.Ask);
        Assert.Equal(quote.Ask - quote.Bid, quote.Range.AskHigh - quote.Range.BidHigh);
    }

    [Fact]
    public void Two_captures_of_ticks_are_39085_quotes_and_2735_trades_that_share_no_symbol()
    {
        if (Recordings.Shared("cex_ticks_nov2025", output) is not { } path) return;
        var feed = RecordedFeed.Open([path], new InstrumentTable());
        DateTime last = DateTime.MinValue;
        foreach (FeedInstant instant in feed.Read(CancellationToken.None))
        {
            Assert.True(instant.KnownAt > last);
            last = instant.KnownAt;
        }

        FeedReport report = feed.Report;
        Assert.Equal((41_820L, 39_085L, 2_735L, 0L, 0L), (report.Rows, report.Quotes, report.Trades, report.Malformed, report.Crossed));
        Assert.Equal((FeedTiming.Event, (double?)null, 0L), (feed.Timing, report.SampleSeconds, report.Stale));
        Assert.Equal(2, report.Files.Count);
        Assert.Equal(["no two venues share a symbol", "sizes are not recorded: unit size is assumed"], report.Remarks);
    }

    [Fact]
    public void Taking_tether_for_dollars_joins_the_venues_and_says_so()
    {
        if (Recordings.Shared("cex_ticks_nov2025", output) is not { } path) return;
        var table = new InstrumentTable(new Dictionary<string, string> { ["USDT"] = "USD" });

        FeedReport report = RecordedFeed.Open([path], table).Report;

        Assert.Equal(["BTC-USD", "ETH-USD", "SOL-USD"], report.Symbols.Select(s => s.Symbol));
        Assert.All(report.Symbols, s => Assert.Equal(["BINANCEUS", "COINBASE"], s.Venues));
        Assert.Contains("assumption: USDT is taken for USD", report.Remarks);
        Assert.DoesNotContain("no two venues share a symbol", report.Remarks);
        Assert.Equal("USD", report.TreatAs["USDT"]);
    }

    [Fact]
    public void Minute_bars_are_read_at_their_close_with_their_extremes_and_the_trade_bars_are_skipped()
    {
        if (Recordings.Shared("lean_minute_20221213", output) is not { } path) return;
        var feed = RecordedFeed.Open([path], new InstrumentTable());

        Quote[] quotes = [.. feed.Read(CancellationToken.None).SelectMany(i => i.Quotes)];

        Assert.Equal((1_357L, 1_357L, 0L), (feed.Report.Rows, feed.Report.Quotes, feed.Report.Malformed));
        Assert.Equal(["quotes_0000_0759.csv"], feed.Report.Files);
        Assert.Equal(["trades_0000_0759.csv: no bid/ask columns"], feed.Report.Skipped);
        Assert.All(quotes, q => Assert.NotNull(q.Range));
        Quote coinM = quotes[0], inverse = quotes[1];
        Assert.Equal((17207.5m, 17207.6m), (coinM.Bid, coinM.Ask));
        Assert.Equal((1565m * 100m / 17207.5m, 221m * 100m / 17207.6m), (coinM.BidSize, coinM.AskSize));
        Assert.Equal((561568m / 17210m, 302625m / 17210.5m), (inverse.BidSize, inverse.AskSize));
        Assert.Equal(new QuoteRange(17207.5m, 17203.9m, 17207.6m, 17204m), coinM.Range);
        Assert.Contains(feed.Report.Symbols, s => s.Symbol == "BTCUSD-PERP" && s.Venues.Count == 2);
    }
}
