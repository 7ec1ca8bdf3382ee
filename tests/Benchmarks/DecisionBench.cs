using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.MarketData.Feeds.Synthetic;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Benchmarks;

/// <summary>Bars W6, W7 and W8 inside the process: what deciding on one opportunity costs, and what a hop of the transport does.</summary>
/// <remarks>dotnet run -c Release --project tests/Benchmarks -- decision; as a part of <c>serving</c> it has the runtime settings of <c>quadturbo</c>.</remarks>
internal static class DecisionBench
{
    private const int Rounds = 5, Decisions = 100_000, Hops = 200_000, Batch = 100;

    /// <summary>Prints the bars.</summary>
    public static void Run(string[] args)
    {
        Decide("trees", ServingModels.Trees(1));
        Decide("ensemble", ServingModels.Ensemble(2));
        HopAsync().GetAwaiter().GetResult();
    }

    /// <summary>The path's own code on one opportunity at a time of a synthetic market: its share of what detection and features of its instant took, model, calibration, gates.</summary>
    private static void Decide(string title, ModelPackage package)
    {
        var desk = new Desk(package);
        desk.Decide(Decisions);
        LatencyTally[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => desk.Decide(Decisions))];
        Console.WriteLine($"{$"W6 decide, {title}",-28} p50 {Of(0.5):F2} us, p99 {Of(0.99):F2} us, p99.9 {Of(0.999):F2} us, of that detection and features {desk.DetectionMicroseconds:F2} us; "
            + $"model and gates {desk.BytesOfADecision:F1} B");

        double Of(double quantile) => 1e3 * Paired.Median(rounds.Select(r => r.Milliseconds(quantile)));
    }

    /// <summary>Messages of 100 items from one thread to a handler on another, behind a bounded queue.</summary>
    private static async Task HopAsync()
    {
        var topic = new Topic<int[]>("bench.items", static items => items.Length);
        var service = new Service(
            "bench",
            builder =>
            {
                builder.Services.AddSingleton<Sink>();
                builder.Subscribe(topic, _ => new Listener<Sink, int[]>(
                    static (sink, items, _) =>
                    {
                        sink.Items += items.Length;
                        return ValueTask.CompletedTask;
                    },
                    QueuePolicy.Wait(100 * Batch)));
            },
            static _ => { });
        using var folder = new ScratchFolder();
        using IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = folder.Path,
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf([service]), new SettingsSources()),
                Clock = TimeProvider.System,
            },
            [service]);
        await host.StartAsync();
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        var items = new int[Batch];
        await SendAsync();
        (double Wall, double Cpu)[] rounds = new (double, double)[Rounds];
        for (int i = 0; i < Rounds; i++) rounds[i] = await SendAsync();
        Console.WriteLine($"{"W7 hop, batches of 100",-28} {Paired.Median(rounds.Select(r => r.Wall)):F1} ns an item, {Paired.Median(rounds.Select(r => r.Cpu)):F1} ns of CPU; "
            + $"{host.Services.GetRequiredService<Sink>().Items:N0} items heard of {(long)(Rounds + 1) * Hops * Batch:N0}");
        await host.StopAsync();

        async Task<(double Wall, double Cpu)> SendAsync()
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < Hops; i++) await transport.PublishAsync(topic, items);
            await transport.UntilIdleAsync();
            double sent = (double)Hops * Batch;
            return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / sent, (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / sent);
        }
    }

    private sealed class Sink
    {
        public long Items { get; set; }
    }

    /// <summary>Detector, model and gates as the lanes hold them.</summary>
    private sealed class Desk
    {
        private readonly IEnumerator<FeedInstant> _market;
        private readonly Detector _detector;
        private readonly Validator _validator = new(new PreValidatorSettings(), new GateSettings(), []);
        private readonly ModelSet _model;
        private readonly ModelAnswer[] _answers = new ModelAnswer[1];
        private readonly GateResult[] _results;
        private readonly bool[] _passed = new bool[1];
        private long _position, _detected, _detectionTime, _decided, _bytes;

        public Desk(ModelPackage package)
        {
            var feed = new SyntheticFeed(new SyntheticFeedOptions { Seed = 42, Symbols = 64, Start = DateTime.UnixEpoch }, new InstrumentTable());
            _market = feed.Read(CancellationToken.None).GetEnumerator();
            _detector = new Detector(feed, new FeedSession("bench"), new CostSettings(), new DetectionSettings());
            _model = new ModelSet(package);
            _results = new GateResult[_validator.GateCount];
        }

        public double DetectionMicroseconds => _detectionTime * 1e-3 / _detected;

        public double BytesOfADecision => (double)_bytes / _decided;

        /// <summary>The time of each of <paramref name="count"/> decisions, or some more.</summary>
        public LatencyTally Decide(int count)
        {
            var tally = new LatencyTally();
            while (tally.Count < count && _market.MoveNext())
            {
                FeedInstant instant = _market.Current;
                long began = Stopwatch.GetTimestamp();
                Opportunity[] found = _detector.Detect(instant.Quotes, instant.KnownAt, _position++);
                long detection = Stopwatch.GetTimestamp() - began;
                if (found.Length == 0) continue;
                (_detected, _detectionTime, _decided) = (_detected + found.Length, _detectionTime + detection, _decided + found.Length);
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < found.Length; i++)
                {
                    long started = Stopwatch.GetTimestamp();
                    _model.Answer(found.AsSpan(i, 1), _answers);
                    _validator.Judge(found.AsSpan(i, 1), _answers, _results, _passed);
                    tally.Record(Stopwatch.GetTimestamp() - started + detection / found.Length);
                }
                _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
            }
            return tally;
        }
    }
}
