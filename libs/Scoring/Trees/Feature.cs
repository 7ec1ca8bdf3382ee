namespace QuadTurbo.Scoring.Trees;

/// <summary>A feature that nodes read, and the columns that its bins fill.</summary>
/// <param name="Index">Its place in a row.</param>
/// <param name="Left">The column in which it is missing left.</param>
/// <param name="Right">The column in which it is missing right.</param>
internal readonly record struct Feature(int Index, int Left, int Right)
{
    /// <summary>The features of the columns, ascending.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="none">What stands for a column that does not exist.</param>
    public static Feature[] Of(IReadOnlyList<Column> columns, int none)
    {
        return [.. columns.Select(c => c.Feature).Distinct().Order().Select(f => new Feature(f, Place(f, true), Place(f, false)))];

        int Place(int feature, bool missingLeft)
        {
            for (int c = 0; c < columns.Count; c++)
                if (columns[c] == new Column(feature, missingLeft)) return c;
            return none;
        }
    }
}
