namespace QuadTurbo.Hosting.Settings;

/// <summary>The effective value of each scalar and list by path, with its origin. Starts with the defaults; each layer writes over it.</summary>
internal sealed class SettingsTable
{
    private static readonly Origin Default = new("default");
    private readonly Dictionary<string, SettingsValue> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<string, string>> _mapKeys = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">A default is out of its range.</exception>
    public SettingsTable(SettingsCatalogue catalogue)
    {
        foreach ((Type type, string path) in catalogue.Sections)
        {
            object defaults = Activator.CreateInstance(type)!;
            SchemaNode section = Section(catalogue.Root, path);
            foreach (SchemaNode child in section.Children.Values.Where(c => c.IsOf(type)))
                Fill(child, Join(path, child.Name), child.Property!.GetValue(defaults));
        }
    }

    public IEnumerable<SettingsValue> Values => _values.Values;

    public SettingsValue? Find(string path) => _values.GetValueOrDefault(path);

    public void Set(SchemaNode node, string path, object? value, Origin origin) => _values[path] = new SettingsValue(path, node, value, origin);

    /// <summary>The names in the dictionary at this path.</summary>
    public IEnumerable<string> MapKeys(string path) => _mapKeys.TryGetValue(path, out var keys) ? keys.Values : [];

    /// <summary>The path of a dictionary's entry, spelled as the lowest layer spelled it; a new entry gets its defaults.</summary>
    public string EntryPath(SchemaNode map, string path, string name)
    {
        if (!_mapKeys.TryGetValue(path, out var keys))
            _mapKeys[path] = keys = new(StringComparer.OrdinalIgnoreCase);
        if (keys.TryGetValue(name, out string? known))
            return Join(path, known);
        keys[name] = name;
        if (map.Element!.Kind == SchemaKind.Object)
            Fill(map.Element, Join(path, name), Activator.CreateInstance(map.Element.Type));
        return Join(path, name);
    }

    public static SchemaNode Section(SchemaNode root, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, static (node, name) => node.Children[name]);

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The value for people: a secret is masked.</summary>
    public static string Show(SchemaNode node, object? value)
    {
        if (node.Secret)
            return value is null or "" ? "(none)" : "****";
        return node.Kind switch
        {
            SchemaKind.Scalar => SettingsScalars.Show(value),
            SchemaKind.List => "[" + string.Join(", ", SettingsTypes.Items(value).Select(item => Show(node.Element!, item))) + "]",
            SchemaKind.Map => "{" + string.Join(", ", SettingsTypes.Entries(value).Select(e => $"{e.Key}: {Show(node.Element!, e.Value)}")) + "}",
            _ => "{" + string.Join(", ", node.Children.Values.Select(c => $"{c.Name}: {Show(c, c.Property!.GetValue(value))}")) + "}",
        };
    }

    private void Fill(SchemaNode node, string path, object? value)
    {
        switch (node.Kind)
        {
            case SchemaKind.Object:
                value ??= Activator.CreateInstance(node.Type);
                foreach (SchemaNode child in node.Children.Values)
                    Fill(child, Join(path, child.Name), child.Property!.GetValue(value));
                break;
            case SchemaKind.Map:
                foreach ((string name, object? entry) in SettingsTypes.Entries(value))
                    Fill(node.Element!, EntryPath(node, path, name), entry);
                break;
            default:
                if (value is not null && node.Range?.Contains(value) == false)
                    throw new InvalidOperationException($"the default of '{path}' is {Show(node, value)}; it must be {node.Range}");
                Set(node, path, value, Default);
                break;
        }
    }
}

/// <summary>One effective value.</summary>
internal sealed record SettingsValue(string Path, SchemaNode Node, object? Value, Origin Origin);
