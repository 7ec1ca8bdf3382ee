namespace QuadTurbo.Training.Triggers;

/// <summary>What a trigger asks for.</summary>
public enum VersionKind
{
    /// <summary>The online learner as it stands.</summary>
    Online,

    /// <summary>Boosted trees, fitted anew to the whole dataset.</summary>
    Full,
}

/// <summary>A trigger that fires.</summary>
/// <param name="Name">samples, performance, full, drift, nightly, calendar or manual.</param>
/// <param name="Kind">What it asks for.</param>
public readonly record struct Fired(string Name, VersionKind Kind);

/// <summary>One trigger's answer to "should there be a new version now?" [TRN-22].</summary>
/// <param name="Name">samples, performance, full, drift, nightly, calendar or manual.</param>
/// <param name="Fires">Whether it asks for one.</param>
/// <param name="Measured">What it measured; NaN when it cannot.</param>
/// <param name="Limit">What it waits for.</param>
/// <param name="Why">In words.</param>
public sealed record TriggerAnswer(string Name, bool Fires, double Measured, double Limit, string Why);

/// <summary>What the triggers look at.</summary>
public readonly record struct TriggerFacts
{
    /// <summary>Labelled samples since the last version of the online learner.</summary>
    public required long NewSamples { get; init; }

    /// <summary>Time since that version; null when there is none yet.</summary>
    public required TimeSpan? SinceLast { get; init; }

    /// <summary>Labelled samples since the last full retrain.</summary>
    public long NewSinceFull { get; init; }

    /// <summary>Time of the feed since the last full retrain; null when there is none yet.</summary>
    public TimeSpan? SinceFull { get; init; }

    /// <summary>Recent log-loss of the learner, nats; NaN before there is one.</summary>
    public required double LearnerLoss { get; init; }

    /// <summary>Recent log-loss of the serving model on the same samples, nats; NaN before there is one.</summary>
    public required double ServingLoss { get; init; }

    /// <summary>By how much the last version made of it was better than the serving model when it was made, nats; 0 once one serves that is as new.</summary>
    public double GainMade { get; init; }

    /// <summary>00:00 UTC has come.</summary>
    public required bool DayEnded { get; init; }

    /// <summary>The columns that have drifted since the last full retrain; null for none.</summary>
    public string? Drifted { get; init; }

    /// <summary>A full retrain is at work.</summary>
    public bool Retraining { get; init; }

    /// <summary>Somebody asked.</summary>
    public required bool Requested { get; init; }
}
