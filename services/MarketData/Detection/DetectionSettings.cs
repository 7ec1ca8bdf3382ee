using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.MarketData.Detection;

/// <summary>What detection looks for.</summary>
[SettingsSection("detection")]
public sealed record DetectionSettings
{
    /// <summary>Gaps between venues.</summary>
    [Description("Look for gaps between two venues of one symbol.")]
    public bool CrossVenue { get; init; } = true;

    /// <summary>Directional signals.</summary>
    [Description("Look for directional signals, long and short, scalp and runner.")]
    public bool Directional { get; init; } = true;

    /// <summary>Efficiency ratio at which a scalp is signalled.</summary>
    [Description("Efficiency ratio (0..1) whose upward crossing signals a scalp.")]
    [Range(0.3, 1.0)]
    public double ScalpEfficiency { get; init; } = 0.5;

    /// <summary>Efficiency ratio at which a runner is signalled.</summary>
    [Description("Efficiency ratio (0..1) whose upward crossing signals a runner.")]
    [Range(0.3, 1.0)]
    public double RunnerEfficiency { get; init; } = 0.7;

    /// <summary>Scalp target.</summary>
    [Description("Take-profit of a scalp, gross bps.")]
    [Range(1, 1000)]
    public double ScalpTakeProfitBps { get; init; } = 33;

    /// <summary>Scalp stop.</summary>
    [Description("Stop-loss of a scalp, gross bps.")]
    [Range(1, 1000)]
    public double ScalpStopLossBps { get; init; } = 35;

    /// <summary>Runner target.</summary>
    [Description("Take-profit of a runner, gross bps.")]
    [Range(1, 1000)]
    public double RunnerTakeProfitBps { get; init; } = 99;

    /// <summary>Runner stop.</summary>
    [Description("Stop-loss of a runner, gross bps.")]
    [Range(1, 1000)]
    public double RunnerStopLossBps { get; init; } = 50;

    /// <summary>Time after which a directional trade is closed anyway.</summary>
    [Description("Time after entry at which a directional trade is closed.")]
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00")]
    public TimeSpan DirectionalTimeout { get; init; } = TimeSpan.FromMinutes(15);
}
