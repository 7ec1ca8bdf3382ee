using System.Globalization;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>A recording written by a test: two venues, minute after minute, with gaps of known width between them.</summary>
internal sealed class MadeUpRecording : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recording");
    private readonly List<(int Minute, decimal WestBid, decimal WestAsk, decimal EastBid, decimal EastAsk)> _minutes = [];

    /// <summary>60 minutes: the east bids 40 to 100 bps above the west's ask, but for the last five, which are level.</summary>
    /// <remarks>The level ones let every order fill before the recording ends, late ones too.</remarks>
    public MadeUpRecording()
    {
        for (int minute = 0; minute < 60; minute++)
        {
            decimal ask = 20_000m + 7m * (minute * 13 % 11);
            decimal bid = minute >= 55 ? ask - 1m : ask + 80m + 10m * (minute * 5 % 13);
            _minutes.Add((minute, ask - 1m, ask, bid, bid + 2m));
        }
        Write();
    }

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "quotes.csv");

    /// <summary>Raises the east's bid of one minute by one tick: 0.01.</summary>
    public void RaiseByOneTick(int minute)
    {
        (int at, decimal westBid, decimal westAsk, decimal eastBid, decimal eastAsk) = _minutes[minute];
        _minutes[minute] = (at, westBid, westAsk, eastBid + 0.01m, eastAsk);
        Write();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write()
    {
        IEnumerable<string> rows = _minutes.SelectMany(m => new[]
        {
            Row(m.Minute, "WEST", m.WestBid, m.WestAsk),
            Row(m.Minute, "EAST", m.EastBid, m.EastAsk),
        });
        File.WriteAllLines(Path, ["ts,venue,symbol,bid,ask,bid_size,ask_size", .. rows]);
    }

    private static string Row(int minute, string venue, decimal bid, decimal ask) =>
        string.Create(CultureInfo.InvariantCulture, $"{1_760_000_400 + 60 * minute},{venue},BTC-USD,{bid},{ask},0.02,0.02");
}
