using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace QuadTurbo.Hosting.Settings;

internal enum SchemaKind
{
    Scalar,
    List,
    Map,
    Object,
}

/// <summary>What may stand at one place of the settings. Scalars and lists are replaced whole by a higher layer; maps and objects are merged.</summary>
internal sealed class SchemaNode
{
    private const int DepthLimit = 20;

    public required SchemaKind Kind { get; init; }

    public required Type Type { get; init; }

    /// <summary>The camelCase name; empty for an element.</summary>
    public string Name { get; init; } = "";

    public PropertyInfo? Property { get; init; }

    public string Description { get; init; } = "";

    public SettingRange? Range { get; init; }

    public bool Secret { get; init; }

    /// <summary>May be nothing at all.</summary>
    public bool Optional { get; init; }

    /// <summary>Must be given where its object is given (inside lists).</summary>
    public bool Required { get; init; }

    /// <summary>The elements of a list, the values of a map.</summary>
    public SchemaNode? Element { get; init; }

    /// <summary>The members of an object, by name in any case.</summary>
    public Dictionary<string, SchemaNode> Children { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this is a property of the options type itself, not of another one that shares its section.</summary>
    public bool IsOf(Type type) => Property?.ReflectedType == type;

    /// <summary>A place that only groups others: a section.</summary>
    public static SchemaNode Group(string name) => new() { Kind = SchemaKind.Object, Type = typeof(object), Name = name };

    /// <summary>Adds a place for each settable property of the type.</summary>
    /// <exception cref="InvalidOperationException">A property is undocumented, of a type that no setting has, or named twice.</exception>
    public void AddMembers(Type type, int depth = 0)
    {
        if (depth > DepthLimit)
            throw new InvalidOperationException($"options type {type.Name} contains itself");
        foreach (PropertyInfo property in Settable(type))
        {
            SchemaNode child = Of(property, depth);
            if (!Children.TryAdd(child.Name, child))
                throw new InvalidOperationException($"setting '{child.Name}' of {type.Name} is defined twice in one section");
        }
    }

    public static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0);

    private static SchemaNode Of(PropertyInfo property, int depth)
    {
        string description = property.GetCustomAttribute<DescriptionAttribute>()?.Description
            ?? throw new InvalidOperationException($"setting {property.DeclaringType?.Name}.{property.Name} has no description");
        var template = new SchemaNode
        {
            Kind = SchemaKind.Scalar,
            Type = property.PropertyType,
            Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            Property = property,
            Description = description,
            Secret = property.IsDefined(typeof(SecretAttribute)),
            Optional = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable,
            Required = property.IsDefined(typeof(RequiredMemberAttribute)),
        };
        return Shape(template, property.GetCustomAttribute<RangeAttribute>(), depth);
    }

    private static SchemaNode Shape(SchemaNode like, RangeAttribute? range, int depth)
    {
        Type type = like.Type;
        if (SettingsScalars.Is(type))
            return Copy(like, SchemaKind.Scalar, SettingRange.From(range, type), null);
        if (SettingsTypes.MapValue(type) is { } value)
            return Copy(like, SchemaKind.Map, null, ElementOf(like, value, range, depth));
        if (SettingsTypes.ListElement(type) is { } item)
            return Copy(like, SchemaKind.List, null, ElementOf(like, item, range, depth));
        if (!type.IsClass || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new InvalidOperationException(
                $"setting {like.Property?.DeclaringType?.Name}.{like.Property?.Name} is of type {type.Name}, which no setting has");
        }

        SchemaNode node = Copy(like, SchemaKind.Object, null, null);
        node.AddMembers(type, depth + 1);
        return node;
    }

    private static SchemaNode ElementOf(SchemaNode of, Type type, RangeAttribute? range, int depth) => Shape(
        new SchemaNode { Kind = SchemaKind.Scalar, Type = type, Property = of.Property, Description = of.Description, Secret = of.Secret }, range, depth + 1);

    private static SchemaNode Copy(SchemaNode like, SchemaKind kind, SettingRange? range, SchemaNode? element) => new()
    {
        Kind = kind,
        Type = like.Type,
        Name = like.Name,
        Property = like.Property,
        Description = like.Description,
        Secret = like.Secret,
        Optional = like.Optional,
        Required = like.Required,
        Range = range,
        Element = element,
    };
}

/// <summary>The collections that a setting may have.</summary>
internal static class SettingsTypes
{
    private static readonly Type[] Maps = [typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(Dictionary<,>)];
    private static readonly Type[] Lists =
        [typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>)];

    public static Type? MapValue(Type type) =>
        type.IsGenericType && Maps.Contains(type.GetGenericTypeDefinition()) && type.GetGenericArguments() is [var key, var value] && key == typeof(string)
            ? value
            : null;

    public static Type? ListElement(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[0] : null;

    public static System.Collections.IDictionary NewMap(Type value) => (System.Collections.IDictionary)Activator.CreateInstance(
        typeof(Dictionary<,>).MakeGenericType(typeof(string), value), StringComparer.OrdinalIgnoreCase)!;

    public static object NewList(Type list, Type element, IReadOnlyList<object?> items)
    {
        var array = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return list.IsGenericType && list.GetGenericTypeDefinition() == typeof(List<>) ? Activator.CreateInstance(list, array)! : array;
    }

    /// <summary>The items of any list.</summary>
    public static IEnumerable<object?> Items(object? list) => (list as System.Collections.IEnumerable)?.Cast<object?>() ?? [];

    /// <summary>The entries of any dictionary with text keys.</summary>
    public static IEnumerable<(string Key, object? Value)> Entries(object? map)
    {
        foreach (object pair in Items(map).OfType<object>())
        {
            Type type = pair.GetType();
            yield return ((string)type.GetProperty("Key")!.GetValue(pair)!, type.GetProperty("Value")!.GetValue(pair));
        }
    }
}
