using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Linear;

public sealed class OneHotBinsTests
{
    [Fact]
    public void A_value_at_a_cut_is_in_the_bin_above_it_and_a_missing_one_in_the_last()
    {
        var bins = OneHotBins.Fit([0, 1, 2, 3, 4, 5, 6, 7], 1, 4);

        Assert.Equal([2, 4, 6], bins.Cuts(0).ToArray());
        Assert.Equal(5, bins.Width);
        Assert.Equal([1, 0, 0, 0, 0], bins.Transform([1.99f]));
        Assert.Equal([0, 1, 0, 0, 0], bins.Transform([2]));
        Assert.Equal([0, 0, 0, 1, 0], bins.Transform([1e9f]));
        Assert.Equal([0, 0, 0, 0, 1], bins.Transform([float.NaN]));
        Assert.Equal([0, 0, 0, 0, 1], bins.Transform([float.NegativeInfinity]));
    }

    [Fact]
    public void A_column_that_is_constant_or_never_known_has_no_cuts()
    {
        var bins = OneHotBins.Fit([3, float.NaN, 3, float.NaN], 2, 8);

        Assert.Equal(4, bins.Width);
        Assert.Equal([1, 0, 0, 1], bins.Transform([3, float.NaN]));
        Assert.Equal(2, OneHotBins.Fit([], 1, 8).Width);
    }

    [Fact]
    public void Every_row_has_one_bin_for_each_column_and_larger_values_no_lower_one()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(float[] Training, float[] Rows)>(), x =>
        {
            var bins = OneHotBins.Fit(x.Training, 1, 5);
            float[] sorted = [.. x.Rows.Where(float.IsFinite).Order(), float.NaN];
            int last = 0;
            foreach (float[] row in bins.Transform(sorted).Chunk(bins.Width))
            {
                Assert.Equal(1, row.Sum());
                Assert.True(Array.IndexOf(row, 1) >= last);
                last = Array.IndexOf(row, 1);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Over_bins_a_linear_model_learns_a_bend()
    {
        SplitMix64 random = SplitMix64.Stream(9, "bend");
        var rows = new float[2_000];
        for (int i = 0; i < rows.Length; i++) rows[i] = (float)random.NextNormal();
        bool[] labels = [.. rows.Select(x => Math.Abs(x) > 0.7)];
        var bins = OneHotBins.Fit(rows, 1, 16);
        var bent = LogisticRegression.Fit(bins.Transform(rows), bins.Width, labels);
        var straight = LogisticRegression.Fit(rows, 1, labels);

        Assert.All(new[] { -2f, 0, 2 }, x => Assert.Equal(Math.Abs(x) > 0.7, bent.Predict(bins.Transform([x])) > 0.5));
        Assert.InRange(straight.Predict([-2]) - straight.Predict([2]), -0.3, 0.3);
    }

    [Fact]
    public void Lengths_and_bins_out_of_range_are_refused()
    {
        Assert.Contains(
            "3 numbers are not rows of 2", Assert.Throws<ArgumentException>(() => OneHotBins.Fit([1, 2, 3], 2, 4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("bins", () => OneHotBins.Fit([1], 1, 257));
        Assert.Throws<ArgumentException>("rows", () => OneHotBins.Fit([1, 2], 2, 4).Transform([1]));
    }
}
