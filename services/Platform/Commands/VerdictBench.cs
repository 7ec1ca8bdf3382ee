using System.Diagnostics;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Platform.Commands;

/// <summary>What one verdict costs: scoring and every gate, on opportunities of the synthetic market.</summary>
internal static class VerdictBench
{
    private const int Calls = 20_000;

    /// <summary>Cost per opportunity at batch 64 and batch 1.</summary>
    public static JsonObject Run(PlatformSettings settings)
    {
        Opportunity[] opportunities = Collect(settings, 4096);
        var validator = new Validator(settings.Get<PreValidatorSettings>(), settings.Get<GateSettings>(), []);
        var model = new ModelSet(ModelPackage.Baseline);
        return new JsonObject
        {
            ["batch 64"] = Measure(opportunities, 64, validator, model),
            ["batch 1"] = Measure(opportunities, 1, validator, model),
        };
    }

    private static JsonObject Measure(Opportunity[] opportunities, int batch, Validator validator, ModelSet model)
    {
        var answers = new ModelAnswer[batch];
        var results = new GateResult[batch * validator.GateCount];
        var passed = new bool[batch];
        var costs = new double[Calls];
        for (int warm = 0; warm < 2; warm++)
            for (int call = 0; call < Calls; call++) costs[call] = Once(call);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int call = 0; call < Calls; call++) Once(call);
        double bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls / batch;
        Array.Sort(costs);
        return new JsonObject { ["p50_us"] = costs[Calls / 2], ["p99_us"] = costs[Calls * 99 / 100], ["bytes"] = bytes };

        double Once(int call)
        {
            int at = call * batch % (opportunities.Length - batch);
            ReadOnlySpan<Opportunity> some = opportunities.AsSpan(at, batch);
            long started = Stopwatch.GetTimestamp();
            model.Answer(some, answers);
            validator.Judge(some, answers, results, passed);
            return Stopwatch.GetElapsedTime(started).TotalMicroseconds / batch;
        }
    }

    private static Opportunity[] Collect(PlatformSettings settings, int count)
    {
        var instruments = new InstrumentTable();
        var feed = new SyntheticFeed(
            new SyntheticFeedOptions { Seed = settings.Get<FeedSettings>().Seed, Symbols = 64, Start = DateTime.UnixEpoch }, instruments);
        var detector = new Detector(feed, new FeedSession("bench"), settings.Get<CostSettings>(), settings.Get<DetectionSettings>());
        var found = new List<Opportunity>(count);
        long position = 0;
        foreach (FeedInstant instant in feed.Read(CancellationToken.None))
        {
            found.AddRange(detector.Detect(instant.Quotes, instant.KnownAt, position++));
            if (found.Count >= count) break;
        }
        return [.. found];
    }
}
