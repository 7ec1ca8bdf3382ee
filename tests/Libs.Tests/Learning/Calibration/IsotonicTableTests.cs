using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class IsotonicTableTests
{
    [Fact]
    public void A_fit_of_few_ends_is_kept_as_it_is_to_float_precision()
    {
        CalibrationSample s = CalibrationSample.Draw(3, 1500, CalibrationSample.Sigmoid);
        var fit = IsotonicRegression.Fit(s.Margins, s.Labels, s.Weights);
        Assert.InRange(fit.X.Length, 20, Isotonic.MostKnots);
        double w1 = s.Weights.Where((_, i) => s.Labels[i]).Sum(), w0 = s.Weights.Sum() - w1;

        Isotonic table = Isotonic.Fit(s.Margins, s.Labels, s.Weights);

        for (double f = -9; f <= 9; f += 0.0173)
            Assert.Equal(Math.Clamp(fit.Apply(f), 1 / (w0 + 2), (w1 + 1) / (w1 + 2)), table.Apply(f), 2e-3);
        for (int k = 0; k < fit.X.Length; k++) Assert.InRange(table.Apply(fit.X[k]), fit.Y[k] - 1e-2, fit.Y[k] + 1e-2);
    }

    [Fact]
    public void A_table_of_64_knots_loses_next_to_nothing_of_a_fit_of_many()
    {
        CalibrationSample s = CalibrationSample.Draw(4, 50_000, f => CalibrationSample.Sigmoid(0.5 * f + 0.4 * Math.Sin(2 * f)));
        var fit = IsotonicRegression.Fit(s.Margins, s.Labels);
        Assert.True(fit.X.Length > 2 * Isotonic.MostKnots, $"{fit.X.Length} ends");

        Isotonic table = Isotonic.Fit(s.Margins, s.Labels);

        Assert.Equal(Isotonic.MostKnots, table.Margins.Length);
        double distance = Math.Sqrt(s.Margins.Average(f => Math.Pow(table.Apply(f) - fit.Apply(f), 2)));
        Assert.InRange(distance, 0, 0.003);
        Assert.InRange(Brier(table.Apply) - Brier(fit.Apply), -1e-4, 1e-4);

        double Brier(Func<double, double> at) => Classification.Brier([.. s.Margins.Select(at)], s.Labels);
    }

    [Fact]
    public void No_other_choice_of_knots_loses_less()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            CalibrationSample s = CalibrationSample.Draw(seed, 60, CalibrationSample.Sigmoid, digits: 2);
            var fit = IsotonicRegression.Fit(s.Margins, s.Labels, s.Weights);
            int ends = fit.X.Length;
            if (ends > 14) continue;
            for (int most = 2; most <= 5 && most < ends; most++)
            {
                double least = double.PositiveInfinity;
                for (int set = 0; set < 1 << (ends - 2); set++)
                {
                    if (int.PopCount(set) > most - 2) continue;
                    least = Math.Min(least, Loss([0, .. Enumerable.Range(1, ends - 2).Where(k => (set >> (k - 1) & 1) == 1), ends - 1]));
                }

                double[] x = fit.X.ToArray();
                float[] kept = Isotonic.Fit(s.Margins, s.Labels, s.Weights, most).Margins.ToArray();
                int[] chosen = [.. kept.Select(m => Array.IndexOf(x, Math.Round(m, 2)))];

                Assert.InRange(chosen.Length, 2, most);
                Assert.Equal(least, Loss(chosen), 1e-9);
            }

            double Loss(int[] knots)
            {
                double sum = 0;
                for (int i = 0; i < s.Rows; i++)
                {
                    double x = s.Margins[i];
                    int k = 1;
                    while (fit.X[knots[k]] < x) k++;
                    double x0 = fit.X[knots[k - 1]], x1 = fit.X[knots[k]], y0 = fit.Y[knots[k - 1]], y1 = fit.Y[knots[k]];
                    sum += s.Weights[i] * Math.Pow(y0 + (x - x0) / (x1 - x0) * (y1 - y0) - fit.Apply(x), 2);
                }
                return sum;
            }
        }
    }

    [Fact]
    public void The_branchless_search_is_the_plain_one_at_and_around_every_knot()
    {
        for (int count = 1; count <= Isotonic.MostKnots; count++)
        {
            float[] x = [.. Enumerable.Range(0, count).Select(i => i * i * 0.25f - 7)];
            float[] y = [.. Enumerable.Range(0, count).Select(i => (i + 1f) / (count + 1))];
            var table = new Isotonic(x, y);
            foreach (float knot in x)
                foreach (double f in (double[])[knot, Math.BitDecrement((double)knot), knot + 0.1])
                    Assert.Equal(Plain(f), table.Apply(f), 1e-15);

            double Plain(double f)
            {
                if (f <= x[0]) return y[0];
                int k = Array.FindIndex(x, v => v > f);
                return k < 0 ? y[^1] : y[k - 1] + (f - x[k - 1]) / ((double)x[k] - x[k - 1]) * ((double)y[k] - y[k - 1]);
            }
        }
    }

    [Fact]
    public void A_jump_narrower_than_float32_becomes_one_knot()
    {
        double high = Math.BitIncrement(0.1);

        Isotonic table = Isotonic.Fit([0.1, 0.1, high, high], [false, true, true, true]);

        Assert.Equal([0.1f], table.Margins.ToArray());
        // Between 1/2 and the 4/5 that five rows of one class may claim.
        Assert.Equal((0.5 + 0.8) / 2, table.Probabilities[0], 1e-6);
    }
}
