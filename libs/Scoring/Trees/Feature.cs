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
    public static Feature[] Of(ReadOnlySpan<Column> columns, int none)
    {
        var features = new SortedDictionary<int, Feature>();
        for (int c = 0; c < columns.Length; c++)
        {
            (int index, bool left) = columns[c];
            Feature feature = features.GetValueOrDefault(index, new Feature(index, none, none));
            features[index] = left ? feature with { Left = c } : feature with { Right = c };
        }
        return [.. features.Values];
    }
}
