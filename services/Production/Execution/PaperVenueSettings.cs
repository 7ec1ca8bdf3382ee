using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Production.Execution;

/// <summary>How the paper venue differs from the shadow lane's simulation. Each difference can be switched off, or be the only one.</summary>
[SettingsSection("paper")]
public sealed record PaperVenueSettings
{
    /// <summary>The paper venue without any difference: it fills as the shadow lane does, to the last digit.</summary>
    public static PaperVenueSettings Exact { get; } = new()
    {
        LatencySigma = 0,
        ImpactBps = 0,
        PriceMoveBps = 0,
        PartialFillProbability = 0,
        FeeBpsExtra = 0,
        RejectProbability = 0,
    };

    /// <summary>Seed of every draw.</summary>
    [Description("Seed of the paper venue's draws; the same seed and opportunity draw the same.")]
    public long Seed { get; init; } = 42;

    /// <summary>Median latency.</summary>
    [Description("Median time from the decision to the venue's book.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LatencyMedian { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Latency jitter.</summary>
    [Description("Standard deviation of the logarithm of the latency (log-normal); 0 for always the median.")]
    [Range(0.0, 3.0)]
    public double LatencySigma { get; init; } = 0.35;

    /// <summary>Impact.</summary>
    [Description("Scale of the half-normal impact of an order as large as the touch, bps on each fill; smaller orders move the price in proportion.")]
    [Range(0.0, 1000.0)]
    public double ImpactBps { get; init; } = 0.5;

    /// <summary>Price move.</summary>
    [Description("Standard deviation of how far the venue's touch is from the platform's own book, bps on each fill.")]
    [Range(0.0, 1000.0)]
    public double PriceMoveBps { get; init; } = 0.5;

    /// <summary>Partial fills.</summary>
    [Description("Probability that only part of an order is filled.")]
    [Range(0.0, 1.0)]
    public double PartialFillProbability { get; init; } = 0.05;

    /// <summary>Smallest partial fill.</summary>
    [Description("Smallest share of an order that a partial fill fills; the share is uniform from there to 1.")]
    [Range(0.01, 1.0)]
    public double PartialFillLeast { get; init; } = 0.5;

    /// <summary>Fee surprise.</summary>
    [Description("What the venue charges on top of the fee schedule, bps of the notional on each side.")]
    [Range(0.0, 1000.0)]
    public decimal FeeBpsExtra { get; init; }

    /// <summary>Rejections.</summary>
    [Description("Probability that the venue does not take an order.")]
    [Range(0.0, 1.0)]
    public double RejectProbability { get; init; } = 0.01;

    /// <summary>Bound of the venue's order book.</summary>
    [Description("Most orders and positions open at the paper venue.")]
    [Range(1, 1_000_000)]
    public int MaxOpenOrders { get; init; } = 10_000;
}
