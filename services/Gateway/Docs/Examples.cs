using System.Text.Json.Nodes;

namespace QuadTurbo.Gateway.Docs;

/// <summary>An example of a schema: known names have a likely value, everything else the simplest that its type allows. The same one every time.</summary>
internal static class Examples
{
    private const string SchemaPrefix = "#/components/schemas/";
    private const int Deepest = 16;

    private static readonly Dictionary<string, JsonNode> Known = new(StringComparer.Ordinal)
    {
        ["id"] = "4f1c2a9be07d4c5d8a3b6e1f20c4d7a9",
        ["model_id"] = "sha256:149ceffa2f6d1f0b7e5c6a9d3b8e4f1c2a9be07d4c5d8a3b6e1f20c4d7a90b5e",
        ["modelId"] = "sha256:149ceffa2f6d1f0b7e5c6a9d3b8e4f1c2a9be07d4c5d8a3b6e1f20c4d7a90b5e",
        ["label"] = "v0.1.7",
        ["version"] = "v1.1.0",
        ["version_a"] = "v0.1.0",
        ["version_b"] = "v1.1.0",
        ["confirm"] = "v0.3.9",
        ["model"] = "v0.1.7",
        ["model_type"] = "xgboost",
        ["model_path"] = "trees.json",
        ["traffic_split"] = new JsonArray(0.8, 0.2),
        ["metrics"] = new JsonObject { ["accuracy"] = 0.89 },
        ["symbol"] = "BTC-USD",
        ["venue"] = "COINBASE",
        ["path"] = "COINBASE > KRAKEN",
        ["currency"] = "USD",
        ["unit"] = "us",
        ["reason"] = "a drill",
        ["trade_id"] = "live_001",
        ["outcome"] = "WIN",
        ["pnl_bps"] = 13.2,
        ["duration_sec"] = 480,
        ["features"] = new JsonObject { ["net_edge_bps"] = 14.5 },
        ["route_id"] = "usdc_usdt_2hop",
        ["tokens"] = new JsonArray("USDC", "USDT", "USDC"),
        ["dexes"] = new JsonArray("quickswap", "sushiswap"),
        ["input_amount"] = 1000,
        ["expected_output"] = 1012,
        ["gas_estimate"] = 350000,
        ["profit_usd"] = 12,
        ["confidence_score"] = 0.85,
        ["chain"] = "polygon",
        ["threshold"] = 0.8,
        ["use_gpu"] = false,
        ["limit"] = "50",
        ["cursor"] = "p120",
        ["at"] = "2026-11-20T12:00:00Z",
        ["name"] = "v0.1.7",
        ["status"] = "champion",
        ["state"] = "ok",
        ["quantity"] = "0.5",
        ["price"] = "61250.5",
        ["size"] = "1.25",
        ["openapi"] = "3.1.1",
        ["timestamp"] = "2026-11-20T20:21:51",
    };

    /// <summary>An example of <paramref name="schema"/>.</summary>
    /// <param name="schema">What it must satisfy.</param>
    /// <param name="name">Name of the property or parameter that it is for; empty for none.</param>
    /// <param name="schemas">The named schemas.</param>
    public static JsonNode? Of(JsonObject schema, string name, JsonObject schemas) => Of(schema, name, schemas, 0);

    /// <summary>An example of a refusal with a status.</summary>
    public static JsonObject Problem(string status) => status switch
    {
        "401" => Problem(401, "Unauthorized", "key_needed", "header X-Api-Key must carry a key; 'quadturbo keys create NAME' makes one"),
        "403" => Problem(403, "Forbidden", "foreign_origin", "a web page of another host may not change state here"),
        "404" => Problem(404, "The registry refuses.", "not_found", "no model is named 'v9.9.9'"),
        "409" => Problem(409, "Conflict", "conflict", "no experiment runs; nothing can be promoted"),
        "413" => Problem(413, "Payload Too Large", null, "Request body too large. The max request body size is 1048576 bytes."),
        "415" => Problem(415, "Unsupported Media Type", null, "Expected a supported JSON media type but got \"text/plain\"."),
        "422" => Problem(422, "The registry refuses.", "invalid_field", "confirm must be the challenger's label, v0.3.9; nothing was promoted"),
        "429" => Problem(429, "Too Many Requests", "too_many_commands", "too many requests that change state in one second; wait as Retry-After says"),
        "503" => Problem(503, "Service Unavailable", "no_registry", "no service of this process answers 'registry.models'"),
        _ => FieldProblem(),
    };

    private static JsonObject Problem(int status, string title, string? code, string detail)
    {
        var problem = new JsonObject { ["title"] = title, ["status"] = status };
        if (code is not null) problem["code"] = code;
        problem["detail"] = detail;
        return problem;
    }

    private static JsonObject FieldProblem() => new()
    {
        ["title"] = "The request is refused.",
        ["status"] = 400,
        ["code"] = "invalid_field",
        ["field"] = "limit",
        ["value"] = "'5000'",
        ["limit"] = "a whole number from 1 to 1000",
        ["detail"] = "limit is '5000'; it must be a whole number from 1 to 1000",
    };

    private static JsonNode? Of(JsonObject schema, string name, JsonObject schemas, int depth)
    {
        if ((string?)schema["$ref"] is { } reference)
            return schemas[reference[SchemaPrefix.Length..]] is JsonObject named && depth < Deepest ? Of(named, name, schemas, depth + 1) : new JsonObject();
        if (schema["enum"] is JsonArray { Count: > 0 } values) return values[0]?.DeepClone();
        string type = TypeOf(schema);
        if (Known.TryGetValue(name, out JsonNode? known) && Fits(known, type, schema)) return known.DeepClone();
        return type switch
        {
            "object" => ObjectOf(schema, schemas, depth),
            "array" => schema["items"] is JsonObject items && depth < Deepest ? new JsonArray(Of(items, name, schemas, depth + 1)) : new JsonArray(),
            "integer" => 1,
            "number" => 0.5,
            "boolean" => true,
            "string" => (string?)schema["format"] switch { "date-time" => "2026-11-28T09:00:00.000000Z", "decimal" => "12.34", _ => name.Length == 0 ? "text" : name },
            _ => new JsonObject(),
        };
    }

    private static JsonObject ObjectOf(JsonObject schema, JsonObject schemas, int depth)
    {
        var example = new JsonObject();
        if (schema["properties"] is not JsonObject properties || depth >= Deepest) return example;
        foreach ((string name, JsonNode? property) in properties) example[name] = Of((JsonObject)property!, name, schemas, depth + 1);
        return example;
    }

    private static string TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => (string)types.First(t => (string?)t != "null")!,
        { } type => (string)type!,
        _ => schema["properties"] is not null ? "object" : "",
    };

    private static bool Fits(JsonNode value, string type, JsonObject schema) => value switch
    {
        JsonArray => type == "array" && (string?)schema["items"]?["$ref"] is null,
        JsonObject => type == "object" && schema["properties"] is null,
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => type == "string" && (string?)schema["format"] is null or "decimal",
            System.Text.Json.JsonValueKind.Number => type == "number" || type == "integer",
            _ => type == "boolean",
        },
    };
}
