using QuadTurbo.Learning.Linear;

namespace QuadTurbo.Learning.Regimes;

/// <summary>A hidden Markov model whose states emit Gaussian rows; immutable, safe to share between threads.</summary>
/// <remarks>
/// z = (x − centre) × inverse deviation, column by column; state k gives z ~ N(mean k, covariance k), full covariance.
/// A row with a NaN is missing: it says nothing of the state, and the probabilities move by the transition matrix alone. ±∞ is refused.
/// A column whose inverse deviation is 0 (it was constant) is read as 0 always, so it tells no state from another.
/// Source: Rabiner 1989, "A tutorial on hidden Markov models".
/// </remarks>
public sealed partial class HmmModel
{
    /// <summary>The most states a model can have.</summary>
    public const int MostStates = 16;

    /// <summary>The most columns a row can have.</summary>
    public const int MostColumns = 64;

    private const double Unity = 1e-9;
    private readonly double[] _start;
    private readonly double[] _transition;
    private readonly double[] _means;
    private readonly double[] _covariances;
    private readonly double[] _centre;
    private readonly double[] _inverseDeviation;

    // Of each state, L⁻¹ where L Lᵀ is its covariance, and −½ d ln 2π − Σ ln L_ii.
    private readonly double[] _whitening;
    private readonly double[] _logScale;

    /// <summary>A model of the given parameters, which are copied.</summary>
    /// <param name="start">[states]: probabilities before the first row.</param>
    /// <param name="transition">[states, states]: row i holds the probabilities of what follows state i.</param>
    /// <param name="means">[states, columns], of z.</param>
    /// <param name="covariances">[states, columns, columns], of z; symmetric, positive definite.</param>
    /// <param name="centre">[columns], in the column's units.</param>
    /// <param name="inverseDeviation">[columns], per unit of the column; 0 where it does not vary.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a number is not finite, probabilities do not sum to 1, or no covariance.</exception>
    public HmmModel(
        ReadOnlySpan<double> start, ReadOnlySpan<double> transition, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances,
        ReadOnlySpan<double> centre, ReadOnlySpan<double> inverseDeviation)
    {
        (States, Columns) = (start.Length, centre.Length);
        if (States is < 1 or > MostStates) throw new ArgumentException($"{States} states, limits 1 and {MostStates}", nameof(start));
        if (Columns is < 1 or > MostColumns) throw new ArgumentException($"{Columns} columns, limits 1 and {MostColumns}", nameof(centre));
        _start = Copy(start, States, nameof(start));
        _transition = Copy(transition, States * States, nameof(transition));
        _means = Copy(means, States * Columns, nameof(means));
        _covariances = Copy(covariances, States * Columns * Columns, nameof(covariances));
        _centre = Copy(centre, Columns, nameof(centre));
        _inverseDeviation = Copy(inverseDeviation, Columns, nameof(inverseDeviation));
        CheckSum(_start, nameof(start));
        for (int k = 0; k < States; k++) CheckSum(_transition.AsSpan(k * States, States), $"transition row {k}");
        int negative = Array.FindIndex(_inverseDeviation, v => v < 0);
        if (negative >= 0) throw new ArgumentException($"inverse deviation {negative} is {_inverseDeviation[negative]}", nameof(inverseDeviation));
        _whitening = (double[])_covariances.Clone();
        _logScale = new double[States];
        for (int k = 0; k < States; k++) Whiten(k);
    }

    /// <summary>Hidden states.</summary>
    public int States { get; }

    /// <summary>Columns of a row.</summary>
    public int Columns { get; }

    /// <summary>[states]: probabilities before the first row.</summary>
    public ReadOnlySpan<double> Start => _start;

    /// <summary>[states, states]: row i holds the probabilities of what follows state i.</summary>
    public ReadOnlySpan<double> Transition => _transition;

    /// <summary>[states, columns], of z.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>[states, columns, columns], of z.</summary>
    public ReadOnlySpan<double> Covariances => _covariances;

    /// <summary>[columns]: what is taken from a value first.</summary>
    public ReadOnlySpan<double> Centre => _centre;

    /// <summary>[columns]: what it is then multiplied with.</summary>
    public ReadOnlySpan<double> InverseDeviation => _inverseDeviation;

    /// <summary>The mean of a column in a state, in the column's own units.</summary>
    public double MeanOf(int state, int column) => _inverseDeviation[column] > 0
        ? _centre[column] + _means[state * Columns + column] / _inverseDeviation[column]
        : _centre[column];

    /// <summary>ln p(z₁ … z_n): the density of the standardised rows, missing ones left out.</summary>
    /// <param name="rows">[n, columns], row-major, in order of time.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a value is infinite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> rows)
    {
        int count = RowsOf(rows, Columns);
        var filter = new HmmFilter(this);
        for (int t = 0; t < count; t++) filter.Step(rows.Slice(t * Columns, Columns));
        return filter.LogLikelihood;
    }

