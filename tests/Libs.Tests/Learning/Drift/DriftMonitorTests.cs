using QuadTurbo.Learning.Drift;
using QuadTurbo.Learning.Numerics;
using Xunit.Abstractions;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public sealed class DriftMonitorTests(ITestOutputHelper output)
{
    private const int Features = 32;
    private static readonly Lazy<DriftReference> Clean =
        new(() => DriftReference.Of(Draw.Names(Features), Draw.Columns(Features, 10_000, "reference"), seed: 1));

    [Fact]
    public void Clean_features_raise_at_most_one_event_in_ten_thousand_samples() => Assert.InRange(FalseEvents(20_000), 0, 2);

    [Fact]
    [Trait("Category", "Long")]
    public void Clean_features_raise_at_most_one_event_in_ten_thousand_of_200_thousand_samples() => Assert.InRange(FalseEvents(200_000), 0, 20);

    [Fact]
    public void A_feature_that_moves_by_one_deviation_is_found_within_300_samples() => Assert.InRange(Found(20), 19, 20);

    [Fact]
    [Trait("Category", "Long")]
    public void A_feature_that_moves_by_one_deviation_is_found_within_300_samples_in_200_trials() => Assert.InRange(Found(200), 190, 200);

    [Fact]
    public void A_check_comes_every_hundred_samples_with_every_column_in_every_full_window()
    {
        var monitor = new DriftMonitor(Small());
        for (int i = 1; i <= 600; i++)
        {
            DriftCheck? check = monitor.Add([0.1 * (i % 20) - 1, 0]);

            Assert.Equal(i % 100 == 0, check is not null);
            if (check is null) continue;
            Assert.Same(check, monitor.Last);
            Assert.Equal(i, check.Sample);
            Assert.Equal(i < 500 ? ["a", "b"] : ["a", "b", "a", "b"], check.Columns.Select(c => c.Name));
            Assert.Equal(i < 500 ? [100, 100] : [100, 100, 500, 500], check.Columns.Select(c => c.Window));
        }
        Assert.Equal(600, monitor.Samples);
    }

    [Fact]
    public void A_window_holds_the_last_samples_in_order_of_arrival()
    {
        var monitor = new DriftMonitor(Small());
        double[] seen = [];
        monitor.AddTest("look", (_, window) =>
        {
            if (window.Length == 500) seen = window.ToArray();
            return (window[0], false);
        });
        for (int i = 1; i <= 1_300; i++) monitor.Add([i, 0]);

        Assert.Equal(Enumerable.Range(801, 500).Select(v => (double)v), SeenOf("a"));
        Assert.Equal([1201, 0, 801, 0], monitor.Last!.Columns.Select(c => c.Custom[0].Statistic));

        double[] SeenOf(string name)
        {
            var again = new DriftMonitor(Small());
            again.AddTest("look", (reference, window) =>
            {
                if (window.Length == 500 && reference.Name == name) seen = window.ToArray();
                return (0, false);
            });
            for (int i = 1; i <= 1_300; i++) again.Add([i, 0]);
            return seen;
        }
    }

    [Fact]
    public void Drift_is_said_once_and_again_after_it_had_stopped()
    {
        var monitor = new DriftMonitor(Small());
        double[] normals = Draw.Normals(4_000, "on-off");
        var events = new List<DriftEvent>();
        for (int i = 0; i < normals.Length; i++)
            if (monitor.Add([normals[i] + (i / 1_000 % 2 == 1 ? 2 : 0), 0]) is { } check) events.AddRange(check.Events);

        Assert.Equal([1_200, 3_200], events.Select(e => e.Sample));
        Assert.All(events, e => Assert.Equal("a", e.Figures.Name));
        Assert.All(events, e => Assert.Equal(DriftSeverity.Major, e.Figures.Severity));
        Assert.Equal(["a"], monitor.Drifting);
    }

    [Fact]
    public void One_odd_check_is_no_event()
    {
        var monitor = new DriftMonitor(DriftReference.Of(["a"], [Draw.Normals(2_000, "one")], seed: 1, new DriftOptions { Windows = [100] }));
        double[] normals = Draw.Normals(1_000, "odd");
        for (int i = 0; i < normals.Length; i++)
        {
            DriftCheck? check = monitor.Add([normals[i] + (i is >= 400 and < 500 ? 3 : 0)]);
            if (check is null) continue;
            Assert.Equal(check.Sample == 500 ? DriftVerdict.Drift : DriftVerdict.Stable, check.Columns[0].Verdict);
            Assert.Empty(check.Events);
        }
    }

    [Fact]
    public void A_feature_that_ceases_to_come_has_drifted()
    {
        var monitor = new DriftMonitor(Small());
        double[] normals = Draw.Normals(800, "dark");
        for (int i = 0; i < normals.Length; i++) monitor.Add([i < 500 ? normals[i] : double.NaN, 0]);

        ColumnDrift column = monitor.Last!.Columns[0];
        Assert.Equal((0, 1, DriftVerdict.Drift, DriftSeverity.Major), (column.Known, column.MissingShare, column.Verdict, column.Severity));
        Assert.Equal(double.NaN, column.KsD);
        Assert.True(column.Rejected);
        Assert.Equal(["a"], monitor.Drifting);
    }

    [Fact]
    public void Values_missing_as_often_as_before_are_no_drift_and_too_few_known_ones_tell_nothing()
    {
        double[] half = Draw.Normals(3_000, "half"), rare = Draw.Normals(3_000, "rare"), none = new double[3_000];
        for (int i = 0; i < half.Length; i++)
        {
            if (i * 7 % 10 < 5) half[i] = double.NaN;
            if (i * 7 % 10 < 9) rare[i] = double.NaN;
            none[i] = double.NaN;
        }
        var options = new DriftOptions { Windows = [100] };
        var monitor = new DriftMonitor(DriftReference.Of(["half", "rare", "none"], [half, rare, none], seed: 1, options));
        for (int i = 0; i < 300; i++) monitor.Add([half[i], rare[i], none[i]]);

        Assert.Equal([DriftVerdict.Stable, DriftVerdict.Unknown, DriftVerdict.Unknown], monitor.Last!.Columns.Select(c => c.Verdict));
        Assert.Equal([0.5, 0.9, 1], monitor.Last.Columns.Select(c => c.MissingShare));
    }

    [Fact]
    public void A_constant_is_stable_until_it_changes()
    {
        var monitor = new DriftMonitor(Small());
        for (int i = 0; i < 500; i++) monitor.Add([0.1 * (i % 20) - 1, 0]);
        ColumnDrift before = monitor.Last!.Columns[1];
        for (int i = 0; i < 300; i++) monitor.Add([0.1 * (i % 20) - 1, 1e-6]);

        Assert.Equal((DriftVerdict.Stable, 0, 1), (before.Verdict, before.KsD, before.KsP));
        Assert.Contains("b", monitor.Drifting);
    }

    [Fact]
    public void A_test_of_ones_own_can_call_drift()
    {
        var monitor = new DriftMonitor(Small());
        monitor.AddTest("range", (reference, window) =>
        {
            double top = reference.Values[^1];
            int above = 0;
            foreach (double value in window)
                if (value > top) above++;
            return (above, above > 0);
        });
        double[] normals = Draw.Normals(400, "custom");
        var events = new List<DriftEvent>();
        for (int i = 0; i < normals.Length; i++)
            if (monitor.Add([i >= 200 && i % 100 == 50 ? 1_000 : normals[i], 0]) is { } check) events.AddRange(check.Events);

        DriftEvent raised = Assert.Single(events);
        Assert.Equal((400, "a", false), (raised.Sample, raised.Figures.Name, raised.Figures.Rejected));
        Assert.Equal([new CustomDrift("range", 1, true)], raised.Figures.Custom);
        Assert.Throws<ArgumentException>(() => monitor.AddTest("range", (_, _) => (0, false)));
    }

    [Fact]
    public void What_cannot_be_taken_is_refused_by_name_and_not_counted()
    {
        var monitor = new DriftMonitor(Small());

        Assert.Contains("1 values for 2 columns", Assert.Throws<ArgumentException>(() => monitor.Add([1])).Message);
        Assert.Contains("'b' is infinite", Assert.Throws<ArgumentException>(() => monitor.Add([1, double.NegativeInfinity])).Message);
        Assert.Equal(0, monitor.Samples);
    }

    [Fact]
    public void Equal_samples_are_judged_with_equal_bits()
    {
        double[] normals = Draw.Normals(1_000, "twice");
        DriftMonitor[] monitors = [new(Small()), new(Small())];
        foreach (double value in normals)
        {
            DriftCheck?[] checks = [.. monitors.Select(m => m.Add([value + 0.3, 0]))];
            if (checks[0] is not null) Assert.Equal(checks[0]!.Columns, checks[1]!.Columns);
        }
    }

    private static DriftReference Small() => DriftReference.Of(["a", "b"], [Draw.Normals(2_000, "small"), new double[2_000]], seed: 1);

    private int FalseEvents(int samples)
    {
        var monitor = new DriftMonitor(Clean.Value);
        SplitMix64 random = SplitMix64.Stream(7, "clean");
        int events = 0;
        var sample = new double[Features];
        for (int i = 0; i < samples; i++)
        {
            for (int f = 0; f < Features; f++) sample[f] = random.NextNormal();
            events += monitor.Add(sample)?.Events.Count ?? 0;
        }
        output.WriteLine($"{events} events in {samples} clean samples of {Features} features");
        return events;
    }

    private int Found(int trials)
    {
        int found = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            var monitor = new DriftMonitor(Clean.Value);
            SplitMix64 random = SplitMix64.Stream(trial, "shift");
            int start = 600 + random.NextInt(100), moved = random.NextInt(Features);
            var sample = new double[Features];
            bool seen = false;
            for (int i = 0; i < start + 300; i++)
            {
                for (int f = 0; f < Features; f++) sample[f] = random.NextNormal() + (f == moved && i >= start ? 1 : 0);
                if (monitor.Add(sample) is { } check && i >= start) seen |= check.Events.Any(e => e.Figures.Name == $"f{moved}");
            }
            if (seen) found++;
        }
        output.WriteLine($"found in {found} of {trials} trials");
        return found;
    }
}
