using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Platform.Tables;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>drift REFERENCE.csv CURRENT.csv</c>: which columns are not what they were [MON-01].</summary>
internal static class DriftCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("REFERENCE.csv") { Description = "What the columns looked like." };
        var current = new Argument<string>("CURRENT.csv") { Description = "What they look like now." };
        var ignore = new Option<string[]>("--ignore") { Description = "Columns to leave out, for example a time or an id.", HelpName = "COL", AllowMultipleArgumentsPerToken = true };
        var seed = new Option<long>("--seed") { Description = "Seed of the null distribution of the Wasserstein distance." };
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "drift",
            "Compare two tables column by column: population stability index, Kolmogorov-Smirnov and Wasserstein distance. A column has drifted when chance is ruled out "
            + "(Benjamini-Hochberg over all columns, 1 %) and the effect is large enough to matter.\n\n"
            + "Exit codes: 0 no drift, 1 drift, 2 bad input.\n\nExample: quadturbo drift january.csv february.csv --ignore ts")
        {
            reference, current, ignore, seed, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string[] left = parsed.GetValue(ignore) ?? [];
            CsvTable was = CsvTable.Read(parsed.GetValue(reference)!, left, mayLack: true), now = CsvTable.Read(parsed.GetValue(current)!, left, mayLack: true);
            IReadOnlyList<ColumnDrift> columns = Compare(was, now, parsed.GetValue(seed));
            foreach (string line in Lines(columns, was, now)) CommandLine.Say(line);
            bool drifted = columns.Any(c => c.Verdict == DriftVerdict.Drift);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), new JsonObject { ["drift"] = drifted, ["columns"] = new JsonArray([.. columns.Select(JsonOf)]) });
            return drifted ? CommandLine.Finding : CommandLine.Done;
        });
        return command;
    }

    private static IReadOnlyList<ColumnDrift> Compare(CsvTable was, CsvTable now, long seed)
    {
        string[] shared = [.. was.Names.Where(now.Has)];
        if (shared.Length == 0) throw new BadInputException($"'{was.File}' and '{now.File}' have no column in common");
        try
        {
            return DriftComparison.Of(shared, [.. shared.Select(was.Column)], [.. shared.Select(now.Column)], seed);
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"'{was.File}' and '{now.File}': {BadInputException.Plain(e)}");
        }
    }

    private static IEnumerable<string> Lines(IReadOnlyList<ColumnDrift> columns, CsvTable was, CsvTable now)
    {
        yield return $"{was.Rows:N0} rows before, {now.Rows:N0} now, {columns.Count} columns in common";
        foreach (string name in was.Names.Except(now.Names)) yield return $"only before: {name}";
        foreach (string name in now.Names.Except(was.Names)) yield return $"only now:    {name}";
        int width = Math.Max(6, columns.Max(c => c.Name.Length));
        yield return $"{"column".PadRight(width)}  verdict  {"PSI",8}  {"KS",8}  {"p",9}  {"W1",10}  {"W1/IQR",8}  missing";
        foreach (ColumnDrift c in columns.OrderByDescending(c => c.Verdict == DriftVerdict.Drift).ThenBy(c => double.IsNaN(c.P) ? 2 : c.P))
        {
            yield return $"{c.Name.PadRight(width)}  {c.Verdict.ToString().ToLowerInvariant(),-7}  {Text(c.Psi, "0.0000"),8}  {Text(c.KsD, "0.0000"),8}  {Text(c.KsP, "0.0e+00"),9}  "
                + $"{Text(c.W1, "0.####"),10}  {Text(c.W1Normalised, "0.000"),8}  {Text(c.MissingShare, "P1"),7}";
        }
    }

    private static JsonNode JsonOf(ColumnDrift c) => new JsonObject
    {
        ["column"] = c.Name,
        ["verdict"] = c.Verdict.ToString().ToLowerInvariant(),
        ["severity"] = c.Severity.ToString().ToLowerInvariant(),
        ["psi"] = ReportJson.Known(c.Psi),
        ["ks"] = ReportJson.Known(c.KsD),
        ["ks_p"] = ReportJson.Known(c.KsP),
        ["wasserstein"] = ReportJson.Known(c.W1),
        ["wasserstein_normalised"] = ReportJson.Known(c.W1Normalised),
        ["p"] = ReportJson.Known(c.P),
        ["rejected"] = c.Rejected,
        ["missing_share"] = ReportJson.Known(c.MissingShare),
        ["rows"] = c.Window,
    };

    private static string Text(double value, string format) => double.IsNaN(value) ? "unknown" : value.ToString(format, CultureInfo.InvariantCulture);
}
