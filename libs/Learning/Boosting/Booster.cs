namespace QuadTurbo.Learning.Boosting;

/// <summary>Boosts trees on binned features (Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017). Same rows, options and seed: same bytes, on 1 thread or 2.</summary>
public static unsafe class Booster
{
    /// <summary>An ensemble that starts at the constant of least loss.</summary>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="validation">Rows for early stopping and the report, later than <paramref name="rows"/> and not overlapping them; null for none.</param>
    /// <exception cref="ArgumentException">An option is outside its range, the rows do not suit the loss or hold one class only, or early stopping has no rows.</exception>
    public static BoostingReport Fit(TrainingRows rows, BoostingOptions options, TrainingRows? validation = null)
    {
        Check(rows, options, validation);
        return Boost(new TreeEnsemble(options.Objective, rows.Features, Loss.Base(options, rows), []), rows, options, validation, options.Rounds);
    }

    /// <summary>An ensemble with more trees, grown on a newer window; its old trees stay. The same as one longer fit where the rows are the same.</summary>
    /// <param name="start">What to continue.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="options">How; half the learning rate of the start is usual.</param>
    /// <param name="validation">As for <see cref="Fit"/>.</param>
    /// <param name="mostTrees">Trees that the ensemble may have; at the cap it is given back as it is, and a full fit is due.</param>
    /// <exception cref="ArgumentException">As for <see cref="Fit"/>, or objective or number of features differ from the start's.</exception>
    public static BoostingReport Continue(
        TreeEnsemble start, TrainingRows rows, BoostingOptions options, TrainingRows? validation = null, int mostTrees = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(start);
        Check(rows, options, validation);
        CheckSame(start, rows, options);
        return Boost(start, rows, options, validation, Math.Clamp(mostTrees - start.Count, 0, options.Rounds));
    }

    /// <summary>The same trees with leaves moved towards what newer rows say: (1 − rate) · old + rate · eta · w, tree after tree.</summary>
    /// <param name="start">What to refresh.</param>
    /// <param name="rows">The newer rows; a leaf that none of them reaches stays.</param>
    /// <param name="options">Objective, eta, lambda, alpha and max delta of the start.</param>
    /// <param name="rate">0 .. 1.</param>
    /// <exception cref="ArgumentException">As for <see cref="Continue"/>, or the rate is outside its range.</exception>
    /// <remarks>Monotone constraints are not kept: the leaves move one by one.</remarks>
    public static TreeEnsemble Refresh(TreeEnsemble start, TrainingRows rows, BoostingOptions options, double rate)
    {
        ArgumentNullException.ThrowIfNull(start);
        Check(rows, options, null);
        CheckSame(start, rows, options);
        if (!(rate >= 0 && rate <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "0 .. 1");
        return LeafRefresh.Run(start, rows, options, rate);
    }

    private static BoostingReport Boost(TreeEnsemble start, TrainingRows rows, BoostingOptions options, TrainingRows? validation, int rounds)
    {
        using var binned = new BinnedRows(rows, QuantileCuts.Of(rows, options.MaxBins, options.Threads), options.Threads);
        using var gradients = new Gradients(rows, options);
        using var grower = new TreeGrower(binned, gradients, rows, options);
        start.Margins(rows.Values.Span, new Span<float>(gradients.Margins, rows.Count));
        var watch = new ValidationWatch(start, validation, options);
        List<TreeNode[]> trees = TreesOf(start);
        var trainLoss = new List<double>();
        int grown = 0;
        while (grown < rounds && !watch.IsOver)
        {
            gradients.Derive(trees.Count);
            trees.Add(grower.Grow(trees.Count));
            grown++;
            if (options.ReportTrainLoss) trainLoss.Add(Loss.Mean(options, rows, new ReadOnlySpan<float>(gradients.Margins, rows.Count)));
            watch.See(trees[^1]);
        }
        int kept = options.Patience > 0 ? watch.BestRound : grown;
        var ensemble = new TreeEnsemble(options.Objective, rows.Features, start.BaseMargin, trees[..(start.Count + kept)]);
        return new BoostingReport(ensemble, grown, kept, trainLoss, watch.Losses);
    }

    private static List<TreeNode[]> TreesOf(TreeEnsemble ensemble) => [.. Enumerable.Range(0, ensemble.Count).Select(t => ensemble[t].ToArray())];

    private static void Check(TrainingRows rows, BoostingOptions options, TrainingRows? validation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(rows.Features);
        rows.CheckFor(options.Objective);
        if (validation is null && options.Patience > 0) throw new ArgumentException($"{nameof(options.Patience)} {options.Patience}: early stopping needs validation rows");
        if (validation is not null && validation.Features != rows.Features)
            throw new ArgumentException($"validation rows of {validation.Features} features; those to learn from have {rows.Features}", nameof(validation));
    }

    private static void CheckSame(TreeEnsemble start, TrainingRows rows, BoostingOptions options)
    {
        if (start.Features != rows.Features) throw new ArgumentException($"rows of {rows.Features} features; the ensemble reads {start.Features}", nameof(rows));
        if (start.Objective != options.Objective) throw new ArgumentException($"objective {options.Objective}; the ensemble has {start.Objective}", nameof(options));
    }
}
