namespace QuadTurbo.Hosting.Storage;

/// <summary>Keeps the server's folders out of what is told to others.</summary>
public static class FileNames
{
    /// <summary>The text with each path of something in <paramref name="directory"/>, at any depth, cut down to its name.</summary>
    public static string Only(string text, string directory)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Cut(text, Path.GetFullPath(directory));
        return Path.IsPathRooted(directory) ? Cut(text, directory) : text;
    }

    private static string Cut(string text, string directory)
    {
        string root = Path.TrimEndingDirectorySeparator(directory);
        if (root.Length <= 1) return text;
        for (int at = text.IndexOf(root, StringComparison.Ordinal); at >= 0; at = text.IndexOf(root, at, StringComparison.Ordinal))
        {
            int end = at + root.Length;
            while (end < text.Length && text[end] is not ('\'' or '"' or ' ' or ',' or ';')) end++;
            string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(text[at..end]));
            text = string.Concat(text.AsSpan(0, at), name, text.AsSpan(end));
            at += name.Length;
        }
        return text;
    }
}
