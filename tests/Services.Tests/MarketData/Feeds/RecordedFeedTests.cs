using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Recorded;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

public sealed class RecordedFeedTests : IDisposable
{
    private const string Header = "ts,venue,symbol,bid,ask,bid_size,ask_size";
    private const string EventHeader = "ts_us,venue,symbol,kind,bid,ask,price";

    private readonly Recordings _recordings = new();
    private readonly InstrumentTable _table = new();

    public void Dispose() => _recordings.Dispose();

    [Theory]
    [InlineData("60,A,X-USD,100,101,1,2", 0, 0)]
    [InlineData("60,A,X-USD,101,101,1,2", 1, 0)]
    [InlineData("60,A,X-USD,102,101,1,2", 1, 0)]
    [InlineData("60,A,X-USD,1e2,1.01E2,,nan", 0, 0)]
    [InlineData(" 60 , A ,\"X-USD\",100, 101 ,0,-1", 0, 0)]
    [InlineData("60.5,A,X-USD,0.000000000001,1000000000000,1,2", 0, 0)]
    [InlineData("60,A,X-USD,0,101,1,2", 0, 1)]
    [InlineData("60,A,X-USD,-100,101,1,2", 0, 1)]
    [InlineData("60,A,X-USD,NaN,101,1,2", 0, 1)]
    [InlineData("60,A,X-USD,Infinity,101,1,2", 0, 1)]
    [InlineData("60,A,X-USD,100,1000000000001,1,2", 0, 1)]
    [InlineData("60,A,X-USD,100,1e40,1,2", 0, 1)]
    [InlineData("60,A,X-USD,100,,1,2", 0, 1)]
    [InlineData("60,A,X-USD,,,1,2", 0, 1)]
    [InlineData("60,A,X-USD,abc,101,1,2", 0, 1)]
    [InlineData("60,A,X-USD,100,101,one,2", 0, 1)]
    [InlineData("60,A,X-USD,100,101,1", 0, 1)]
    [InlineData("60,A,X-USD,100,101,1,2,3", 0, 1)]
    [InlineData("60,A,X-USD,100,\"101,1,2", 0, 1)]
    [InlineData("60,,X-USD,100,101,1,2", 0, 1)]
    [InlineData("60,A,,100,101,1,2", 0, 1)]
    [InlineData(",A,X-USD,100,101,1,2", 0, 1)]
    [InlineData("noon,A,X-USD,100,101,1,2", 0, 1)]
    [InlineData("0,A,X-USD,100,101,1,2", 0, 1)]
    [InlineData("1677628800000,A,X-USD,100,101,1,2", 0, 1)]
    public void A_row_is_a_good_quote_a_crossed_one_or_malformed(string row, int crossed, int malformed)
    {
        RecordedFeed feed = Open(Header, [row, .. Good(from: 61, count: 200)]);

        Quote[] quotes = Quotes(feed);

        FeedReport report = feed.Report;
        Assert.Equal((201L, crossed, malformed), (report.Rows, report.Crossed, report.Malformed));
        Assert.Equal(201 - malformed, quotes.Length);
        Assert.Equal(crossed, quotes.Count(q => q.Crossed));
        Assert.Equal(report.Rows, report.Quotes + report.Crossed + report.Trades + report.Malformed + report.Stale);
        Assert.Equal(malformed, report.MalformedRows.Count(r => r.StartsWith("quotes.csv:2: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(99, 1, false)]
    [InlineData(98, 1, true)]
    [InlineData(198, 2, false)]
    [InlineData(197, 2, true)]
    public void More_than_one_percent_of_malformed_rows_refuses_the_file_before_it_is_read(int good, int bad, bool refused)
    {
        string[] rows = [.. Good(from: 60, good), .. Enumerable.Repeat("60,A,X-USD,broken,101,1,2", bad)];
        if (!refused)
        {
            RecordedFeed feed = Open(Header, rows);
            Assert.Equal(good, Quotes(feed).Length);
            Assert.Equal(bad, feed.Report.Malformed);
            return;
        }

        var no = Assert.Throws<FeedRefusedException>(() => Open(Header, rows));

        Assert.Contains($"quotes.csv: {bad} of {good + bad} rows are malformed ({100.0 * bad / (good + bad):F2} %), the limit is 1 %", no.Message);
        Assert.Contains($"quotes.csv:{good + 2}: bid 'broken' is not a number", no.Message);
    }

    [Fact]
    public void One_bad_file_refuses_a_folder_of_good_ones()
    {
        _recordings.Add("a.csv", [Header, .. Good(60, 500)]);
        _recordings.Add("b.csv", Header, "60,A,X-USD,0,101,1,2");

        var no = Assert.Throws<FeedRefusedException>(() => RecordedFeed.Open([_recordings.Folder], _table));

        Assert.Contains("b.csv: 1 of 1 rows are malformed", no.Message);
    }

    [Fact]
    public void Malformed_rows_are_named_by_file_and_line_the_first_twenty_of_them()
    {
        string[] rows = [.. Enumerable.Range(0, 3_000).Select(i => i % 100 == 50 && i / 100 < 25 ? "60,A,X-USD,,101,1,2" : Good(60 + i))];
        RecordedFeed feed = Open(Header, rows);

        Quotes(feed);

        Assert.Equal(25, feed.Report.Malformed);
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"quotes.csv:{100 * i + 52}: bid is missing")], feed.Report.MalformedRows);
    }

    [Fact]
    public void Line_numbers_count_empty_lines_and_windows_line_ends()
    {
        string text = "\uFEFF" + Header + "\r\n\r\n" + string.Join("\r\n", Good(60, 100)) + "\r\n\r\n160,A,X-USD,x,1,1,1\r\n" + Good(300);
        _recordings.AddText("quotes.csv", text);
        var feed = RecordedFeed.Open([_recordings.Folder], _table);

        Quotes(feed);

        Assert.Equal(["quotes.csv:104: bid 'x' is not a number"], feed.Report.MalformedRows);
        Assert.Equal((102L, 101L), (feed.Report.Rows, feed.Report.Quotes));
    }

    [Fact]
    public void Rows_known_before_the_current_instant_are_stale_and_dropped()
    {
        RecordedFeed feed = Open(Header, [Good(60), Good(120), Good(119), Good(120), Good(60), Good(180)]);

        FeedInstant[] instants = [.. feed.Read(CancellationToken.None)];

        Assert.Equal([120, 180, 240], instants.Select(i => Seconds(i.KnownAt)));
        Assert.Equal([1, 2, 1], instants.Select(i => i.Quotes.Length));
        Assert.Equal((6L, 4L, 2L), (feed.Report.Rows, feed.Report.Quotes, feed.Report.Stale));
    }

    [Fact]
    public void Rows_of_one_instant_come_together_in_order_of_file_and_row()
    {
        _recordings.Add("b.csv", Header, "60,C,X-USD,100,101,1,2", "180,C,X-USD,100,101,1,2");
        _recordings.Add("a.csv", Header, "60,B,X-USD,100,101,1,2", "60,A,X-USD,100,101,1,2", "120,A,X-USD,100,101,1,2");
        var feed = RecordedFeed.Open([_recordings.Folder], _table);

        FeedInstant[] instants = [.. feed.Read(CancellationToken.None)];

        Assert.Equal(
            ["120:B,A,C", "180:A", "240:C"],
            instants.Select(i => $"{Seconds(i.KnownAt)}:{string.Join(',', i.Quotes.Select(q => q.Instrument.Venue))}"));
    }

    [Theory]
    [InlineData("60", null, 120)]
    [InlineData("60", "none", 60)]
    [InlineData("60", "5", 65)]
    [InlineData("61", "60", 121)]
    public void A_row_of_seconds_is_known_at_the_end_of_its_period(string ts, string? sample, int knownAt)
    {
        string path = _recordings.Add("quotes.csv", Header, $"{ts},A,X-USD,100,101,1,2");

        var feed = RecordedFeed.Open([path], _table, sample is null ? Sampling.ByColumn : Sampling.Parse(sample));

        Assert.Equal(knownAt, Seconds(Assert.Single(feed.Read(CancellationToken.None)).KnownAt));
        Assert.Equal(sample == "none" ? FeedTiming.Event : FeedTiming.Sampled, feed.Timing);
        Assert.Equal(sample switch { null => 60.0, "none" => null, _ => double.Parse(sample) }, feed.Report.SampleSeconds);
    }

    [Theory]
    [InlineData(59_999_999, null, 59_999_999)]
    [InlineData(59_999_999, "60", 60_000_000)]
    [InlineData(60_000_000, "60", 120_000_000)]
    [InlineData(60_000_000, "none", 60_000_000)]
    public void A_row_of_microseconds_is_known_at_its_own_time_or_at_the_end_of_the_period_it_falls_in(long ts, string? sample, long knownAt)
    {
        string path = _recordings.Add("quotes.csv", EventHeader, $"{ts},A,X-USD,quote,100,101,");

        var feed = RecordedFeed.Open([path], _table, sample is null ? Sampling.ByColumn : Sampling.Parse(sample));

        Assert.Equal(DateTime.UnixEpoch.AddMicroseconds(knownAt), Assert.Single(feed.Read(CancellationToken.None)).KnownAt);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("86401")]
    [InlineData("nan")]
    [InlineData("minute")]
    public void A_sampling_period_out_of_range_is_refused(string sample) =>
        Assert.Contains($"sample '{sample}'", Assert.Throws<FeedRefusedException>(() => Sampling.Parse(sample)).Message);

    [Fact]
    public void Trades_are_counted_and_not_handed_on()
    {
        string[] good = [.. Enumerable.Range(0, 200).Select(i => $"{i + 10},A,X-USD,quote,100,101,")];
        string[] trades = ["1,A,X-USD,trade,,,100", "2,A,X-USD,,,,100", "3,A,X-USD,trade,100,101,100"];
        string[] bad = ["4,A,X-USD,trade,,,", "5,A,X-USD,,,,"];
        RecordedFeed feed = Open(EventHeader, [.. trades, .. bad, "6,A,X-USD,,100,101,100", .. good]);

        FeedInstant[] instants = [.. feed.Read(CancellationToken.None)];

        Assert.Equal((206L, 201L, 3L, 2L), (feed.Report.Rows, feed.Report.Quotes, feed.Report.Trades, feed.Report.Malformed));
        Assert.Equal([0, 0, 0, 1], instants.Take(4).Select(i => i.Quotes.Length));
        Assert.Equal(["quotes.csv:5: price is missing", "quotes.csv:6: bid is missing"], feed.Report.MalformedRows);
    }

    [Fact]
    public void Sizes_of_contracts_are_in_base_currency_and_unknown_where_the_contract_is()
    {
        string path = _recordings.Add(
            "quotes.csv",
            Header,
            "60,BINANCE_COINM,BTCUSD-PERP,20000,25000,1565,221",
            "60,OTHER,BTCUSD-PERP,20000,25000,10,10",
            "60,SPOT,BTC-USD,20000,25000,3,0");
        var feed = RecordedFeed.Open([path], _table);

        Quote[] quotes = Quotes(feed);

        Assert.Equal([(7.825m, 0.884m), (null, null), (3m, null)], quotes.Select(q => (q.BidSize, q.AskSize)));
        Assert.Equal(["OTHER BTCUSD-PERP: the value of a contract is not known, so it is not sized"], feed.Report.Remarks);
    }

    [Fact]
    public void The_range_of_a_mid_price_is_widened_by_half_of_the_closing_spread()
    {
        string[] rows = ["60,A,X-USD,99,101,104,98,7", "120,A,X-USD,99,101,,98,", "180,A,X-USD,99,101,97,98,", "240,A,X-USD,101,99,104,98,"];
        RecordedFeed feed = Open("ts,venue,symbol,bid,ask,mid_high,mid_low,volume", rows);

        Quote[] quotes = Quotes(feed);

        Assert.Equal([new QuoteRange(103m, 97m, 105m, 99m), null, null, null], quotes.Select(q => q.Range));
        Assert.Equal([7.0, null, null, null], quotes.Select(q => q.Volume));
    }

    [Fact]
    public void A_recording_has_the_same_session_wherever_it_lies_and_however_it_is_packed()
    {
        string text = Header + "\n" + Good(60) + "\n";
        Directory.CreateDirectory(Path.Combine(_recordings.Folder, "elsewhere"));
        string plain = _recordings.AddText("q.csv", text), zipped = _recordings.AddBytes("elsewhere/z.csv.gz", Recordings.Zipped(text));
        string changed = _recordings.AddText("c.csv", text.Replace("101", "102", StringComparison.Ordinal));

        FeedReport a = RecordedFeed.Open([plain], _table).Report, b = RecordedFeed.Open([zipped], new InstrumentTable()).Report;

        Assert.Equal(a.Session, b.Session);
        Assert.Equal(("q.csv", "z.csv.gz"), (a.Feed, b.Feed));
        Assert.Equal(16, a.Session.Length);
        Assert.NotEqual(a.Session, RecordedFeed.Open([changed], _table).Report.Session);
    }

    [Fact]
    public void A_feed_reads_the_same_twice_and_counts_each_reading_by_itself()
    {
        RecordedFeed feed = Open(Header, Good(60, 300));

        Assert.Equal(Quotes(feed), Quotes(feed));
        Assert.Equal((300L, 300L), (feed.Report.Rows, feed.RowsToRead));
    }

    [Fact]
    public async Task A_feed_ends_without_throwing_when_it_is_stopped()
    {
        RecordedFeed feed = Open(Header, Good(60, 300));
        using var stop = new CancellationTokenSource();
        int read = 0;

        await foreach (FeedInstant _ in feed.ReadAsync(stop.Token))
        {
            Assert.False(feed.Report.Ended);
            if (++read == 5) await stop.CancelAsync();
        }

        Assert.Equal(5, read);
        Assert.True(feed.Report.Ended);
    }

    private RecordedFeed Open(string header, IEnumerable<string> rows) =>
        RecordedFeed.Open([_recordings.Add("quotes.csv", [header, .. rows])], _table);

    private static Quote[] Quotes(RecordedFeed feed) => [.. feed.Read(CancellationToken.None).SelectMany(i => i.Quotes)];

    private static IEnumerable<string> Good(int from, int count) => Enumerable.Range(from, count).Select(ts => Good(ts));

    private static string Good(int ts) => $"{ts},A,X-USD,100,101,1,2";

    private static int Seconds(DateTime time) => (int)(time - DateTime.UnixEpoch).TotalSeconds;
}
