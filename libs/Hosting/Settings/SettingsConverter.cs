namespace QuadTurbo.Hosting.Settings;

/// <summary>Turns what a layer spells into a value of the type that its place wants; whatever is wrong is added to the errors.</summary>
internal sealed class SettingsConverter(List<SettingsError> errors)
{
    /// <summary>False if the node is no such value; then at least one error was added.</summary>
    public bool TryConvert(SchemaNode schema, SettingsNode node, string path, Origin origin, out object? value)
    {
        int before = errors.Count;
        value = Convert(schema, node, path, origin);
        return errors.Count == before;
    }

    private object? Convert(SchemaNode schema, SettingsNode node, string path, Origin origin)
    {
        origin = origin.At(node.Line, node.Column);
        return (schema.Kind, node) switch
        {
            (SchemaKind.Scalar, TextNode text) => Scalar(schema, text.Text, path, origin),
            (SchemaKind.List, ListNode list) => SettingsTypes.NewList(schema.Type, schema.Element!.Type,
                [.. list.Items.Select((item, i) => Convert(schema.Element, item, $"{path}[{i}]", origin) ?? Empty(schema.Element.Type))]),
            (SchemaKind.List, TextNode { Text: null }) => SettingsTypes.NewList(schema.Type, schema.Element!.Type, []),
            (SchemaKind.Map, MapNode map) => Map(schema, map, path, origin),
            (SchemaKind.Object, MapNode map) => Object(schema, map, path, origin),
            (SchemaKind.List, _) => Fail(path, "must be a list", origin),
            (SchemaKind.Scalar, _) => Fail(path, $"must be {SettingsScalars.Describe(schema.Type)}", origin),
            _ => Fail(path, "must hold keys and values", origin),
        };
    }

    private object? Scalar(SchemaNode schema, string? text, string path, Origin origin)
    {
        if (text is null)
            return schema.Optional ? null : Fail(path, $"is empty; it must be {SettingsScalars.Describe(schema.Type)}", origin);

        string shown = schema.Secret ? "****" : text;
        if (SettingsScalars.Read(schema.Type, text) is not { } value)
        {
            string? nearest = SettingsScalars.Plain(schema.Type).IsEnum
                ? Nearest.To(text, Enum.GetValues(SettingsScalars.Plain(schema.Type)).Cast<object>().Select(SettingsScalars.Show))
                : null;
            return Fail(path, $"is '{shown}'; it must be {SettingsScalars.Describe(schema.Type)}{Nearest.Hint(nearest)}", origin);
        }

        return schema.Range?.Contains(value) == false ? Fail(path, $"is {shown}; it must be {schema.Range}", origin) : value;
    }

    private System.Collections.IDictionary Map(SchemaNode schema, MapNode node, string path, Origin origin)
    {
        System.Collections.IDictionary map = SettingsTypes.NewMap(schema.Element!.Type);
        foreach (MapEntry entry in node.Entries)
            map[entry.Name] = Convert(schema.Element, entry.Value, SettingsTable.Join(path, entry.Name), origin) ?? Empty(schema.Element.Type);
        return map;
    }

    private object Object(SchemaNode schema, MapNode node, string path, Origin origin)
    {
        object made = Activator.CreateInstance(schema.Type)!;
        var missing = schema.Children.Values.Where(static c => c.Required).Select(static c => c.Name).ToList();
        foreach (MapEntry entry in node.Entries)
        {
            if (!schema.Children.TryGetValue(entry.Name, out SchemaNode? child))
            {
                string key = SettingsTable.Join(path, entry.Name);
                errors.Add(origin.At(entry.Line, entry.Column).Error(key,
                    $"unknown key '{key}'{Nearest.Hint(Nearest.To(entry.Name, schema.Children.Values.Select(static c => c.Name)))}"));
                continue;
            }

            missing.Remove(child.Name);
            if (TryConvert(child, entry.Value, SettingsTable.Join(path, child.Name), origin, out object? value))
                child.Property!.SetValue(made, value);
        }

        foreach (string name in missing)
            Fail(path, $"lacks '{name}'", origin);
        return made;
    }

    private static object? Empty(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private object? Fail(string path, string what, Origin origin)
    {
        errors.Add(origin.Error(path, $"{path} {what}"));
        return null;
    }
}
