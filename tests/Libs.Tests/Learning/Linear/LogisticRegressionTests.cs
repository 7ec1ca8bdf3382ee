using System.Text.Json;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Linear;

public sealed class LogisticRegressionTests
{
    private const int Columns = 3;

    [Fact]
    public void Coefficients_and_probabilities_are_those_of_scikit_learn()
    {
        var fixture = Fixture.Load("linear");
        float[] rows = [.. fixture.Input("rows").Select(v => (float)v)];
        bool[] labels = [.. fixture.Input("labels").Select(v => v > 0)];
        double[] weights = fixture.Input("weights");
        bool weighted = false;

        foreach (JsonElement expected in fixture.Results.GetProperty("fits").EnumerateArray())
        {
            bool marked = expected.GetProperty("marked").GetBoolean();
            var options = new LogisticRegressionOptions { L2 = Fixture.Number(expected.GetProperty("l2")), MissingColumns = marked };
            var model = LogisticRegression.Fit(rows, 4, labels, weighted ? weights : [], options);
            double[] missing = marked ? [model.MissingCoefficients[1], model.MissingCoefficients[3]] : [];
            double[] coefficients = [.. model.Coefficients, .. missing];

            // Both iterate until the last digits no longer move; 1e-10 leaves room for the rounding of sums in another order.
            Near(Fixture.Numbers(expected.GetProperty("mean")), model.Mean.ToArray(), 1e-12);
            Near(Fixture.Numbers(expected.GetProperty("coefficients")), coefficients, 1e-10);
            Assert.Equal(Fixture.Number(expected.GetProperty("intercept")), model.Intercept, 1e-10);
            var probabilities = new double[labels.Length];
            model.Predict(rows, probabilities);
            Near(Fixture.Numbers(expected.GetProperty("probabilities")), probabilities[..20], 1e-10);
            weighted = true;
        }
    }

    [Fact]
    public void At_the_minimum_every_derivative_is_nought()
    {
        (float[] rows, bool[] labels) = Draw(200, seed: 1);
        var model = LogisticRegression.Fit(rows, Columns, labels, [], new LogisticRegressionOptions { L2 = 0.5 });
        var gradient = new double[Columns + 1];
        for (int i = 0; i < labels.Length; i++)
        {
            double residual = model.Predict(rows.AsSpan(i * Columns, Columns)) - (labels[i] ? 1 : 0);
            gradient[Columns] += residual;
            for (int j = 0; j < Columns; j++) gradient[j] += residual * (rows[i * Columns + j] - model.Mean[j]) * model.InverseDeviation[j];
        }
        for (int j = 0; j < Columns; j++) gradient[j] += 0.5 * model.Coefficients[j];

        Assert.All(gradient, g => Assert.Equal(0, g, 1e-10));
    }

    [Fact]
    public void A_weight_of_two_is_the_row_twice_and_one_of_nought_is_no_row()
    {
        (float[] rows, bool[] labels) = Draw(60, seed: 2);
        rows[0] = float.NaN;
        double[] weights = [.. labels.Select((_, i) => (double)(i % 3))];
        int[] repeated = [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        var weighted = LogisticRegression.Fit(rows, Columns, labels, weights);
        var twice = LogisticRegression.Fit(
            [.. repeated.SelectMany(i => rows[(i * Columns)..((i + 1) * Columns)])], Columns, [.. repeated.Select(i => labels[i])]);

        Near(twice.Coefficients.ToArray(), weighted.Coefficients.ToArray(), 1e-12);
        Near(twice.MissingCoefficients.ToArray(), weighted.MissingCoefficients.ToArray(), 1e-12);
        Assert.Equal(twice.Intercept, weighted.Intercept, 1e-12);
    }

    [Fact]
    public void The_units_of_a_column_do_not_matter()
    {
        (float[] rows, bool[] labels) = Draw(100, seed: 3);
        float[] scaled = [.. rows.Select((v, i) => i % Columns == 1 ? v * 1024 : v)];

        double[] plain = LogisticRegression.Fit(rows, Columns, labels).Coefficients.ToArray();
        Near(plain, LogisticRegression.Fit(scaled, Columns, labels).Coefficients.ToArray(), 1e-12);
    }

    [Fact]
    public void Separable_classes_have_one_finite_answer_even_with_little_penalty()
    {
        float[] rows = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        bool[] labels = [.. rows.Select(v => v >= 20)];

        var model = LogisticRegression.Fit(rows, 1, labels, [], new LogisticRegressionOptions { L2 = 1e-8 });

        Assert.InRange(model.Coefficients[0], 50, 1e4);
        Assert.InRange(model.Predict([19]), 0, 0.01);
        Assert.InRange(model.Predict([20]), 0.99, 1);
    }

    [Fact]
    public void Labels_drawn_from_a_model_give_it_back()
    {
        SplitMix64 random = SplitMix64.Stream(4, "planted logistic");
        const int Rows = 20_000;
        var rows = new float[Rows * 2];
        var labels = new bool[Rows];
        for (int i = 0; i < Rows; i++)
        {
            double x = random.NextNormal(), y = random.NextNormal();
            (rows[i * 2], rows[i * 2 + 1]) = ((float)x, (float)(5 + 2 * y));
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(0.5 - x + 0.7 * y));
        }

        var model = LogisticRegression.Fit(rows, 2, labels);

        // A coefficient's standard error is about 0.02 here.
        Assert.Equal(1, model.Coefficients[0], 0.08);
        Assert.Equal(-0.7, model.Coefficients[1], 0.08);
        Assert.Equal(-0.5, model.Intercept, 0.08);
        Assert.InRange(model.Steps, 3, 10);
    }

