namespace QuadTurbo.Learning.Drift;

/// <summary>Compares two tables column by column, once.</summary>
public static class DriftComparison
{
    /// <summary>One row per column, judged together by <see cref="BenjaminiHochberg"/>; p-values as <see cref="KsMethod.Auto"/>.</summary>
    /// <param name="names">[F] each once.</param>
    /// <param name="reference">[F][rows] NaN is missing; all rows are used.</param>
    /// <param name="current">[F][rows] of any other length.</param>
    /// <param name="seed">Seed of the null quantiles.</param>
    /// <param name="options">Settings; the default ones when null.</param>
    /// <param name="tests">Custom tests by name.</param>
    /// <exception cref="ArgumentException">Names and columns differ in number, a name comes twice, or a value is infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static IReadOnlyList<ColumnDrift> Of(IReadOnlyList<string> names, IReadOnlyList<double[]> reference, IReadOnlyList<double[]> current,
        long seed, DriftOptions? options = null, IReadOnlyList<KeyValuePair<string, DriftTest>>? tests = null)
    {
        options ??= new DriftOptions();
        options.Check();
        DriftReference.CheckNames(names, reference.Count);
        DriftReference.CheckNames(names, current.Count);
        var references = new ReferenceColumn[names.Count];
        var columns = new ColumnDrift[names.Count];
        for (int f = 0; f < columns.Length; f++)
        {
            references[f] = new ReferenceColumn(names[f], reference[f], options, seed);
            double[] sorted = ReferenceColumn.SortKnown(current[f], names[f]);
            columns[f] = ColumnComparison.Measure(references[f], current[f], sorted, options, KsMethod.Auto, tests ?? []);
        }
        ColumnComparison.Judge(columns, references, options);
        return columns;
    }
}
