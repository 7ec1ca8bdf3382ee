using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Training;

/// <summary>How the training lane learns.</summary>
[SettingsSection("training")]
public sealed record TrainingSettings
{
    /// <summary>When it learns.</summary>
    [Description("When models are updated: off, online (after every outcome) or nightly (published at 00:00 UTC).")]
    public LearnMode Learn { get; init; } = LearnMode.Online;
}

/// <summary>What makes a new version.</summary>
[SettingsSection("triggers")]
public sealed record TriggerSettings
{
    /// <summary>Which seed's triggers.</summary>
    [Description("Trigger profile. 'quad': every N samples, performance, manual.")]
    public TriggerProfile Profile { get; init; } = TriggerProfile.Quad;

    /// <summary>Samples between versions.</summary>
    [Description("New labelled samples that make a new version.")]
    [Range(1, 1_000_000)]
    public int Interval { get; init; } = 50;

    /// <summary>Fewest new samples for a version by any trigger but a manual one.</summary>
    [Description("Fewest new labelled samples for a new version, whichever trigger fires; a manual one needs 1.")]
    [Range(1, 1_000_000)]
    public int MinNewSamples { get; init; } = 10;

    /// <summary>Time between versions.</summary>
    [Description("Shortest time between two versions, on the platform's clock.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Log-loss advantage that makes a version at once.</summary>
    [Description("A new version is made early when the learner's recent log-loss is this much below the serving model's, nats.")]
    [Range(0.0, 10.0)]
    public double PerformanceGain { get; init; } = 0.02;

    /// <summary>Samples that a head must have seen before it may serve.</summary>
    [Description("Labelled samples that a learner must have scored, with both classes among them, before it may replace the baseline.")]
    [Range(1, 1_000_000)]
    public int MinSamplesToServe { get; init; } = 100;
}

/// <summary>When models are updated.</summary>
public enum LearnMode
{
    /// <summary>Never: samples are recorded only.</summary>
    Off,

    /// <summary>After every outcome; versions by the triggers.</summary>
    Online,

    /// <summary>After every outcome; one version at 00:00 UTC.</summary>
    Nightly,
}

/// <summary>A seed's way of retraining (C5).</summary>
public enum TriggerProfile
{
    /// <summary>Every N samples, on performance, on request.</summary>
    Quad,
}
