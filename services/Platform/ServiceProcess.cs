using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.State;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.MarketData;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training;

namespace QuadTurbo.Platform;

/// <summary>One service in a process of its own, beside a sidecar.</summary>
/// <remarks>What only one service needs is made when that service asks for it.</remarks>
internal static class ServiceProcess
{
    /// <summary>A host of <paramref name="service"/>, ready to start.</summary>
    public static IHost Create(Service service, ServiceProcessPlan plan)
    {
        FeedSettings feed = plan.Settings.Get<FeedSettings>();
        bool recorded = feed.Paths.Count > 0;
        FeedClock? marketClock = recorded ? new FeedClock() : null;
        TimeProvider clock = marketClock ?? TimeProvider.System;
        DaprOptions beside = plan.Dapr with
        {
            // Only a recording can be read again.
            Recovery = service.Recovery == Recovery.Repeat && !recorded ? Recovery.Own : service.Recovery,
            Paced = recorded,
            Before = marketClock is null ? null : message => Move(marketClock, message),
        };
        return ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = plan.DataDirectory,
                Settings = plan.Settings,
                Clock = clock,
                Url = plan.Url,
                Mode = $"{service.Name}, {(recorded ? "recorded" : "synthetic")} market",
                Dapr = beside,
            },
            [service],
            builder =>
            {
                builder.Services.AddSingleton(_ => feed.CreateInstruments());
                builder.Services.AddSingleton(sp => feed.Open(sp.GetRequiredService<InstrumentTable>(), TimeProvider.System.GetUtcNow().UtcDateTime));
                builder.Services.AddSingleton(sp => SessionOf(service, sp, recorded));
                builder.Services.AddSingleton(new FeedPace(clock, TimeProvider.System, plan.Speed ?? (recorded ? null : 1), stopsAtEnd: false));
                builder.Services.AddSingleton(_ => new AuditRun(plan.DataDirectory, PlatformRun.Opened("", TimeProvider.System, plan.Preset, feed)) { FollowsFeed = true });
                builder.Services.AddSingleton(_ => KeyValueStore.Open(Path.Combine(plan.DataDirectory, "state.db"), clock));
                builder.Services.AddSingleton<LearnerStore>();
            });
    }

    private static FeedSession SessionOf(Service service, IServiceProvider services, bool recorded)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string start = $"{now:yyyyMMddTHHmmss.fffffffZ}";
        // Submissions are numbered on from the time: a number that was given before a restart is not given again.
        if (service != MarketDataService.Definition) return new FeedSession($"{service.Name}@{start}", now.ToUnixTimeMilliseconds() * 1000);
        string session = services.GetRequiredService<IMarketFeed>().Report.Session;
        return new FeedSession(recorded ? session : $"{session}@{start}");
    }

    // The market's time is what the last message says it is.
    private static void Move(FeedClock clock, object message)
    {
        switch (message)
        {
            case MarketObserved market:
                clock.MoveTo(market.KnownAt);
                break;
            case OpportunityDetected { Opportunities: [var first, ..] }:
                clock.MoveTo(first.KnownAt);
                break;
            case OpportunityJudged { Decisions: [var first, ..] }:
                clock.MoveTo(first.Opportunity.KnownAt);
                break;
            case OutcomesKnown { Outcomes: [.., var last] }:
                clock.MoveTo(last.At);
                break;
        }
    }
}

/// <summary>What the process of a service is to be.</summary>
internal sealed record ServiceProcessPlan
{
    /// <summary>Its sidecar.</summary>
    public required DaprOptions Dapr { get; init; }

    /// <summary>Where everything is kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The effective settings, the same for all services.</summary>
    public required PlatformSettings Settings { get; init; }

    /// <summary>The preset that was chosen; null for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Where it serves everybody else.</summary>
    public required string Url { get; init; }

    /// <summary>Feed seconds per second; null for as fast as the lanes keep up, or 1 for a synthetic market.</summary>
    public double? Speed { get; init; }
}
