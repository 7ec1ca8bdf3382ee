using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using Interval = QuadTurbo.Learning.Metrics.Interval;

namespace QuadTurbo.Libs.Tests.Learning.Metrics;

public sealed class DeLongTests
{
    [Fact]
    public void A_whole_weight_of_a_tied_sample_gives_the_auc_of_its_copies()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int Score, bool Label, int Copies)[]>(), drawn =>
        {
            var rows = drawn.Select(d => (Score: d.Score % 4 / 2.0, d.Label, Copies: Math.Abs(d.Copies % 3))).ToArray();
            var copies = rows.SelectMany(r => Enumerable.Repeat(r, r.Copies)).ToArray();
            double[] weights = [.. rows.Select(r => (double)r.Copies)];
            double[] scores = [.. rows.Select(r => r.Score)], copied = [.. copies.Select(r => r.Score)];
            bool[] labels = [.. rows.Select(r => r.Label)], copiedLabels = [.. copies.Select(r => r.Label)];
            if (rows.Length == 0) return;
            Assert.Equal(Classification.Auc(copied, copiedLabels), Classification.Auc(scores, labels, weights), 12);
            Assert.Equal(Classification.AveragePrecision(copied, copiedLabels), Classification.AveragePrecision(scores, labels, weights), 12);
            Assert.Equal(Classification.KolmogorovSmirnov(copied, copiedLabels), Classification.KolmogorovSmirnov(scores, labels, weights), 12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ninety_five_of_a_hundred_intervals_hold_the_true_auc()
    {
        // Normal scores one standard deviation apart have AUC Φ(1/√2) = 0.7602. 600 trials: 95 % ± 3.5 standard errors of 0.9 %.
        int held = 0;
        for (int trial = 0; trial < 600; trial++)
        {
            (double[] scores, bool[] labels) = Draw(trial, 150, 1);
            AucEstimate estimate = DeLong.Estimate(scores, labels);
            if (estimate.Low <= 0.76025 && 0.76025 <= estimate.High) held++;
        }

        Assert.InRange(held, 552, 588);
    }

    [Fact]
    public void Equally_good_scores_differ_at_five_percent_in_five_of_a_hundred_comparisons()
    {
        int differ = 0;
        for (int trial = 0; trial < 600; trial++)
        {
            (double[] scores, bool[] labels) = Draw(trial, 150, 1);
            var noise = SplitMix64.Stream(trial, "noise");
            double[] first = [.. scores.Select(s => s + noise.NextNormal())], second = [.. scores.Select(s => s + noise.NextNormal())];
            if (DeLong.Compare(first, second, labels).PValue < 0.05) differ++;
        }

        Assert.InRange(differ, 12, 50);
    }

    [Fact]
    public void A_score_differs_from_itself_by_nothing()
    {
        (double[] scores, bool[] labels) = Draw(1, 50, 1);

        AucComparison same = DeLong.Compare(scores, [.. scores.Select(s => Math.Exp(s))], labels);

        Assert.Equal((0, 0, 0, 1), (same.Difference, same.StandardError, same.Z, same.PValue));
    }

    [Fact]
    public void The_interval_of_a_difference_is_symmetric_and_wider_for_more_confidence()
    {
        (double[] scores, bool[] labels) = Draw(2, 60, 1);
        AucComparison comparison = DeLong.Compare(scores, [.. scores.Select((s, i) => i % 3 == 0 ? -s : s)], labels);

        Interval usual = comparison.DifferenceInterval(), wide = comparison.DifferenceInterval(0.99);

        Assert.Equal(comparison.Difference, (usual.Low + usual.High) / 2, 12);
        Assert.Equal(1.959963984540054, (usual.High - usual.Estimate) / comparison.StandardError, 12);
        Assert.True(wide.Low < usual.Low && wide.High > usual.High);
        Assert.Throws<ArgumentOutOfRangeException>(() => comparison.DifferenceInterval(1));
    }

    [Fact]
    public void One_sample_of_a_class_leaves_the_error_unknown_and_a_perfect_ranking_shows_none()
    {
        AucEstimate lone = DeLong.Estimate([0.1, 0.6, 0.4], [false, false, true]);
        Assert.Equal((0.5, double.NaN, double.NaN, double.NaN), (lone.Auc, lone.StandardError, lone.Low, lone.High));
        Assert.Equal(new AucEstimate(1, 0, 1, 1), DeLong.Estimate([0.1, 0.2, 0.3, 0.4], [false, false, true, true]));
        Assert.Equal(double.NaN, DeLong.Estimate([0.1, 0.2], [true, true]).Auc);
        Assert.Equal(double.NaN, DeLong.Estimate([], []).Auc);
        Assert.Equal(double.NaN, DeLong.Compare([], [], []).Difference);
    }

    [Fact]
    public void Equal_scores_have_auc_one_half()
    {
        AucEstimate flat = DeLong.Estimate([0.3, 0.3, 0.3, 0.3], [false, true, false, true]);

        Assert.Equal((0.5, 0), (flat.Auc, flat.StandardError));
    }

    private static (double[] Scores, bool[] Labels) Draw(long seed, int count, double lift)
    {
        var random = SplitMix64.Stream(seed, "delong");
        bool[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0)];
        return ([.. labels.Select(l => random.NextNormal() + (l ? lift : 0))], labels);
    }
}
