namespace QuadTurbo.Hosting.Settings;

/// <summary>A value as a layer spells it, before anybody knows its type.</summary>
internal abstract record SettingsNode(int Line, int Column);

/// <summary>A text, number or truth value; null for an explicit nothing.</summary>
internal sealed record TextNode(string? Text, int Line = 0, int Column = 0) : SettingsNode(Line, Column);

/// <summary>A list of values.</summary>
internal sealed record ListNode(IReadOnlyList<SettingsNode> Items, int Line, int Column) : SettingsNode(Line, Column);

/// <summary>Named values, in the order of the file.</summary>
internal sealed record MapNode(IReadOnlyList<MapEntry> Entries, int Line, int Column) : SettingsNode(Line, Column);

/// <summary>One name and its value.</summary>
internal sealed record MapEntry(string Name, SettingsNode Value, int Line, int Column);

/// <summary>Where a value stands: its layer in words, and its place in a file.</summary>
internal sealed record Origin(string Layer, string? File = null, int Line = 0, int Column = 0)
{
    /// <summary>The words of an explanation, such as <c>preset safety</c> or <c>file x.yaml:12</c>.</summary>
    public override string ToString() => File is null ? Layer : $"file {File}:{Line}";

    /// <summary>The words of an error, with the column.</summary>
    public string Exact => File is null ? Layer : $"file {File}:{Line}:{Column}";

    public Origin At(int line, int column) => File is null ? this : this with { Line = line, Column = column };

    public SettingsError Error(string key, string what) =>
        File is null ? new SettingsError(key, $"{what} ({Exact})") : new SettingsError(key, $"{what} ({Exact})", File, Line, Column);
}
