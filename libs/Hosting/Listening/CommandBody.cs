using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Reads the body of a command into its record, whose properties are all that it may have.</summary>
public static class CommandBody
{
    private static readonly JsonSerializerOptions Json = new()
    {
        MaxDepth = Limits.JsonDepth,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Reads the body of a command that has no fields: nothing, or an empty object.</summary>
    /// <exception cref="RequestRefusedException">It is something else.</exception>
    public static async ValueTask ReadNoneAsync(HttpRequest request, CancellationToken cancel)
    {
        using RequestBody body = await RequestBody.ReadAsync(request, cancel);
        if (body.Memory.Length > 0) _ = Read<Nothing>(body.Memory);
    }

    /// <summary>The command that a body is.</summary>
    /// <exception cref="RequestRefusedException">It is no JSON object, or a field is missing, unknown, given twice, of another type or a number beyond a
    /// double.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new RequestRefusedException("", "not UTF-8", "UTF-8");
        try
        {
            return ReadText<T>(body);
        }
        catch (InvalidOperationException)
        {
            throw new RequestRefusedException("", "an escape of half a character", "whole characters");
        }
    }

    private static T ReadText<T>(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("", Shown(root), "a JSON object");
        IList<JsonPropertyInfo> fields = Json.GetTypeInfo(typeof(T)).Properties;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty given in root.EnumerateObject())
        {
            JsonPropertyInfo field = fields.FirstOrDefault(f => f.Name == given.Name)
                ?? throw new RequestRefusedException(Echo.Of(given.Name), "not a field of this request", fields.Count == 0 ? "left out" : $"one of {string.Join(", ", fields.Select(f => f.Name))}");
            if (!seen.Add(given.Name)) throw new RequestRefusedException(given.Name, "given twice", "given once");
            CheckNumbers(field.Name, given.Value);
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

    // Read as a double it would be infinite, and no caller wrote that.
    private static void CheckNumbers(string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                throw new RequestRefusedException(path, Shown(value), "a number that a double holds, at most 1.8e308");
            case JsonValueKind.Array:
                int i = 0;
                foreach (JsonElement item in value.EnumerateArray()) CheckNumbers($"{path}[{i++}]", item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject()) CheckNumbers($"{path}.{Echo.Of(member.Name)}", member.Value);
                break;
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

    private sealed record Nothing;

    private static string Wanted(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : typeof(IReadOnlyDictionary<string, double>).IsAssignableFrom(type) ? "an object of numbers, each name given once"
        : "a list of numbers";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{Echo.Of(value.GetRawText().Trim('"'))}'",
        _ => Echo.Of(value.GetRawText()),
    };
}
