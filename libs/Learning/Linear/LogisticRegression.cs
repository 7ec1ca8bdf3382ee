using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Linear;

/// <summary>Logistic regression with L2 penalty: the baseline that other classifiers have to beat; immutable, safe to share.</summary>
/// <remarks>
/// margin = intercept + Σ_j coefficient_j z_j + Σ_j [x_j missing] missing coefficient_j; z = (x − mean) × inverse deviation, 0 where x is missing.
/// A value that is not finite is missing. Mean and deviation (divided by the weight) are those of the known training values, weighted.
/// The loss is Σ weight × log-loss + ½ L2 Σ coefficient²; the intercept is not penalised.
/// </remarks>
public sealed class LogisticRegression
{
    private readonly double[] _mean;
    private readonly double[] _inverseDeviation;
    private readonly double[] _coefficients;
    private readonly double[] _missing;

    internal LogisticRegression(Design design, double[] coefficients, int steps)
    {
        (_mean, _inverseDeviation, Steps) = (design.Mean, design.InverseDeviation, steps);
        Intercept = coefficients[0];
        _coefficients = coefficients[1..(design.Columns + 1)];
        _missing = new double[design.Columns];
        for (int i = 0; i < design.WithMissing.Length; i++) _missing[design.WithMissing[i]] = coefficients[1 + design.Columns + i];
    }

    /// <summary>Columns of a row.</summary>
    public int Columns => _coefficients.Length;

    /// <summary>The constant term.</summary>
    public double Intercept { get; }

    /// <summary>[columns]: per standard deviation of a column.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>[columns]: added where the value is missing; 0 for a column that never was in training.</summary>
    public ReadOnlySpan<double> MissingCoefficients => _missing;

    /// <summary>[columns]: means of the known training values.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>[columns]: 1 / standard deviation; 0 where a column does not vary.</summary>
    public ReadOnlySpan<double> InverseDeviation => _inverseDeviation;

    /// <summary>Newton steps that the fit took.</summary>
    public int Steps { get; }

    /// <summary>The model of least loss: Newton's steps, halved where they overshoot, until one moves nothing by 1e-10 of the largest.</summary>
    /// <param name="rows">[n, columns], row-major.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="labels">[n].</param>
    /// <param name="weights">[n], at least 0; empty means 1 each. A row of weight 0 changes nothing.</param>
    /// <param name="options">null means the defaults.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, no rows, a weight is negative or not finite, or all labels are equal.</exception>
    /// <exception cref="InvalidOperationException">The steps ran out: <see cref="LogisticRegressionOptions.MostSteps"/> is too small.</exception>
    public static LogisticRegression Fit(
        ReadOnlySpan<float> rows, int columns, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default,
        LogisticRegressionOptions? options = null)
    {
        options ??= new LogisticRegressionOptions();
        options.Check();
        double[] known = Weights(rows, columns, labels, weights);
        var design = Design.Of(rows, columns, known, options.MissingColumns);
        var newton = new NewtonLogistic(design, labels.ToArray(), known, options.L2);
        double[] coefficients = newton.Minimise(options.MostSteps, out int steps);
        return new LogisticRegression(design, coefficients, steps);
    }

    /// <summary>The probability of label 1 for one row [columns].</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double Predict(ReadOnlySpan<float> row) => Logistic.Sigmoid(Margin(row));

    /// <summary>The probabilities of a batch.</summary>
    /// <param name="rows">[n, columns], row-major.</param>
    /// <param name="probabilities">[n].</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Predict(ReadOnlySpan<float> rows, Span<double> probabilities)
    {
        if (rows.Length != probabilities.Length * Columns)
            throw new ArgumentException($"{rows.Length} numbers for {probabilities.Length} rows of {Columns} columns", nameof(rows));
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = Predict(rows.Slice(i * Columns, Columns));
    }

    /// <summary>The log-odds of label 1 for one row [columns].</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Columns) throw new ArgumentException($"a row of {row.Length} columns; the model reads {Columns}", nameof(row));
        double margin = Intercept;
        for (int j = 0; j < row.Length; j++)
            margin += float.IsFinite(row[j]) ? _coefficients[j] * ((row[j] - _mean[j]) * _inverseDeviation[j]) : _missing[j];
        return margin;
    }

    private static double[] Weights(ReadOnlySpan<float> rows, int columns, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (labels.Length == 0) throw new ArgumentException("no rows", nameof(labels));
        if (rows.Length != (long)labels.Length * columns)
            throw new ArgumentException($"{rows.Length} numbers for {labels.Length} rows of {columns} columns", nameof(rows));
        if (!weights.IsEmpty && weights.Length != labels.Length)
            throw new ArgumentException($"{weights.Length} weights for {labels.Length} rows", nameof(weights));
        var known = new double[labels.Length];
        double ones = 0, zeros = 0;
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = weights.IsEmpty ? 1 : weights[i];
            if (!(known[i] is >= 0 and <= double.MaxValue))
                throw new ArgumentException($"weight {i} is {known[i]}: at least 0 and finite", nameof(weights));
            if (labels[i]) ones += known[i];
            else zeros += known[i];
        }
        if (ones == 0 || zeros == 0)
            throw new ArgumentException($"labels of summed weight {ones} are 1, of {zeros} 0: both are needed", nameof(labels));
        return known;
    }
}
