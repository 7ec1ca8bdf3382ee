using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class DriftReferenceTests
{
    [Fact]
    public void Ten_thousand_rows_are_kept_the_same_of_every_column()
    {
        double[] rows = [.. Enumerable.Range(0, 25_000).Select(i => (double)i)];
        double[] opposite = [.. rows.Select(v => -v)];

        DriftReference reference = DriftReference.Of(["up", "down"], [rows, opposite], seed: 4);

        double[] kept = reference.Columns[0].Values.ToArray();
        Assert.Equal(10_000, kept.Distinct().Count());
        Assert.Equal(kept.Reverse().Select(v => -v), reference.Columns[1].Values.ToArray());
        Assert.InRange(kept.Average(), 12_200, 12_800);
        Assert.Equal(kept, DriftReference.Of(["up"], [rows], seed: 4).Columns[0].Values.ToArray());
        Assert.NotEqual(kept, DriftReference.Of(["up"], [rows], seed: 5).Columns[0].Values.ToArray());
    }

    [Fact]
    public void One_window_in_a_thousand_lies_beyond_the_null_quantile()
    {
        DriftReference reference = DriftReference.Of(["x"], [Draw.Normals(10_000, "null-reference")], seed: 1);
        double[] distances = [.. Enumerable.Range(0, 1_000).Select(trial =>
            Wasserstein.Distance(reference.Columns[0].Values, Draw.Normals(100, $"null-{trial}")) / reference.Columns[0].Spread)];
        double limit = reference.Columns[0].NullDistance(100);

        Assert.InRange(distances.Count(d => d > limit), 0, 6);
        Assert.InRange(limit, distances.Order().ElementAt(980), distances.Max() * 1.2);
        Assert.Equal(limit, DriftReference.Of(["x"], [Draw.Normals(10_000, "null-reference")], seed: 1).Columns[0].NullDistance(100));
        Assert.Equal(reference.Columns[0].NullDistance(1_000), reference.Columns[0].NullDistance(50_000));
    }

    [Fact]
    public void Spread_is_the_interquartile_range_or_what_is_left_of_it()
    {
        double[] spread = [.. DriftReference.Of(["even", "rare", "constant", "missing"],
            [[0, 1, 2, 3, 4], [0, 0, 0, 0, 5], [3, 3, 3, 3, 3], [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]], seed: 1)
            .Columns.Select(c => c.Spread)];

        Assert.Equal([2, 2, 1, 1], spread);
        Assert.Equal(double.NaN, DriftReference.Of(["missing"], [[double.NaN]], seed: 1).Columns[0].NullDistance(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => DriftReference.Of(["one"], [[1]], seed: 1).Columns[0].NullDistance(0));
    }

    [Fact]
    public void Columns_that_cannot_be_kept_are_refused_by_name()
    {
        Assert.Contains("1 names for 2", Refusal(["a"], [[1], [1]]));
        Assert.Contains("'b' has 1 rows, 'a' has 2", Refusal(["a", "b"], [[1, 2], [1]]));
        Assert.Contains("named 'a'", Refusal(["a", "a"], [[1], [1]]));
        Assert.Contains("column 'b', row 1 is infinite", Refusal(["a", "b"], [[1, 2], [1, double.PositiveInfinity]]));
        Assert.Empty(DriftReference.Of([], [], seed: 1).Columns);
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused()
    {
        DriftOptions[] wrong =
        [
            new() { Windows = [] }, new() { Windows = [1] }, new() { CheckEvery = 0 }, new() { ReferenceRows = 1 }, new() { MinKnown = 1 },
            new() { ChecksNeeded = 4 }, new() { ChecksKept = 33, ChecksNeeded = 33 }, new() { FalseDiscoveryRate = 0 }, new() { NullQuantile = 1 },
            new() { MajorPsi = 0.05 }, new() { Resamples = 0 }, new() { KsEffect = double.NaN },
        ];

        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => DriftReference.Of(["a"], [[1.0]], seed: 1, options)));
    }

    private static string Refusal(string[] names, double[][] columns) =>
        Assert.Throws<ArgumentException>(() => DriftReference.Of(names, columns, seed: 1)).Message;
}
