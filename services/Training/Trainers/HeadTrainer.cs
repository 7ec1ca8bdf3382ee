using MathNet.Numerics.Statistics;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Learning.Splits;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Training.Trainers;

/// <summary>A classifier and how it did, or why there is none.</summary>
/// <param name="Head">Null where there is none.</param>
/// <param name="Report">Null where there is none.</param>
/// <param name="Shortage">Why there is none; null where there is one.</param>
internal sealed record HeadResult(EnsembleHead? Head, ModelReport? Report, string? Shortage);

/// <summary>Fits the meta-label classifier of one kind of opportunity, and judges it on data that it has not seen.</summary>
/// <remarks>
/// The last fifth in time is set aside and touched once, for the report. On the rest, purged 5-fold cross-validation gives margins of rows that each
/// model had not seen: the calibrator and the confidence are fitted on these. Then the trees are fitted to all of the rest, and beside them a logistic
/// regression of binned columns, which errs elsewhere: the two vote, 0.6 to 0.4 [ENS-01]. What was judged is what serves.
/// Break-even outcomes are left out of the fit and of the AUC, and kept for money. Source: Lopez de Prado 2018, chapters 3, 4 and 7.
/// </remarks>
internal sealed class HeadTrainer(TrainingSettings training, BoostingSettings boosting)
{
    private const double TestShare = 0.2;
    private const int Folds = 5;
    private const int LogisticBins = 5;
    private const double Even = 0.5;
    private const int BootstrapDraws = 400;
    private const int FewestTestLabels = 10;
    private static readonly int Edge = FeatureSchema.IndexOf("net_edge_bps");
    private static readonly string[] Names = [.. FeatureSchema.Columns.Select(c => c.Name)];

    /// <summary>The head and how it did, or why there is none.</summary>
    /// <param name="samples">Of one kind.</param>
    /// <param name="champion">The head that serves that kind.</param>
    /// <param name="championSince">When it began to serve, UTC: what was decided later it has not learnt from; null where that is not known.</param>
    public HeadResult Train(IEnumerable<Sample> samples, ModelHead champion, DateTime? championSince)
    {
        var table = new TrainingTable(samples.Where(s => Math.Abs(s.NetBps) > training.BandBps));
        Split split = WalkForward.Holdout(table.Spans, TestShare);
        bool[] labels = table.Pick(split.Train, IsWin);
        int wins = labels.Count(l => l);
        if (Math.Min(wins, labels.Length - wins) < training.MinPerClass)
            return new HeadResult(null, null, $"of the {labels.Length} rows before the last fifth in time {wins} are wins, and at least {training.MinPerClass} wins and losses are needed there");
        BoostingOptions options = boosting.Options(training.Seed);
        LabelSpan[] spans = [.. split.Train.Select(r => table.Spans[r])];
        IReadOnlyList<Split> folds = PurgedKFold.Of(spans, Folds, lookBack: 0);
        double[] margins = OutOfFold(table, split.Train, labels, options, folds);
        Calibrator calibrator = CalibratorChoice.Choose(margins, labels, [.. folds.Select(f => (f.Train.ToArray(), f.Test.ToArray()))]).Chosen;
        var trees = new TreesHead(Fit(table, split.Train, labels, options), calibrator, split.Train.Count, VennAbers.Fit(margins, labels).ToTable());
        var head = new EnsembleHead(
            [new EnsembleMember(EnsembleHead.Trees, "", trees), new EnsembleMember(EnsembleHead.Network, "", FitLogistic(table.RowsOf(split.Train), labels))],
            new Ballot(VotingStrategy.Weighted, 0.6, 0.4));
        return new HeadResult(head, Readiness.Judge(Report(table, split, head, champion, championSince), FewestTestLabels), null);
    }

    private static bool IsWin(Sample sample) => sample.NetBps > 0;

