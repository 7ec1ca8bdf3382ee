using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Search;
using QuadTurbo.Learning.Splits;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>Looks for the shape of trees with the least purged cross-validated log-loss [TRN-11]. The last fifth in time, on which models are judged, is not looked at.</summary>
public sealed class HyperSearch
{
    private readonly TrainingSettings _training;
    private readonly BoostingSettings _start;
    private readonly TrainingTable _table;
    private readonly int[] _rows;
    private readonly bool[] _labels;
    private readonly IReadOnlyList<Split> _folds;

    /// <summary>A search over one kind of opportunity.</summary>
    /// <param name="training">Band, fewest labels and seed.</param>
    /// <param name="start">The first trial: what is found is no worse.</param>
    /// <param name="samples">Of any kind.</param>
    /// <param name="kind">The kind.</param>
    /// <exception cref="ArgumentException">There are too few labels of it.</exception>
    public HyperSearch(TrainingSettings training, BoostingSettings start, IReadOnlyCollection<Sample> samples, OpportunityKind kind)
    {
        (_training, _start, Kind) = (training, start, kind);
        _table = new TrainingTable(samples.Where(s => s.Kind == Kind && Math.Abs(s.NetBps) > training.BandBps));
        _rows = _table.Count < 2 ? [] : [.. WalkForward.Holdout(_table.Spans).Train];
        _labels = _table.Pick(_rows, s => s.NetBps > 0);
        int wins = _labels.Count(l => l), losses = _labels.Length - wins;
        if (Math.Min(wins, losses) < training.MinPerClass)
            throw new ArgumentException($"{kind.Text()} has {wins} wins and {losses} losses before the last fifth in time; at least {training.MinPerClass} of each are needed to search", nameof(samples));
        _folds = PurgedKFold.Of([.. _rows.Select(r => _table.Spans[r])], Folds, lookBack: 0);
    }

    private const int Folds = 5;

    /// <summary>What is searched over.</summary>
    public OpportunityKind Kind { get; }

    /// <summary>Trials of an interrupted search that it went on from.</summary>
    public int Done { get; private set; }

    /// <summary>Rows that it fits and tests on.</summary>
    public int Rows => _rows.Length;

    /// <summary>The best settings of <paramref name="trials"/> trials, those of <paramref name="lines"/> included; the start is the first of them.</summary>
    /// <param name="trials">How many.</param>
    /// <param name="lines">What an interrupted search wrote.</param>
    /// <param name="ended">Told after each trial, with a line that goes on from there.</param>
    /// <param name="cancel">Stops between two folds; what has ended is kept.</param>
    /// <exception cref="InvalidDataException">The lines are of another search.</exception>
    public (BoostingSettings Best, double Loss) Run(int trials, IEnumerable<string> lines, Action<SearchProgress, IEnumerable<string>> ended, CancellationToken cancel)
    {
        var options = new SearchOptions { Seed = _training.Seed, Folds = Folds, First = [PointOf(_start)] };
        TreeParzenSearch search = TreeParzenSearch.Resume(SearchSpace.Boosting, options, lines);
        Done = search.Trials.Count;
        Trial? best = search.Run(trials, Loss, progress => ended(progress, search.Lines()), cancel);
        return best is null ? (_start, double.NaN) : (SettingsOf(best.Point), best.Value);
    }

    private double Loss(IReadOnlyList<double> point, int fold)
    {
        Split split = _folds[fold];
        bool[] known = [.. split.Train.Select(i => _labels[i])];
        int wins = known.Count(l => l);
        var trees = wins == 0 || wins == known.Length
            ? null
            : HeadTrainer.Fit(_table, [.. split.Train.Select(i => _rows[i])], known, SettingsOf(point).Options(_training.Seed));
        double share = (wins + 0.5) / (known.Length + 1);
        double loss = 0;
        foreach (int i in split.Test) loss += Classification.LogLoss(trees?.Predict(_table.RowOf(_rows[i])) ?? share, _labels[i]);
        return loss / split.Test.Count;
    }

    private static double[] PointOf(BoostingSettings s)
    {
        double[] point = [s.Rounds, s.Depth, s.Eta, s.Lambda, s.MinChildWeight, s.Subsample, s.ColumnSample, s.Gamma];
        for (int i = 0; i < point.Length; i++) point[i] = Math.Clamp(point[i], SearchSpace.Boosting[i].Low, SearchSpace.Boosting[i].High);
        return point;
    }

    private static BoostingSettings SettingsOf(IReadOnlyList<double> point)
    {
        SearchSpace space = SearchSpace.Boosting;
        return new BoostingSettings
        {
            Rounds = (int)space.Value(point, "rounds"),
            Depth = (int)space.Value(point, "depth"),
            Eta = space.Value(point, "eta"),
            Lambda = space.Value(point, "lambda"),
            MinChildWeight = space.Value(point, "min_child_weight"),
            Subsample = space.Value(point, "subsample"),
            ColumnSample = space.Value(point, "colsample"),
            Gamma = space.Value(point, "gamma"),
        };
    }
}
