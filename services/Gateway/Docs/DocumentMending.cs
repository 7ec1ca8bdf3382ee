using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuadTurbo.Gateway.Docs;

/// <summary>Makes a generated document one that generators accept, and the same one every time [E-51].</summary>
/// <remarks>
/// Afterwards every operation has an id, a group and examples; every error is a named Problem; a value that may be missing is not required, and is never null but in the
/// predictions, whose bytes have been so from the beginning; nothing is a choice between null and something; paths and schemas are in the order of their names.
/// </remarks>
internal static class DocumentMending
{
    private const string Problem = "Problem", ProblemType = "application/problem+json", JsonType = "application/json";
    private const string SchemaPrefix = "#/components/schemas/";
    private static readonly string[] Generated = ["ProblemDetails", "HttpValidationProblemDetails"];
    private static readonly string[] NullIsWritten = ["PredictionShape", "SingleAnswerShape", "BatchAnswerShape"];
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as it is served and committed.</summary>
    public static string Mend(JsonObject document)
    {
        JsonObject components = (document["components"] ??= new JsonObject()).AsObject();
        JsonObject schemas = (components["schemas"] ??= new JsonObject()).AsObject();
        foreach (string name in Generated) schemas.Remove(name);
        schemas[Problem] = ProblemSchema();
        foreach ((string name, JsonNode? schema) in schemas) Closed(schema!.AsObject(), NullIsWritten.Contains(name));
        JsonObject paths = document["paths"]!.AsObject();
        foreach ((string path, JsonNode? item) in paths)
            foreach (string method in Methods)
                if (item![method] is JsonObject operation) MendOperation(path, method, operation, schemas);
        document["tags"] = ApiGroups.Tags();
        document["paths"] = Sorted(paths);
        components["schemas"] = Sorted(schemas);
        return document.ToJsonString(Indented) + "\n";
    }

    private static void MendOperation(string path, string method, JsonObject operation, JsonObject schemas)
    {
        operation["tags"] = new JsonArray(ApiGroups.Of(path));
        operation["operationId"] ??= IdOf(path, method);
        foreach (JsonObject parameter in (operation["parameters"] as JsonArray ?? []).OfType<JsonObject>())
            if (parameter["schema"] is JsonObject schema)
            {
                Closed(schema, keepNull: false);
                parameter["example"] = Examples.Of(schema, (string)parameter["name"]!, schemas);
            }
        if (operation["requestBody"] is JsonObject body) MendContent(body, schemas);
        var responses = (JsonObject)(operation["responses"] ??= new JsonObject());
        if (operation["security"] is not null)
        {
            responses["401"] ??= Refusal("No accepted key.");
            responses["403"] ??= Refusal("From a page of another host.");
            responses["429"] ??= Refusal("Too many commands, or too many wrong keys; Retry-After says how long to wait.");
        }
        foreach ((string status, JsonNode? response) in responses.ToArray())
        {
            if (response!["content"] is JsonObject content && content.ContainsKey(ProblemType)) response["content"] = ProblemContent();
            else MendContent(response.AsObject(), schemas);
            if (response["content"] is null && status[0] is '4' or '5') response["content"] = ProblemContent();
        }
        responses["default"] ??= Refusal("Any other refusal.");
        foreach ((string status, JsonNode? response) in responses)
            if (response!["content"]?[ProblemType] is JsonObject problem) problem["example"] = Examples.Problem(status);
        operation["responses"] = Sorted(responses);
    }

    private static void MendContent(JsonObject holder, JsonObject schemas)
    {
        if (holder["content"] is not JsonObject content) return;
        foreach ((string type, JsonNode? media) in content)
        {
            if (media!["schema"] is not JsonObject schema) continue;
            Closed(schema, keepNull: false);
            media["example"] = type == JsonType ? Examples.Of(schema, "", schemas) : "live";
        }
    }

