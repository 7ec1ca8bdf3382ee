using System.Reflection;

namespace QuadTurbo.Hosting.Settings;

/// <summary>One setting, as documentation shows it.</summary>
/// <param name="Key">The dotted path, such as <c>gates.metaLabel.min</c>; a <c>*</c> stands for any name of a dictionary.</param>
/// <param name="Type">What a value must be, in words.</param>
/// <param name="Default">The value when no layer gives one; masked for a secret.</param>
/// <param name="Description">What it does.</param>
/// <param name="Range">The limits, as the end of "it must be"; null if there are none.</param>
/// <param name="Secret">Whether the value is shown to nobody.</param>
public sealed record SettingKey(string Key, string Type, string Default, string Description, string? Range, bool Secret);

/// <summary>Every setting that the options types of the services define. Built once at start by reflection.</summary>
/// <remarks>An options type has a <see cref="SettingsSectionAttribute"/>, a constructor without parameters that sets the defaults, and settable
/// properties with a <see cref="System.ComponentModel.DescriptionAttribute"/>; a
/// <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/> limits a value, or each element of a collection. A property is a truth value,
/// number, text, enumeration, <see cref="TimeSpan"/>, a class of such properties, a list, or a dictionary by name.</remarks>
public sealed class SettingsCatalogue
{
    private SettingsCatalogue(SchemaNode root, IReadOnlyList<(Type, string)> sections)
    {
        Root = root;
        Sections = sections;
        var defaults = new SettingsTable(this);
        Keys = [.. Walk(root, "", defaults)];
    }

    /// <summary>Every setting in the order of its key.</summary>
    public IReadOnlyList<SettingKey> Keys { get; }

    internal SchemaNode Root { get; }

    internal IReadOnlyList<(Type Type, string Path)> Sections { get; }

    /// <summary>The settings that these types define.</summary>
    /// <exception cref="InvalidOperationException">A type breaks the rules above, two define one key, or a default is out of its range.</exception>
    public static SettingsCatalogue From(params IReadOnlyList<Type> types)
    {
        var root = SchemaNode.Group("");
        var sections = new List<(Type, string)>();
        foreach (Type type in types)
        {
            string path = type.GetCustomAttribute<SettingsSectionAttribute>()?.Path
                ?? throw new InvalidOperationException($"options type {type.Name} has no settings section");
            SchemaNode section = root;
            foreach (string name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!section.Children.TryGetValue(name, out SchemaNode? next))
                    section.Children[name] = next = SchemaNode.Group(name);
                section = next;
            }

            section.AddMembers(type);
            sections.Add((type, path));
        }

        return new SettingsCatalogue(root, sections);
    }

    /// <summary>The paths of every section and key, for proposing the nearest.</summary>
    internal IEnumerable<string> Names() => Names(Root, "");

    private static IEnumerable<string> Names(SchemaNode node, string path)
    {
        foreach (SchemaNode child in node.Children.Values)
        {
            string childPath = SettingsTable.Join(path, child.Name);
            yield return childPath;
            foreach (string deeper in Names(child, childPath))
                yield return deeper;
        }
    }

    private static IEnumerable<SettingKey> Walk(SchemaNode node, string path, SettingsTable defaults)
    {
        if (node.Kind == SchemaKind.Object)
        {
            return node.Children.Values.OrderBy(static c => c.Name, StringComparer.Ordinal)
                .SelectMany(c => Walk(c, SettingsTable.Join(path, c.Name), defaults));
        }

        if (node.Kind == SchemaKind.Map)
            return Walk(node.Element!, SettingsTable.Join(path, "*"), defaults);
        string value = defaults.Find(path) is { } found ? SettingsTable.Show(node, found.Value) : "(none)";
        return [new SettingKey(path, Describe(node), value, node.Description, (node.Range ?? node.Element?.Range)?.ToString(), node.Secret)];
    }

    private static string Describe(SchemaNode node) => node.Kind switch
    {
        SchemaKind.Scalar => SettingsScalars.Describe(node.Type),
        SchemaKind.List => $"a list, each {Describe(node.Element!)}",
        _ => $"with {string.Join(", ", node.Children.Values.Select(static c => c.Name))}",
    };
}
