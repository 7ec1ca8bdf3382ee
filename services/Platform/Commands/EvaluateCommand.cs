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
        var file = new Argument<string>("SCORES.csv") { Description = "Columns y (1 or 0) and p (0 to 1), and w (weight) if there is one; others are left aside." };
        var threshold = new Option<double>("--threshold") { Description = "Probability from which a row is called positive.", DefaultValueFactory = static _ => DefaultThreshold };
        var seed = new Option<long>("--seed") { Description = "Seed of the draws of the calibration floor." };
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "evaluate",
            "Measure probabilities against what happened: ranking with its interval, log-loss, the Brier score taken apart, calibration errors beside what chance alone "
            + "would give, and the calls at a threshold.\n\nExample: quadturbo evaluate scores.csv --json figures.json")
        {
            file, threshold, seed, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            CsvTable table = CsvTable.Read(parsed.GetValue(file)!);
            ClassificationReport report = Of(table, parsed.GetValue(seed), parsed.GetValue(threshold));
            foreach (string line in Lines(report)) CommandLine.Say(line);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), ReportJson.Of(report));
            return CommandLine.Done;
        });
        return command;
    }

    private static ClassificationReport Of(CsvTable table, long seed, double threshold)
    {
        double[] weights = table.Has("w") ? table.Column("w") : [];
        try
        {
            return ClassificationReport.Of(table.Column("p"), Labels.Of(table, "y"), weights, seed, threshold);
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"'{table.File}': {e.Message}");
        }
    }

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
