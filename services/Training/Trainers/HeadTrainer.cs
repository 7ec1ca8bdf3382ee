using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Splits;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Training.Trainers;

/// <summary>Fits the meta-label classifier of one kind of opportunity, and judges it on data that it has not seen.</summary>
/// <remarks>
/// The last fifth in time is set aside and touched once, for the report. On the rest, purged 5-fold cross-validation gives margins of rows that each
/// model had not seen: the calibrator is chosen and fitted on these. Then the trees are fitted to all of the rest. What was judged is what serves.
/// Break-even outcomes are left out of the fit and of the AUC, and kept for money. Source: Lopez de Prado 2018, chapters 3, 4 and 7.
/// </remarks>
internal sealed class HeadTrainer(TrainingSettings training, BoostingSettings boosting)
{
    private const double TestShare = 0.2;
    private const int Folds = 5;
    private const double Even = 0.5;
    private const int BootstrapDraws = 500;
    private const int FewestTestLabels = 10;
    private static readonly int Edge = FeatureSchema.IndexOf("net_edge_bps");
    private static readonly string[] Names = [.. FeatureSchema.Columns.Select(c => c.Name)];

    /// <summary>The head and how it did.</summary>
    /// <param name="samples">Of one kind.</param>
    /// <param name="champion">The head that serves that kind.</param>
    /// <param name="championSince">When it began to serve, UTC: what was decided later it has not learnt from; null where that is not known.</param>
    public (TreesHead Head, ModelReport Report) Train(IEnumerable<Sample> samples, ModelHead champion, DateTime? championSince)
    {
        var table = new TrainingTable(samples.Where(s => Math.Abs(s.NetBps) > training.BandBps));
        TrainTest split = Holdout.Last(table.Spans, TestShare);
        bool[] labels = table.Pick(split.Train, IsWin);
        float[] rows = table.RowsOf(split.Train);
        BoostingOptions options = boosting.Options(training.Seed);

        double[] margins = OutOfFold(table, split.Train, labels, options);
        Calibrator calibrator = CalibratorChoice.Choose(margins, labels, FoldIds(table, split.Train)).Calibrator;
        TreeEnsemble trees = Booster.Fit(rows, FeatureSchema.Count, Targets(labels), options).Ensemble;
        var head = new TreesHead(trees, calibrator, split.Train.Length);
        return (head, Readiness.Judge(Report(table, split, head, champion, championSince), FewestTestLabels));
    }

    private static bool IsWin(Sample sample) => sample.NetBps > 0;

    private static double[] Targets(bool[] labels) => Array.ConvertAll(labels, l => l ? 1.0 : 0.0);

    /// <summary>The margin of each training row, by trees that were fitted to rows whose outcomes do not overlap with it.</summary>
    private static double[] OutOfFold(TrainingTable table, int[] train, bool[] labels, BoostingOptions options, IReadOnlyList<TrainTest> folds)
    {
        var margins = new double[train.Length];
        foreach (TrainTest fold in folds)
        {
            int[] fitted = Array.ConvertAll(fold.Train, i => train[i]);
            TreeEnsemble trees = Booster.Fit(table.RowsOf(fitted), FeatureSchema.Count, Targets(Array.ConvertAll(fold.Train, i => labels[i])), options).Ensemble;
            foreach (int i in fold.Test) margins[i] = trees.Margin(table.RowOf(train[i]));
        }
        return margins;
    }

