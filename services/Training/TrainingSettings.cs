using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Training;

/// <summary>How the training lane learns.</summary>
[SettingsSection("training")]
public sealed record TrainingSettings
{
    /// <summary>When it learns.</summary>
    [Description("When models are updated: off, online (after every outcome, versions by triggers.profile) or nightly (profile huracan: retrained at 00:00 UTC).")]
    public LearnMode Learn { get; init; } = LearnMode.Online;

    /// <summary>Samples kept for a full retrain; null for what the profile says.</summary>
    [Description("Labelled samples kept for a full retrain; by profile when not set: elite and quad 10,000, huracan and apex 50,000.")]
    [Range(1_000, 200_000)]
    public int? BufferSize { get; init; }

    /// <summary>Half width of the band in which an outcome is neither won nor lost.</summary>
    [Description("Outcomes within this many bps of zero are break-even: kept for money, left out of the classifier's fit.")]
    [Range(0.0, 100.0)]
    public double BandBps { get; init; } = 0.5;

    /// <summary>Fewest wins, and fewest losses, to fit a classifier to.</summary>
    [Description("Fewest wins, and fewest losses, that a full retrain needs.")]
    [Range(10, 10_000)]
    public int MinPerClass { get; init; } = 50;

    /// <summary>Seed of every draw of a retrain.</summary>
    [Description("Seed of every random draw of a full retrain.")]
    public long Seed { get; init; }
}

/// <summary>Shape of the boosted trees of a full retrain; <c>train --trials</c> finds better ones and stores them.</summary>
[SettingsSection("boosting")]
public sealed record BoostingSettings
{
    /// <summary>Trees.</summary>
    [Description("Trees of a model.")]
    [Range(1, 2_000)]
    public int Rounds { get; init; } = 100;

    /// <summary>Levels of a tree.</summary>
    [Description("Levels of a tree.")]
    [Range(1, 6)]
    public int Depth { get; init; } = 4;

    /// <summary>Learning rate.</summary>
    [Description("Learning rate: share of each tree's answer that is kept.")]
    [Range(0.001, 1.0)]
    public double Eta { get; init; } = 0.05;

    /// <summary>L2 penalty.</summary>
    [Description("L2 penalty on leaf values.")]
    [Range(0.0, 1_000.0)]
    public double Lambda { get; init; } = 1;

    /// <summary>Fewest evidence of a leaf.</summary>
    [Description("Smallest sum of second derivatives of a leaf.")]
    [Range(0.0, 1_000.0)]
    public double MinChildWeight { get; init; } = 2;

    /// <summary>Share of rows a tree sees.</summary>
    [Description("Share of the rows that each tree sees.")]
    [Range(0.1, 1.0)]
    public double Subsample { get; init; } = 0.8;

    /// <summary>Share of columns a tree sees.</summary>
    [Description("Share of the columns that each tree sees.")]
    [Range(0.1, 1.0)]
    public double ColumnSample { get; init; } = 0.8;

    /// <summary>Gain that a split must exceed.</summary>
    [Description("Gain that a split must exceed.")]
    [Range(0.0, 1_000.0)]
    public double Gamma { get; init; }

    /// <summary>The same for the trainer.</summary>
    internal BoostingOptions Options(long seed, Objective objective = Objective.Logistic) => new()
    {
        Objective = objective,
        Rounds = Rounds,
        MaxDepth = Depth,
        Eta = Eta,
        Lambda = Lambda,
        MinChildWeight = MinChildWeight,
        Gamma = Gamma,
        RowSampling = Subsample,
        ColumnSampling = ColumnSample,
        Seed = seed,
    };
}

/// <summary>What makes a new version.</summary>
[SettingsSection("triggers")]
public sealed record TriggerSettings
{
    /// <summary>Which seed's triggers.</summary>
    [Description("Trigger profile. quad: every N samples and on performance, the online learner. elite: full retrain at 5,000 samples or on drift. huracan: full retrain at 00:00 UTC. apex: full retrain after 7 days and 100 samples, looked at daily. A request works in all.")]
    public TriggerProfile Profile { get; init; } = TriggerProfile.Quad;

    /// <summary>Samples between versions of the online learner.</summary>
    [Description("quad: new labelled samples that make a new version.")]
    [Range(1, 1_000_000)]
    public int Interval { get; init; } = 50;

    /// <summary>Fewest new samples for a version by any trigger but a manual one.</summary>
    [Description("quad: fewest new labelled samples for a new version, whichever trigger fires; a manual one needs 1.")]
    [Range(1, 1_000_000)]
    public int MinNewSamples { get; init; } = 10;

    /// <summary>Time between versions.</summary>
    [Description("quad: shortest time between two versions, on the platform's clock.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Log-loss advantage that makes a version at once.</summary>
    [Description("quad: a new version is made early when the learner's recent log-loss is this much below the serving model's, nats.")]
    [Range(0.0, 10.0)]
    public double PerformanceGain { get; init; } = 0.02;

    /// <summary>Samples that a head must have seen before it may serve.</summary>
    [Description("Labelled samples that a learner must have scored, with both classes among them, before it may replace the baseline.")]
    [Range(1, 1_000_000)]
    public int MinSamplesToServe { get; init; } = 100;

    /// <summary>Samples between full retrains.</summary>
    [Description("elite: new labelled samples that make a full retrain.")]
    [Range(1, 1_000_000)]
    public int FullInterval { get; init; } = 5_000;

    /// <summary>Fewest new samples for a full retrain by any trigger but a manual one.</summary>
    [Description("elite, huracan, apex: fewest new labelled samples for a full retrain, whichever trigger fires; a manual one needs 1.")]
    [Range(1, 1_000_000)]
    public int MinNewSamplesFull { get; init; } = 100;

    /// <summary>Time between full retrains.</summary>
    [Description("elite, huracan, apex: shortest time between two full retrains, on the time of the feed.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CoolDownFull { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Age of a model that makes a full retrain.</summary>
    [Description("apex: a full retrain is due when the last one is this old, looked at when a day ends.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CalendarAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Samples that it then needs.</summary>
    [Description("apex: and when there are this many new labelled samples.")]
    [Range(1, 1_000_000)]
    public int CalendarSamples { get; init; } = 100;
}

/// <summary>When models are updated.</summary>
public enum LearnMode
{
    /// <summary>Never: samples are recorded only.</summary>
    Off,

    /// <summary>After every outcome; versions by the triggers.</summary>
    Online,

    /// <summary>After every outcome; a full retrain at 00:00 UTC.</summary>
    Nightly,
}

/// <summary>A seed's way of retraining (C5).</summary>
public enum TriggerProfile
{
    /// <summary>Every N samples, on performance, on request: the online learner.</summary>
    Quad,

    /// <summary>At 00:00 UTC.</summary>
    Huracan,

    /// <summary>At 5,000 samples or on drift.</summary>
    Elite,

    /// <summary>After 7 days and 100 samples, looked at daily.</summary>
    Apex,
}
