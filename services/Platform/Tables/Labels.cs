using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Tables;

/// <summary>A column of 1 and 0.</summary>
internal static class Labels
{
    /// <summary>True where the column is 1: [Rows].</summary>
    /// <exception cref="BadInputException">A cell is neither 1 nor 0.</exception>
    public static bool[] Of(CsvTable table, string column)
    {
        double[] cells = table.Column(column);
        var labels = new bool[cells.Length];
        for (int r = 0; r < cells.Length; r++)
        {
            if (cells[r] is not (0 or 1)) throw new BadInputException($"'{table.File}' row {r + 1}, column '{column}': {(double.IsNaN(cells[r]) ? "a missing label" : $"{cells[r]}")}; a label is 1 or 0");
            labels[r] = cells[r] == 1;
        }
        return labels;
    }
}
