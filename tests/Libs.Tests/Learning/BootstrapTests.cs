using QuadTurbo.Learning.Metrics;
using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Learning;

public class BootstrapTests
{
    [Fact]
    public void Interval_of_a_mean_agrees_with_the_normal_one()
    {
        double[] values = Normals(500);
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length / values.Length);

        Interval interval = Bootstrap.MeanInterval(values, 0.95, 4_000, seed: 1);

        Assert.Equal(mean, interval.Estimate, 12);
        Assert.Equal(mean - 1.96 * error, interval.Low, 0.1 * error);
        Assert.Equal(mean + 1.96 * error, interval.High, 0.1 * error);
    }

    [Fact]
    public void Interval_of_a_sum_is_that_of_the_mean_times_the_number()
    {
        double[] values = Normals(50);

        Interval mean = Bootstrap.MeanInterval(values, 0.9, 200, seed: 3);
        Interval sum = Bootstrap.SumInterval(values, 0.9, 200, seed: 3);

        Assert.Equal(new Interval(50 * mean.Estimate, 50 * mean.Low, 50 * mean.High), sum);
    }

    [Fact]
    public void Nothing_has_no_mean_and_a_sum_of_nought()
    {
        Assert.Equal(new Interval(double.NaN, double.NaN, double.NaN), Bootstrap.MeanInterval([], 0.95, 100, seed: 1));
        Assert.Equal(default, Bootstrap.SumInterval([], 0.95, 100, seed: 1));
    }

    [Fact]
    public void Equal_values_have_an_interval_of_no_width() =>
        Assert.Equal(new Interval(2.5, 2.5, 2.5), Bootstrap.MeanInterval([2.5, 2.5, 2.5], 0.95, 100, seed: 1));

    [Fact]
    public void A_seed_decides_the_interval()
    {
        double[] values = Normals(100);

        Assert.Equal(Bootstrap.MeanInterval(values, 0.95, 100, seed: 1), Bootstrap.MeanInterval(values, 0.95, 100, seed: 1));
        Assert.NotEqual(Bootstrap.MeanInterval(values, 0.95, 100, seed: 1), Bootstrap.MeanInterval(values, 0.95, 100, seed: 2));
    }

    [Fact]
    public void Interval_covers_the_true_mean_as_often_as_it_says()
    {
        SeededRandom random = SeededRandom.Stream(5, "coverage");
        int covered = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            var values = new double[60];
            for (int i = 0; i < values.Length; i++) values[i] = random.NextNormal();
            Interval interval = Bootstrap.MeanInterval(values, 0.9, 200, seed: trial);
            if (interval.Low <= 0 && 0 <= interval.High) covered++;
        }

        // Binomial sd at 0.9 of 400 is 1.5 %; a percentile interval of 60 values covers about 1 % less than it says.
        Assert.InRange(covered / 400.0, 0.84, 0.95);
    }

    [Fact]
    public void Error_of_an_auc_of_independent_samples_agrees_with_DeLong()
    {
        (double[] scores, bool[] labels) = ClassificationTests.Samples(600);

        double error = Bootstrap.AucStandardError(scores, labels, blockLength: 1, draws: 1_000, seed: 1);

        double expected = DeLongError(scores, labels);
        Assert.Equal(expected, error, 0.1 * expected);
    }

    [Fact]
    public void Samples_that_come_in_runs_have_a_larger_error_than_independent_ones()
    {
        // Each sample ten times in a row: the error is that of a tenth of the samples, √10 times as large as it looks.
        (double[] scores, bool[] labels) = ClassificationTests.Samples(200);
        double[] runs = [.. scores.SelectMany(s => Enumerable.Repeat(s, 10))];
        bool[] runLabels = [.. labels.SelectMany(l => Enumerable.Repeat(l, 10))];

        double alone = Bootstrap.AucStandardError(runs, runLabels, blockLength: 1, draws: 500, seed: 1);
        double blocks = Bootstrap.AucStandardError(runs, runLabels, blockLength: 50, draws: 500, seed: 1);

        Assert.InRange(blocks / alone, 2.4, 4.0);
    }

    [Fact]
    public void Error_of_one_class_alone_is_not_known() =>
        Assert.Equal(double.NaN, Bootstrap.AucStandardError([0.1, 0.2, 0.3], [true, true, true], 1, 10, seed: 1));

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1.0], 1, 100, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1.0], 0, 100, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1.0], 0.95, 1, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.AucStandardError([0.5], [true], 0, 10, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.AucStandardError([0.5], [true], 2, 10, seed: 1));
    }

    private static double[] Normals(int count)
    {
        SeededRandom random = SeededRandom.Stream(2, "bootstrap-tests");
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = 1 + 3 * random.NextNormal();
        return values;
    }

    // DeLong, DeLong and Clarke-Pearson 1988, by all pairs.
    private static double DeLongError(double[] scores, bool[] labels)
    {
        double[] up = [.. scores.Where((_, i) => labels[i])];
        double[] down = [.. scores.Where((_, i) => !labels[i])];
        double[] ofUp = [.. up.Select(u => down.Average(d => u > d ? 1.0 : u == d ? 0.5 : 0))];
        double[] ofDown = [.. down.Select(d => up.Average(u => u > d ? 1.0 : u == d ? 0.5 : 0))];
        return Math.Sqrt(Variance(ofUp) / up.Length + Variance(ofDown) / down.Length);
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }

    [Fact]
    public void The_interval_of_any_weighted_figure_is_drawn_from_blocks()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i % 10 / 10.0)];
        double Mean(double[] w) => values.Zip(w, (v, x) => v * x).Sum() / w.Sum();

        Interval mean = Bootstrap.BlockInterval(values.Length, 1, Mean, 0.95, 2_000, seed: 1);
        double reach = 1.96 * Math.Sqrt(values.Sum(v => (v - 0.45) * (v - 0.45)) / 400 / 400);

        Assert.Equal(0.45, mean.Estimate, 12);
        Assert.Equal(0.45 - reach, mean.Low, 0.1 * reach);
        Assert.Equal(0.45 + reach, mean.High, 0.1 * reach);
        Assert.Equal(mean, Bootstrap.BlockInterval(values.Length, 1, Mean, 0.95, 2_000, seed: 1));
        Assert.Equal(new Interval(double.NaN, double.NaN, double.NaN), Bootstrap.BlockInterval(3, 1, _ => double.NaN, 0.9, 10, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.BlockInterval(3, 4, Mean, 0.9, 10, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.BlockInterval(0, 1, Mean, 0.9, 10, seed: 1));
    }
}
