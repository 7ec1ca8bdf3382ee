using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>What a part of a file may be: every map is closed, every scalar has one type.</summary>
internal abstract record Shape
{
    /// <summary>A text that matches <paramref name="pattern"/> from end to end.</summary>
    public static Shape Text(string pattern) => new TextShape(new Regex($@"\A(?:{pattern})\z", RegexOptions.Singleline, TimeSpan.FromSeconds(1)));

    /// <summary>One of several texts.</summary>
    public static Shape OneOf(params string[] texts) => Text(string.Join('|', texts.Select(Regex.Escape)));

    /// <summary>A whole number within bounds.</summary>
    public static Shape Whole(long min, long max) => new WholeShape(min, max);

    /// <summary>true or false.</summary>
    public static Shape Flag { get; } = new FlagShape();

    /// <summary>A key without a value.</summary>
    public static Shape Nothing { get; } = new NothingShape();

    /// <summary>A list of at least <paramref name="min"/> alike.</summary>
    public static Shape List(Shape item, int min = 1) => new ListShape(item, min);

    /// <summary>A map with known keys; one that ends in a question mark may be missing.</summary>
    public static Shape Map(params (string Key, Shape Value)[] members) => new MapShape(
        members.ToDictionary(m => m.Key.TrimEnd('?'), m => m.Value, StringComparer.Ordinal),
        [.. members.Where(m => !m.Key.EndsWith('?')).Select(m => m.Key)]);

    /// <summary>A map of alike, at least one, whose keys match <paramref name="keys"/>.</summary>
    public static Shape MapOf(string keys, Shape value) => new MapOfShape(Text(keys), value);

    /// <summary>A map whose shape follows from what it says of itself.</summary>
    public static Shape By(Func<JsonObject, Shape?> choose, string what) => new ChosenShape(choose, what);

    /// <summary>Everything in which <paramref name="value"/> is not of this shape.</summary>
    public IReadOnlyList<string> Errors(JsonNode? value)
    {
        var errors = new List<string>();
        Check(value, "$", errors);
        return errors;
    }

    protected abstract void Check(JsonNode? value, string at, List<string> errors);

    private static string Show(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 60)] : "nothing";

    private sealed record TextShape(Regex Pattern) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value?.GetValueKind() != JsonValueKind.String) errors.Add($"{at}: {Show(value)} is no text");
            else if (!Pattern.IsMatch((string)value!)) errors.Add($"{at}: {Show(value)} does not match {Pattern}");
        }
    }

    private sealed record WholeShape(long Min, long Max) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is not JsonValue number || !number.TryGetValue(out long whole)) errors.Add($"{at}: {Show(value)} is no whole number");
            else if (whole < Min || whole > Max) errors.Add($"{at}: {whole} is not within {Min} and {Max}");
        }
    }

    private sealed record FlagShape : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) errors.Add($"{at}: {Show(value)} is neither true nor false");
        }
    }

    private sealed record NothingShape : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is not null) errors.Add($"{at}: {Show(value)} is too much");
        }
    }

    private sealed record ListShape(Shape Item, int Min) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is not JsonArray list)
            {
                errors.Add($"{at}: {Show(value)} is no list");
                return;
            }
            if (list.Count < Min) errors.Add($"{at}: {list.Count} of at least {Min}");
            for (int i = 0; i < list.Count; i++) Item.Check(list[i], $"{at}[{i}]", errors);
        }
    }

    private sealed record MapShape(Dictionary<string, Shape> Members, IReadOnlyList<string> Required) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is not JsonObject map)
            {
                errors.Add($"{at}: {Show(value)} is no map");
                return;
            }
            foreach (string key in Required)
                if (!map.ContainsKey(key)) errors.Add($"{at}: '{key}' is missing");
            foreach ((string key, JsonNode? member) in map)
            {
                if (Members.TryGetValue(key, out Shape? shape)) shape.Check(member, $"{at}.{key}", errors);
                else errors.Add($"{at}: '{key}' is unknown");
            }
        }
    }

    private sealed record MapOfShape(Shape Keys, Shape Value) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is not JsonObject { Count: > 0 } map)
            {
                errors.Add($"{at}: {Show(value)} is no map with something in it");
                return;
            }
            foreach ((string key, JsonNode? member) in map)
            {
                Keys.Check(JsonValue.Create(key), $"{at} key", errors);
                Value.Check(member, $"{at}.{key}", errors);
            }
        }
    }

    private sealed record ChosenShape(Func<JsonObject, Shape?> Choose, string What) : Shape
    {
        protected override void Check(JsonNode? value, string at, List<string> errors)
        {
            if (value is JsonObject map && Choose(map) is { } shape) shape.Check(value, at, errors);
            else errors.Add($"{at}: {Show(value)} is no {What}");
        }
    }
}
