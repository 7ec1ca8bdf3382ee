using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Hosting.Platform;

/// <summary>Which lanes run, and how much each may hold. Defaults of LCFG-01.</summary>
[SettingsSection("lanes")]
public sealed record LaneSettings
{
    /// <summary>Lane 1.</summary>
    [Description("Lane 1: trade what passes, on a paper venue until live trading is unlocked.")]
    public bool EnableProduction { get; init; }

    /// <summary>Lane 2.</summary>
    [Description("Lane 2: simulate every opportunity, no money at risk.")]
    public bool EnableShadowSim { get; init; } = true;

    /// <summary>Lane 3.</summary>
    [Description("Lane 3: learn from the outcomes of all lanes.")]
    public bool EnableTraining { get; init; } = true;

    /// <summary>Lane 4.</summary>
    [Description("Lane 4: judge every opportunity; may be off only while production is off (C3).")]
    public bool EnablePrevalidation { get; init; } = true;

    /// <summary>Bound of each lane's queue.</summary>
    [Description("Most opportunities waiting in the queue of one lane.")]
    [Range(1, 1_000_000)]
    public int MaxQueueSize { get; init; } = 1000;

    /// <summary>How long Shadow and Training let a publisher wait.</summary>
    [Description("How long a full queue of Shadow or Training holds up the path before the outcome is 'full'.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether Shadow follows refused opportunities too (C1).</summary>
    [Description("What the shadow lane simulates: all, or passed only.")]
    public ShadowScope ShadowScope { get; init; } = ShadowScope.All;

    /// <summary>Report every opportunity on the console.</summary>
    [Description("A live table on the console while the platform runs; off for production.")]
    public bool Verbose { get; init; } = true;
}

/// <summary>What the shadow lane follows.</summary>
public enum ShadowScope
{
    /// <summary>Every opportunity, refused ones too: blocked trades are judged by what became of them.</summary>
    All,

    /// <summary>What passed.</summary>
    Passed,
}
