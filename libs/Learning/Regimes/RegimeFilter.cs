namespace QuadTurbo.Learning.Regimes;

/// <summary>Follows the regime row by row; nothing is allocated per row. Not thread-safe.</summary>
/// <remarks>Filtered probabilities only: what it says of a row never depends on a later one.</remarks>
public sealed class RegimeFilter
{
    private readonly RegimeModel _model;
    private readonly HmmFilter _filter;
    private readonly double[] _probabilities = new double[3];

    /// <summary>A filter that has seen nothing: it gives the start probabilities of the model.</summary>
    public RegimeFilter(RegimeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _filter = new HmmFilter(model.Hmm);
        Sum();
    }

    /// <summary>[3], by <see cref="Regime"/>: p(regime | rows so far). The memory is rewritten by steps.</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <summary>The most probable regime; of equal ones the calmer.</summary>
    public Regime Current { get; private set; }

    /// <summary>Rows so far, missing ones too.</summary>
    public long Rows => _filter.Rows;

    /// <summary>Takes in one row [columns]; one with a NaN moves time on and says nothing. Returns <see cref="Current"/>.</summary>
    /// <exception cref="ArgumentException">Another length, or an infinite value: the filter stays as it was.</exception>
    public Regime Step(ReadOnlySpan<double> row)
    {
        _filter.Step(row);
        Sum();
        return Current;
    }

    private void Sum()
    {
        Array.Clear(_probabilities);
        for (int k = 0; k < _model.Labels.Length; k++) _probabilities[(int)_model.Labels[k]] += _filter.Probabilities[k];
        Current = 0;
        for (int r = 1; r < _probabilities.Length; r++)
            if (_probabilities[r] > _probabilities[(int)Current]) Current = (Regime)r;
    }
}
