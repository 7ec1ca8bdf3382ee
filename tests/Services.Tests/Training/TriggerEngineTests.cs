using QuadTurbo.Training;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Services.Tests.Training;

public class TriggerEngineTests
{
    private static readonly TriggerFacts Nothing = new() { NewSamples = 0, SinceLast = null, LearnerLoss = double.NaN, ServingLoss = double.NaN, DayEnded = false, Requested = false };
    private static readonly TriggerFacts Aged = Nothing with { NewSinceFull = 100, SinceFull = TimeSpan.FromDays(7), DayEnded = true };
    private static readonly TriggerEngine Online = Engine(LearnMode.Online);

    [Theory]
    [InlineData(49, null)]
    [InlineData(50, "samples")]
    [InlineData(51, "samples")]
    public void Quad_makes_an_online_version_every_fifty_samples(long samples, string? fired) =>
        Assert.Equal(fired is null ? null : new Fired(fired, VersionKind.Online), Online.Fires(Nothing with { NewSamples = samples }));

    [Theory]
    [InlineData(9, 0.9, 0.1, null)]
    [InlineData(10, 0.9, 0.1, "performance")]
    [InlineData(10, 0.75, 0.5, "performance")]
    [InlineData(10, 0.7499, 0.5, null)]
    [InlineData(10, 0.1, 0.9, null)]
    [InlineData(10, double.NaN, 0.1, null)]
    [InlineData(10, 0.9, double.NaN, null)]
    public void Quad_makes_one_early_when_the_learner_is_better_by_the_gain_on_enough_samples(long samples, double serving, double learner, string? fired) =>
        Assert.Equal(fired, Online.Fires(Nothing with { NewSamples = samples, ServingLoss = serving, LearnerLoss = learner })?.Name);

    [Theory]
    [InlineData(0.5, 0.0, "performance")]
    [InlineData(0.5, 0.5, null)]
    [InlineData(0.75, 0.5, "performance")]
    public void A_version_that_waits_is_not_made_again_until_the_learner_is_better_than_it_too(double gain, double made, string? fired) =>
        Assert.Equal(fired, Online.Fires(Nothing with { NewSamples = 10, ServingLoss = gain, LearnerLoss = 0, GainMade = made })?.Name);