    /// <summary>Trees fitted to some rows of a table and their labels, which must be of both classes.</summary>
    public static TreeEnsemble Fit(TrainingTable table, IReadOnlyList<int> rows, bool[] labels, BoostingOptions options) => Booster.Fit(
        new TrainingRows(table.RowsOf(rows), FeatureSchema.Count, Array.ConvertAll(labels, l => l ? 1f : 0f)), options).Ensemble;

    /// <summary>A logistic regression of columns cut into bins, as the ONNX graph that serves.</summary>
    private static OnnxHead FitLogistic(float[] rows, bool[] labels)
    {
        OneHotBins bins = OneHotBins.Fit(rows, FeatureSchema.Count, LogisticBins);
        LogisticRegression logistic = LogisticRegression.Fit(bins.Transform(rows), bins.Width, labels);
        return new OnnxHead(OnnxLogistic.Write(bins, logistic), calibrator: null, labels.Length);
    }

    /// <summary>The margin of each training row, by trees that were fitted to rows whose outcomes do not overlap with it.</summary>
    private static double[] OutOfFold(TrainingTable table, IReadOnlyList<int> train, bool[] labels, BoostingOptions options, IReadOnlyList<Split> folds)
    {
        var margins = new double[train.Count];
        foreach (Split fold in folds)
        {
            bool[] known = [.. fold.Train.Select(i => labels[i])];
            int wins = known.Count(l => l);
            // Wins come in bursts: a fold whose other rows hold one class can only be told their odds, with one half added to both.
            TreeEnsemble? trees = wins == 0 || wins == known.Length ? null : Fit(table, [.. fold.Train.Select(i => train[i])], known, options);
            double odds = Math.Log((wins + 0.5) / (known.Length - wins + 0.5));
            foreach (int i in fold.Test) margins[i] = trees?.Margin(table.RowOf(train[i])) ?? odds;
        }
        return margins;
    }

    private ModelReport Report(TrainingTable table, Split split, EnsembleHead head, ModelHead champion, DateTime? championSince)
    {
        bool[] labels = table.Pick(split.Test, IsWin), trainLabels = table.Pick(split.Train, IsWin);
        float[] rows = table.RowsOf(split.Test);
        double[] scores = Scores(head, rows), net = table.Pick(split.Test, s => s.NetBps);
        double edgeStrength = Classification.Auc(EdgeOf(table, split.Train), trainLabels);
        // What the edge foretells, in the direction in which it did so on the training rows.
        double[] edge = Array.ConvertAll(EdgeOf(table, split.Test), e => edgeStrength < Even ? -e : e);
        ReliabilityCurve reliability = ReliabilityCurve.EqualWidth(scores, labels);
        (double? championAuc, double? besideChampion) = Beside(table, split.Test, scores, labels, champion, championSince);
        TreesHead trees = head.TreesMember!;
        double[] importance = Importance.GainShares(trees.Ensemble);
        double[]? before = champion.FindTrees() is { } serving ? Importance.GainShares(serving.Ensemble) : null;
        return new ModelReport
        {
            TrainRows = split.Train.Count,
            TrainWins = trainLabels.Count(l => l),
            TestRows = split.Test.Count,
            TestWins = labels.Count(l => l),
            TestFrom = table[split.Test[0]].DecidedAt,
            Auc = DeLong.Estimate(scores, labels),
            EdgeAuc = DeLong.Estimate(edge, labels),
            AucOverEdge = OverEdge(scores, edge, labels),
            ChampionAuc = championAuc,
            AucBesideChampion = besideChampion,
            Accuracy = Classification.Accuracy(scores, labels, Even),
            LogLoss = Classification.LogLoss(scores, labels),
            EdgeLogLoss = EdgeLogLoss(table, split, trainLabels, labels),
            Brier = Classification.Brier(scores, labels),
            Ece = reliability.Ece,
            EceFloor = ReliabilityCurve.Floor(scores, training.Seed).Upper,
            BaseRate = (double)labels.Count(l => l) / labels.Length,
            NetBps = Bootstrap.MeanInterval(net, 0.95, BootstrapDraws, training.Seed),
            NetBpsOfCalls = Bootstrap.MeanInterval([.. net.Where((_, i) => scores[i] >= Even)], 0.95, BootstrapDraws, training.Seed),
            Calibrator = trees.Calibrator!.Kind.ToString().ToLowerInvariant(),
            Importance = SharesOf(importance),
            ImportanceBefore = SharesOf(before ?? []),
            Instability = before is not null ? ImportanceStability.Between(before, importance).Distance : null,
            Reliability = reliability.Bins,
            ResidualCorrelation = ResidualCorrelation(head, rows, labels),
            LeakSuspects = LeakCheck.Suspects(table.RowsOf(split.Train), Names, trainLabels, Math.Max(edgeStrength, 1 - edgeStrength)),
        };
    }

