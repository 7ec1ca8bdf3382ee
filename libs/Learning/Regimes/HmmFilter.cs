namespace QuadTurbo.Learning.Regimes;

/// <summary>Follows the state of a hidden Markov model row by row; nothing is allocated per row. Not thread-safe.</summary>
/// <remarks>
/// Filtered probabilities p(state t | rows 1 … t) and nothing else: a smoothed one would know rows that had not happened yet.
/// Source: Rabiner 1989, forward variable, scaled to sum to 1.
/// </remarks>
public sealed class HmmFilter
{
    private readonly HmmModel _model;
    private readonly double[] _z;
    private double[] _probabilities;
    private double[] _next;

    /// <summary>A filter that has seen nothing.</summary>
    public HmmFilter(HmmModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _z = new double[model.Columns];
        _probabilities = model.Start.ToArray();
        _next = new double[model.States];
    }

    /// <summary>[states]: after the rows so far; before any, those of the start. The memory is rewritten by steps.</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <summary>Rows so far, missing ones too.</summary>
    public long Rows { get; private set; }

    /// <summary>ln p of the rows so far, standardised; missing rows add nothing.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Takes in one row [columns]; one with a NaN moves time on and says nothing.</summary>
    /// <exception cref="ArgumentException">Another length, or an infinite value: the filter stays as it was.</exception>
    public void Step(ReadOnlySpan<double> row)
    {
        _model.Standardise(row, _z);
        if (Rows++ > 0)
        {
            _model.Advance(_probabilities, _next);
            (_probabilities, _next) = (_next, _probabilities);
        }
        LogLikelihood += _model.Observe(_z, _probabilities);
    }
}
