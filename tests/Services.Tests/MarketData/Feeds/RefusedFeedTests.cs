using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Recorded;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

public sealed class RefusedFeedTests : IDisposable
{
    private const string Header = "ts,venue,symbol,bid,ask";
    private const string Row = "60,A,X-USD,100,101";

    private const int MaxLine = 65_536;

    private static readonly string FiveHundredRows =
        Header + "\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"{60 * i},A,X-USD,{100 + i},{200 + i}\n"));

    private readonly Recordings _recordings = new();

    public void Dispose() => _recordings.Dispose();

    [Theory]
    [InlineData("", "quotes.csv: the file is empty")]
    [InlineData(Header + "\n", "quotes.csv: the file has a header and no rows")]
    [InlineData(Row + "\n" + Row, "quotes.csv: has no header: its first line is data ('60', ...)")]
    [InlineData("tss,venue,symbol,bid,ask\n" + Row, "quotes.csv: has no column 'ts_us' or 'ts'; the nearest of its columns is 'tss'")]
    [InlineData("ts,market,Symbols,bid,ask\n" + Row, "quotes.csv: has no column 'venue'; the nearest of its columns is 'market'")]
    [InlineData("ts,venue,symbols,bid,ask\n" + Row, "quotes.csv: has no column 'symbol'; the nearest of its columns is 'symbols'")]
    [InlineData("ts,venue,symbol,bid,aks\n" + Row, "quotes.csv: has no column 'ask' or 'ask_close'; the nearest of its columns is 'aks'")]
    [InlineData("ts,venue,symbol,bidd,askk\n" + Row, "nothing to read: quotes.csv: no bid/ask columns (did you mean 'bidd'?)")]
    [InlineData("ts,symbol,bid,ask\n60,X-USD,100,101", "quotes.csv: has no column 'venue'; its columns are ts, symbol, bid, ask")]
    [InlineData("ts,venue,symbol,open,close\n" + Row, "nothing to read: quotes.csv: no bid/ask columns")]
    [InlineData("ts,venue,symbol,kind,bid,ask,price\n60,A,X-USD,trade,,,100", "quotes.csv: no row is a quote")]
    public void A_file_that_cannot_be_read_is_refused_by_name_and_reason(string text, string reason)
    {
        string path = _recordings.AddText("quotes.csv", text);

        Assert.StartsWith(reason, Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_path_and_a_folder_without_recordings_are_refused()
    {
        string missing = Path.Combine(_recordings.Folder, "none.csv");
        _recordings.AddText("README.md", "words");

        Assert.Equal($"path '{missing}' does not exist", Refusal(missing));
        Assert.Equal($"folder '{_recordings.Folder}' has no .csv or .csv.gz file", Refusal(_recordings.Folder));
        Assert.Equal("0 files are given; a feed has 1 to 4096", Refusal());
    }

    [Fact]
    public void A_gzip_file_that_is_cut_anywhere_is_refused()
    {
        byte[] whole = Recordings.Zipped(FiveHundredRows);
        Assert.Equal(500, RecordedFeed.Open([_recordings.AddBytes("whole.csv.gz", whole)], new InstrumentTable()).RowsToRead);

        for (int length = 0; length < whole.Length; length += length < whole.Length - 40 ? 37 : 1)
        {
            string path = _recordings.AddBytes("cut.csv.gz", whole[..length]);
            Assert.StartsWith("cut.csv.gz: ", Refusal(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_gzip_file_with_a_flipped_bit_is_refused()
    {
        byte[] bytes = Recordings.Zipped(FiveHundredRows);
        for (int at = 10; at < bytes.Length; at += 11)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 0x10;
            Assert.StartsWith("flipped.csv.gz: ", Refusal(_recordings.AddBytes("flipped.csv.gz", flipped)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_only_named_gzip_is_refused() =>
        Assert.Equal("plain.csv.gz: is named .gz but is no gzip file", Refusal(_recordings.AddText("plain.csv.gz", Header + "\n" + Row)));

    [Theory]
    [InlineData(MaxLine - 1, false)]
    [InlineData(4 * MaxLine, true)]
    public void A_line_has_a_longest_length(int length, bool refused)
    {
        string path = _recordings.Add("long.csv", [Header, .. Enumerable.Repeat(Row, 200), new string('x', length)]);

        if (refused) Assert.Equal("long.csv:202: the line is longer than 65536 bytes", Refusal(path));
        else Assert.Equal(201, RecordedFeed.Open([path], new InstrumentTable()).RowsToRead);
    }

    [Fact]
    public void One_feed_cannot_be_both_sampled_and_events()
    {
        string sampled = _recordings.Add("a.csv", Header, Row), events = _recordings.Add("b.csv", "ts_us,venue,symbol,bid,ask", Row);

        Assert.Equal(
            "a.csv is sampled every 60 s and b.csv is a stream of events: one feed has one timing (set sample)", Refusal(sampled, events));
        Assert.Equal(2, RecordedFeed.Open([sampled, events], new InstrumentTable(), Sampling.None).RowsToRead);
    }

    private static string Refusal(params string[] paths) =>
        Assert.Throws<FeedRefusedException>(() => RecordedFeed.Open(paths, new InstrumentTable())).Message;
}
