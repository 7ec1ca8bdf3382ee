using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Gateway;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Benchmarks;

/// <summary>The Gateway as the platform composes it, and a way to have verdicts published at a rate, as PreValidator does.</summary>
internal static class StreamServer
{
    private static readonly InstrumentTable Instruments = new();
    private static readonly GatePolicy NoGates = new([], "{}");
    private static readonly ModelRef Baseline = new("sha256:00", "v0.1.0", 0);
    private static readonly RouteKey Route = RouteKey.Of("bench", "1", "A>B");
    private static readonly Instrument Buy = Instruments.Get("COINBASE", "BTC-USD"), Sell = Instruments.Get("KRAKEN", "BTC-USD");

    /// <summary>Serves until standard input ends; first says where.</summary>
    public static async Task RunAsync(string[] settings)
    {
        using var folder = new ScratchFolder();
        Service[] services = [GatewayService.Definition, new("bench", static _ => { }, Map)];
        using IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = folder.Path,
                Settings = PlatformSettings.Load(
                    ServiceHost.CatalogueOf(services), new SettingsSources { CommandLine = settings.Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]) }),
                Clock = TimeProvider.System,
                Url = "http://127.0.0.1:0",
            },
            services);
        await host.StartAsync();
        Console.WriteLine(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        while (await Console.In.ReadLineAsync() is not null) await Task.Yield();
        await host.StopAsync();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/bench/usage", ServingUsage.Line);
        routes.MapGet("/bench/publish", static (int rate, double seconds, int from, string kind, EmbeddedTransport transport) =>
            PublishAsync(rate, seconds, from, kind, transport));
        routes.MapGet("/bench/flood", static (int messages, EmbeddedTransport transport) => FloodAsync(messages, transport));
    }

    /// <summary>Messages one by one at a rate, numbered from <paramref name="from"/>; above 1,000 a second in groups, every millisecond.</summary>
    /// <param name="rate">Messages a second; of <c>spread</c> as many of each of three kinds, in turn.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="from">The first number.</param>
    /// <param name="kind"><c>verdicts</c>, <c>spread</c>, or <c>none</c>: made and not published.</param>
    /// <param name="transport">Where they are published.</param>
    /// <returns>The number after the last.</returns>
    private static Task<string> PublishAsync(int rate, double seconds, int from, string kind, EmbeddedTransport transport)
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Instants.Sharpen();
            int each = Math.Max(1, rate / 1_000), n = from;
            long start = Instants.Now + 10_000_000, interval = 1_000_000_000L * each / rate, count = (long)(rate * seconds / each);
            for (long i = 0; i < count; i++)
            {
                Instants.Await(start + i * interval);
                for (int k = 0; k < each; k++)
                {
                    OpportunityJudged judged = Judged(n++);
                    if (kind != "none") transport.PublishAsync(Topics.OpportunityValidated, judged).AsTask().GetAwaiter().GetResult();
                }
                if (kind == "spread") PublishOthers(transport, start + i * interval, interval / 3, n - 1);
            }
            done.SetResult(n.ToString(CultureInfo.InvariantCulture));
        });
        thread.Start();
        return done.Task;
    }

    private static void PublishOthers(EmbeddedTransport transport, long from, long interval, int n)
    {
        Instants.Await(from + interval);
        OpportunityJudged judged = Judged(n);
        DateTime known = judged.Decisions[0].Opportunity.KnownAt;
        var outcome = new Outcome { Decision = judged.Decisions[0], Lane = Lane.Production, Missed = MissCode.Guard, Detail = Text(n), At = known };
        transport.PublishAsync(Topics.OutcomeExecuted, new OutcomesKnown([outcome])).AsTask().GetAwaiter().GetResult();
        Instants.Await(from + 2 * interval);
        var at = new DateTime(Instants.Now / 100, DateTimeKind.Utc);
        var change = new AccountChanged { Event = AccountEvent.Tripped, What = Breaker.DailyLoss, Why = Text(n), At = at };
        transport.PublishAsync(Topics.AccountChanged, change).AsTask().GetAwaiter().GetResult();
    }

    private static string Text(int n) => string.Create(CultureInfo.InvariantCulture, $"{n} times");

    /// <summary>Large messages for who hears learning.</summary>
    private static async Task FloodAsync(int messages, EmbeddedTransport transport)
    {
        var assigned = new ModelAssigned { Model = Baseline, Package = default, Why = new string('x', 500) };
        for (int i = 0; i < messages; i++)
        {
            await transport.PublishAsync(Topics.ModelAssigned, assigned);
            // Its queue forgets what is too much at once.
            if (i % 32 == 31) await transport.UntilIdleAsync();
        }
    }

    // When it was published is its instant, on the machine's monotonic clock; its number is its edge.
    private static OpportunityJudged Judged(int n)
    {
        var at = new DateTime(Instants.Now / 100, DateTimeKind.Utc);
        var opportunity = new Opportunity
        {
            Id = OpportunityId.Of(Route, n),
            Position = n,
            KnownAt = at,
            Timing = FeedTiming.Event,
            Kind = OpportunityKind.CrossVenue,
            Mode = TradeMode.Arb,
            Side = TradeSide.Long,
            Buy = new Offer(Buy, 1000m, 5m, at),
            Sell = new Offer(Sell, 1010m, 5m, at),
            Quantity = 0.1m,
            Size = SizeKnowledge.Known,
            GrossEdgeBps = n,
            FeeBps = 20,
            ExpectedProfit = 0.8m,
            NetPositive = true,
            Confidence = 0.9,
            Regime = Regime.Range,
            SpreadBps = 1,
            VolumeRatio = double.NaN,
            Features = FeatureVector.Unknown,
        };
        var decision = new Decision
        {
            Opportunity = opportunity,
            Passed = true,
            Gates = default,
            Policy = NoGates,
            Score = 0.91234,
            MetaLabel = double.NaN,
            Model = Baseline,
            Ordinal = 0,
        };
        return new OpportunityJudged { Position = n, Decisions = [decision], JudgedThrough = n };
    }
}
