using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class QuantileCutsTests
{
    private const float Infinity = float.PositiveInfinity;

    [Fact]
    public void Few_values_are_cut_midway()
    {
        Assert.Equal([1.5f, 3f, Infinity], Cuts([4, 1, 2, 1, float.NaN], 255));
        Assert.Equal([Infinity], Cuts([7, 7], 255));
        Assert.Equal([Infinity], Cuts([float.NaN], 255));
        float next = MathF.BitIncrement(1);
        Assert.Equal([next, Infinity], Cuts([1, next], 255));
    }

    [Fact]
    public void Many_values_are_cut_into_bins_of_equal_weight()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(i => (float)i)], weights = [.. values.Select(v => v < 50 ? 3f : 1f)];

        Assert.Equal([25, 50, 75, Infinity], Cuts(values, 5));
        Assert.Equal([16, 33, 50, Infinity], Cuts(values, 5, weights));
    }

    [Fact]
    public void A_value_that_fills_several_bins_is_cut_once() => Assert.Equal([5, 7, Infinity], Cuts([1, 2, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9], 5));

    [Fact]
    public void Rows_of_no_weight_do_not_count() => Assert.Equal([1.5f, Infinity], Cuts([1, 2, 3], 255, [1, 1, 0]));

    [Fact]
    public void A_bin_is_the_number_of_cuts_up_to_the_value()
    {
        Prop.ForAll(Gen.Choose(-20, 20).NonEmptyListOf().ToArbitrary(), Gen.Choose(3, 12).ToArbitrary(), (numbers, bins) =>
        {
            float[] values = [.. numbers.Select(n => n / 8f)];
            QuantileCuts cuts = QuantileCuts.Of(Tables.Column(values, values), bins);
            Assert.InRange(cuts[0].Length, 1, bins - 1);
            foreach (float value in (float[])[.. values, float.NegativeInfinity, Infinity])
            {
                int expected = 0;
                foreach (float cut in cuts[0])
                    if (cut <= value) expected++;
                Assert.Equal(expected, cuts.Bin(0, value));
            }
            Assert.Equal(QuantileCuts.MissingBin, cuts.Bin(0, float.NaN));
        }).QuickCheckThrowOnFailure();
    }

    private static float[] Cuts(float[] values, int bins, float[]? weights = null) =>
        QuantileCuts.Of(Tables.Column(values, new float[values.Length], weights), bins)[0].ToArray();
}
