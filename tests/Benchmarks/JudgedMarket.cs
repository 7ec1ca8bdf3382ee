using QuadTurbo.Hosting.Platform;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Benchmarks;

/// <summary>Decisions of a synthetic market, judged as the pre-validator judges them.</summary>
internal static class JudgedMarket
{
    /// <summary>The first <paramref name="count"/> decisions.</summary>
    public static Decision[] Of(int count)
    {
        var feed = new SyntheticFeed(new SyntheticFeedOptions { Seed = 42, Symbols = 64, Start = DateTime.UnixEpoch }, new InstrumentTable());
        var detector = new Detector(feed, new FeedSession("bench"), new CostSettings(), new DetectionSettings());
        var validator = new Validator(new PreValidatorSettings(), new GateSettings(), []);
        var model = new ModelSet(ServingModels.Trees(1));
        var name = new ModelRef($"sha256:{new string('a', 64)}", "v0.1.1", 1);
        var answers = new ModelAnswer[1];
        var passed = new bool[1];
        var decisions = new List<Decision>(count);
        long position = 0;
        foreach (FeedInstant instant in feed.Read(CancellationToken.None))
        {
            foreach (Opportunity opportunity in detector.Detect(instant.Quotes, instant.KnownAt, position++))
            {
                var gates = new GateResult[validator.GateCount];
                model.Answer([opportunity], answers);
                validator.Judge([opportunity], answers, gates, passed);
                decisions.Add(new Decision
                {
                    Opportunity = opportunity,
                    Passed = passed[0],
                    Gates = gates,
                    Policy = validator.Policy,
                    Score = answers[0].Score,
                    MetaLabel = answers[0].MetaLabel,
                    Model = name,
                    Ordinal = decisions.Count,
                });
                if (decisions.Count == count) return [.. decisions];
            }
        }
        throw new InvalidOperationException($"the market ended after {decisions.Count} opportunities");
    }
}