    private ModelReport Report(TrainingTable table, TrainTest split, TreesHead head, ModelHead champion, DateTime? championSince)
    {
        bool[] labels = table.Pick(split.Test, IsWin), trainLabels = table.Pick(split.Train, IsWin);
        double[] scores = Scores(head, table, split.Test), edge = EdgeOf(table, split.Test), net = table.Pick(split.Test, s => s.NetBps);
        AucComparison over = DeLong.Compare(scores, edge, labels);
        ReliabilityCurve reliability = ReliabilityCurve.EqualWidth(scores, labels);
        double edgeStrength = Classification.Auc(EdgeOf(table, split.Train), trainLabels);
        (double? championAuc, double? besideChampion) = Beside(table, split.Test, scores, labels, champion, championSince);
        double[] importance = Importance.GainShares(head.Ensemble);
        return new ModelReport
        {
            TrainRows = split.Train.Length,
            TrainWins = trainLabels.Count(l => l),
            TestRows = split.Test.Length,
            TestWins = labels.Count(l => l),
            TestFrom = table[split.Test[0]].DecidedAt,
            Auc = DeLong.Estimate(scores, labels),
            EdgeAuc = DeLong.Estimate(edge, labels),
            AucOverEdge = over.DifferenceInterval(),
            ChampionAuc = championAuc,
            AucBesideChampion = besideChampion,
            Accuracy = Classification.Accuracy(scores, labels, Even),
            LogLoss = Classification.LogLoss(scores, labels),
            EdgeLogLoss = EdgeLogLoss(table, split, trainLabels, labels),
            Brier = Classification.Brier(scores, labels),
            Ece = reliability.Ece,
            EceFloor = ReliabilityCurve.Floor(scores, training.Seed).High,
            BaseRate = (double)labels.Count(l => l) / labels.Length,
            NetBps = Bootstrap.MeanInterval(net, 0.95, BootstrapDraws, training.Seed),
            NetBpsOfCalls = Bootstrap.MeanInterval([.. net.Where((_, i) => scores[i] >= Even)], 0.95, BootstrapDraws, training.Seed),
            Calibrator = head.Calibrator!.Kind.ToString().ToLowerInvariant(),
            Importance = [.. importance.Select((share, f) => new FeatureShare(Names[f], share)).Where(i => i.Share > 0).OrderByDescending(i => i.Share)],
            Instability = champion is TreesHead trees ? Importance.Instability(importance, Importance.GainShares(trees.Ensemble)) : null,
            LeakSuspects = LeakCheck.Suspects(table.RowsOf(split.Train), Names, trainLabels, Math.Max(edgeStrength, 1 - edgeStrength)),
        };
    }

    private static double[] Scores(ModelHead head, TrainingTable table, int[] rows) => Array.ConvertAll(rows, r => head.Score(table.RowOf(r)));

    /// <summary>The net edge of some rows, bps; where it is not known, 0: neither for nor against.</summary>
    private static double[] EdgeOf(TrainingTable table, int[] rows) =>
        Array.ConvertAll(rows, r => table.RowOf(r)[Edge] is var edge && float.IsNaN(edge) ? 0.0 : edge);

    /// <summary>Log-loss of edge alone: a logistic of one variable, fitted to the training rows.</summary>
    private static double EdgeLogLoss(TrainingTable table, TrainTest split, bool[] trainLabels, bool[] labels)
    {
        Platt edge = Platt.Fit(EdgeOf(table, split.Train), trainLabels);
        return Classification.LogLoss(Array.ConvertAll(EdgeOf(table, split.Test), edge.Apply), labels);
    }

    /// <summary>AUC of the champion and of the new model on the test rows that the champion cannot have learnt from; null without both classes among them.</summary>
    private static (double? Champion, double? New) Beside(TrainingTable table, int[] test, double[] scores, bool[] labels, ModelHead champion, DateTime? since)
    {
        if (!champion.Trained || since is null) return (null, null);
        int[] newer = [.. Enumerable.Range(0, test.Length).Where(i => table[test[i]].DecidedAt >= since)];
        double[] before = Array.ConvertAll(newer, i => champion.Score(table.RowOf(test[i])));
        bool[] truth = Array.ConvertAll(newer, i => labels[i]);
        double auc = Classification.Auc(before, truth);
        return double.IsNaN(auc) ? (null, null) : (auc, Classification.Auc(Array.ConvertAll(newer, i => scores[i]), truth));
    }
}
