using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Hosting.Platform;

/// <summary>What a trade costs and how large it is: the same numbers for detection, gates, simulation and the paper venue (C16).</summary>
[SettingsSection("costs")]
public sealed record CostSettings
{
    /// <summary>Taker fee.</summary>
    [Description("Taker fee of every venue that venueTakerBps does not name, bps of the notional, charged on each side.")]
    [Range(0, 1000)]
    public decimal TakerBps { get; init; } = 10m;

    /// <summary>Taker fee by venue.</summary>
    [Description("Taker fee by venue, bps of the notional.")]
    [Range(0.0, 1000.0)]
    public IDictionary<string, decimal> VenueTakerBps { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Order size.</summary>
    [Description("Order size in the base currency of the accounts (USD), limited by the touch.")]
    [Range(0.01, 1_000_000)]
    public decimal Notional { get; init; } = 100m;

    /// <summary>Oldest quote that detection and fills use on an event feed.</summary>
    [Description("Oldest quote that an event feed may be traded on, from the instant it was known.")]
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxQuoteAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The schedule.</summary>
    public FeeSchedule Fees => new(TakerBps, VenueTakerBps);
}
