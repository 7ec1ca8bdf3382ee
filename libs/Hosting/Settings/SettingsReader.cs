using System.Text.Json;

namespace QuadTurbo.Hosting.Settings;

/// <summary>Writes the layers, lowest first, over the defaults, and collects everything that is wrong in any of them.</summary>
internal sealed class SettingsReader
{
    private readonly SettingsCatalogue _catalogue;
    private readonly List<SettingsError> _errors;
    private readonly SettingsConverter _converter;

    public SettingsReader(SettingsCatalogue catalogue, List<SettingsError> errors)
    {
        _catalogue = catalogue;
        _errors = errors;
        _converter = new SettingsConverter(errors);
        Table = new SettingsTable(catalogue);
    }

    public SettingsTable Table { get; }

    public void Read(SettingsSources sources)
    {
        ReadPreset(sources);
        if (sources.ConfigFile is { } path)
            ReadFile(path);
        foreach ((string name, string value) in sources.Environment.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(SettingsSources.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) && !SettingsSources.NoSettings.Contains(name))
                ReadVariable(name, value);
        }

        ReadTexts(sources.CommandLine, new Origin("command line"));
    }

    private void ReadPreset(SettingsSources sources)
    {
        if (sources.Preset is not { } name)
            return;
        (string found, IReadOnlyDictionary<string, string>? values) =
            sources.Presets.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (values is not null)
        {
            ReadTexts(values, new Origin($"preset {found}"));
            return;
        }

        string[] known = [.. sources.Presets.Keys.Order(StringComparer.Ordinal)];
        string hint = Nearest.Hint(Nearest.To(name, known));
        _errors.Add(new SettingsError("preset", $"unknown preset '{name}'{hint} (there are: {string.Join(", ", known)})"));
    }

    private void ReadFile(string path)
    {
        try
        {
            if (SettingsFile.Read(path) is { } root)
                Apply(_catalogue.Root, "", root, new Origin("file", path));
        }
        catch (SettingsException e)
        {
            _errors.AddRange(e.Errors);
        }
    }

    private void Apply(SchemaNode schema, string path, SettingsNode node, Origin origin)
    {
        Origin here = origin.At(node.Line, node.Column);
        if (schema.Kind is SchemaKind.Scalar or SchemaKind.List)
        {
            if (_converter.TryConvert(schema, node, path, origin, out object? value))
                Table.Set(schema, path, value, here);
        }
        else if (node is MapNode map)
        {
            foreach (MapEntry entry in map.Entries)
            {
                string key = SettingsTable.Join(path, entry.Name);
                if (Resolve(schema, path, entry.Name, literal: true) is { } place)
                    Apply(place.Schema, place.Path, entry.Value, origin);
                else
                    Unknown(key, origin.At(entry.Line, entry.Column), key, static name => name);
            }
        }
        else if (node is not TextNode { Text: null })
        {
            _errors.Add(here.Error(path, $"{path} is a section; it must hold keys and values"));
        }
    }

    private void ReadTexts(IReadOnlyDictionary<string, string> values, Origin origin)
    {
        foreach ((string key, string value) in values.OrderBy(static v => v.Key, StringComparer.Ordinal))
        {
            if (Resolve(_catalogue.Root, "", key, literal: false) is { } place)
                ReadText(place.Schema, place.Path, value, origin);
            else
                Unknown(key, origin, key, static name => name);
        }
    }

    private void ReadVariable(string name, string value)
    {
        var origin = new Origin($"env {name}");
        string key = name[SettingsSources.EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant();
        if (Resolve(_catalogue.Root, "", key, literal: false) is { } place)
            ReadText(place.Schema, place.Path, value, origin);
        else
            Unknown(name, origin, key, Variable);
    }

    private static string Variable(string key) =>
        SettingsSources.EnvironmentPrefix + key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    private void ReadText(SchemaNode schema, string path, string text, Origin origin)
    {
        if (schema.Kind is SchemaKind.Object or SchemaKind.Map)
        {
            _errors.Add(origin.Error(path, $"{path} is a section; give one of its keys"));
            return;
        }

        try
        {
            SettingsNode node = schema.Kind == SchemaKind.List ? ListOf(text) : new TextNode(text);
            if (_converter.TryConvert(schema, node, path, origin, out object? value))
                Table.Set(schema, path, value, origin);
        }
        catch (JsonException)
        {
            _errors.Add(origin.Error(path, $"{path} must be a list: values between commas, or a JSON array"));
        }
    }

    private static SettingsNode ListOf(string text)
    {
        if (text.TrimStart().StartsWith('['))
            return SettingsFile.ReadJson(text);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new ListNode([.. parts.Select(static part => new TextNode(part))], 0, 0);
    }

    /// <summary>The place that a name means below a place. The name may hold dots; those in a dictionary's names are kept where the name is
    /// literal, or where the dictionary holds plain values.</summary>
    private (SchemaNode Schema, string Path)? Resolve(SchemaNode schema, string path, string name, bool literal)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (schema.Kind == SchemaKind.Map)
        {
            bool whole = literal || dot < 0 || schema.Element!.Kind is SchemaKind.Scalar or SchemaKind.List;
            string entry = Table.EntryPath(schema, path, whole ? name : name[..dot]);
            return whole ? (schema.Element!, entry) : Resolve(schema.Element!, entry, name[(dot + 1)..], literal);
        }

        string first = dot < 0 ? name : name[..dot];
        if (!schema.Children.TryGetValue(first, out SchemaNode? child)
            && (literal || !schema.Children.TryGetValue(first.Replace("_", "", StringComparison.Ordinal), out child)))
            return null;
        string childPath = SettingsTable.Join(path, child.Name);
        return dot < 0 ? (child, childPath) : Resolve(child, childPath, name[(dot + 1)..], literal);
    }

    private void Unknown(string spelled, Origin origin, string key, Func<string, string> spell)
    {
        string last = key[(key.LastIndexOf('.') + 1)..];
        string[] names = [.. _catalogue.Names()];
        string? nearest = Nearest.To(key, names, Math.Max(2, last.Length / 3))
            ?? names.FirstOrDefault(n => n.EndsWith("." + last, StringComparison.OrdinalIgnoreCase));
        _errors.Add(origin.Error(spelled, $"unknown key '{spelled}'{Nearest.Hint(nearest is null ? null : spell(nearest))}"));
    }
}
