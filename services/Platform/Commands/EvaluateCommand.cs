using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Platform.Tables;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>evaluate SCORES.csv</c>: every figure of probabilities that foretold a label.</summary>
internal static class EvaluateCommand
{
    private const double DefaultThreshold = 0.5;

    public static Command Create()
    {
        var file = new Argument<string>("SCORES.csv") { Description = "Columns y (1 or 0, or a number) and p (0 to 1, or a number), w (weight) and p2 (another score to compare with) if there are; others are left aside, and so are rows without p." };
        var threshold = new Option<double>("--threshold") { Description = "Probability from which a row is called positive.", DefaultValueFactory = static _ => DefaultThreshold };
        threshold.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is var t && !(t >= 0 && t <= 1)) result.AddError($"--threshold {t} is not between 0 and 1");
        });
        var quantile = new Option<double>("--quantile") { Description = "Of numbers: the quantile that p is held to be (pinball loss).", DefaultValueFactory = static _ => DefaultThreshold };
        var seed = new Option<long>("--seed") { Description = "Seed of the draws of the calibration floor." };
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "evaluate",
            "Measure probabilities against what happened: ranking with its interval, log-loss, the Brier score taken apart, calibration errors beside what chance alone "
            + "would give, and the calls at a threshold.\n\nExample: quadturbo evaluate scores.csv --json figures.json")
        {
            file, threshold, quantile, seed, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            JsonObject figures = Evaluate(CsvTable.Read(parsed.GetValue(file)!), parsed.GetValue(seed), parsed.GetValue(threshold), parsed.GetValue(quantile));
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), figures);
            return CommandLine.Done;
        });
        return command;
    }

    private static JsonObject Evaluate(CsvTable table, long seed, double threshold, double quantile)
    {
        double[] p = table.Column("p"), y = table.Column("y");
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(r => !double.IsNaN(p[r]))];
        if (rows.Length < table.Rows) CommandLine.Say($"{table.Rows - rows.Length:N0} rows without p are left aside");
        double[] scores = Pick(p, rows), weights = table.Has("w") ? Pick(table.Column("w"), rows) : [];
        if (weights.Length > 0) CommandLine.Say("weighted by column w");
        try
        {
            bool labels = rows.All(r => y[r] is 0 or 1 || double.IsNaN(y[r]));
            if (!labels) return Numbers(Pick(y, rows), scores, weights, quantile);
            bool[] truth = Labels.Of(table, "y", rows);
            ClassificationReport report = ClassificationReport.Of(scores, truth, weights, seed, threshold);
            foreach (string line in Lines(report)) CommandLine.Say(line);
            if (report.Positives == 0 || report.Positives == report.Rows) CommandLine.Say("all labels are alike: what compares the two classes is unknown");
            JsonObject figures = ReportJson.Of(report);
            figures["regression"] = ReportJson.Of(RegressionReport.Of(Array.ConvertAll(truth, l => l ? 1.0 : 0.0), scores, weights, quantile));
            if (table.Has("p2")) figures["comparison"] = Compare(scores, Pick(table.Column("p2"), rows), truth, weights);
            return figures;
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"'{table.File}': {BadInputException.Plain(e)}");
        }
    }

    private static JsonObject Numbers(double[] targets, double[] predictions, double[] weights, double quantile)
    {
        RegressionReport r = RegressionReport.Of(targets, predictions, weights, quantile);
        CommandLine.Say($"{r.Rows:N0} rows of numbers (y is not 1 or 0 alone)");
        CommandLine.Say($"RMSE {r.Rmse:G6}, MAE {r.Mae:G6}, R2 {Text(r.RSquared)}; pinball loss at {quantile:0.##} {r.Pinball:G6}, {Text(r.Coverage)} of the targets at or below p");
        return ReportJson.Of(r);
    }

    private static JsonObject Compare(double[] first, double[] second, bool[] labels, double[] weights)
    {
        AucComparison c = DeLong.Compare(first, second, labels, weights);
        Interval difference = c.DifferenceInterval();
        CommandLine.Say($"against p2   AUC {Text(c.First)} - {Text(c.Second)} = {Text(c.Difference)} [{Text(difference.Low)}, {Text(difference.High)}], p = {c.PValue:0.0e+00} (DeLong, paired)");
        return new JsonObject
        {
            ["auc_p"] = ReportJson.Known(c.First),
            ["auc_p2"] = ReportJson.Known(c.Second),
            ["difference"] = ReportJson.Known(c.Difference),
            ["low"] = ReportJson.Known(difference.Low),
            ["high"] = ReportJson.Known(difference.High),
            ["p_value"] = ReportJson.Known(c.PValue),
        };
    }

    private static double[] Pick(double[] values, int[] rows) => Array.ConvertAll(rows, r => values[r]);

    internal static IEnumerable<string> Lines(ClassificationReport r)
    {
        yield return $"{r.Rows:N0} rows, {r.Positives:N0} positives, base rate {Text(r.BaseRate)}";
        yield return $"ranking      AUC {Text(r.Auc.Auc)} [{Text(r.Auc.Low)}, {Text(r.Auc.High)}], average precision {Text(r.AveragePrecision)}, KS {Text(r.KolmogorovSmirnov)}";
        yield return $"log-loss     {Text(r.LogLoss)} nats; always saying the base rate costs {Text(r.LogLossOfBaseRate)}";
        yield return $"Brier        {Text(r.Brier)}, skill {Text(r.BrierSkill)} = reliability {Text(r.Decomposition.Reliability)} - resolution {Text(r.Decomposition.Resolution)} "
            + $"+ uncertainty {Text(r.Decomposition.Uncertainty)} + within {Text(r.Decomposition.WithinVariance - r.Decomposition.WithinCovariance)}";
        yield return $"calibration  ECE {Text(r.EqualWidth.Ece)} (equal width), {Text(r.EqualMass.Ece)} (equal mass), worst bin {Text(r.EqualWidth.Mce)}; "
            + $"faultless scores would show {Text(r.EceFloor.Mean)}, 95 % of the time at most {Text(r.EceFloor.Upper)}";
        yield return $"calls >= {r.Threshold.ToString("0.##", CultureInfo.InvariantCulture)}  accuracy {Text(r.Confusion.Accuracy)}, precision {Text(r.Confusion.Precision)}, recall {Text(r.Confusion.Recall)}, "
            + $"F1 {Text(r.Confusion.F1)}, MCC {Text(r.Confusion.Matthews)}";
    }

    private static string Text(double value) => double.IsNaN(value) ? "unknown" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
