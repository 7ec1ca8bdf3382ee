using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Metrics;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void A_score_on_an_edge_belongs_to_the_bin_below_and_zero_to_the_first()
    {
        for (int bins = 1; bins <= 40; bins++)
        {
            double[] edges = [.. Enumerable.Range(0, bins + 1).Select(m => (double)m / bins)];
            double[] scores = [.. edges, .. edges.Take(bins).Select(Math.BitIncrement)];
            ReliabilityCurve curve = ReliabilityCurve.EqualWidth(scores, new bool[scores.Length], bins: bins);
            Assert.Equal(Enumerable.Range(0, bins).Select(m => m == 0 ? 3 : 2), curve.Bins.Select(b => b.Count));
            Assert.Equal(edges[^1] - 0.5 / bins, curve.Bins[^1].MeanScore, bins == 1 ? 0.2 : 1e-12);
        }
    }

    [Fact]
    public void Error_of_a_small_example_worked_by_hand()
    {
        // Two bins of 4: 0.375 foretold where 1 of 2 happened, 0.75 foretold where 1 of 1 happened.
        ReliabilityCurve curve = ReliabilityCurve.EqualWidth([0.28125, 0.46875, 0.75], [false, true, true], bins: 4);

        Assert.Equal([new ReliabilityBin(0.375, 0.5, 2, 2, 2), new ReliabilityBin(0.75, 1, 1, 1, 1)], curve.Bins);
        Assert.Equal((2 * 0.125 + 0.25) / 3, curve.Ece, 15);
        Assert.Equal(0.25, curve.Mce);
        Assert.Equal((2 * (0.125 * 0.125 - 0.25) + 0.0625) / 3, curve.DebiasedSquare, 15);
    }

    [Fact]
    public void Bins_of_equal_mass_hold_equally_many_unless_scores_tie()
    {
        double[] scores = [.. Enumerable.Range(0, 45).Select(i => i / 45.0)];
        bool[] labels = [.. scores.Select(s => s > 0.5)];
        Assert.Equal(Enumerable.Repeat(3, 15), ReliabilityCurve.EqualMass(scores, labels).Bins.Select(b => b.Count));

        double[] tied = [.. scores.Select((s, i) => i < 20 ? 0.1 : s)];
        Assert.Equal(20, ReliabilityCurve.EqualMass(tied, labels).Bins[0].Count);
    }

    [Fact]
    public void The_parts_of_the_brier_score_add_up_to_it()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int Score, bool Label, int Weight)[]>(), ArbMap.Default.ArbFor<int>(), (drawn, count) =>
        {
            int bins = 1 + Math.Abs(count % 20);
            double[] scores = [.. drawn.Select(d => Math.Abs(d.Score % 101) / 100.0)], weights = [.. drawn.Select(d => 0.5 + Math.Abs(d.Weight % 4))];
            bool[] labels = [.. drawn.Select(d => d.Label)];
            Assert.Equal(Classification.Brier(scores, labels), BrierDecomposition.Of(scores, labels, bins: bins).Brier, 1e-12);
            Assert.Equal(Classification.Brier(scores, labels, weights), BrierDecomposition.Of(scores, labels, weights, bins).Brier, 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_floor_of_one_bin_is_the_mean_distance_of_a_mean_from_its_expectation()
    {
        // E|ȳ − p̄| ≈ √(2/π · p(1 − p)/n) = 0.0126 by the central limit; 2,000 draws: ± 2 % is 1.2 standard errors of 1.7 %, so ± 6 %.
        double[] scores = [.. Enumerable.Repeat(0.5, 1_000)];

        EceFloor floor = ReliabilityCurve.Floor(scores, seed: 1, draws: 2_000);

        Assert.Equal(Math.Sqrt(2 / Math.PI * 0.25 / 1_000), floor.Mean, 0.06 * 0.0126);
        Assert.Equal(1.96 * Math.Sqrt(0.25 / 1_000), floor.Upper, 0.08 * 0.031);
        Assert.Equal(floor, ReliabilityCurve.Floor(scores, seed: 1, draws: 2_000));
        Assert.NotEqual(floor, ReliabilityCurve.Floor(scores, seed: 2, draws: 2_000));
    }

    [Fact]
    public void The_debiased_error_of_faultless_scores_is_nothing_on_average()
    {
        var random = SplitMix64.Stream(3, "debiased");
        double sum = 0, biased = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            // Scores in the middle of the bins, so that p̄ has no noise of its own.
            double[] scores = [.. Enumerable.Range(0, 300).Select(i => (i % 15 + 0.5) / 15)];
            bool[] labels = new bool[scores.Length];
            for (int i = 0; i < labels.Length; i++) labels[i] = random.NextDouble() < scores[i];
            ReliabilityCurve curve = ReliabilityCurve.EqualWidth(scores, labels);
            sum += curve.DebiasedSquare / 300;
            biased += curve.Ece * curve.Ece / 300;
        }

        Assert.InRange(sum, -0.0005, 0.0005);
        Assert.InRange(biased, 0.003, 0.01);
    }

    [Fact]
    public void Samples_without_weight_count_for_nothing()
    {
        ReliabilityCurve curve = ReliabilityCurve.EqualWidth([0.1, 0.5, 0.9], [true, false, true], [0, 2, 2]);

        Assert.Equal([0.5, 0.9], curve.Bins.Select(b => b.MeanScore));
        Assert.Equal((2 * 0.5 + 2 * 0.1) / 4, curve.Ece, 15);
    }

    [Fact]
    public void Nothing_has_no_error_to_tell()
    {
        foreach (ReliabilityCurve curve in (ReliabilityCurve[])[ReliabilityCurve.EqualWidth([], []), ReliabilityCurve.EqualMass([0.4], [true], [0])])
            Assert.Equal((double.NaN, double.NaN, double.NaN, 0), (curve.Ece, curve.Mce, curve.DebiasedSquare, curve.Bins.Count));
        Assert.Equal(new EceFloor(double.NaN, double.NaN), ReliabilityCurve.Floor([], seed: 1));
        Assert.Equal(double.NaN, BrierDecomposition.Of([], []).Brier);
    }

    [Fact]
    public void One_row_is_a_bin()
    {
        Assert.Equal(0.3, ReliabilityCurve.EqualWidth([0.7], [true]).Ece, 15);
        Assert.Equal(0.3, ReliabilityCurve.EqualMass([0.7], [true]).Ece, 15);
        Assert.Equal(0.09, BrierDecomposition.Of([0.7], [true]).Brier, 15);
    }
}
