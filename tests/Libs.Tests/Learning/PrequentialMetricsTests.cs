using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Libs.Tests.Learning;

public class PrequentialMetricsTests
{
    [Fact]
    public void Figures_agree_with_the_batch_formulas()
    {
        (double[] scores, bool[] labels) = ClassificationTests.Samples(5_000);

        PrequentialMetrics metrics = Fill(scores, labels);
        PrequentialFigures figures = metrics.Read();

        Assert.Equal(5_000, figures.Count);
        Assert.Equal(labels.Count(l => l), figures.Positives);
        Assert.Equal(Classification.LogLoss(scores, labels), figures.LogLoss, 12);
        Assert.Equal(Classification.Brier(scores, labels), figures.Brier, 12);
        Assert.Equal(Classification.Accuracy(scores, labels), figures.Accuracy);
        Assert.Equal(Classification.Auc(scores, labels), metrics.RecentAuc());
    }

    [Fact]
    public void Auc_of_all_time_is_exact_for_scores_rounded_to_its_bins()
    {
        (double[] scores, bool[] labels) = ClassificationTests.Samples(PrequentialMetrics.Window + 5_000);

        PrequentialFigures figures = Fill(scores, labels).Read();

        double[] rounded = [.. scores.Select(s => Math.Min((int)(s * PrequentialMetrics.HistogramBins), PrequentialMetrics.HistogramBins - 1) * 1.0)];
        Assert.Equal(Classification.Auc(rounded, labels), figures.Auc, 12);
        Assert.Equal(Classification.Auc(scores, labels), figures.Auc, 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7_000)]
    public void The_window_holds_the_last_samples_in_order(int beyond)
    {
        (double[] scores, bool[] labels) = ClassificationTests.Samples(PrequentialMetrics.Window + beyond);

        PrequentialMetrics metrics = Fill(scores, labels);

        Assert.Equal(scores[beyond..], metrics.Recent().Scores);
        Assert.Equal(labels[beyond..], metrics.Recent().Labels);
        Assert.Equal(Classification.Auc(scores.AsSpan(beyond), labels.AsSpan(beyond)), metrics.RecentAuc());
    }

    [Fact]
    public void Of_nothing_and_of_one_class_the_figures_are_not_known()
    {
        var metrics = new PrequentialMetrics();
        Assert.Equal(new PrequentialFigures(0, 0, double.NaN, double.NaN, double.NaN, double.NaN), metrics.Read());

        metrics.Add(1, true);

        Assert.Equal(double.NaN, metrics.Read().Auc);
        Assert.Equal(double.NaN, metrics.RecentAuc());
        Assert.Equal(1, metrics.Read().Accuracy);
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void What_is_not_a_probability_is_refused(double score) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrequentialMetrics().Add(score, true));

    [Theory]
    [InlineData(100)]
    [InlineData(PrequentialMetrics.Window + 100)]
    public void Restored_metrics_continue_bit_for_bit(int before)
    {
        (double[] scores, bool[] labels) = ClassificationTests.Samples(before + 500);
        PrequentialMetrics straight = Fill(scores, labels);

        PrequentialMetrics restored = PrequentialMetrics.Restore(Fill(scores[..before], labels[..before]).Save());
        for (int i = before; i < scores.Length; i++) restored.Add(scores[i], labels[i]);

        Assert.Equal(straight.Read(), restored.Read());
        Assert.Equal(straight.Save(), restored.Save());
    }

    [Fact]
    public void Metrics_cut_short_or_of_something_else_are_refused()
    {
        byte[] saved = Fill([0.5, 0.6], [true, false]).Save();

        Assert.Throws<InvalidDataException>(() => PrequentialMetrics.Restore(saved.AsSpan(0, saved.Length - 1)));
        Assert.Throws<InvalidDataException>(() => PrequentialMetrics.Restore([.. saved, 0]));
        Assert.Throws<InvalidDataException>(() => PrequentialMetrics.Restore(new byte[saved.Length]));
    }

    private static PrequentialMetrics Fill(double[] scores, bool[] labels)
    {
        var metrics = new PrequentialMetrics();
        for (int i = 0; i < scores.Length; i++) metrics.Add(scores[i], labels[i]);
        return metrics;
    }
}
