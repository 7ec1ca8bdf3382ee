using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Shadow;

/// <summary>How the shadow lane simulates.</summary>
[SettingsSection("shadow")]
public sealed record ShadowSettings
{
    /// <summary>From decision to fill.</summary>
    [Description("Latency from the decision to the venue's book.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Impact of the order.</summary>
    [Description("How far an order moves the price against itself, bps; none by default.")]
    [Range(0.0, 1000.0)]
    public double ImpactBps { get; init; }

    /// <summary>Bound on open work.</summary>
    [Description("Most trades open at once; beyond it an opportunity is missed: full.")]
    [Range(1, 10_000_000)]
    public int MaxOpenTrades { get; init; } = 100_000;
}
