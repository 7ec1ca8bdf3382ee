namespace QuadTurbo.Learning.Regimes;

/// <summary>Rows in order of time, standardised by the mean and standard deviation of the complete ones.</summary>
/// <param name="Columns">Columns of a row.</param>
/// <param name="Z">[rows, columns]; of a missing row the first value is NaN.</param>
/// <param name="Complete">Positions of the rows that are not missing.</param>
/// <param name="Centre">[columns].</param>
/// <param name="InverseDeviation">[columns]; 0 for a constant column, whose z is 0.</param>
internal sealed record HmmSequence(int Columns, double[] Z, int[] Complete, double[] Centre, double[] InverseDeviation)
{
    // Rounding leaves this much relative spread in a column of equal numbers.
    private const double Constant = 1e-12;

    public int Rows => Z.Length / Columns;

    public static HmmSequence Of(ReadOnlySpan<double> rows, int columns)
    {
        int count = HmmModel.RowsOf(rows, columns);
        var complete = new List<int>(count);
        for (int t = 0; t < count; t++)
            if (IsComplete(rows.Slice(t * columns, columns), t)) complete.Add(t);
        double[] z = rows.ToArray(), centre = new double[columns], inverse = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            foreach (int t in complete) centre[j] += rows[t * columns + j] / complete.Count;
            double square = 0;
            foreach (int t in complete) square += (rows[t * columns + j] - centre[j]) * (rows[t * columns + j] - centre[j]) / complete.Count;
            double deviation = Math.Sqrt(square);
            inverse[j] = deviation > Constant * Math.Abs(centre[j]) ? 1 / deviation : 0;
            for (int t = 0; t < count; t++) z[t * columns + j] = (rows[t * columns + j] - centre[j]) * inverse[j];
        }
        for (int t = 0, next = 0; t < count; t++)
        {
            if (next < complete.Count && complete[next] == t) next++;
            else z[t * columns] = double.NaN;
        }
        return new HmmSequence(columns, z, [.. complete], centre, inverse);
    }

    private static bool IsComplete(ReadOnlySpan<double> row, int t)
    {
        bool complete = true;
        for (int j = 0; j < row.Length; j++)
        {
            if (double.IsInfinity(row[j])) throw new ArgumentException($"row {t}, column {j} is {row[j]}: leave out what is not known with NaN");
            complete &= !double.IsNaN(row[j]);
        }
        return complete;
    }
}
