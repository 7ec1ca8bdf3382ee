using System.Diagnostics;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.Trading.Markets;
using Xunit.Abstractions;

namespace QuadTurbo.Services.Tests.MarketData.Feeds;

public sealed class SyntheticFeedTests(ITestOutputHelper output)
{
    private static readonly DateTime Start = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly SyntheticFeedOptions World = new() { Start = Start, Seed = 7 };
    private static readonly Lazy<List<SyntheticObservation>> Planted = new(() => SyntheticObservation.Of(World, 8_000).Found);
    private static readonly Lazy<List<SyntheticObservation>> Noise = new(() => SyntheticObservation.Of(World with { Noise = true }, 8_000).Found);

    [Fact]
    public void One_seed_is_one_market_and_another_seed_another()
    {
        string[] once = Text(World, 500), again = Text(World, 500), other = Text(World with { Seed = 8 }, 500);

        Assert.Equal(once, again);
        Assert.Empty(once.Intersect(other));
    }

    [Fact]
    public void The_world_of_a_symbol_does_not_depend_on_how_many_there_are()
    {
        string[] four = [.. Text(World, 300).Where(q => q.Contains("BTC-USD", StringComparison.Ordinal))];

        Assert.Equal(four, Text(World with { Symbols = 1 }, 300));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Nearly_every_instant_of_a_symbol_has_one_gap_and_none_has_two(int venues)
    {
        (List<SyntheticObservation> found, int instants, int several) = SyntheticObservation.Of(World with { Venues = venues }, 3_000);

        output.WriteLine($"{venues} venues: {100.0 * found.Count / instants:F2} % of symbol-instants have a gap");
        Assert.Equal(0, several);
        Assert.InRange(found.Count, 0.96 * instants, instants);
    }

    [Fact]
    public void The_truth_is_told_for_every_gap_and_the_next_instant_proves_it()
    {
        Assert.All(Planted.Value, o => Assert.Equal((o.Buy.Instrument.Venue, o.Sell.Instrument.Venue), (o.Truth.Buy, o.Truth.Sell)));
        SyntheticObservation[] filled = [.. Planted.Value.Where(o => o.Wins is not null)];
        Assert.All(filled, o => Assert.Equal(o.Truth.Wins, o.Wins));
        double missed = 1 - (double)filled.Length / Planted.Value.Count;
        output.WriteLine($"missed {missed:P2}, spells {Planted.Value.Select(o => o.Name).Distinct().Count()} routes");
        Assert.InRange(missed, 0.0001, 0.02);
    }

    [Fact]
    public void The_planted_logit_is_the_one_that_the_quotes_give()
    {
        Assert.All(Planted.Value, o =>
        {
            double usual = o.Buy.Volume!.Value / (100_000 / PriceOf(o.Buy.Instrument.Symbol) * 5);
            double additive = 0.56 * (o.SellImbalance - o.BuyImbalance) - 0.53 * (o.BuySpread - 3.5) / 2.5
                + 0.53 * (usual - 1) / 0.7 + 0.03 * (o.NetEdge + 1);
            Assert.Equal(o.Truth.AdditiveLogit, additive, 0.002);
            Assert.Equal(o.Truth.Logit, additive + 1.67 * o.BuyImbalance * o.SellImbalance, 0.002);
            Assert.Equal(1 / (1 + Math.Exp(-o.Truth.Logit)), o.Truth.Probability, 1e-12);
        });
    }

    [Fact]
    public void No_planted_feature_tells_much_alone_the_sum_tells_more_and_the_interaction_most()
    {
        double AucOf(Func<SyntheticObservation, double> score) => Auc(Planted.Value, score);

        double[] single =
            [AucOf(o => -o.BuyImbalance), AucOf(o => o.SellImbalance), AucOf(o => -o.BuySpread), AucOf(o => o.VolumeRatio), AucOf(o => o.NetEdge)];
        double additive = AucOf(o => o.Truth.AdditiveLogit), bayes = AucOf(o => o.Truth.Probability);

        output.WriteLine($"{Planted.Value.Count} opportunities: single {string.Join(' ', single.Select(a => $"{a:F3}"))}");
        output.WriteLine($"additive {additive:F4}, Bayes {bayes:F4}");
        Assert.All(single[..4], auc => Assert.InRange(auc, 0.55, 0.60));
        Assert.InRange(single[4], 0.52, 0.60);
        Assert.InRange(additive, 0.65, 0.67);
        Assert.InRange(bayes, 0.69, 0.71);
        Assert.InRange(Planted.Value.Count(o => o.Wins == true) / (double)Planted.Value.Count, 0.48, 0.52);
    }

    [Fact]
    public void Nothing_seen_at_decision_tells_the_outcome_of_a_noise_world()
    {
        Func<SyntheticObservation, double>[] scores =
        [
            o => o.BuyImbalance, o => o.SellImbalance, o => o.BuySpread, o => o.VolumeRatio, o => o.NetEdge, o => o.BuyImbalance * o.SellImbalance,
            o => o.Truth.Logit, o => o.Instant % 100, o => (double)o.Buy.Mid,
        ];
        double[] aucs = [.. scores.Select(score => Auc(Noise.Value, score))];

        output.WriteLine(string.Join(' ', aucs.Select(a => $"{a:F3}")));
        // Four standard errors at n = 31,000.
        Assert.All(aucs, auc => Assert.InRange(auc, 0.487, 0.513));
        foreach (IGrouping<string, SyntheticObservation> route in Noise.Value.Where(o => o.Wins is not null).GroupBy(o => o.Name))
            Assert.InRange(route.Average(o => o.Wins == true ? 1.0 : 0.0), 0.5 - 2 / Math.Sqrt(route.Count()), 0.5 + 2 / Math.Sqrt(route.Count()));
    }

    [Fact]
    public void Noise_changes_nothing_but_how_the_next_gap_is_drawn()
    {
        Func<SyntheticObservation, double>[] measures =
        [
            o => o.BuyImbalance, o => o.SellImbalance, o => o.BuySpread, o => o.VolumeRatio, o => o.NetEdge,
            o => (double)(o.Buy.BidSize!.Value * o.Buy.Bid),
        ];

        foreach (Func<SyntheticObservation, double> measure in measures)
        {
            (double mean, double spread) = MeanAndDeviation(Planted.Value, measure);
            (double noiseMean, double noiseSpread) = MeanAndDeviation(Noise.Value, measure);
            Assert.Equal(mean, noiseMean, 0.04 * spread);
            Assert.Equal(1, noiseSpread / spread, 0.03);
        }
        Assert.Equal(Planted.Value.Count, Noise.Value.Count, 0.01 * Noise.Value.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_stated_skill_is_the_one_measured_by_counting_pairs(bool noise)
    {
        var truths = new List<PlantedTruth>();
        SyntheticFeedOptions options = World with { Noise = noise, Instants = 2_500 };
        var feed = new SyntheticFeed(options, new InstrumentTable(), truths.Add);
        foreach (FeedInstant _ in feed.Read(CancellationToken.None)) { }

        PlantedSkill skill = SyntheticFeed.Measure(options, 9_000);

        PlantedTruth[] first = [.. truths.Take(9_000)];
        Assert.Equal(Pairs([.. first.Select(t => (t.Probability, t.Wins))]), skill.Bayes, 1e-9);
        Assert.Equal(Pairs([.. first.Select(t => (t.AdditiveLogit, t.Wins))]), skill.Additive, 1e-9);
        if (noise) Assert.Equal(0.5, new SyntheticFeed(options, new InstrumentTable()).Skill.Bayes, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_stated_Bayes_skill_is_0_70_and_0_66_without_the_interaction(int seed)
    {
        PlantedSkill skill = new SyntheticFeed(World with { Seed = seed }, new InstrumentTable()).Skill;

        output.WriteLine($"{skill}");
        Assert.InRange(skill.Bayes, 0.69, 0.71);
        Assert.InRange(skill.Additive, 0.65, 0.67);
    }

    [Fact]
    public void Quotes_are_crossed_and_venues_silent_now_and_then()
    {
        var feed = new SyntheticFeed(World with { Instants = 20_000, Symbols = 2 }, new InstrumentTable());
        var silences = new List<int>();
        var silent = new Dictionary<string, int>();
        foreach (FeedInstant instant in feed.Read(CancellationToken.None))
        {
            foreach (string venue in new[] { "ALPHA", "BRAVO", "CHARLIE" })
            {
                int before = silent.GetValueOrDefault(venue);
                bool quotes = instant.Quotes.Any(q => q.Instrument.Venue == venue);
                if (quotes && before > 0) silences.Add(before);
                silent[venue] = quotes ? 0 : before + 1;
            }
        }

        FeedReport report = feed.Report;
        Assert.Equal(report.Rows, report.Quotes + report.Crossed);
        Assert.InRange((double)report.Crossed / report.Rows, 0.0007, 0.0013);
        Assert.InRange(silences.Count, 3, 30);
        Assert.All(silences, s => Assert.InRange(s, 10, 80));
    }

    [Fact]
    public void Prices_range_trend_and_panic_so_that_the_past_says_something_about_the_direction()
    {
        double[] mids =
        [
            .. new SyntheticFeed(World with { Instants = 40_000, Symbols = 1 }, new InstrumentTable()).Read(CancellationToken.None)
                .SelectMany(i => i.Quotes.Where(q => !q.Crossed).Take(1)).Select(q => (double)q.Ask),
        ];
        double[] moves = [.. Enumerable.Range(0, mids.Length / 30 - 1).Select(i => Math.Log(mids[30 * i + 30] / mids[30 * i]) * 1e4)];
        double large = moves.Count(m => Math.Abs(m) > 20) / (double)moves.Length;
        (double follows, int strong) = (0, 0);
        for (int i = 0; i + 1 < moves.Length; i++)
        {
            if (Math.Abs(moves[i]) is < 15 or > 40) continue;
            strong++;
            follows += moves[i] * moves[i + 1] > 0 ? 1 : 0;
        }

        output.WriteLine($"{large:P1} of 30 s moves exceed 20 bps; {follows / strong:P1} of {strong} strong ones continue");
        Assert.InRange(large, 0.02, 0.6);
        Assert.InRange(follows / strong, 0.55, 0.95);
    }

    [Fact]
    public void The_report_says_that_the_market_is_made_up_and_how_much_can_be_known()
    {
        var feed = new SyntheticFeed(World with { Instants = 10 }, new InstrumentTable());
        Assert.Equal((0L, (DateTime?)null, false), (feed.Report.Rows, feed.Report.From, feed.Report.Ended));
        foreach (FeedInstant _ in feed.Read(CancellationToken.None)) { }

        FeedReport report = feed.Report;

        Assert.True(report.Synthetic && report.Ended);
        Assert.Equal((120L, 1.0, Start, Start.AddSeconds(9)), (report.Rows, report.SampleSeconds, report.From, report.To));
        Assert.Equal(["BTC-USD", "ETH-USD", "SOL-USD", "AVAX-USD"], report.Symbols.Select(s => s.Symbol));
        Assert.All(report.Symbols, s => Assert.Equal(["ALPHA", "BRAVO", "CHARLIE"], s.Venues));
        Assert.Equal("synthetic: a made-up market, seed 7", report.Remarks[0]);
        Assert.StartsWith($"planted: Bayes AUC {feed.Skill.Bayes:F3}, {feed.Skill.Additive:F3} without", report.Remarks[1], StringComparison.Ordinal);
        Assert.Equal(report.Session, new SyntheticFeed(World, new InstrumentTable()).Report.Session);
        Assert.NotEqual(report.Session, new SyntheticFeed(World with { Seed = 8 }, new InstrumentTable()).Report.Session);
        Assert.StartsWith("noise", new SyntheticFeed(World with { Noise = true }, new InstrumentTable()).Report.Remarks[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_without_end_ends_without_throwing_when_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        int read = 0;

        await foreach (FeedInstant _ in new SyntheticFeed(World, new InstrumentTable()).ReadAsync(stop.Token))
            if (++read == 50) await stop.CancelAsync();

        Assert.Equal(50, read);
    }

    [Theory]
    [InlineData(0, 3, false)]
    [InlineData(1, 2, true)]
    [InlineData(512, 8, true)]
    [InlineData(513, 3, false)]
    [InlineData(4, 1, false)]
    [InlineData(4, 9, false)]
    public void A_world_has_a_least_and_a_greatest_size(int symbols, int venues, bool possible)
    {
        SyntheticFeedOptions options = World with { Symbols = symbols, Venues = venues, Instants = 1 };
        if (!possible)
        {
            Assert.Throws<FeedRefusedException>(() => new SyntheticFeed(options, new InstrumentTable()));
            return;
        }

        FeedInstant only = new SyntheticFeed(options, new InstrumentTable()).Read(CancellationToken.None).Single();

        Assert.InRange(only.Quotes.Length, symbols, symbols * venues);
    }

    [Fact]
    public void What_a_symbol_costs_at_an_instant_is_reported()
    {
        var feed = new SyntheticFeed(World with { Symbols = 64, Instants = 6_000 }, new InstrumentTable());
        long quotes = 0, start = Stopwatch.GetTimestamp();
        foreach (FeedInstant instant in feed.Read(CancellationToken.None)) quotes += instant.Quotes.Length;

        output.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalNanoseconds / (64 * 6_000):F0} ns per symbol and instant, {quotes} quotes");
        Assert.InRange(quotes, 0.95 * 64 * 3 * 6_000, 64 * 3 * 6_000);
    }

    private static string[] Text(SyntheticFeedOptions options, int instants) =>
    [
        .. new SyntheticFeed(options with { Instants = instants }, new InstrumentTable()).Read(CancellationToken.None)
            .SelectMany(i => i.Quotes.Select(q => $"{i.KnownAt:O} {q.Instrument} {q.Bid} {q.Ask} {q.BidSize} {q.AskSize} {q.Volume:R}")),
    ];

    private static double PriceOf(string symbol) => symbol switch { "BTC-USD" => 60_000, "ETH-USD" => 3_000, "SOL-USD" => 150, _ => 35 };

    private static double Auc(List<SyntheticObservation> all, Func<SyntheticObservation, double> score) =>
        Pairs([.. all.Where(o => o.Wins is not null).Select(o => (score(o), o.Wins == true))]);

    /// <summary>The share of pairs of a win and a loss in which the win scores higher; ties count half.</summary>
    private static double Pairs((double Score, bool Wins)[] all)
    {
        double[] wins = [.. all.Where(a => a.Wins).Select(a => a.Score)], losses = [.. all.Where(a => !a.Wins).Select(a => a.Score)];
        long halves = 0;
        foreach (double win in wins)
            foreach (double loss in losses)
                halves += (win > loss ? 1 : 0) + (win >= loss ? 1 : 0);
        return halves / 2.0 / wins.Length / losses.Length;
    }

    private static (double Mean, double Deviation) MeanAndDeviation(List<SyntheticObservation> all, Func<SyntheticObservation, double> measure)
    {
        double mean = all.Average(measure);
        return (mean, Math.Sqrt(all.Average(o => (measure(o) - mean) * (measure(o) - mean))));
    }
}