    [Theory]
    [InlineData(null, "samples")]
    [InlineData(0, null)]
    [InlineData(9_999_999, null)]
    [InlineData(10_000_000, "samples")]
    public void Two_online_versions_are_a_cool_down_apart(int? ticks, string? fired) =>
        Assert.Equal(fired, Online.Fires(Nothing with { NewSamples = 50, SinceLast = ticks is { } t ? TimeSpan.FromTicks(t) : null })?.Name);

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "manual")]
    public void A_request_needs_one_new_sample_and_minds_no_guard_in_any_profile(long samples, string? fired)
    {
        foreach (TriggerProfile profile in Enum.GetValues<TriggerProfile>())
            Assert.Equal(fired, Engine(LearnMode.Online, profile).Fires(Nothing with { NewSamples = samples, Requested = true, SinceLast = TimeSpan.Zero, SinceFull = TimeSpan.Zero })?.Name);
    }

    [Theory]
    [InlineData(true, 100, "nightly")]
    [InlineData(true, 99, null)]
    [InlineData(false, 1_000_000, null)]
    public void Huracan_retrains_at_the_end_of_the_day_alone(bool dayEnded, long samples, string? fired)
    {
        TriggerFacts facts = Nothing with { NewSamples = samples, NewSinceFull = samples, DayEnded = dayEnded, ServingLoss = 0.9, LearnerLoss = 0.1, Drifted = "net_edge_bps" };
        Fired? expected = fired is null ? null : new Fired(fired, VersionKind.Full);

        Assert.Equal(expected, Engine(LearnMode.Nightly).Fires(facts));
        Assert.Equal(expected, Engine(LearnMode.Online, TriggerProfile.Huracan).Fires(facts));
    }

    [Theory]
    [InlineData(4_999, null, null)]
    [InlineData(5_000, null, "full")]
    [InlineData(100, "volatility_bps", "drift")]
    [InlineData(99, "volatility_bps", null)]
    [InlineData(5_000, "volatility_bps", "full")]
    public void Elite_retrains_at_five_thousand_samples_or_on_drift(long samples, string? drifted, string? fired) =>
        Assert.Equal(
            fired is null ? null : new Fired(fired, VersionKind.Full),
            Engine(LearnMode.Online, TriggerProfile.Elite).Fires(Nothing with { NewSamples = samples, NewSinceFull = samples, Drifted = drifted, DayEnded = true }));

    [Fact]
    public void Apex_looks_when_a_day_ends_and_wants_seven_days_and_a_hundred_samples()
    {
        TriggerEngine apex = Engine(LearnMode.Online, TriggerProfile.Apex);

        Assert.Equal(new Fired("calendar", VersionKind.Full), apex.Fires(Aged));
        Assert.Equal("calendar", apex.Fires(Aged with { SinceFull = null })?.Name);
        Assert.Null(apex.Fires(Aged with { DayEnded = false }));
        Assert.Null(apex.Fires(Aged with { NewSinceFull = 99 }));
        Assert.Null(apex.Fires(Aged with { SinceFull = TimeSpan.FromDays(7) - TimeSpan.FromTicks(1) }));
    }

    [Theory]
    [InlineData(TriggerProfile.Quad, 10_000)]
    [InlineData(TriggerProfile.Elite, 10_000)]
    [InlineData(TriggerProfile.Huracan, 50_000)]
    [InlineData(TriggerProfile.Apex, 50_000)]
    public void Each_profile_keeps_as_many_samples_as_its_seed_says(TriggerProfile profile, int samples)
    {
        Assert.Equal(samples, Engine(LearnMode.Online, profile).BufferSize);
        Assert.Equal(1_234, new TriggerEngine(new TrainingSettings { BufferSize = 1_234 }, new TriggerSettings { Profile = profile }).BufferSize);
    }

    [Fact]
    public void Two_full_retrains_are_a_cool_down_apart_on_the_time_of_the_feed()
    {
        TriggerEngine elite = Engine(LearnMode.Online, TriggerProfile.Elite);
        TriggerFacts facts = Nothing with { NewSinceFull = 5_000 };

        Assert.Null(elite.Fires(facts with { SinceFull = TimeSpan.FromHours(1) - TimeSpan.FromTicks(1) }));
        Assert.NotNull(elite.Fires(facts with { SinceFull = TimeSpan.FromHours(1) }));
        Assert.Equal("a full retrain is running", elite.Guard(facts with { Retraining = true }));
        Assert.Null(elite.Fires(facts with { Retraining = true }));
        Assert.Equal("the last full retrain is 2.5 s old; the cool-down is 3600 s", elite.Guard(facts with { SinceFull = TimeSpan.FromSeconds(2.5) }));
    }

    [Fact]
    public void Nothing_fires_while_learning_is_off() =>
        Assert.Null(Engine(LearnMode.Off).Fires(Aged with { NewSamples = 1_000, LearnerLoss = 0.1, ServingLoss = 0.9, Requested = true }));

    [Fact]
    public void Every_trigger_and_the_guard_say_why_there_was_no_version()
    {
        TriggerFacts facts = Nothing with { NewSamples = 7, SinceLast = TimeSpan.FromSeconds(0.5) };
        Assert.Equal(
            ["manual False 0/1: nobody asked", "samples False 7/50: 7 of 50 new samples", "performance False NaN/0.25: not enough scored samples to compare"],
            Online.Ask(facts).Select(Described));

        Assert.Equal("7 new samples; at least 10 are needed", Online.Guard(facts));
        Assert.Equal("the last version is 0.5 s old; the cool-down is 1 s", Online.Guard(facts with { NewSamples = 10 }));
        Assert.Null(Online.Guard(facts with { NewSamples = 10, SinceLast = TimeSpan.FromSeconds(1) }));
        Assert.Equal("learning is off (training.learn)", Engine(LearnMode.Off).Guard(facts));
        Assert.Equal("nightly False 0/1: the day has not ended", Described(Engine(LearnMode.Nightly).Ask(facts)[1]));
        Assert.Equal("samples True 50/50: 50 of 50 new samples", Described(Online.Ask(facts with { NewSamples = 50 })[1]));
        Assert.Equal(
            "calendar False 6.5/7: 6.5 of 7 days, 100 of 100 new samples",
            Described(Engine(LearnMode.Online, TriggerProfile.Apex).Ask(Aged with { SinceFull = TimeSpan.FromDays(6.5) })[1]));

        static string Described(TriggerAnswer a) => $"{a.Name} {a.Fires} {a.Measured}/{a.Limit}: {a.Why}";
    }

    private static TriggerEngine Engine(LearnMode mode, TriggerProfile profile = TriggerProfile.Quad) =>
        new(new TrainingSettings { Learn = mode }, new TriggerSettings { PerformanceGain = 0.25, Profile = profile });
}