    /// <summary>Takes null out of a schema and all that is in it; what was a choice with null is no longer required.</summary>
    private static void Closed(JsonObject schema, bool keepNull)
    {
        if (schema["properties"] is JsonObject properties)
        {
            foreach ((string name, JsonNode? node) in properties.ToArray())
            {
                var property = (JsonObject)node!;
                if (!IsNullable(property)) Closed(property, keepNull);
                else if (!keepNull || property["enum"] is not null || property["oneOf"] is not null)
                {
                    Drop(schema, name);
                    properties[name] = WithoutNull(property);
                    Closed((JsonObject)properties[name]!, keepNull);
                }
            }
        }
        foreach (string inner in (string[])["items", "additionalProperties"])
        {
            if (schema[inner] is not JsonObject of) continue;
            if (IsNullable(of)) schema[inner] = of = WithoutNull(of);
            Closed(of, keepNull);
        }
        if (schema["properties"] is null && schema["type"] is JsonArray && !keepNull && IsNullable(schema)) schema["type"] = TypeWithoutNull((JsonArray)schema["type"]!);
    }

    private static bool IsNullable(JsonObject schema) =>
        (schema["type"] is JsonArray types && types.Any(t => (string?)t == "null"))
        || (schema["oneOf"] is JsonArray choices && choices.Any(c => c is JsonObject choice && choice["type"] is JsonValue type && (string?)type == "null"));

    private static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray choices)
        {
            var rest = (JsonObject)choices.First(c => (c!["type"] as JsonValue)?.ToString() != "null")!.DeepClone();
            if (schema["description"] is { } words && rest["description"] is null) rest["description"] = words.DeepClone();
            return rest;
        }
        var copy = (JsonObject)schema.DeepClone();
        copy["type"] = TypeWithoutNull((JsonArray)copy["type"]!);
        if (copy["enum"] is JsonArray values) copy["enum"] = new JsonArray([.. values.Where(v => v is not null).Select(v => v!.DeepClone())]);
        return copy;
    }

    private static JsonNode TypeWithoutNull(JsonArray types)
    {
        string[] rest = [.. types.Select(t => (string)t!).Where(t => t != "null")];
        return rest.Length == 1 ? JsonValue.Create(rest[0]) : new JsonArray([.. rest.Select(r => (JsonNode)r)]);
    }

    private static void Drop(JsonObject schema, string name)
    {
        if (schema["required"] is not JsonArray required) return;
        string[] rest = [.. required.Select(r => (string)r!).Where(r => r != name)];
        if (rest.Length == 0) schema.Remove("required");
        else schema["required"] = new JsonArray([.. rest.Select(r => (JsonNode)r)]);
    }

    // getApiModelsByName, postModelsAbTest: the same as long as the route is.
    private static string IdOf(string path, string method)
    {
        var id = new StringBuilder(method);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = part;
            if (part[0] == '{')
            {
                id.Append("By");
                name = part.Trim('{', '}');
            }
            foreach (string word in name.Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries))
                id.Append(char.ToUpper(word[0], CultureInfo.InvariantCulture)).Append(word, 1, word.Length - 1);
        }
        return path == "/" ? method + "Root" : id.ToString();
    }

    private static JsonObject Refusal(string words) => new() { ["description"] = words, ["content"] = ProblemContent() };

    private static JsonObject ProblemContent() => new() { [ProblemType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = SchemaPrefix + Problem } } };

    private static JsonObject ProblemSchema()
    {
        static JsonObject Text(string words) => new() { ["type"] = "string", ["description"] = words };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "A refusal (RFC 9457). Some name the field, what it was and what it must be; some have more.",
            ["required"] = new JsonArray("title", "status"),
            ["properties"] = new JsonObject
            {
                ["type"] = Text("A URI of the sort of problem."),
                ["title"] = Text("What sort it is."),
                ["status"] = new JsonObject { ["type"] = "integer", ["format"] = "int32" },
                ["detail"] = Text("What is wrong, and what would be right."),
                ["instance"] = Text("Where."),
                ["code"] = Text("Stable name of the refusal."),
                ["field"] = Text("The field that it is about."),
                ["value"] = Text("What that was."),
                ["limit"] = Text("What it must be."),
                ["traceId"] = Text("To find it in the log."),
            },
            ["additionalProperties"] = true,
        };
    }

    private static JsonObject Sorted(JsonObject of)
    {
        KeyValuePair<string, JsonNode?>[] members = [.. of.OrderBy(m => m.Key, StringComparer.Ordinal)];
        of.Clear();
        return new JsonObject(members);
    }
}
