namespace QuadTurbo.Learning.Linear;

/// <summary>Rows as a linear model sees them: 1, the standardised columns, then 1 or 0 for each column that has missing values.</summary>
/// <param name="Columns">Columns of an original row.</param>
/// <param name="Width">Numbers of a row here.</param>
/// <param name="Z">[n, Width], row-major.</param>
/// <param name="Mean">[Columns], of the known values.</param>
/// <param name="InverseDeviation">[Columns]; 0 where they do not vary.</param>
/// <param name="WithMissing">Columns with a missing value, if they are to be marked.</param>
internal sealed record Design(int Columns, int Width, double[] Z, double[] Mean, double[] InverseDeviation, int[] WithMissing)
{
    // Rounding leaves this much relative spread in a column of equal numbers.
    private const double Constant = 1e-12;

    public ReadOnlySpan<double> Row(int i) => Z.AsSpan(i * Width, Width);

    public static Design Of(ReadOnlySpan<float> rows, int columns, double[] weights, bool markMissing)
    {
        double[] mean = new double[columns], inverse = new double[columns];
        var withMissing = new List<int>();
        for (int j = 0; j < columns; j++)
        {
            if (Moments(rows, columns, j, weights, out mean[j], out inverse[j]) && markMissing) withMissing.Add(j);
        }
        int width = 1 + columns + withMissing.Count;
        var z = new double[weights.Length * width];
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * columns, columns);
            Span<double> to = z.AsSpan(i * width, width);
            to[0] = 1;
            for (int j = 0; j < columns; j++) to[1 + j] = float.IsFinite(row[j]) ? (row[j] - mean[j]) * inverse[j] : 0;
            for (int k = 0; k < withMissing.Count; k++) to[1 + columns + k] = float.IsFinite(row[withMissing[k]]) ? 0 : 1;
        }
        return new Design(columns, width, z, mean, inverse, [.. withMissing]);
    }

    /// <summary>Weighted mean and 1 / deviation of the known values of a column; true when some are missing.</summary>
    private static bool Moments(ReadOnlySpan<float> rows, int columns, int j, double[] weights, out double mean, out double inverse)
    {
        double sum = 0, total = 0, square = 0;
        bool missing = false;
        for (int i = 0; i < weights.Length; i++)
        {
            float value = rows[i * columns + j];
            missing |= weights[i] > 0 && !float.IsFinite(value);
            if (!float.IsFinite(value)) continue;
            total += weights[i];
            sum += weights[i] * value;
        }
        mean = total > 0 ? sum / total : 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double from = rows[i * columns + j] - mean;
            if (double.IsFinite(from)) square += weights[i] * from * from;
        }
        double deviation = total > 0 ? Math.Sqrt(square / total) : 0;
        inverse = deviation > Constant * Math.Abs(mean) ? 1 / deviation : 0;
        return missing;
    }
}
