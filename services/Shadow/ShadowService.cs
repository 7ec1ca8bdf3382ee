using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Shadow;

/// <summary>Lane 2: the same opportunity, no money.</summary>
public static class ShadowService
{
    /// <summary>Hears verdicts and the market; says outcome.simulated.</summary>
    public static Service Definition { get; } = new("shadow", Add, static _ => { }) { Settings = [typeof(ShadowSettings)], Recovery = Recovery.Replay };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ShadowLane>();
        builder.Subscribe(Topics.OpportunityValidated, sp => new Listener<ShadowLane, OpportunityJudged>(
            static (lane, judged, cancel) => lane.OnValidatedAsync(judged, cancel), Verdicts(sp),
            Dropped: static (lane, judged, cancel) => lane.OnDroppedAsync(judged, validated: true, cancel)));
        builder.Subscribe(Topics.OpportunityRefused, sp => new Listener<ShadowLane, OpportunityJudged>(
            static (lane, judged, cancel) => lane.OnRefusedAsync(judged, cancel), Verdicts(sp),
            Dropped: static (lane, judged, cancel) => lane.OnDroppedAsync(judged, validated: false, cancel)));
        builder.Subscribe(Topics.MarketObserved, sp => new Listener<ShadowLane, MarketObserved>(
            static (lane, market, cancel) => lane.OnObservedAsync(market, cancel),
            QueuePolicy.Wait(sp.GetRequiredService<LaneSettings>().MaxQueueSize),
            Ready: static (lane, market) => lane.ReadyFor(market)));
    }

    private static QueuePolicy Verdicts(IServiceProvider services)
    {
        LaneSettings lanes = services.GetRequiredService<LaneSettings>();
        return QueuePolicy.WaitWithin(lanes.MaxQueueSize, lanes.QueueWait);
    }
}
