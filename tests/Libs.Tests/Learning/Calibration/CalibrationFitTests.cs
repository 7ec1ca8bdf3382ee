using System.Text.Json;
using QuadTurbo.Learning.Calibration;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class CalibrationFitTests
{
    private static readonly Fixture Peers = Fixture.Load("calibration");

    public static TheoryData<string, string> Cases => new()
    {
        { "ties", "plain" }, { "ties", "weighted" }, { "distinct", "plain" }, { "distinct", "weighted" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Isotonic_regression_has_the_ends_and_the_values_of_scikit_learn(string sample, string kind)
    {
        (CalibrationSample s, double[] weights, JsonElement expected) = Load(sample, kind);

        var fit = IsotonicRegression.Fit(s.Margins, s.Labels, weights);

        Assert.Equal(Fixture.Numbers(expected.GetProperty("x")), fit.X.ToArray());
        AssertNear(Fixture.Numbers(expected.GetProperty("y")), fit.Y.ToArray(), 1e-12);
        double[] at = Fixture.Numbers(expected.GetProperty("at"));
        AssertNear(Fixture.Numbers(expected.GetProperty("predicted")), [.. at.Select(fit.Apply)], 1e-12);
    }

    // Both iterate to the minimum; the peers' figures keep ten digits. scikit-learn's own sigmoid stops early: four digits.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Platt_temperature_and_beta_find_the_minimum_that_scipy_finds(string sample, string kind)
    {
        (CalibrationSample s, double[] weights, JsonElement expected) = Load(sample, kind);

        Platt platt = Platt.Fit(s.Margins, s.Labels, weights);
        AssertNear(Fixture.Numbers(expected.GetProperty("platt")), [platt.A, platt.B], 1e-8);
        AssertNear(Fixture.Numbers(expected.GetProperty("sklearn_platt")), [platt.A, platt.B], 2e-3);
        Assert.Equal(expected.GetProperty("slope").GetDouble(), 1 / Temperature.Fit(s.Margins, s.Labels, weights).Degrees, 1e-8);
        AssertNear(Fixture.Numbers(expected.GetProperty("beta")), Coefficients(Beta.Fit(s.Margins, s.Labels, weights)), 1e-8);
    }

    [Theory]
    [InlineData("ties")]
    [InlineData("distinct")]
    public void A_negative_coefficient_of_beta_is_dropped_and_the_rest_fitted_again(string sample)
    {
        (CalibrationSample s, _, _) = Load(sample, "plain");
        JsonElement expected = Peers.Results.GetProperty(sample);

        bool[] high = [.. s.Labels.Zip(s.Margins, (l, m) => l && m <= 3)];
        bool[] low = [.. s.Labels.Zip(s.Margins, (l, m) => l || m < -3)];
        bool[] all = [.. s.Labels.Select(l => !l)];
        AssertNear(Fixture.Numbers(expected.GetProperty("falls_high")), Coefficients(Beta.Fit(s.Margins, high)), 1e-8);
        AssertNear(Fixture.Numbers(expected.GetProperty("falls_low")), Coefficients(Beta.Fit(s.Margins, low)), 1e-8);
        AssertNear(Fixture.Numbers(expected.GetProperty("falls")), Coefficients(Beta.Fit(s.Margins, all)), 1e-8);
    }

    [Fact]
    public void Weights_count_rows_and_a_row_of_weight_0_is_not_there()
    {
        CalibrationSample s = CalibrationSample.Draw(1, 300, f => CalibrationSample.Sigmoid(0.5 * f + 0.3), digits: 1);
        double[] whole = [.. s.Weights.Select(w => Math.Floor(4 * w))];
        double[] margins = [.. s.Margins.SelectMany((m, i) => Enumerable.Repeat(m, (int)whole[i]))];
        bool[] labels = [.. s.Labels.SelectMany((l, i) => Enumerable.Repeat(l, (int)whole[i]))];
        Assert.Contains(0.0, whole);

        foreach (CalibratorKind kind in Enum.GetValues<CalibratorKind>())
        {
            Calibrator weighted = CalibratorChoice.Fit(kind, s.Margins, s.Labels, whole), repeated = CalibratorChoice.Fit(kind, margins, labels);
            for (double f = -6; f < 6; f += 0.11) Assert.Equal(repeated.Apply(f), weighted.Apply(f), 1e-7);
        }
    }

    [Fact]
    public void Platt_recovers_the_parameters_that_the_labels_were_drawn_with()
    {
        CalibrationSample s = CalibrationSample.Draw(2, 100_000, f => CalibrationSample.Sigmoid(0.6 * f - 0.8));

        Platt platt = Platt.Fit(s.Margins, s.Labels);

        // Standard errors are some 0.005 and 0.008.
        Assert.Equal(0.6, platt.A, 0.02);
        Assert.Equal(-0.8, platt.B, 0.03);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(20_001)]
    public void Platt_is_at_a_minimum_whatever_is_left_after_the_last_eight_rows(int rows)
    {
        CalibrationSample s = CalibrationSample.Draw(rows, rows, CalibrationSample.Sigmoid);
        Platt platt = Platt.Fit(s.Margins, s.Labels, s.Weights);

        double best = Loss(platt.A, platt.B);

        foreach ((double a, double b) in ((double, double)[])[(1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)])
            Assert.True(Loss(platt.A + a, platt.B + b) >= best, $"lower at {a}, {b}");

        double Loss(double a, double b)
        {
            double w1 = s.Weights.Where((_, i) => s.Labels[i]).Sum(), w0 = s.Weights.Sum() - w1, sum = 0;
            for (int i = 0; i < rows; i++)
            {
                double z = a * s.Margins[i] + b, t = s.Labels[i] ? (w1 + 1) / (w1 + 2) : 1 / (w0 + 2);
                sum += s.Weights[i] * (Math.Log(1 + Math.Exp(z)) - t * z);
            }
            return sum;
        }
    }

    [Fact]
    public void A_fit_has_these_very_bits_on_every_machine()
    {
        // The inputs are decimals, the same everywhere; 17,000 rows of them take the path of large samples.
        (CalibrationSample s, _, _) = Load("distinct", "plain");
        double[] margins = [.. Enumerable.Range(0, 17_001).Select(i => s.Margins[i % s.Rows] + i / 65536.0)];
        bool[] labels = [.. Enumerable.Range(0, 17_001).Select(i => s.Labels[i % s.Rows])];
        double[] weights = [.. Enumerable.Range(0, 17_001).Select(i => s.Weights[i % s.Rows])];

        Platt platt = Platt.Fit(margins, labels, weights);

        Assert.Equal(0x3FDF_5C17_0731_9227UL, BitConverter.DoubleToUInt64Bits(platt.A));
        Assert.Equal(0xBFD0_F10B_921E_AA84UL, BitConverter.DoubleToUInt64Bits(platt.B));
    }

    [Fact]
    public void A_separable_sample_has_a_finite_fit_that_is_surer_with_more_rows()
    {
        foreach (int rows in (int[])[10, 1000])
        {
            double[] margins = [.. Enumerable.Range(0, rows).Select(i => i - (rows - 1) / 2.0)];
            bool[] labels = [.. margins.Select(m => m > 0)];
            foreach (CalibratorKind kind in Enum.GetValues<CalibratorKind>())
            {
                Calibrator fit = CalibratorChoice.Fit(kind, margins, labels);
                Assert.InRange(fit.Apply(margins[^1]), 0.7, 1);
                Assert.InRange(fit.Apply(margins[0]), 0, 0.3);
            }
            double sure = Platt.Fit(margins, labels).Apply(margins[^1]);
            Assert.InRange(1 - sure, 0, 4.0 / rows);
        }
    }

    [Fact]
    public void One_class_one_row_or_equal_margins_give_the_smoothed_base_rate()
    {
        double[] margins = [-1, 0.5, 2];
        Platt ones = Platt.Fit(margins, [true, true, true]);
        Assert.Equal(0, ones.A, 1e-9);
        Assert.Equal(0.8, ones.Apply(0), 1e-9);
        Assert.Equal(2.0 / 3, Platt.Fit([3], [true]).Apply(3), 1e-12);

        // Three 0s at 1/5 and one 1 at 2/3.
        Platt flat = Platt.Fit([7, 7, 7, 7], [true, false, false, false]);
        Assert.Equal(0, flat.A);
        Assert.Equal((3 * 0.2 + 2.0 / 3) / 4, flat.Apply(7), 1e-12);

        Assert.Equal(1, Temperature.Fit([0, 0], [true, false]).Degrees);
        Assert.Equal(double.PositiveInfinity, Temperature.Fit([-1, 1], [true, false]).Degrees);
        Assert.Equal(0.25, Beta.Fit([1, 1, 1, 1], [true, false, false, false]).Apply(1), 1e-8);
        Assert.Equal([0.25f], Isotonic.Fit([1, 1, 1, 1], [true, false, false, false]).Probabilities.ToArray());
        // One row proves nothing beyond 2/3.
        Assert.Equal([2f / 3], Isotonic.Fit([1], [true]).Probabilities.ToArray());
    }

    [Fact]
    public void Bad_rows_are_refused_by_name_and_index()
    {
        foreach (CalibratorKind kind in Enum.GetValues<CalibratorKind>().Where(k => k != CalibratorKind.Identity))
        {
            Refused("no rows", [], [], []);
            Refused("2 margins for 1 labels", [1, 2], [true], []);
            Refused("3 weights for 2 rows", [1, 2], [true, false], [1, 1, 1]);
            Refused("margin 1 is NaN", [1, double.NaN], [true, false], []);
            Refused("margin 0 is ∞", [double.PositiveInfinity, 1], [true, false], []);
            Refused("weight 1 is -1", [1, 2], [true, false], [1, -1]);
            Refused("weight 0 is NaN", [1, 2], [true, false], [double.NaN, 1]);
            Refused("all weights are 0", [1, 2], [true, false], [0, 0]);

            void Refused(string why, double[] margins, bool[] labels, double[] weights) => Assert.Contains(
                why,
                Assert.ThrowsAny<ArgumentException>(() => CalibratorChoice.Fit(kind, margins, labels, weights)).Message
                    .Replace("Infinity", "∞", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
        Assert.Contains("y 1 is NaN", Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([1, 2], [1, double.NaN])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Isotonic_regression_is_the_min_max_of_means()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            CalibrationSample s = CalibrationSample.Draw(seed, 1 + seed % 14, CalibrationSample.Sigmoid, digits: 0);
            var fit = IsotonicRegression.Fit(s.Margins, s.Labels, s.Weights);
            double[] x = [.. s.Margins.Distinct().Order()];
            double[] w = [.. x.Select(v => s.Weights.Where((_, i) => s.Margins[i] == v).Sum())];
            double[] wy = [.. x.Select(v => s.Weights.Where((_, i) => s.Margins[i] == v && s.Labels[i]).Sum())];
            for (int i = 0; i < x.Length; i++)
            {
                double best = Enumerable.Range(0, i + 1).Max(a => Enumerable.Range(i, x.Length - i).Min(b => wy[a..(b + 1)].Sum() / w[a..(b + 1)].Sum()));
                Assert.Equal(best, fit.Apply(x[i]), 1e-12);
            }
        }
    }

    private static double[] Coefficients(Beta beta) => [beta.A, beta.B, beta.C];

    private static (CalibrationSample Sample, double[] Weights, JsonElement Expected) Load(string sample, string kind)
    {
        CalibrationSample s = CalibrationSample.Of(Peers.Inputs.GetProperty(sample));
        return (s, kind == "weighted" ? s.Weights : [], Peers.Results.GetProperty(sample).GetProperty(kind));
    }

    private static void AssertNear(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= relative * Math.Abs(expected[i]), $"[{i}]: {expected[i]:R} became {found[i]:R}");
    }
}
