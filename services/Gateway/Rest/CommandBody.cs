using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Reads the body of a command into its record, whose properties are all that it may have.</summary>
internal static class CommandBody
{
    private const int MostShown = 64;

    private static readonly JsonSerializerOptions Json = new()
    {
        MaxDepth = Limits.JsonDepth,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The command that a body is.</summary>
    /// <exception cref="RequestRefusedException">It is no JSON object, or a field is missing, unknown, given twice or of another type.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("", Shown(root), "a JSON object");
        IList<JsonPropertyInfo> fields = Json.GetTypeInfo(typeof(T)).Properties;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty given in root.EnumerateObject())
        {
            JsonPropertyInfo field = fields.FirstOrDefault(f => f.Name == given.Name)
                ?? throw new RequestRefusedException(Cut(given.Name), "not a field of this request", $"one of {string.Join(", ", fields.Select(f => f.Name))}");
            if (!seen.Add(given.Name)) throw new RequestRefusedException(given.Name, "given twice", "given once");
            Check(field, given.Value);
        }
        JsonPropertyInfo? missing = fields.FirstOrDefault(f => f.IsRequired && !seen.Contains(f.Name));
        if (missing is not null) throw new RequestRefusedException(missing.Name, "missing", "given");
        return root.Deserialize<T>(Json)!;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException("", "not JSON as it is read here", $"well-formed JSON, at most {Limits.JsonDepth} deep ({e.Message})");
        }
    }

    private static void Check(JsonPropertyInfo field, JsonElement value)
    {
        try
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                value.Deserialize(field.PropertyType, Json);
                return;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Refused below, like null.
        }
        if (value.ValueKind == JsonValueKind.Null && !field.IsRequired && field.IsSetNullable) return;
        throw new RequestRefusedException(field.Name, Shown(value), Wanted(field.PropertyType));
    }

    private static string Wanted(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : typeof(IReadOnlyDictionary<string, double>).IsAssignableFrom(type) ? "an object of numbers, each name given once"
        : "a list of numbers";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{Cut(value.GetRawText().Trim('"'))}'",
        _ => Cut(value.GetRawText()),
    };

    private static string Cut(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}... ({text.Length} characters)";
}
