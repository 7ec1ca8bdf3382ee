using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Libs.Tests.Learning.Sequential;

public sealed class ClusterTotalsTests
{
    private static readonly long[] Clusters = [3, 3, 4, 9, 9, 9, 12];
    private static readonly double[] Values = [1, 0.5, -2, 1, 1, 1, 7];

    [Fact]
    public void A_total_is_given_out_when_the_next_cluster_begins()
    {
        var totals = new ClusterTotals();
        var closed = new List<double>();
        for (int i = 0; i < Values.Length; i++)
            if (totals.Add(Clusters[i], Values[i], out double total)) closed.Add(total);
        Assert.Equal([1.5, -2, 3], closed);

        Assert.True(totals.Close(out double last));
        Assert.Equal(7, last);
        Assert.False(totals.Close(out _));
        Assert.False(totals.Add(1, 5, out _));
        Assert.Equal(1, totals.Open);
    }

    [Fact]
    public void The_batch_sums_alike_in_any_order()
    {
        Assert.Equal([1.5, -2, 3, 7], ClusterTotals.Sum(Clusters, Values));
        Assert.Equal([1.5, -2, 3, 7], ClusterTotals.Sum([.. Clusters.Reverse()], [.. Values.Reverse()]));
        Assert.Empty(ClusterTotals.Sum([], []));
    }

    [Fact]
    public void Restored_totals_continue()
    {
        var totals = new ClusterTotals();
        totals.Add(3, 1, out _);
        byte[] saved = totals.Save();

        var restored = ClusterTotals.Restore(saved);
        restored.Add(3, 2, out _);

        Assert.True(restored.Add(4, 9, out double closed));
        Assert.Equal(3, closed);
        for (int cut = 0; cut < saved.Length; cut++) Assert.Throws<InvalidDataException>(() => ClusterTotals.Restore(saved.AsSpan(0, cut)));
    }

    [Fact]
    public void A_cluster_that_comes_late_or_a_value_that_is_none_is_refused()
    {
        var totals = new ClusterTotals();
        totals.Add(5, 1, out _);
        Assert.Throws<ArgumentException>(() => totals.Add(4, 1, out _));
        Assert.Throws<ArgumentException>(() => totals.Add(5, double.NaN, out _));
        Assert.Throws<ArgumentException>(() => ClusterTotals.Sum([1], []));
        Assert.Throws<ArgumentException>(() => ClusterTotals.Sum([1], [double.NaN]));
    }

    [Fact]
    public void Values_that_hang_together_fool_a_test_that_their_totals_do_not()
    {
        int single = 0, summed = 0;
        for (int run = 0; run < 300; run++)
        {
            var random = new SplitMix64(run);
            var values = new PairedMeanTest(new SequentialOptions { Tau = 0.2 });
            var blocks = new PairedMeanTest(new SequentialOptions { Tau = 2 });
            var totals = new ClusterTotals();
            for (int block = 0; block < 300; block++)
            {
                double shared = random.NextNormal();
                for (int i = 0; i < 10; i++)
                {
                    double value = shared + 0.3 * random.NextNormal();
                    values.Add(value);
                    if (totals.Add(block, value, out double total)) blocks.Add(total);
                }
            }
            if (values.Rejects) single++;
            if (blocks.Rejects) summed++;
        }
        Assert.InRange(single / 300.0, 0.3, 1);
        Assert.InRange(summed / 300.0, 0, 0.09);
    }
}
