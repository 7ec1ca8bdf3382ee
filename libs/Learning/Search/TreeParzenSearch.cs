using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Search;

/// <summary>Looks for the point of least loss: tree-structured Parzen estimator, with median pruning. Not thread-safe.</summary>
/// <remarks>
/// After the first trials, min(⌈0.1 n⌉, 25) of n are good. With l the density of good points and g that of the others,
/// the next point is that of 24 drawn from l whose l / g is largest. Pruned trials rank after all others: more folds first, then less loss.
/// The proposal depends on space, options and earlier trials alone, so a search that is resumed goes on as if it had not stopped.
/// A trial is pruned when, after fold 2 or later, its mean loss is above the median of the complete trials' mean losses after as many folds.
/// Sources: Bergstra, Bardenet, Bengio and Kégl 2011; Golovin et al. 2017, "Vizier", for the median rule.
/// </remarks>
public sealed partial class TreeParzenSearch
{
    private readonly List<Trial> _trials = [];
    private readonly double[][] _startup;

    /// <summary>A search that has tried nothing.</summary>
    /// <exception cref="ArgumentException">An option is outside its range, or a first point outside the space.</exception>
    public TreeParzenSearch(SearchSpace space, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
        Options = options ?? new SearchOptions();
        Options.Check(space);
        _startup = [.. Options.First.Select(p => p.ToArray()), .. LatinHypercube()];
    }

    /// <summary>Where it looks.</summary>
    public SearchSpace Space { get; }

    /// <summary>How it looks.</summary>
    public SearchOptions Options { get; }

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>Trials given up before their last fold.</summary>
    public int Pruned => _trials.Count(t => t.Pruned);

    /// <summary>The complete trial of least value, of equal ones the earlier; null when there is none.</summary>
    public Trial? Best => _trials.Where(t => !t.Pruned).MinBy(t => t.Value);

    /// <summary>Runs trials until there are <paramref name="total"/>, earlier ones counted; returns the best.</summary>
    /// <param name="total">Trials in all.</param>
    /// <param name="loss">Loss of a point in a fold, 0 .. Folds − 1, asked in that order; the point is the caller's to read only.</param>
    /// <param name="ended">Told after each trial: the place to write <see cref="Lines"/> down.</param>
    /// <param name="cancel">Looked at before each fold; the trial it stops leaves no trace.</param>
    /// <exception cref="ArgumentException">A loss is not finite; the trial leaves no trace.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Trial? Run(
        int total, Func<IReadOnlyList<double>, int, double> loss, Action<SearchProgress>? ended = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        while (_trials.Count < total)
        {
            double[] point = Propose();
            var folds = new List<double>();
            bool pruned = false;
            while (folds.Count < Options.Folds && !pruned)
            {
                cancel.ThrowIfCancellationRequested();
                double value = loss(point, folds.Count);
                if (!double.IsFinite(value))
                    throw new ArgumentException($"trial {_trials.Count}, fold {folds.Count}: the loss is {value} at {Space.Describe(point)}");
                folds.Add(value);
                pruned = folds.Count < Options.Folds && ShouldPrune(folds);
            }
            Add(point, folds, pruned);
            ended?.Invoke(new SearchProgress(_trials[^1], Best, _trials.Count, Pruned, total));
        }
        return Best;
    }

    /// <summary>The next point to try: the same until its trial is added.</summary>
    public double[] Propose()
    {
        int n = _trials.Count;
        if (n < _startup.Length) return (double[])_startup[n].Clone();
        double[][] ranked = [.. Ranked().Select(t => t.Point.ToArray())];
        int good = Math.Min((int)Math.Ceiling(0.1 * n), 25);
        SplitMix64 random = SplitMix64.Stream(Options.Seed, $"trial {n}");
        if (n >= Options.Joint) return Promising([.. Space], ranked, good, ref random);
        var point = new double[Space.Count];
        for (int i = 0; i < point.Length; i++)
            point[i] = Promising([Space[i]], Array.ConvertAll(ranked, p => new[] { p[i] }), good, ref random)[0];
        return point;
    }

    /// <summary>Whether a trial with these losses so far is worth no further fold.</summary>
    public bool ShouldPrune(IReadOnlyList<double> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        if (folds.Count < Options.PruneAfter) return false;
        double[] others = [.. _trials.Where(t => !t.Pruned).Select(t => t.Folds.Take(folds.Count).Average())];
        if (others.Length < Options.PruneStartup) return false;
        Sorting.Sort(others);
        double median = (others[(others.Length - 1) / 2] + others[others.Length / 2]) / 2;
        return folds.Average() > median;
    }

    private void Add(double[] point, List<double> folds, bool pruned)
    {
        double mean = folds.Average();
        double square = folds.Sum(f => (f - mean) * (f - mean));
        double deviation = folds.Count > 1 ? Math.Sqrt(square / (folds.Count - 1)) : 0;
        _trials.Add(new Trial(_trials.Count, Array.AsReadOnly(point), folds.AsReadOnly(), pruned, mean + Options.DeviationCost * deviation));
    }

    private IOrderedEnumerable<Trial> Ranked() =>
        _trials.OrderBy(t => t.Pruned).ThenByDescending(t => t.Pruned ? t.Folds.Count : 0).ThenBy(t => t.Value);

    private double[] Promising(IReadOnlyList<Parameter> parameters, double[][] ranked, int good, ref SplitMix64 random)
    {
        var better = new ParzenMixture(parameters, ranked[..good]);
        var worse = new ParzenMixture(parameters, ranked[good..]);
        double[] best = [];
        double most = double.NegativeInfinity;
        for (int i = 0; i < Options.Draws; i++)
        {
            double[] point = better.Draw(ref random);
            double ratio = better.LogDensity(point) - worse.LogDensity(point);
            if (i == 0 || ratio > most) (best, most) = (point, ratio);
        }
        return best;
    }

    /// <summary>Points that take one value in each of as many equal parts of every scale (McKay, Beckman and Conover 1979).</summary>
    private double[][] LatinHypercube()
    {
        int count = Math.Max(Options.Startup - Options.First.Count, 0);
        var points = new double[count][];
        for (int i = 0; i < count; i++) points[i] = new double[Space.Count];
        for (int d = 0; d < Space.Count; d++)
        {
            Parameter parameter = Space[d];
            SplitMix64 random = SplitMix64.Stream(Options.Seed, $"startup {parameter.Name}");
            int[] parts = [.. Enumerable.Range(0, count)];
            random.Shuffle<int>(parts);
            for (int i = 0; i < count; i++)
            {
                double share = (parts[i] + random.NextDouble()) / count;
                points[i][d] = parameter.Unscale(parameter.ScaleLow + share * (parameter.ScaleHigh - parameter.ScaleLow));
            }
        }
        return points;
    }
}