    [Fact]
    public void A_constant_column_and_one_never_known_have_no_weight()
    {
        (float[] rows, bool[] labels) = Draw(50, seed: 5);
        float[] wider = [.. rows.Chunk(Columns).SelectMany(r => (float[])[.. r, 0.1f, float.NaN])];

        var model = LogisticRegression.Fit(wider, Columns + 2, labels, [], new LogisticRegressionOptions { MissingColumns = false });

        Near([.. LogisticRegression.Fit(rows, Columns, labels).Coefficients, 0, 0], model.Coefficients.ToArray(), 1e-12);
        Assert.Equal(0, model.InverseDeviation[3]);
        Assert.Equal(model.Predict([1, 1, 1, 0.1f, float.NaN]), model.Predict([1, 1, 1, 7, 3]));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_missing()
    {
        (float[] rows, bool[] labels) = Draw(50, seed: 6);
        rows[4] = float.NaN;
        float[] infinite = [.. rows];
        infinite[4] = float.PositiveInfinity;
        LogisticRegression one = LogisticRegression.Fit(rows, Columns, labels), other = LogisticRegression.Fit(infinite, Columns, labels);

        Assert.Equal(one.Coefficients.ToArray(), other.Coefficients.ToArray());
        Assert.Equal(one.Predict([1, float.NaN, 1]), other.Predict([1, float.NegativeInfinity, 1]));
        Assert.NotEqual(0, one.MissingCoefficients[1]);
        Assert.Equal(0, one.MissingCoefficients[0]);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        float[] rows = [1, 2, 3];
        bool[] labels = [true, false, true];

        Assert.Contains("no rows", Refused([], []), StringComparison.Ordinal);
        Assert.Contains("3 numbers for 2 rows of 1", Refused(rows, labels[..2]), StringComparison.Ordinal);
        Assert.Contains("weight 1 is -1", Refused(rows, labels, 1, -1, 1), StringComparison.Ordinal);
        Assert.Contains("weight 2 is NaN", Refused(rows, labels, 1, 1, double.NaN), StringComparison.Ordinal);
        Assert.Contains("2 weights for 3 rows", Refused(rows, labels, 1, 1), StringComparison.Ordinal);
        Assert.Contains("summed weight 3 are 1, of 0 0", Refused(rows, [true, true, true]), StringComparison.Ordinal);
        Assert.Contains("summed weight 2 are 1, of 0 0", Refused(rows, labels, 1, 0, 1), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => LogisticRegression.Fit(rows, 1, labels, [], new LogisticRegressionOptions { L2 = 0 }));
        Assert.Throws<InvalidOperationException>(() => LogisticRegression.Fit(rows, 1, labels, [], new LogisticRegressionOptions { MostSteps = 1 }));
        Assert.Contains("2 columns; the model reads 1", Assert.Throws<ArgumentException>(
            () => LogisticRegression.Fit([1, 2, 3], 1, [true, false, true]).Predict([1, 2])).Message, StringComparison.Ordinal);
    }

    private static string Refused(float[] rows, bool[] labels, params double[] weights) =>
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(rows, 1, labels, weights)).Message;

    private static (float[] Rows, bool[] Labels) Draw(int count, long seed)
    {
        SplitMix64 random = SplitMix64.Stream(seed, "logistic rows");
        var rows = new float[count * Columns];
        for (int i = 0; i < rows.Length; i++) rows[i] = (float)random.NextNormal();
        var labels = new bool[count];
        for (int i = 0; i < count; i++) labels[i] = rows[i * Columns] + random.NextNormal() > 0;
        return (rows, labels);
    }

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
    }
}
