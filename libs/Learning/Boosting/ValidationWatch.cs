namespace QuadTurbo.Learning.Boosting;

/// <summary>Follows the loss on validation rows from round to round, and says when to stop.</summary>
internal sealed class ValidationWatch
{
    private readonly BoostingOptions _options;
    private readonly TrainingRows? _rows;
    private readonly float[] _margins;
    private readonly List<double> _losses = [];
    private double _best;

    public ValidationWatch(TreeEnsemble start, TrainingRows? rows, BoostingOptions options)
    {
        (_options, _rows) = (options, rows);
        _margins = new float[rows?.Count ?? 0];
        if (rows is null) return;
        start.Margins(rows.Values.Span, _margins);
        _best = Loss.Mean(options, rows, _margins);
    }

    /// <summary>The loss after each round.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>The round of least loss, counted from 1; 0 for the start.</summary>
    public int BestRound { get; private set; }

    /// <summary>Whether patience has run out.</summary>
    public bool IsOver => _options.Patience > 0 && _losses.Count - BestRound >= _options.Patience;

    /// <summary>Takes the next tree into account.</summary>
    public void See(ReadOnlySpan<TreeNode> tree)
    {
        if (_rows is null) return;
        ReadOnlySpan<float> values = _rows.Values.Span;
        for (int i = 0; i < _margins.Length; i++)
            _margins[i] += tree[TreeEnsemble.LeafOf(tree, values.Slice(i * _rows.Features, _rows.Features))].Value;
        double loss = Loss.Mean(_options, _rows, _margins);
        _losses.Add(loss);
        if (!(loss < _best)) return;
        _best = loss;
        BestRound = _losses.Count;
    }
}
