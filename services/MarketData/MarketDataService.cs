using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Detection;
using QuadTurbo.MarketData.Feeds;

namespace QuadTurbo.MarketData;

/// <summary>The world in, opportunities out.</summary>
public static class MarketDataService
{
    /// <summary>Says market.observed, opportunity.detected and feed.reported. The feed itself is given by the host.</summary>
    public static Service Definition { get; } = new("market-data", Add, static _ => { }) { Settings = [typeof(FeedSettings), typeof(DetectionSettings)], Recovery = Recovery.Repeat };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Detector>();
        builder.Services.AddSingleton<FeedPump>();
        builder.Services.AddHostedService(sp => sp.GetRequiredService<FeedPump>());
    }
}
