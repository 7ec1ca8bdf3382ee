using QuadTurbo.Learning.Calibration;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class CalibratorChoiceTests
{
    [Fact]
    public void Margins_that_are_right_are_left_alone_or_barely_touched()
    {
        CalibrationSample s = CalibrationSample.Draw(5, 4000, CalibrationSample.Sigmoid);

        CalibratorChoice choice = Choose(s);

        Assert.Equal(Enum.GetValues<CalibratorKind>(), choice.Losses.Select(l => l.Kind));
        Assert.All(choice.Losses, l => Assert.Null(l.LeftOut));
        Assert.NotEqual(CalibratorKind.Isotonic, choice.Chosen.Kind);
        for (double f = -4; f <= 4; f += 0.5) Assert.Equal(CalibrationSample.Sigmoid(f), choice.Chosen.Apply(f), 0.05);
    }

    // A kind that holds the true one as a special case may win by a hair; a plainer one may not.
    [Fact]
    public void The_shape_of_the_distortion_decides_the_kind()
    {
        Check(CalibratorKind.Temperature, 6, f => CalibrationSample.Sigmoid(f / 3));
        Check(CalibratorKind.Platt, 7, f => CalibrationSample.Sigmoid(f / 2 - 1));
        Check(CalibratorKind.Beta, 8, new Beta(0.2, 1.5, 0).Apply);
        Check(CalibratorKind.Isotonic, 9, f => f < -2 ? 0.05 : f < 1 ? 0.45 : 0.9);

        static void Check(CalibratorKind kind, long seed, Func<double, double> truth)
        {
            CalibratorChoice choice = Choose(CalibrationSample.Draw(seed, 6000, truth));
            Assert.InRange(choice.Chosen.Kind, kind, CalibratorKind.Isotonic);
            Assert.True(choice.Losses[(int)kind].LogLoss < choice.Losses[0].LogLoss - 0.005);
            foreach (double f in (double[])[-3.5, -2.5, -0.5, 0.3, 1.5, 3]) Assert.Equal(truth(f), choice.Chosen.Apply(f), 0.06);
        }
    }

    [Theory]
    [InlineData(999, 500, "999 rows of 1000")]
    [InlineData(1000, 99, "99 rows of the rarer class of 100")]
    [InlineData(1000, 100, null)]
    public void Isotonic_needs_1000_rows_and_100_of_each_class(int rows, int positives, string? leftOut)
    {
        double[] margins = [.. Enumerable.Range(0, rows).Select(i => i * 7 % rows / 100.0)];
        bool[] labels = [.. Enumerable.Range(0, rows).Select(i => i < positives)];
        int[] folds = [.. Enumerable.Range(0, rows).Select(i => i % 5)];

        CalibratorChoice choice = CalibratorChoice.Choose(margins, labels, folds);

        CandidateLoss isotonic = choice.Losses[^1];
        Assert.Equal(leftOut, isotonic.LeftOut);
        Assert.Equal(leftOut is not null, double.IsNaN(isotonic.LogLoss));
    }

    [Fact]
    public void A_loss_is_the_weighted_log_loss_of_the_rows_that_a_fold_did_not_fit()
    {
        CalibrationSample s = CalibrationSample.Draw(10, 90, CalibrationSample.Sigmoid);
        int[] first = [.. Enumerable.Range(0, 40)], second = [.. Enumerable.Range(50, 40)];

        CalibratorChoice choice = CalibratorChoice.Choose(s.Margins, s.Labels, [(first, second), (second, first)], s.Weights);

        double loss = 0, weight = 0;
        foreach ((int[] train, int[] test) in ((int[], int[])[])[(first, second), (second, first)])
        {
            Platt platt = Platt.Fit([.. train.Select(i => s.Margins[i])], [.. train.Select(i => s.Labels[i])], [.. train.Select(i => s.Weights[i])]);
            foreach (int i in test)
            {
                double q = platt.Apply(s.Margins[i]);
                loss -= s.Weights[i] * Math.Log(s.Labels[i] ? q : 1 - q);
                weight += s.Weights[i];
            }
        }
        Assert.Equal(loss / weight, choice.Losses.Single(l => l.Kind == CalibratorKind.Platt).LogLoss, 1e-12);
        Assert.Equal(choice.Losses.Where(l => l.LeftOut is null).Min(l => l.LogLoss),
            choice.Losses.Single(l => l.Kind == choice.Chosen.Kind).LogLoss);
    }

    [Fact]
    public void Rows_of_no_fold_only_train()
    {
        CalibrationSample s = CalibrationSample.Draw(11, 60, CalibrationSample.Sigmoid);
        int[] folds = [.. Enumerable.Range(0, 60).Select(i => i < 20 ? -1 : i % 2)];
        (int[], int[])[] same = [.. Enumerable.Range(0, 2).Select(f => (At(i => folds[i] != f), At(i => folds[i] == f)))];

        Assert.Equal(CalibratorChoice.Choose(s.Margins, s.Labels, same).Losses, CalibratorChoice.Choose(s.Margins, s.Labels, folds).Losses);

        int[] At(Predicate<int> of) => [.. Enumerable.Range(0, 60).Where(i => of(i))];
    }

    [Fact]
    public void A_class_that_a_fold_cannot_learn_leaves_the_smoothed_kinds()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(_ => true)];
        double[] margins = [.. Enumerable.Range(0, 40).Select(i => i / 10.0)];
        int[] folds = [.. Enumerable.Range(0, 40).Select(i => i % 4)];

        CalibratorChoice choice = CalibratorChoice.Choose(margins, labels, folds);

        Assert.Equal("a fold trains on one class", choice.Losses.Single(l => l.Kind == CalibratorKind.Beta).LeftOut);
        Assert.Equal(CalibratorKind.Platt, choice.Chosen.Kind);
    }

    [Fact]
    public void Folds_that_leak_or_do_not_fit_are_refused()
    {
        double[] margins = [1, 2, 3];
        bool[] labels = [true, false, true];
        Assert.Contains("trains on row 1", Refused(([0, 1], [1, 2])), StringComparison.Ordinal);
        Assert.Contains("row 3 of 3", Refused(([0, 3], [1])), StringComparison.Ordinal);
        Assert.Contains("0 rows to fit", Refused(([], [1])), StringComparison.Ordinal);
        Assert.Contains("1 rows to fit and 0", Refused(([0], [])), StringComparison.Ordinal);
        Assert.Contains("no folds", Refused(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CalibratorChoice.Choose(margins, labels, (ReadOnlySpan<int>)[0, 0, 0]));
        Assert.Throws<ArgumentException>(() => CalibratorChoice.Choose(margins, labels, (ReadOnlySpan<int>)[0, 1]));

        string Refused(params (int[], int[])[] folds) =>
            Assert.Throws<ArgumentException>(() => CalibratorChoice.Choose(margins, labels, folds)).Message;
    }

    private static CalibratorChoice Choose(CalibrationSample s) =>
        CalibratorChoice.Choose(s.Margins, s.Labels, [.. Enumerable.Range(0, s.Rows).Select(i => i % 5)]);
}