    internal static int RowsOf(ReadOnlySpan<double> rows, int columns) => rows.Length % columns == 0
        ? rows.Length / columns
        : throw new ArgumentException($"{rows.Length} numbers are not rows of {columns} columns", nameof(rows));

    /// <summary>Writes z, or NaN in its first place when the row is missing.</summary>
    internal void Standardise(ReadOnlySpan<double> row, Span<double> z)
    {
        if (row.Length != Columns) throw new ArgumentException($"a row of {row.Length} columns; the model reads {Columns}", nameof(row));
        bool missing = false;
        for (int j = 0; j < row.Length; j++)
        {
            if (double.IsInfinity(row[j])) throw new ArgumentException($"column {j} is {row[j]}: leave out what is not known with NaN", nameof(row));
            missing |= double.IsNaN(row[j]);
            z[j] = (row[j] - _centre[j]) * _inverseDeviation[j];
        }
        if (missing) z[0] = double.NaN;
    }

    /// <summary>Turns the probabilities before a row into those after it; returns ln p(row | rows before it), 0 for a missing row.</summary>
    /// <remarks>A row so far out that every state gives it density 0 moves nothing, and its log-likelihood is −∞.</remarks>
    internal double Observe(ReadOnlySpan<double> z, Span<double> probabilities)
    {
        if (double.IsNaN(z[0])) return 0;
        Span<double> log = stackalloc double[MostStates];
        double most = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < States; k++)
        {
            log[k] = Math.Log(probabilities[k]) + LogDensity(k, z);
            most = Math.Max(most, log[k]);
        }
        if (double.IsNegativeInfinity(most)) return most;
        for (int k = 0; k < States; k++) sum += log[k] = Math.Exp(log[k] - most);
        for (int k = 0; k < States; k++) probabilities[k] = log[k] / sum;
        return most + Math.Log(sum);
    }

    /// <summary>next_j = Σ_i probabilities_i × transition_ij.</summary>
    internal void Advance(ReadOnlySpan<double> probabilities, Span<double> next)
    {
        for (int j = 0; j < States; j++)
        {
            double sum = 0;
            for (int i = 0; i < States; i++) sum += probabilities[i] * _transition[i * States + j];
            next[j] = sum;
        }
    }

    /// <summary>The same model with its states in another order: state k is what was state <paramref name="order"/>[k].</summary>
    internal HmmModel Reorder(int[] order)
    {
        int d = Columns;
        return new HmmModel(
            [.. order.Select(k => _start[k])],
            [.. order.SelectMany(i => order.Select(j => _transition[i * States + j]))],
            [.. order.SelectMany(k => _means.AsSpan(k * d, d).ToArray())],
            [.. order.SelectMany(k => _covariances.AsSpan(k * d * d, d * d).ToArray())],
            _centre, _inverseDeviation);
    }

    private double LogDensity(int state, ReadOnlySpan<double> z)
    {
        int d = Columns;
        ReadOnlySpan<double> mean = _means.AsSpan(state * d, d), whitening = _whitening.AsSpan(state * d * d, d * d);
        double square = 0;
        for (int i = 0; i < d; i++)
        {
            double y = 0;
            for (int j = 0; j <= i; j++) y += whitening[i * d + j] * (z[j] - mean[j]);
            square += y * y;
        }
        return _logScale[state] - 0.5 * square;
    }

    private void Whiten(int state)
    {
        int d = Columns;
        Span<double> matrix = _whitening.AsSpan(state * d * d, d * d);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < i; j++)
                if (Math.Abs(matrix[i * d + j] - matrix[j * d + i]) > Unity * (1 + Math.Abs(matrix[i * d + j])))
                    throw new ArgumentException($"covariance {state} is not symmetric at {i}, {j}");
        if (!Cholesky.TryFactor(matrix, d)) throw new ArgumentException($"covariance {state} is not positive definite");
        double log = -0.5 * d * Math.Log(2 * Math.PI);
        for (int i = 0; i < d; i++) log -= Math.Log(matrix[i * d + i]);
        _logScale[state] = log;
        Cholesky.InvertFactor(matrix, d);
    }

    private static double[] Copy(ReadOnlySpan<double> values, int length, string name)
    {
        if (values.Length != length) throw new ArgumentException($"{values.Length} numbers, not {length}", name);
        for (int i = 0; i < length; i++)
            if (!double.IsFinite(values[i])) throw new ArgumentException($"number {i} is {values[i]}", name);
        return values.ToArray();
    }

    private static void CheckSum(ReadOnlySpan<double> probabilities, string name)
    {
        double sum = 0;
        foreach (double p in probabilities)
            sum += p >= 0 ? p : throw new ArgumentException($"{name} holds {p}: a probability is at least 0");
        if (!(Math.Abs(sum - 1) <= Unity)) throw new ArgumentException($"{name} sums to {sum}, not 1");
    }
}
