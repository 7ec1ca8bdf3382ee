namespace QuadTurbo.Training.Triggers;

/// <summary>One trigger's answer to "should there be a new version now?" [TRN-22].</summary>
/// <param name="Name">samples, performance, nightly or manual.</param>
/// <param name="Fires">Whether it asks for one.</param>
/// <param name="Measured">What it measured; NaN when it cannot.</param>
/// <param name="Limit">What it waits for.</param>
/// <param name="Why">In words.</param>
public sealed record TriggerAnswer(string Name, bool Fires, double Measured, double Limit, string Why);

/// <summary>What the triggers look at.</summary>
public readonly record struct TriggerFacts
{
    /// <summary>Labelled samples since the last version.</summary>
    public required long NewSamples { get; init; }

    /// <summary>Time since the last version; null when there is none yet.</summary>
    public required TimeSpan? SinceLast { get; init; }

    /// <summary>Recent log-loss of the learner, nats; NaN before there is one.</summary>
    public required double LearnerLoss { get; init; }

    /// <summary>Recent log-loss of the serving model on the same samples, nats; NaN before there is one.</summary>
    public required double ServingLoss { get; init; }

    /// <summary>A day has ended since the last version.</summary>
    public required bool DayEnded { get; init; }

    /// <summary>Somebody asked.</summary>
    public required bool Requested { get; init; }
}

/// <summary>Profile <c>quad</c>: every N samples, on performance, on request; with a guard on new samples and a cool-down [LANE-19, C5].</summary>
public sealed class TriggerEngine(TrainingSettings training, TriggerSettings settings)
{
    /// <summary>Every trigger's answer, in order.</summary>
    public IReadOnlyList<TriggerAnswer> Ask(in TriggerFacts facts) =>
    [
        Manual(facts),
        training.Learn == LearnMode.Nightly ? Nightly(facts) : Samples(facts),
        Performance(facts),
    ];

    /// <summary>The name of the trigger that makes a version now; null while none does.</summary>
    public string? Fired(in TriggerFacts facts)
    {
        if (training.Learn == LearnMode.Off || facts.NewSamples < 1) return null;
        if (facts.Requested) return "manual";
        if (Guard(facts) is not null) return null;
        if (training.Learn == LearnMode.Nightly) return facts.DayEnded ? "nightly" : null;
        if (facts.NewSamples >= settings.Interval) return "samples";
        return Gain(facts) >= settings.PerformanceGain ? "performance" : null;
    }

    /// <summary>Why nothing may fire now, whatever the triggers say; null when something may.</summary>
    public string? Guard(in TriggerFacts facts) =>
        training.Learn == LearnMode.Off ? "learning is off (training.learn)"
        : facts.NewSamples < settings.MinNewSamples ? $"{facts.NewSamples} new samples; at least {settings.MinNewSamples} are needed"
        : facts.SinceLast < settings.CoolDown ? $"the last version is {facts.SinceLast.Value.TotalSeconds:0.###} s old; the cool-down is {settings.CoolDown.TotalSeconds:0.###} s"
        : null;

    private static double Gain(in TriggerFacts facts) => facts.ServingLoss - facts.LearnerLoss;

    private static TriggerAnswer Manual(in TriggerFacts facts) =>
        new("manual", facts.Requested, facts.Requested ? 1 : 0, 1, facts.Requested ? "requested" : "nobody asked");

    private TriggerAnswer Samples(in TriggerFacts facts)
    {
        bool fires = facts.NewSamples >= settings.Interval;
        return new TriggerAnswer("samples", fires, facts.NewSamples, settings.Interval, $"{facts.NewSamples} of {settings.Interval} new samples");
    }

    private static TriggerAnswer Nightly(in TriggerFacts facts) =>
        new("nightly", facts.DayEnded, facts.DayEnded ? 1 : 0, 1, facts.DayEnded ? "a day has ended" : "the day has not ended");

    private TriggerAnswer Performance(in TriggerFacts facts)
    {
        double gain = Gain(facts);
        string why = double.IsNaN(gain)
            ? "not enough scored samples to compare"
            : $"the learner's recent log-loss is {facts.LearnerLoss:0.0000}, the serving model's {facts.ServingLoss:0.0000}";
        return new TriggerAnswer("performance", gain >= settings.PerformanceGain, gain, settings.PerformanceGain, why);
    }
}
