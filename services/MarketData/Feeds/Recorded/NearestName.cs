namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>The name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The one of <paramref name="names"/> with the fewest edits (Levenshtein) from any of <paramref name="wanted"/>; null when there are no names.
    /// </summary>
    public static string? Of(IEnumerable<string> wanted, IEnumerable<string> names) =>
        names.Where(n => n.Length is > 0 and <= 64)
            .MinBy(n => wanted.Min(w => Edits(w, n)));

    /// <summary>True when <paramref name="name"/> is at most two edits from one of <paramref name="wanted"/>: a likely slip.</summary>
    public static bool IsClose(IEnumerable<string> wanted, string? name) =>
        name is not null && wanted.Any(w => w.Length > 2 && Edits(w, name) <= Math.Min(2, w.Length - 2));

    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
