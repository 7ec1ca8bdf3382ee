using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

/// <summary>One gap as an outsider finds it in the quotes of one instant, with what the next instant made of it.</summary>
internal sealed record SyntheticObservation(long Instant, Quote Buy, Quote Sell, double VolumeRatio)
{
    private const decimal Fee = 0.001m;

    /// <summary>Null when a venue does not quote well at the next instant.</summary>
    public bool? Wins { get; private set; }

    /// <summary>What the world says about it.</summary>
    public PlantedTruth Truth { get; private init; }

    public string Name => $"{Buy.Instrument.Symbol} {Buy.Instrument.Venue}>{Sell.Instrument.Venue}";

    public double BuyImbalance => Imbalance(Buy);

    public double SellImbalance => Imbalance(Sell);

    public double BuySpread => (double)((Buy.Ask - Buy.Bid) / Buy.Mid * 10_000m);

    public double NetEdge => (double)((Sell.Bid / Buy.Ask - 1m) * 10_000m) - 20;

    /// <summary>Every gap of the first <paramref name="instants"/> instants, found without the world's help.</summary>
    public static (List<SyntheticObservation> Found, int Instants, int Several) Of(SyntheticFeedOptions options, int instants)
    {
        var truths = new Dictionary<(long, string), PlantedTruth>();
        var feed = new SyntheticFeed(options with { Instants = instants }, new InstrumentTable(), t => truths.Add((t.Instant, t.Symbol), t));
        var usual = new Dictionary<string, double>();
        var found = new List<SyntheticObservation>();
        List<SyntheticObservation> open = [];
        (long at, int several) = (0, 0);
        foreach (FeedInstant instant in feed.Read(CancellationToken.None))
        {
            Quote[] good = [.. instant.Quotes.Where(q => !q.Crossed)];
            foreach (SyntheticObservation earlier in open) earlier.Settle(good);
            open = [];
            foreach (IGrouping<string, Quote> symbol in good.GroupBy(q => q.Instrument.Symbol))
            {
                double volume = symbol.First().Volume!.Value, before = usual.GetValueOrDefault(symbol.Key, volume);
                SyntheticObservation[] gaps =
                [
                    .. from buy in symbol
                       from sell in symbol
                       where sell.Bid > buy.Ask
                       select new SyntheticObservation(at, buy, sell, volume / before) { Truth = truths.GetValueOrDefault((at, symbol.Key)) },
                ];
                usual[symbol.Key] = 0.95 * before + 0.05 * volume;
                if (gaps.Length > 1) several++;
                open.AddRange(gaps);
            }
            found.AddRange(open);
            at++;
        }
        return (found, instants * options.Symbols, several);
    }

    private void Settle(Quote[] quotes)
    {
        Quote buy = quotes.SingleOrDefault(q => q.Instrument == Buy.Instrument), sell = quotes.SingleOrDefault(q => q.Instrument == Sell.Instrument);
        if (buy.Instrument is not null && sell.Instrument is not null) Wins = sell.Bid * (1 - Fee) - buy.Ask * (1 + Fee) > 0m;
    }

    private static double Imbalance(Quote q) => (double)((q.BidSize!.Value - q.AskSize!.Value) / (q.BidSize.Value + q.AskSize.Value));
}
