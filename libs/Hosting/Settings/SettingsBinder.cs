using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace QuadTurbo.Hosting.Settings;

/// <summary>Builds options objects from effective values, and the plain key-value form from options objects.</summary>
internal static class SettingsBinder
{
    public static object Build(SettingsTable table, SchemaNode section, Type type, string path)
    {
        object options = Activator.CreateInstance(type)!;
        foreach (SchemaNode child in section.Children.Values.Where(c => c.IsOf(type)))
            child.Property!.SetValue(options, Value(table, child, SettingsTable.Join(path, child.Name)));
        return options;
    }

    public static IConfiguration Flatten(SettingsCatalogue catalogue, Dictionary<Type, object> options)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((Type type, string path) in catalogue.Sections)
        {
            foreach (SchemaNode child in SettingsTable.Section(catalogue.Root, path).Children.Values.Where(c => c.IsOf(type)))
                Flatten(child, SettingsTable.Join(path, child.Name).Replace('.', ':'), child.Property!.GetValue(options[type]), pairs);
        }

        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
    }

    private static object? Value(SettingsTable table, SchemaNode node, string path)
    {
        switch (node.Kind)
        {
            case SchemaKind.Object:
                return Build(table, node, node.Type, path);
            case SchemaKind.Map:
                System.Collections.IDictionary map = SettingsTypes.NewMap(node.Element!.Type);
                foreach (string name in table.MapKeys(path))
                    map[name] = Value(table, node.Element, SettingsTable.Join(path, name));
                return map;
            default:
                return table.Find(path)?.Value;
        }
    }

    private static void Flatten(SchemaNode node, string path, object? value, Dictionary<string, string?> pairs)
    {
        switch (node.Kind)
        {
            case SchemaKind.Object:
                foreach (SchemaNode child in node.Children.Values)
                    Flatten(child, $"{path}:{child.Name}", child.Property!.GetValue(value), pairs);
                break;
            case SchemaKind.Map:
                foreach ((string name, object? entry) in SettingsTypes.Entries(value))
                    Flatten(node.Element!, $"{path}:{name}", entry, pairs);
                break;
            case SchemaKind.List:
                int i = 0;
                foreach (object? item in SettingsTypes.Items(value))
                    Flatten(node.Element!, $"{path}:{i++}", item, pairs);
                break;
            default:
                pairs[path] = value switch
                {
                    null => null,
                    TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
                    Enum => value.ToString(),
                    _ => SettingsScalars.Show(value),
                };
                break;
        }
    }
}
