using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>Checks a value against a schema of the document; objects have the properties of their schema and no others.</summary>
internal sealed class Schema(JsonObject document)
{
    private const string Prefix = "#/components/schemas/";

    private static readonly HashSet<string> Understood = new(StringComparer.Ordinal)
    {
        "$ref", "type", "properties", "required", "items", "additionalProperties", "enum", "format", "pattern", "description", "example", "examples", "default", "title",
        "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    };

    /// <summary>Everything in which a value differs from its schema; empty when it does not.</summary>
    public IReadOnlyList<string> Errors(JsonNode? value, JsonObject schema)
    {
        var errors = new List<string>();
        Check(value, schema, "$", errors);
        return errors;
    }

    private void Check(JsonNode? value, JsonObject schema, string at, List<string> errors)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(value, document["components"]!["schemas"]![reference[Prefix.Length..]]!.AsObject(), at, errors);
            return;
        }
        foreach ((string keyword, _) in schema)
            if (!Understood.Contains(keyword) && !keyword.StartsWith("x-", StringComparison.Ordinal)) errors.Add($"{at}: the schema has '{keyword}', which is not checked");
        string[] types = schema["type"] switch { JsonArray several => [.. several.Select(t => (string)t!)], { } one => [(string)one!], _ => [] };
        string actual = TypeOf(value);
        if (types.Length > 0 && !types.Contains(actual) && !(actual == "integer" && types.Contains("number")))
        {
            errors.Add($"{at}: {actual}, not {string.Join('|', types)}");
            return;
        }
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))) errors.Add($"{at}: {value} is not among {allowed.ToJsonString()}");
        switch (value)
        {
            case JsonObject of: CheckObject(of, schema, at, errors); break;
            case JsonArray list when schema["items"] is JsonObject items:
                for (int i = 0; i < list.Count; i++) Check(list[i], items, $"{at}[{i}]", errors);
                break;
            case JsonValue text when actual == "string": CheckText((string)text!, schema, at, errors); break;
        }
    }

    private void CheckObject(JsonObject value, JsonObject schema, string at, List<string> errors)
    {
        var properties = schema["properties"] as JsonObject;
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
            if (!value.ContainsKey((string)required!)) errors.Add($"{at}: '{required}' is missing");
        foreach ((string name, JsonNode? member) in value)
        {
            if (properties?[name] is JsonObject known) Check(member, known, $"{at}.{name}", errors);
            else if (schema["additionalProperties"] is JsonObject any) Check(member, any, $"{at}.{name}", errors);
            else if (properties is not null && schema["additionalProperties"]?.GetValueKind() != JsonValueKind.True) errors.Add($"{at}: '{name}' is not in the schema");
        }
    }

    private static void CheckText(string text, JsonObject schema, string at, List<string> errors)
    {
        if ((string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) errors.Add($"{at}: '{text}' is no instant");
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))) errors.Add($"{at}: '{text}' does not match {pattern}");
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number",
        _ => "boolean",
    };
}