    private static FeatureShare[] SharesOf(double[] importance) =>
        [.. importance.Select((share, f) => new FeatureShare(Names[f], share)).Where(i => i.Share > 0).OrderByDescending(i => i.Share)];

    /// <summary>AUC of the scores less that of the edge. Rows resemble their neighbours in time, so the interval is drawn in blocks of √n rows.</summary>
    private Interval OverEdge(double[] scores, double[] edge, bool[] labels) => Bootstrap.BlockInterval(
        labels.Length, (int)Math.Ceiling(Math.Sqrt(labels.Length)),
        weights => Classification.Auc(scores, labels, weights) - Classification.Auc(edge, labels, weights), 0.95, BootstrapDraws, training.Seed);

    private static double[] Scores(ModelHead head, float[] rows)
    {
        var scores = new double[rows.Length / FeatureSchema.Count];
        head.Score(rows, scores);
        return scores;
    }

    /// <summary>Correlation of what two members miss, probability less label; NaN where one always misses by the same.</summary>
    private static double ResidualCorrelation(EnsembleHead head, float[] rows, bool[] labels)
    {
        double[][] residuals = [.. head.Members.Select(m => Scores(m.Head, rows).Select((p, i) => p - (labels[i] ? 1 : 0)).ToArray())];
        return Correlation.Pearson(residuals[0], residuals[1]);
    }

    /// <summary>The net edge of some rows, bps; where it is not known, 0: neither for nor against.</summary>
    private static double[] EdgeOf(TrainingTable table, IReadOnlyList<int> rows) =>
        [.. rows.Select(r => table.RowOf(r)[Edge] is var edge && float.IsNaN(edge) ? 0.0 : edge)];

    /// <summary>Log-loss of edge alone: a logistic of one variable, fitted to the training rows.</summary>
    private static double EdgeLogLoss(TrainingTable table, Split split, bool[] trainLabels, bool[] labels)
    {
        Platt edge = Platt.Fit(EdgeOf(table, split.Train), trainLabels);
        return Classification.LogLoss(Array.ConvertAll(EdgeOf(table, split.Test), edge.Apply), labels);
    }

    /// <summary>AUC of the champion and of the new model on the test rows that the champion cannot have learnt from; null where either class is too few among them.</summary>
    private static (double? Champion, double? New) Beside(TrainingTable table, IReadOnlyList<int> test, double[] scores, bool[] labels, ModelHead champion, DateTime? since)
    {
        if (!champion.Trained || since is null) return (null, null);
        int[] newer = [.. Enumerable.Range(0, test.Count).Where(i => table[test[i]].DecidedAt >= since)];
        double[] before = Array.ConvertAll(newer, i => champion.Score(table.RowOf(test[i])));
        bool[] truth = Array.ConvertAll(newer, i => labels[i]);
        int wins = truth.Count(t => t);
        return Math.Min(wins, truth.Length - wins) < FewestTestLabels ? (null, null) : (Classification.Auc(before, truth), Classification.Auc(Array.ConvertAll(newer, i => scores[i]), truth));
    }
}
