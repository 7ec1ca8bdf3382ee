using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class StabilityIndexTests
{
    [Fact]
    public void A_value_on_an_edge_goes_right()
    {
        var counts = new int[3];

        StabilityIndex.Count([0, 1, 1, 2, 2.5], [1, 2], counts);

        Assert.Equal([1, 2, 2], counts);
    }

    [Fact]
    public void Equal_deciles_make_one_edge()
    {
        Assert.Equal([0, 1], StabilityIndex.Edges([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]));
        Assert.Equal([7], StabilityIndex.Edges([7, 7, 7]));
        Assert.Empty(StabilityIndex.Edges([]));
    }

    [Fact]
    public void Equal_shares_have_an_index_of_nought_and_missing_values_a_bin_of_their_own()
    {
        Assert.Equal(0, StabilityIndex.Value([10, 20], 0, [10, 20], 0));
        double p = 0.5 / 31.5, q = 30.5 / 61.5, first = 10.5 / 31.5, second = 20.5 / 31.5, firstNow = 10.5 / 61.5, secondNow = 20.5 / 61.5;
        double expected = (q - p) * Math.Log(q / p)
            + (firstNow - first) * Math.Log(firstNow / first) + (secondNow - second) * Math.Log(secondNow / second);
        Assert.Equal(expected, StabilityIndex.Value([10, 20], 0, [10, 20], 30), 1e-14);
        Assert.Throws<ArgumentException>(() => StabilityIndex.Value([1, 2], 0, [1], 0));
    }

    // Yurdakul 2018: (1/n + 1/m) × chi-square with 9 degrees of freedom, mean 9 (1/n + 1/m); smoothing of 100 values takes a little off.
    [Fact]
    public void Without_drift_the_index_is_as_large_as_chance_makes_it()
    {
        double[] reference = [.. Draw.Normals(10_000, "psi-reference").Order()], edges = StabilityIndex.Edges(reference);
        int[] bins = new int[10], counts = new int[10];
        StabilityIndex.Count(reference, edges, bins);
        double sum = 0;
        for (int trial = 0; trial < 2_000; trial++)
        {
            double[] window = [.. Draw.Normals(100, $"psi-window-{trial}").Order()];
            StabilityIndex.Count(window, edges, counts);
            sum += StabilityIndex.Value(bins, 0, counts, 0);
        }

        Assert.Equal(0.088, sum / 2_000, 0.005);
    }
}
