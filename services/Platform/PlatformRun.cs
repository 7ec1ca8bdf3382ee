using System.Data.Common;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.State;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Training;

namespace QuadTurbo.Platform;

/// <summary>One run of the whole platform in this process: what every command that shows a market composes.</summary>
/// <remarks>The feed is opened before anything else exists, so a market that cannot be used is refused before the first decision.</remarks>
public sealed class PlatformRun : IAsyncDisposable
{
    private const string PositionKey = "feed/position";
    private readonly IHost _host;
    private readonly KeyValueStore? _state;

    private PlatformRun(IHost host, KeyValueStore? state, IMarketFeed feed)
    {
        _host = host;
        _state = state;
        Feed = feed;
    }

    /// <summary>Version of the software.</summary>
    public static string Version { get; } = typeof(PlatformRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The market that is shown.</summary>
    public IMarketFeed Feed { get; }

    /// <summary>The services' objects.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Shows the feed and what follows from it.</summary>
    public FeedPump Pump => Services.GetRequiredService<FeedPump>();

    /// <summary>The auditor's account of things.</summary>
    public AuditorLane Auditor => Services.GetRequiredService<AuditorLane>();

    /// <summary>Where it serves, once started; null without a web server.</summary>
    public string? Address => Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    /// <summary>Composes a run.</summary>
    public static PlatformRun Create(PlatformRunPlan plan, IReadOnlyList<Service> services)
    {
        FeedSettings feedSettings = plan.Settings.Get<FeedSettings>();
        InstrumentTable instruments = feedSettings.CreateInstruments();
        bool recorded = feedSettings.Paths.Count > 0;
        TimeProvider clock = recorded || plan.Schedule == Schedule.Lockstep ? new FeedClock() : TimeProvider.System;
        DateTime start = plan.SyntheticStart ?? TimeProvider.System.GetUtcNow().UtcDateTime;
        IMarketFeed feed = feedSettings.Open(instruments, start);
        Directory.CreateDirectory(plan.DataDirectory);
        KeyValueStore? state = plan.Schedule == Schedule.Lockstep
            ? null
            : KeyValueStore.Open(Path.Combine(plan.DataDirectory, "state.db"), clock);
        FeedSession session = state is null ? new FeedSession(feed.Report.Session) : NextSession(feed.Report.Session, state, TimeProvider.System);
        SessionOpened opened = Opened(session.Name, plan.Schedule == Schedule.Lockstep ? clock : TimeProvider.System, plan.Preset, feedSettings);
        IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = plan.Schedule,
                DataDirectory = plan.DataDirectory,
                Settings = plan.Settings,
                Clock = clock,
                Url = plan.Url,
                Mode = plan.Mode,
            },
            services,
            builder =>
            {
                builder.Services.AddSingleton(Roles.Restrict(plan.Settings.Get<LaneSettings>(), services));
                builder.Services.AddSingleton(instruments);
                builder.Services.AddSingleton(feed);
                builder.Services.AddSingleton(session);
                builder.Services.AddSingleton(new FeedPace(clock, TimeProvider.System, plan.Speed, stopsAtEnd: false));
                builder.Services.AddSingleton(new AuditRun(plan.DataDirectory, opened));
                if (state is not null) builder.Services.AddSingleton(new LearnerStore(state));
            });
        return new PlatformRun(host, state, feed);
    }

    /// <summary>The first record of a session that begins now.</summary>
    internal static SessionOpened Opened(string session, TimeProvider clock, string? preset, FeedSettings feed) => new()
    {
        Session = session,
        At = clock.GetUtcNow().UtcDateTime,
        Preset = preset,
        Version = Version,
        FeatureSchema = FeatureSchema.Hash,
        Seed = feed.Seed,
    };

    /// <summary>Starts every service; the feed begins.</summary>
    public Task StartAsync(CancellationToken cancel = default) => _host.StartAsync(cancel);

    /// <summary>Stops: the feed ends, what is due is closed, the ledger is sealed.</summary>
    public Task StopAsync(CancellationToken cancel = default) => _host.StopAsync(cancel);

    /// <summary>Cancelled when the process is asked to stop.</summary>
    public CancellationToken Stopping => Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Completes when the process is asked to stop.</summary>
    public Task UntilAskedToStopAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stopping.Register(() => asked.TrySetResult());
        return asked.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
        _state?.Dispose();
    }

    private static FeedSession NextSession(string feedSession, KeyValueStore state, TimeProvider clock)
    {
        StateEntry? saved = state.GetAsync(PositionKey).AsTask().GetAwaiter().GetResult();
        long first = saved is null ? 0 : BitConverter.ToInt64(saved.Value.Span);
        string name = $"{feedSession}@{clock.GetUtcNow():yyyyMMddTHHmmss.fffffffZ}";
        return new FeedSession(name, first, next => Reserve(state, next));
    }

    private static void Reserve(KeyValueStore state, long next)
    {
        try
        {
            state.SetAsync(PositionKey, BitConverter.GetBytes(next)).AsTask().GetAwaiter().GetResult();
        }
        catch (DbException)
        {
            // A full disk, for example. Every run has a session of its own, so a position that is taken again makes no id twice.
        }
    }
}

/// <summary>What a run is to be.</summary>
public sealed record PlatformRunPlan
{
    /// <summary>Lockstep or concurrent.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Where everything is kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The effective settings.</summary>
    public required PlatformSettings Settings { get; init; }

    /// <summary>The preset that was chosen; null for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Where it serves; null for no web server.</summary>
    public string? Url { get; init; }

    /// <summary>Feed seconds per second; null for as fast as the lanes keep up.</summary>
    public double? Speed { get; init; }

    /// <summary>First instant of a synthetic market; null for now.</summary>
    public DateTime? SyntheticStart { get; init; }

    /// <summary>What it is, for pages and probes.</summary>
    public string Mode { get; init; } = "";
}
