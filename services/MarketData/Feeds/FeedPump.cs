using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.MarketData.Feeds;

/// <summary>Step 0 and 1 of the path: takes instants from the feed, says what was observed, and what was detected.</summary>
/// <remarks>A feed that can wait does: the pump lets the lanes keep up, so nothing is dropped because a recording is read fast.</remarks>
public sealed class FeedPump(
    IMarketFeed feed, Detector detector, FeedPace pace, FeedSession session, ITransport transport, IHostApplicationLifetime lifetime)
    : BackgroundService, IHostedLifecycleService
{
    private const double RoomShare = 0.25;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stopFeed = new();
    private long _detected;
    private DateTime _reportedAt;

    /// <summary>What the feed was, with what detection saw of it.</summary>
    public FeedReport Report => feed.Report with { Session = session.Name, Detected = _detected, Symbols = Merge(feed.Report.Symbols, detector.Symbols) };

    /// <summary>Completes when the feed has ended and everything that follows from it has been handled.</summary>
    public Task Completion => ExecuteTask ?? Task.CompletedTask;

    /// <summary>Position of the last instant; −1 before the first.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The last known-at.</summary>
    public DateTime KnownAt { get; private set; }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the feed and waits until every trade that was due has its outcome.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        CrashPoint.Hit("shutdown.before-drain");
        await _stopFeed.CancelAsync();
        await Completion.WaitAsync(cancellationToken);
        CrashPoint.Hit("shutdown.after-drain");
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stopFeed.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Position = session.Next - 1;
        await transport.PublishAsync(Topics.FeedReported, Report, CancellationToken.None);
        await foreach (FeedInstant instant in feed.ReadAsync(_stopFeed.Token))
        {
            if (!await pace.UntilAsync(instant.KnownAt, _stopFeed.Token)) break;
            await ShowAsync(instant);
        }
        await EndAsync(_stopFeed.IsCancellationRequested ? FeedEnd.Shutdown : FeedEnd.EndOfFeed);
        if (lifetime.ApplicationStarted.IsCancellationRequested && pace.StopsAtEnd) lifetime.StopApplication();
    }

    private async ValueTask ShowAsync(FeedInstant instant)
    {
        await transport.UntilRoomAsync(RoomShare, CancellationToken.None);
        (Position, KnownAt) = (session.Take(), instant.KnownAt);
        await transport.PublishAsync(Topics.MarketObserved, Observed(instant.Quotes, null));
        long started = Stopwatch.GetTimestamp();
        Opportunity[] found = detector.Detect(instant.Quotes, instant.KnownAt, Position);
        Stages.Detect.Record(Stopwatch.GetElapsedTime(started));
        if (found.Length == 0) return;
        _detected += found.Length;
        await transport.PublishAsync(Topics.OpportunityDetected, new OpportunityDetected { Position = Position, Opportunities = found });
        if (instant.KnownAt - _reportedAt < ReportEvery || transport.Schedule == Hosting.Transport.Schedule.Lockstep) return;
        _reportedAt = instant.KnownAt;
        await transport.PublishAsync(Topics.FeedReported, Report);
    }

    private async Task EndAsync(FeedEnd end)
    {
        Position = session.Take();
        await transport.PublishAsync(Topics.MarketObserved, Observed([], end));
        await transport.PublishAsync(Topics.FeedReported, Report with { Ended = true });
        await transport.UntilIdleAsync();
        session.Save();
    }

    private MarketObserved Observed(Quote[] quotes, FeedEnd? end) => new()
    {
        Position = Position,
        KnownAt = KnownAt,
        Timing = feed.Timing,
        Quotes = quotes,
        DetectedBefore = _detected,
        End = end,
    };

    private static IReadOnlyList<SymbolReport> Merge(IReadOnlyList<SymbolReport> fromFeed, IReadOnlyList<SymbolReport> fromDetection)
    {
        Dictionary<string, SymbolReport> merged = fromFeed.ToDictionary(s => s.Symbol, StringComparer.Ordinal);
        foreach (SymbolReport seen in fromDetection)
        {
            merged[seen.Symbol] = merged.TryGetValue(seen.Symbol, out SymbolReport? known)
                ? known with { Aligned = seen.Aligned }
                : seen;
        }
        return [.. merged.Values.OrderBy(s => s.Symbol, StringComparer.Ordinal)];
    }
}
