namespace QuadTurbo.Training.Triggers;

/// <summary>Says when a new version is made, by one of four profiles, each the triggers of one seed [C5, LANE-19]. Any trigger of the profile may fire.</summary>
/// <remarks>
/// quad: every N samples and on performance, the online learner. elite: 5,000 samples or drift, a full retrain. huracan: 00:00 UTC. apex: looked at
/// every midnight, at least 7 days and 100 samples. A request fires in all of them. Each family has its guard: fewest new samples and a cool-down.
/// </remarks>
public sealed class TriggerEngine(TrainingSettings training, TriggerSettings settings)
{
    /// <summary>The profile in force: <c>--learn nightly</c> is <c>huracan</c>.</summary>
    public TriggerProfile Profile { get; } = training.Learn == LearnMode.Nightly ? TriggerProfile.Huracan : settings.Profile;

    /// <summary>Samples kept for a full retrain: what is set, or what the profile's seed says [TRN-09, LRN-06].</summary>
    public int BufferSize => training.BufferSize ?? (Profile is TriggerProfile.Huracan or TriggerProfile.Apex ? 50_000 : 10_000);

    /// <summary>Every trigger's answer, in order.</summary>
    public IReadOnlyList<TriggerAnswer> Ask(in TriggerFacts facts) => Profile switch
    {
        TriggerProfile.Elite => [Manual(facts), Full(facts), Drift(facts)],
        TriggerProfile.Huracan => [Manual(facts), Nightly(facts)],
        TriggerProfile.Apex => [Manual(facts), Calendar(facts)],
        _ => [Manual(facts), Samples(facts), Performance(facts)],
    };

    /// <summary>The trigger that makes a version now; null while none does.</summary>
    public Fired? Fires(in TriggerFacts facts)
    {
        if (training.Learn == LearnMode.Off) return null;
        if (facts.Requested && facts.NewSamples + facts.NewSinceFull > 0) return new Fired("manual", VersionKind.Full);
        if (!MayFire(facts)) return null;
        VersionKind kind = Profile == TriggerProfile.Quad ? VersionKind.Online : VersionKind.Full;
        foreach (TriggerAnswer answer in Ask(facts))
            if (answer.Fires) return new Fired(answer.Name, kind);
        return null;
    }

    // Asked after every batch of outcomes: the words are found only for what may fire.
    private bool MayFire(in TriggerFacts facts) => Profile switch
    {
        TriggerProfile.Quad => facts.NewSamples >= settings.MinNewSamples && !(facts.SinceLast < settings.CoolDown)
            && (facts.NewSamples >= settings.Interval || Gain(facts) >= settings.PerformanceGain),
        _ => !facts.Retraining && facts.NewSinceFull >= settings.MinNewSamplesFull && !(facts.SinceFull < settings.CoolDownFull),
    };

    /// <summary>Why nothing may fire now, whatever the triggers say; null when something may.</summary>
    public string? Guard(in TriggerFacts facts)
    {
        if (training.Learn == LearnMode.Off) return "learning is off (training.learn)";
        return Profile == TriggerProfile.Quad
            ? Guard(facts.NewSamples, settings.MinNewSamples, facts.SinceLast, settings.CoolDown, "version")
            : facts.Retraining ? "a full retrain is running"
            : Guard(facts.NewSinceFull, settings.MinNewSamplesFull, facts.SinceFull, settings.CoolDownFull, "full retrain");
    }

    private static string? Guard(long samples, int fewest, TimeSpan? since, TimeSpan coolDown, string what) =>
        samples < fewest ? $"{samples} new samples; at least {fewest} are needed"
        : since < coolDown ? $"the last {what} is {since.Value.TotalSeconds:0.###} s old; the cool-down is {coolDown.TotalSeconds:0.###} s"
        : null;

    // A version that waits, as while a test runs or people hold the champion, is not made again because it waits.
    private static double Gain(in TriggerFacts facts) => facts.ServingLoss - facts.LearnerLoss - facts.GainMade;

    private static TriggerAnswer Manual(in TriggerFacts facts) =>
        new("manual", facts.Requested, facts.Requested ? 1 : 0, 1, facts.Requested ? "requested" : "nobody asked");

    private TriggerAnswer Samples(in TriggerFacts facts) =>
        new("samples", facts.NewSamples >= settings.Interval, facts.NewSamples, settings.Interval, $"{facts.NewSamples} of {settings.Interval} new samples");

    private TriggerAnswer Full(in TriggerFacts facts) =>
        new("full", facts.NewSinceFull >= settings.FullInterval, facts.NewSinceFull, settings.FullInterval, $"{facts.NewSinceFull} of {settings.FullInterval} new samples");

    private static TriggerAnswer Drift(in TriggerFacts facts) =>
        new("drift", facts.Drifted is not null, facts.Drifted is null ? 0 : 1, 1, facts.Drifted is null ? "no column has drifted" : $"drifted: {facts.Drifted}");

    private static TriggerAnswer Nightly(in TriggerFacts facts) =>
        new("nightly", facts.DayEnded, facts.DayEnded ? 1 : 0, 1, facts.DayEnded ? "a day has ended" : "the day has not ended");

    private TriggerAnswer Calendar(in TriggerFacts facts)
    {
        double days = facts.SinceFull is { } since ? since.TotalDays : double.NaN;
        bool fires = facts.DayEnded && !(facts.SinceFull < settings.CalendarAge) && facts.NewSinceFull >= settings.CalendarSamples;
        string looked = facts.DayEnded ? "" : "; looked at when the day ends";
        return new TriggerAnswer(
            "calendar", fires, days, settings.CalendarAge.TotalDays,
            $"{(double.IsNaN(days) ? "never retrained" : $"{days:0.#} of {settings.CalendarAge.TotalDays:0.#} days")}, {facts.NewSinceFull} of {settings.CalendarSamples} new samples{looked}");
    }

    private TriggerAnswer Performance(in TriggerFacts facts)
    {
        double gain = Gain(facts);
        string why = double.IsNaN(gain)
            ? "not enough scored samples to compare"
            : $"the learner's recent log-loss is {facts.LearnerLoss:0.0000}, the serving model's {facts.ServingLoss:0.0000}"
            + (facts.GainMade > 0 ? $"; {facts.GainMade:0.0000} of that has a version that waits" : "");
        return new TriggerAnswer("performance", gain >= settings.PerformanceGain, gain, settings.PerformanceGain, why);
    }
}
