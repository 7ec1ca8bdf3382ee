using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using QuadTurbo.Trading;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

/// <summary><c>train --table</c>, <c>evaluate</c> and <c>drift</c>: useful to a data scientist.</summary>
public sealed class TableTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task Every_row_of_a_table_is_foretold_by_trees_that_have_not_seen_it()
    {
        string table = WriteTable("rows.csv", 600, seed: 1);
        string[] command = ["train", "--table", table, "--target", "y", "--ignore", "name", "--rounds", "30", "--depth", "3", "--seed", "7", "--predictions", _place.At("p.csv"), "--json", _place.At("figures.json")];

        Answer answer = await RunAsync(command);
        string[] first = await File.ReadAllLinesAsync(_place.At("p.csv"));
        await RunAsync(command);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Equal(first, await File.ReadAllLinesAsync(_place.At("p.csv")));
        Assert.Equal(("p", 601), (first[0], first.Length));
        double[] p = [.. first[1..].Select(l => double.Parse(l, CultureInfo.InvariantCulture))];
        Assert.All(p, value => Assert.InRange(value, 0, 1));
        JsonArray models = _place.Json("figures.json")["models"]!.AsArray();
        Assert.Equal(["boosted trees", "logistic regression", "base rate"], models.Select(m => (string)m!["model"]!));
        Assert.True((double)models[0]!["auc"]! > 0.75, models[0]!.ToJsonString());
        Assert.Contains("600 rows, 3 columns, target 'y'", answer.Output, StringComparison.Ordinal);

        // What train says of its predictions, evaluate finds in them.
        File.WriteAllLines(_place.At("scores.csv"), ["y,p", .. File.ReadLines(table).Skip(1).Select((l, i) => $"{l.Split(',')[^1]},{first[i + 1]}")]);
        await RunAsync("evaluate", _place.At("scores.csv"), "--json", _place.At("evaluated.json"));
        foreach (string figure in (string[])["auc", "log_loss", "brier", "ece", "mcc"])
            Assert.Equal((double)models[0]![figure]!, (double)_place.Json("evaluated.json")[figure]!, 1e-12);
    }

    [Fact]
    public async Task A_walk_forward_leaves_its_first_rows_blank_and_a_row_without_a_target_is_left_aside()
    {
        string table = WriteTable("rows.csv", 300, seed: 2, lacking: 250);

        Answer answer = await RunAsync("train", "--table", table, "--target", "y", "--ignore", "name", "--walk-forward", "--folds", "2", "--rounds", "10", "--predictions", _place.At("p.csv"));

        string[] cells = [.. File.ReadLines(_place.At("p.csv")).Skip(1)];
        Assert.True(answer.Code == 0, answer.Error);
        Assert.Equal(300, cells.Length);
        Assert.Equal(Enumerable.Range(0, 100).Append(250), Enumerable.Range(0, 300).Where(r => cells[r].Length == 0));
        Assert.Contains("1 rows without a target are left aside", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_is_found_in_the_column_that_moved_and_nowhere_else()
    {
        string before = WriteTable("before.csv", 2_000, seed: 3), same = WriteTable("same.csv", 500, seed: 4), moved = WriteTable("moved.csv", 500, seed: 5, shift: 1);

        Answer quiet = await RunAsync("drift", before, same, "--ignore", "name");
        Answer loud = await RunAsync("drift", before, moved, "--ignore", "name", "--json", _place.At("drift.json"));

        Assert.True(quiet.Code == 0, quiet.Output + quiet.Error);
        Assert.Equal(1, loud.Code);
        Assert.Equal(["a"], _place.Json("drift.json")["columns"]!.AsArray().Where(c => (string)c!["verdict"]! == "drift").Select(c => (string)c!["column"]!));
    }

    [Theory]
    [InlineData("train", "say what to train")]
    [InlineData("train --predictive", "--predictive: not trained")]
    [InlineData("train --rl", "--rl: not trained")]
    [InlineData("train --table {rows.csv}", "--table needs --target COL")]
    [InlineData("train --table {rows.csv} --target z --ignore name", "has no column 'z'", "a, b, c, y")]
    [InlineData("train --table {rows.csv} --target y", "line 2, column 'name': 'row 0' is not a number", "--ignore name")]
    [InlineData("train --table {rows.csv} --target a --ignore name", "row 1, column 'a'", "a label is 1 or 0")]
    [InlineData("train --table {rows.csv} --target y --ignore name --depth 9", "MaxDepth", "1 .. 6")]
    [InlineData("train --table {rows.csv} --target y --ignore name --folds 1", "fold")]
    [InlineData("train --table {one.csv} --target y", "one class")]
    [InlineData("train --table {ragged.csv} --target y", "line 3: 1 cells, the header has 2")]
    [InlineData("train --table {twice.csv} --target y", "column 'a' 2 times")]
    [InlineData("train --table {none.csv} --target y", "none.csv", "cannot be read")]
    [InlineData("train --meta-label --trials 0 --data-dir {rows.csv}", "--trials '0'", "between 1 and 10000")]
    [InlineData("evaluate {twice.csv}", "column 'a' 2 times")]
    [InlineData("evaluate {bad.csv}", "1.5", "between 0 and 1")]
    [InlineData("drift {rows.csv} {one.csv} --ignore name y", "no column in common")]
    public async Task Bad_input_ends_with_2_and_names_what_is_wrong(string command, params string[] said)
    {
        WriteTable("rows.csv", 20, seed: 6);
        _place.Write("one.csv", "x,y\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n");
        _place.Write("ragged.csv", "a,y\n1,1\n2\n");
        _place.Write("twice.csv", "a,a,y\n1,1,1\n");
        _place.Write("bad.csv", "y,p\n1,0.5\n0,1.5\n");

        Answer answer = await RunAsync([.. command.Split(' ').Select(a => a.StartsWith('{') ? _place.At(a.Trim('{', '}')) : a)]);

        Assert.True(answer.Code == 2, $"{answer.Code}: {answer.Output}{answer.Error}");
        Assert.All(said, words => Assert.Contains(words, answer.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    /// <summary>Columns name (text), a, b, c and y; a and b tell y, some of b is missing.</summary>
    private string WriteTable(string name, int rows, long seed, double shift = 0, int lacking = -1)
    {
        SeededRandom random = SeededRandom.Stream(seed, "table");
        var text = new StringBuilder("name,a,b,c,y\n");
        for (int r = 0; r < rows; r++)
        {
            double a = random.NextNormal() + shift, b = random.NextNormal(), c = random.NextNormal();
            bool y = random.NextDouble() < 1 / (1 + Math.Exp(-2 * (a - shift) - 2 * b));
            text.Append(CultureInfo.InvariantCulture, $"row {r},{a:R},{(r % 7 == 3 ? "" : b.ToString("R", CultureInfo.InvariantCulture))},{c:R},{(r == lacking ? "" : y ? "1" : "0")}\n");
        }
        return _place.Write(name, text.ToString());
    }
}
