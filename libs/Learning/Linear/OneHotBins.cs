using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Linear;

/// <summary>Turns each column into 0s and a 1 that says which bin its value is in, so that a linear model can bend; immutable.</summary>
/// <remarks>
/// The cuts of a column are the quantiles of its known training values, equal ones once; bin = #{cuts ≤ x}.
/// A value that is not finite has a bin of its own, the last of the column. Columns keep their order, as do the bins of each.
/// </remarks>
public sealed class OneHotBins
{
    /// <summary>The most value bins that a column can have.</summary>
    public const int MostBins = 256;

    private readonly float[][] _cuts;

    private OneHotBins(float[][] cuts)
    {
        _cuts = cuts;
        Width = cuts.Sum(c => c.Length + 2);
    }

    /// <summary>Columns of an original row.</summary>
    public int Columns => _cuts.Length;

    /// <summary>Columns of a row of bins: of each original one its value bins and the missing one.</summary>
    public int Width { get; }

    /// <summary>Bins from the quantiles of the training rows.</summary>
    /// <param name="rows">[n, columns], row-major; a value that is not finite is missing. A column without known values has no cuts.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="bins">Value bins of a column, at most: fewer where values repeat.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No columns, or bins outside 1 .. <see cref="MostBins"/>.</exception>
    public static OneHotBins Fit(ReadOnlySpan<float> rows, int columns, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MostBins);
        if (rows.Length % columns != 0) throw new ArgumentException($"{rows.Length} numbers are not rows of {columns} columns", nameof(rows));
        var cuts = new float[columns][];
        var values = new float[rows.Length / columns];
        for (int j = 0; j < columns; j++)
        {
            int known = 0;
            for (int i = j; i < rows.Length; i += columns)
                if (float.IsFinite(rows[i])) values[known++] = rows[i];
            cuts[j] = Quantiles(values.AsSpan(0, known), bins);
        }
        return new OneHotBins(cuts);
    }

    /// <summary>The cuts of a column, ascending.</summary>
    public ReadOnlySpan<float> Cuts(int column) => _cuts[column];

    /// <summary>The rows as bins: [n, <see cref="Width"/>], row-major, as <see cref="LogisticRegression.Fit"/> reads them.</summary>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public float[] Transform(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Columns != 0) throw new ArgumentException($"{rows.Length} numbers are not rows of {Columns} columns", nameof(rows));
        var bins = new float[rows.Length / Columns * Width];
        int at = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            float[] cuts = _cuts[i % Columns];
            bins[at + (float.IsFinite(rows[i]) ? BinOf(rows[i], cuts) : cuts.Length + 1)] = 1;
            at += cuts.Length + 2;
        }
        return bins;
    }

    private static int BinOf(float value, float[] cuts)
    {
        int found = Array.BinarySearch(cuts, value);
        return found >= 0 ? found + 1 : ~found;
    }

    private static float[] Quantiles(Span<float> values, int bins)
    {
        Sorting.Sort(values);
        var cuts = new List<float>();
        for (int b = 1; b < bins && values.Length > 0; b++)
        {
            float cut = values[(int)((long)b * values.Length / bins)];
            if (cut > (cuts.Count > 0 ? cuts[^1] : values[0])) cuts.Add(cut);
        }
        return [.. cuts];
    }
}
