using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Registry.Experiments;

namespace QuadTurbo.Services.Tests.Registry;

public class ScoreQualityTests
{
    [Fact]
    public void Calibration_error_is_that_of_fifteen_bins_edges_and_all()
    {
        (double[] scores, bool[] labels) = Draw(3_000);
        for (int m = 0; m <= 15; m++) (scores[m], labels[m]) = (m / 15.0, m % 2 == 0);
        var quality = new ScoreQuality();
        for (int i = 0; i < scores.Length; i++) quality.Add(scores[i], labels[i]);

        // Scores are summed in steps of 2⁻³².
        Assert.Equal(ReliabilityCurve.EqualWidth(scores, labels).Ece, quality.Ece, 1e-9);
    }

    [Fact]
    public void Ranking_is_exact_for_scores_that_the_bins_tell_apart()
    {
        (double[] scores, bool[] labels) = Draw(3_000);
        for (int i = 0; i < scores.Length; i++) scores[i] = Math.Floor(scores[i] * 4_096) / 4_096;
        var quality = new ScoreQuality();
        for (int i = 0; i < scores.Length; i++) quality.Add(scores[i], labels[i]);

        Assert.Equal(Classification.Auc(scores, labels), quality.Auc, 1e-12);
    }

    [Fact]
    public void A_window_forgets_what_has_left_it_to_the_last_bit()
    {
        (double[] scores, bool[] labels) = Draw(1_000);
        ScoreQuality window = new(300), last = new();
        for (int i = 0; i < 1_000; i++) window.Add(scores[i], labels[i]);
        for (int i = 700; i < 1_000; i++) last.Add(scores[i], labels[i]);

        Assert.Equal((300, last.Ece, last.Auc, last.EceOfChance), (window.Count, window.Ece, window.Auc, window.EceOfChance));
    }

    [Theory]
    [InlineData(200, 0.4)]
    [InlineData(200, 0.05)]
    [InlineData(1_000, 0.4)]
    public void Scores_without_fault_stay_below_what_chance_gives_and_far_from_none_do_by_much(int samples, double spread)
    {
        var random = SplitMix64.Stream(11, "chance");
        int above = 0, aboveHalf = 0;
        for (int run = 0; run < 1_000; run++)
        {
            var quality = new ScoreQuality();
            for (int i = 0; i < samples; i++)
            {
                double p = 0.5 + spread * (2 * random.NextDouble() - 1);
                quality.Add(p, random.NextDouble() < p);
            }
            if (quality.Ece > quality.EceOfChance) above++;
            if (quality.Ece > quality.EceOfChance / 4) aboveHalf++;
        }
        Assert.InRange(above, 0, 2);
        Assert.InRange(aboveHalf, 200, 1_000);
    }

    [Fact]
    public void Nothing_and_one_class_have_no_figure_and_a_score_that_is_none_is_refused()
    {
        var quality = new ScoreQuality();
        Assert.True(double.IsNaN(quality.Ece) && double.IsNaN(quality.Auc));

        quality.Add(1, true);

        Assert.Equal(0, quality.Ece);
        Assert.True(double.IsNaN(quality.Auc));
        foreach (double score in (double[])[double.NaN, -0.01, 1.01, double.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>(() => quality.Add(score, true));
    }

    [Fact]
    public void Latency_quantiles_are_within_one_percent_of_the_sorted_ones()
    {
        var random = SplitMix64.Stream(3, "latency");
        var sketch = new LatencySketch();
        Assert.Null(sketch.Quantile(0.5));
        double[] seconds = [.. Enumerable.Range(0, 5_000).Select(_ => 1e-2 * Math.Exp(2 * random.NextNormal()))];
        foreach (double s in seconds) sketch.Add(TimeSpan.FromSeconds(s));
        Array.Sort(seconds);
        foreach (double q in (double[])[0.001, 0.5, 0.9, 0.99, 1])
        {
            double exact = seconds[(int)Math.Ceiling(q * seconds.Length) - 1];
            // Half a tick of 100 ns on each side comes from the type of the duration.
            Assert.InRange(sketch.Quantile(q)!.Value.TotalSeconds, exact * 0.99 - 1e-7, exact * 1.01 + 1e-7);
        }
        sketch.Add(TimeSpan.FromDays(1));
        sketch.Add(TimeSpan.FromSeconds(-1));
        Assert.InRange(sketch.Quantile(1)!.Value.TotalSeconds, 990, 1_010);
        Assert.Equal(5_002, sketch.Count);
    }

    private static (double[] Scores, bool[] Labels) Draw(int count)
    {
        var random = SplitMix64.Stream(5, "quality");
        var scores = new double[count];
        var labels = new bool[count];
        for (int i = 0; i < count; i++)
        {
            scores[i] = random.NextDouble();
            labels[i] = random.NextDouble() < 0.2 + 0.6 * scores[i];
        }
        return (scores, labels);
    }
}
