using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Hosting;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Platform.Tables;
using QuadTurbo.Training.Evaluation;
using Spectre.Console;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>train</c>: models from the outcomes of a run, or from any table of numbers.</summary>
internal static class TrainCommand
{
    private static readonly BoostingOptions Default = new();

    public static Command Create(IReadOnlyList<Service> services)
    {
        TableOptions table = new();
        RunOptions run = new();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "train",
            "Train on the outcomes of a run (--meta-label, --slippage, --regime or --all), or on a table (--table FILE.csv --target COL).\n\n"
            + "Of a run: the last fifth in time is set aside, models are judged on it beside 'edge alone', and kept in DIR/models. Of a table: predictions of each row by trees that "
            + "have not seen it, judged beside a logistic regression and the base rate.\n\n"
            + "Examples:\n  quadturbo train --all --data-dir data/run\n  quadturbo train --table rows.csv --target won --predictions out.csv --json figures.json");
        foreach (Option option in (Option[])[.. run.All, .. table.All, json]) command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            JsonObject figures = table.Named(parsed) ? TrainTable(table.Read(parsed)) : TrainRun.Of(run, parsed, services);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), figures);
            return CommandLine.Done;
        });
        return command;
    }

    private static JsonObject TrainTable(TablePlan plan)
    {
        CsvTable table = CsvTable.Read(plan.File, plan.Ignore);
        string[] columns = [.. table.Names.Where(n => n != plan.Target)];
        if (columns.Length == 0) throw new BadInputException($"'{plan.File}' has no column beside the target '{plan.Target}'");
        double[] cells = table.Column(plan.Target);
        int[] known = [.. Enumerable.Range(0, table.Rows).Where(r => !double.IsNaN(cells[r]))];
        if (known.Length == 0) throw new BadInputException($"'{plan.File}': every target '{plan.Target}' is missing");
        bool[] labels = plan.Goal == TableGoal.Classify ? Labels.Of(table, plan.Target, known) : [];
        double[] targets = plan.Goal == TableGoal.Classify ? Array.ConvertAll(labels, l => l ? 1.0 : 0.0) : Array.ConvertAll(known, r => Finite(plan, cells, r));
        float[] rows = table.ToRows(columns, known);
        CommandLine.Say($"{known.Length:N0} rows, {columns.Length} columns, target '{plan.Target}'{(known.Length < table.Rows ? $"; {table.Rows - known.Length:N0} rows without a target are left aside" : "")}");
        foreach (string column in plan.Goal == TableGoal.Classify ? LeakCheck.Suspects(rows, columns, labels, honestAuc: 0.5) : [])
            CommandLine.Say($"warning: column '{column}' alone tells the label nearly outright; leave it out (--ignore {column}) unless it was known in time");
        TableResult result = Learn(plan, rows, columns, targets);
        if (plan.Predictions is { } file) Write(file, table.Rows, known, result.Predictions);
        foreach (string line in Lines(plan, result)) CommandLine.Say(line);
        return new JsonObject
        {
            ["rows"] = known.Length,
            ["columns"] = columns.Length,
            ["folds"] = plan.Folds,
            ["split"] = plan.Split == TableSplit.KFold ? "kfold" : "walk_forward",
            ["seed"] = plan.Seed,
            ["models"] = new JsonArray([.. result.Scores.Select(ScoreJson)]),
            ["importance"] = new JsonObject(result.Importance.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Column, i.Share))),
        };
    }

    private static TableResult Learn(TablePlan plan, float[] rows, string[] columns, double[] targets)
    {
        try
        {
            var task = new TableTask(plan.Goal, plan.Split, plan.Folds, plan.Seed, plan.Options);
            if (Console.IsOutputRedirected) return task.Run(rows, columns, targets, static _ => { });
            TableResult? result = null;
            AnsiConsole.Progress().AutoClear(true).Start(progress =>
            {
                ProgressTask folds = progress.AddTask("folds", maxValue: plan.Folds);
                result = task.Run(rows, columns, targets, done => folds.Value = done);
            });
            return result!;
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"'{plan.File}': {BadInputException.Plain(e)}");
        }
    }

    private static double Finite(TablePlan plan, double[] cells, int row) =>
        double.IsFinite(cells[row]) ? cells[row] : throw new BadInputException($"'{plan.File}' row {row + 1}, column '{plan.Target}': {cells[row]} is no target");

    // A row that was not foretold has an empty cell: its target is missing, or it is among the first of a walk forward.
    private static void Write(string file, int rows, int[] known, double[] predictions)
    {
        var lines = new string[rows + 1];
        Array.Fill(lines, "");
        lines[0] = "p";
        for (int i = 0; i < known.Length; i++)
            if (!double.IsNaN(predictions[i])) lines[known[i] + 1] = predictions[i].ToString("R", CultureInfo.InvariantCulture);
        try
        {
            File.WriteAllLines(file, lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--predictions '{file}' cannot be written: {e.Message}");
        }
    }

    private static IEnumerable<string> Lines(TablePlan plan, TableResult result)
    {
        int tested = result.Predictions.Count(p => !double.IsNaN(p));
        yield return $"{plan.Folds} folds, {(plan.Split == TableSplit.KFold ? "drawn at random" : "each foretold from the rows before it")}; {tested:N0} rows foretold";
        foreach (TableScore s in result.Scores) yield return s.Classification is null ? Regressed(s) : Classified(s);
        yield return $"what matters: {string.Join(", ", result.Importance.Take(8).Select(i => $"{i.Column} {i.Share.ToString("P0", CultureInfo.InvariantCulture)}"))}";
        if (plan.Predictions is { } file) yield return $"predictions in {file}, one line for each row";
    }

    private static string Classified(TableScore s) =>
        $"{s.Model,-20} {(s.Model == TableTask.BaseRate ? "orders nothing              " : $"AUC {N(s.Classification!.Auc.Auc)} [{N(s.Classification.Auc.Low)}, {N(s.Classification.Auc.High)}]")}  log-loss {N(s.Classification!.LogLoss)}  "
        + $"Brier {N(s.Brier.Estimate)} [{N(s.Brier.Low)}, {N(s.Brier.High)}]  ECE {N(s.Ece.Estimate)} [{N(s.Ece.Low)}, {N(s.Ece.High)}], chance {N(s.Classification.EceFloor.Mean)}";

    private static string Regressed(TableScore s) => $"{s.Model,-20} RMSE {s.Regression!.Rmse:G6}  MAE {s.Regression.Mae:G6}  R2 {N(s.Regression.RSquared)}";

    private static JsonNode ScoreJson(TableScore s)
    {
        JsonObject json = s.Classification is { } c ? ReportJson.Of(c) : ReportJson.Of(s.Regression!);
        json["model"] = s.Model;
        // One number for all rows of a fold: what order there is between folds foretells nothing.
        if (s.Model == TableTask.BaseRate) (json["auc"], json["auc_low"], json["auc_high"], json["auc_se"]) = (0.5, null, null, null);
        if (s.Classification is null) return json;
        (json["brier_low"], json["brier_high"]) = (ReportJson.Known(s.Brier.Low), ReportJson.Known(s.Brier.High));
        (json["ece_low"], json["ece_high"]) = (ReportJson.Known(s.Ece.Low), ReportJson.Known(s.Ece.High));
        return json;
    }

    private static string N(double value) => double.IsNaN(value) ? "unknown" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>What <c>--table</c> asks for.</summary>
    private sealed record TablePlan(
        string File, string Target, IReadOnlyCollection<string> Ignore, TableGoal Goal, TableSplit Split, int Folds, long Seed, BoostingOptions Options, string? Predictions);

    private sealed class TableOptions
    {
        private readonly Option<string?> _table = new("--table") { Description = "Learn from this table: CSV or CSV.gz with a header; an empty cell is missing.", HelpName = "FILE.csv" };
        private readonly Option<string?> _target = new("--target") { Description = "Column to foretell.", HelpName = "COL" };
        private readonly Option<string[]> _ignore = new("--ignore") { Description = "Columns to leave out: ids, and whatever was not known in time.", HelpName = "COL", AllowMultipleArgumentsPerToken = true };
        private readonly Option<TableGoal> _task = new("--task") { Description = "classify (target 1 or 0) or regress (default classify)." };
        private readonly Option<bool> _walk = new("--walk-forward") { Description = "Foretell each fold from the rows before it, in the order of the file, instead of drawing folds at random." };
        private readonly Option<int> _folds = new("--folds") { Description = "Folds (default 5).", DefaultValueFactory = static _ => 5, HelpName = "K" };
        private readonly Option<long> _seed = new("--seed") { Description = "Seed of folds and sampling.", HelpName = "N" };
        private readonly Option<int> _rounds = new("--rounds") { Description = "Trees (default 100).", DefaultValueFactory = static _ => Default.Rounds, HelpName = "N" };
        private readonly Option<int> _depth = new("--depth") { Description = "Levels of a tree, at most 6 (default 6).", DefaultValueFactory = static _ => Default.MaxDepth, HelpName = "N" };
        private readonly Option<double> _eta = new("--eta") { Description = "Learning rate (default 0.1).", DefaultValueFactory = static _ => Default.Eta, HelpName = "X" };
        private readonly Option<double> _lambda = new("--lambda") { Description = "L2 penalty (default 1).", DefaultValueFactory = static _ => Default.Lambda, HelpName = "X" };
        private readonly Option<double> _minChild = new("--min-child-weight") { Description = "Smallest sum of second derivatives of a leaf (default 1).", DefaultValueFactory = static _ => Default.MinChildWeight, HelpName = "X" };
        private readonly Option<string?> _predictions = new("--predictions") { Description = "Write the out-of-fold predictions here: column p, in the order of the rows.", HelpName = "OUT.csv" };

        public Option[] All => [_table, _target, _ignore, _task, _walk, _folds, _seed, _rounds, _depth, _eta, _lambda, _minChild, _predictions];

        public bool Named(ParseResult parsed) => parsed.GetValue(_table) is not null;

        public TablePlan Read(ParseResult parsed)
        {
            string file = parsed.GetValue(_table)!;
            string target = parsed.GetValue(_target) ?? throw new BadInputException("--table needs --target COL");
            BoostingOptions options = Default with
            {
                Objective = parsed.GetValue(_task) == TableGoal.Regress ? Objective.Squared : Objective.Logistic,
                Rounds = parsed.GetValue(_rounds),
                MaxDepth = parsed.GetValue(_depth),
                Eta = parsed.GetValue(_eta),
                Lambda = parsed.GetValue(_lambda),
                MinChildWeight = parsed.GetValue(_minChild),
                Seed = parsed.GetValue(_seed),
                Threads = Math.Clamp(Environment.ProcessorCount, 1, 2),
            };
            return new TablePlan(
                file, target, parsed.GetValue(_ignore) ?? [], parsed.GetValue(_task), parsed.GetValue(_walk) ? TableSplit.WalkForward : TableSplit.KFold,
                parsed.GetValue(_folds), parsed.GetValue(_seed), options, parsed.GetValue(_predictions));
        }
    }
}
