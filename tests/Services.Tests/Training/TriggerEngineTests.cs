using QuadTurbo.Training;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Services.Tests.Training;

public class TriggerEngineTests
{
    private static readonly TriggerFacts Nothing = new() { NewSamples = 0, SinceLast = null, LearnerLoss = double.NaN, ServingLoss = double.NaN, DayEnded = false, Requested = false };
    private static readonly TriggerEngine Online = Engine(LearnMode.Online);

    [Theory]
    [InlineData(49, null)]
    [InlineData(50, "samples")]
    [InlineData(51, "samples")]
    public void A_version_is_due_every_fifty_samples(long samples, string? fired) => Assert.Equal(fired, Online.Fired(Nothing with { NewSamples = samples }));

    [Theory]
    [InlineData(9, 0.9, 0.1, null)]
    [InlineData(10, 0.9, 0.1, "performance")]
    [InlineData(10, 0.75, 0.5, "performance")]
    [InlineData(10, 0.7499, 0.5, null)]
    [InlineData(10, 0.1, 0.9, null)]
    [InlineData(10, double.NaN, 0.1, null)]
    [InlineData(10, 0.9, double.NaN, null)]
    public void A_version_is_due_early_when_the_learner_is_better_by_the_gain_on_enough_samples(long samples, double serving, double learner, string? fired) =>
        Assert.Equal(fired, Online.Fired(Nothing with { NewSamples = samples, ServingLoss = serving, LearnerLoss = learner }));

    [Theory]
    [InlineData(null, "samples")]
    [InlineData(0, null)]
    [InlineData(9_999_999, null)]
    [InlineData(10_000_000, "samples")]
    public void Two_versions_are_a_cool_down_apart(int? ticks, string? fired) =>
        Assert.Equal(fired, Online.Fired(Nothing with { NewSamples = 50, SinceLast = ticks is { } t ? TimeSpan.FromTicks(t) : null }));

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "manual")]
    public void A_request_needs_one_new_sample_and_minds_no_guard(long samples, string? fired) =>
        Assert.Equal(fired, Online.Fired(Nothing with { NewSamples = samples, Requested = true, SinceLast = TimeSpan.Zero }));

    [Theory]
    [InlineData(true, 10, "nightly")]
    [InlineData(true, 9, null)]
    [InlineData(false, 1_000, null)]
    public void At_night_the_end_of_the_day_alone_makes_a_version(bool dayEnded, long samples, string? fired) =>
        Assert.Equal(fired, Engine(LearnMode.Nightly).Fired(Nothing with { NewSamples = samples, DayEnded = dayEnded, ServingLoss = 0.9, LearnerLoss = 0.1 }));

    [Fact]
    public void Nothing_fires_while_learning_is_off() =>
        Assert.Null(Engine(LearnMode.Off).Fired(new TriggerFacts { NewSamples = 1_000, SinceLast = null, LearnerLoss = 0.1, ServingLoss = 0.9, DayEnded = true, Requested = true }));

    [Fact]
    public void Every_trigger_and_the_guard_say_why_there_was_no_version()
    {
        TriggerFacts facts = Nothing with { NewSamples = 7, SinceLast = TimeSpan.FromSeconds(0.5) };
        Assert.Equal(
            ["manual False 0/1: nobody asked", "samples False 7/50: 7 of 50 new samples", "performance False NaN/0.25: not enough scored samples to compare"],
            Online.Ask(facts).Select(a => $"{a.Name} {a.Fires} {a.Measured}/{a.Limit}: {a.Why}"));
        Assert.Equal("7 new samples; at least 10 are needed", Online.Guard(facts));
        Assert.Equal("the last version is 0.5 s old; the cool-down is 1 s", Online.Guard(facts with { NewSamples = 10 }));
        Assert.Null(Online.Guard(facts with { NewSamples = 10, SinceLast = TimeSpan.FromSeconds(1) }));
        Assert.Equal("learning is off (training.learn)", Engine(LearnMode.Off).Guard(facts));
        Assert.Equal("nightly False 0/1: the day has not ended", Described(Engine(LearnMode.Nightly).Ask(facts)[1]));
        Assert.Equal("samples True 50/50: 50 of 50 new samples", Described(Online.Ask(facts with { NewSamples = 50 })[1]));

        static string Described(TriggerAnswer a) => $"{a.Name} {a.Fires} {a.Measured}/{a.Limit}: {a.Why}";
    }

    private static TriggerEngine Engine(LearnMode mode) => new(new TrainingSettings { Learn = mode }, new TriggerSettings { PerformanceGain = 0.25 });
}
