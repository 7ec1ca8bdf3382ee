using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Tables;

/// <summary>A column of 1 and 0.</summary>
internal static class Labels
{
    /// <summary>True where the column is 1: [rows].</summary>
    /// <exception cref="BadInputException">A cell is neither 1 nor 0.</exception>
    public static bool[] Of(CsvTable table, string column) => Of(table, column, [.. Enumerable.Range(0, table.Rows)]);

    /// <summary>The same for some rows.</summary>
    public static bool[] Of(CsvTable table, string column, int[] rows)
    {
        double[] cells = table.Column(column);
        return Array.ConvertAll(rows, r => cells[r] is 0 or 1
            ? cells[r] == 1
            : throw new BadInputException($"'{table.File}' row {r + 1}, column '{column}': {(double.IsNaN(cells[r]) ? "a missing label" : $"{cells[r]}")}; a label is 1 or 0"));
    }
}
