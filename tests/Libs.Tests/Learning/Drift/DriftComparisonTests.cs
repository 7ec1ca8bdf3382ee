using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class DriftComparisonTests
{
    [Fact]
    public void Of_many_columns_those_that_moved_are_named()
    {
        double[][] reference = Draw.Columns(20, 3_000, "then"), current = Draw.Columns(20, 1_000, "now");
        current[3] = Draw.Normals(1_000, "moved", shift: 0.8);
        current[7] = [.. current[7].Select(v => 2 * v)];
        current[11] = [.. current[11].Select((v, i) => i % 3 == 0 ? double.NaN : v)];

        IReadOnlyList<ColumnDrift> rows = DriftComparison.Of(Draw.Names(20), reference, current, seed: 1);

        Assert.Equal(Draw.Names(20), rows.Select(r => r.Name));
        Assert.Equal(["f3", "f7", "f11"], rows.Where(r => r.Verdict == DriftVerdict.Drift).Select(r => r.Name));
        Assert.All(rows, r => Assert.Equal(r.Verdict == DriftVerdict.Drift, r.Rejected));
        Assert.Equal(0.334, rows[11].MissingShare, 3);
        Assert.True(rows[11].P < 1e-20 && rows[11].KsP > 0.001);
    }

    [Fact]
    public void A_difference_beyond_chance_but_too_small_to_matter_is_stable()
    {
        ColumnDrift row = DriftComparison.Of(["x"], [Draw.Normals(10_000, "a")], [Draw.Normals(10_000, "b", shift: 0.1)], seed: 1)[0];

        Assert.True(row.Rejected);
        Assert.Equal((DriftVerdict.Stable, DriftSeverity.None), (row.Verdict, row.Severity));
    }

    [Fact]
    public void Nothing_at_all_and_one_row_are_unknown()
    {
        IReadOnlyList<ColumnDrift> rows = DriftComparison.Of(["a", "b", "c", "d"], [[], [1.0], [], [double.NaN]], [[], [2.0], [1.0], []], seed: 1);

        Assert.All(rows, r => Assert.Equal(DriftVerdict.Unknown, r.Verdict));
        Assert.Empty(DriftComparison.Of([], [], [], seed: 1));
    }

    [Fact]
    public void Wrong_columns_are_refused()
    {
        Assert.Contains("2 names for 1", Refusal(["a", "b"], [[1]], [[1], [1]]));
        Assert.Contains("2 names for 3", Refusal(["a", "b"], [[1], [1]], [[1], [1], [1]]));
        Assert.Contains("column 'a', row 0", Refusal(["a"], [[1]], [[double.PositiveInfinity]]));
    }

    private static string Refusal(string[] names, double[][] reference, double[][] current) =>
        Assert.Throws<ArgumentException>(() => DriftComparison.Of(names, reference, current, seed: 1)).Message;
}
