namespace QuadTurbo.Hosting.Settings;

/// <summary>Finds the name that somebody probably meant.</summary>
public static class Nearest
{
    /// <summary>The candidate with the fewest edits to <paramref name="name"/>, case aside, or null if none is within two edits or a third of
    /// its length; of equals the first.</summary>
    public static string? To(string name, IEnumerable<string> candidates) => To(name, candidates, Math.Max(2, name.Length / 3));

    /// <summary>The candidate with the fewest edits to <paramref name="name"/>, case aside, or null if none is within <paramref name="mostEdits"/>.</summary>
    public static string? To(string name, IEnumerable<string> candidates, int mostEdits)
    {
        string? best = null;
        int fewest = mostEdits + 1;
        foreach (string candidate in candidates)
        {
            int edits = Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (edits < fewest)
                (best, fewest) = (candidate, edits);
        }

        return best;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.</summary>
    /// <remarks>Source: optimal string alignment distance.</remarks>
    public static int Edits(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, substituted);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }

    /// <summary>The end of a sentence that proposes <paramref name="nearest"/>, or nothing.</summary>
    internal static string Hint(string? nearest) => nearest is null ? "" : $"; did you mean '{nearest}'?";
}
