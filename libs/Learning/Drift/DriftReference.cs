using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Drift;

/// <summary>What the columns looked like in training: at most <see cref="DriftOptions.ReferenceRows"/> rows, sorted per column.</summary>
public sealed class DriftReference
{
    private DriftReference(DriftOptions options, ReferenceColumn[] columns) => (Options, Columns) = (options, columns);

    /// <summary>Settings of all comparisons with it.</summary>
    public DriftOptions Options { get; }

    /// <summary>The columns in the order they were given.</summary>
    public IReadOnlyList<ReferenceColumn> Columns { get; }

    /// <summary>Keeps the columns, and the same randomly drawn rows of each when there are too many.</summary>
    /// <param name="names">[F] each once.</param>
    /// <param name="columns">[F][rows] NaN is missing.</param>
    /// <param name="seed">Seed of the draw, and of the null quantiles.</param>
    /// <param name="options">Settings; the default ones when null.</param>
    /// <exception cref="ArgumentException">Numbers of names and columns or lengths differ, a name comes twice, or a value is infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static DriftReference Of(IReadOnlyList<string> names, IReadOnlyList<double[]> columns, long seed, DriftOptions? options = null)
    {
        options ??= new DriftOptions();
        options.Check();
        CheckNames(names, columns.Count);
        int rows = columns.Count == 0 ? 0 : columns[0].Length;
        int[] kept = Sample(rows, options.ReferenceRows, seed);
        var references = new ReferenceColumn[names.Count];
        var values = new double[kept.Length];
        for (int f = 0; f < references.Length; f++)
        {
            if (columns[f].Length != rows)
                throw new ArgumentException($"column '{names[f]}' has {columns[f].Length} rows, '{names[0]}' has {rows}", nameof(columns));
            for (int i = 0; i < kept.Length; i++) values[i] = columns[f][kept[i]];
            references[f] = new ReferenceColumn(names[f], values, options, seed);
        }
        return new DriftReference(options, references);
    }

    internal static void CheckNames(IReadOnlyList<string> names, int columns)
    {
        if (names.Count != columns) throw new ArgumentException($"{names.Count} names for {columns} columns", nameof(names));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
            if (!seen.Add(name)) throw new ArgumentException($"two columns are named '{name}'", nameof(names));
    }

    // Rows without replacement, ascending (Knuth, TAOCP 2, algorithm S): row i is taken with chance (still wanted) / (rows left).
    private static int[] Sample(int rows, int most, long seed)
    {
        SplitMix64 random = SplitMix64.Stream(seed, "drift-reference");
        var kept = new int[Math.Min(rows, most)];
        for (int i = 0, taken = 0; taken < kept.Length; i++)
            if (rows <= most || random.NextInt(rows - i) < kept.Length - taken) kept[taken++] = i;
        return kept;
    }
}
