using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Sidecar.Http;

namespace QuadTurbo.Sidecar.State;

/// <summary>The state API of one application.</summary>
internal sealed class StateApi(string appId, IReadOnlyDictionary<string, StateStore> stores)
{
    public async Task GetAsync(HttpContext context, string store, string key)
    {
        StateStore found = Find(store);
        string full = FullKey(found, key);
        if (found.Down) throw Failed("ERR_STATE_GET", $"fail to get {key} from state store {store}", store);
        StateItem? item = found.Get(full);
        if (item is null)
        {
            context.Response.StatusCode = 204;
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.Headers.ETag = item.ETag;
        if (item.Expires is { } expires) context.Response.Headers["metadata.ttlExpireTime"] = Rfc3339(expires);
        await context.Response.Body.WriteAsync(item.Value, context.RequestAborted);
    }

    public async Task SaveAsync(HttpContext context, string store)
    {
        StateStore found = Find(store);
        using JsonDocument body = Answers.Parse(await Answers.BodyAsync(context), "ERR_MALFORMED_REQUEST");
        Dictionary<string, string> query = Answers.Metadata(context);
        if (body.RootElement.ValueKind != JsonValueKind.Array) throw Malformed("the body is no array", store);
        StateOperation[] items = [.. body.RootElement.EnumerateArray().Select(e => Operation(found, e, query, delete: false))];
        if (found.Down) throw Failed("ERR_STATE_SAVE", $"failed saving state in state store {store}", store);
        StateEnd[] ends = [.. items.Select(found.Apply)];
        StateEnd worst = ends.FirstOrDefault(e => e is StateEnd.Mismatch or StateEnd.InvalidTag);
        if (worst == StateEnd.Done && ends.Contains(StateEnd.Failed)) worst = StateEnd.Failed;
        Answer(context, worst, "ERR_STATE_SAVE", $"failed saving state in state store {store}", store);
    }

    public Task DeleteAsync(HttpContext context, string store, string key)
    {
        StateStore found = Find(store);
        string full = FullKey(found, key), tag = context.Request.Headers.IfMatch.ToString();
        if (found.Down) throw Failed("ERR_STATE_DELETE", $"failed deleting state with key {key}", store);
        StateEnd end = found.Apply(new StateOperation(full, null, tag.Length > 0 ? tag : null, context.Request.Query["concurrency"], null));
        Answer(context, end, "ERR_STATE_DELETE", $"failed deleting state with key {key}", store);
        return Task.CompletedTask;
    }

    public async Task BulkGetAsync(HttpContext context, string store)
    {
        StateStore found = Find(store);
        using JsonDocument body = Answers.Parse(await Answers.BodyAsync(context), "ERR_MALFORMED_REQUEST");
        var answer = new JsonArray();
        if (body.RootElement.TryGetProperty("keys", out JsonElement keys))
        {
            foreach (JsonElement element in keys.EnumerateArray())
            {
                string key = element.GetString() ?? "";
                var entry = new JsonObject { ["key"] = key };
                string full = FullKey(found, key);
                if (found.Down) entry["error"] = "the store is down";
                else if (found.Get(full) is { } item)
                {
                    entry["data"] = JsonNode.Parse(item.Value);
                    entry["etag"] = item.ETag;
                    if (item.Expires is { } expires) entry["metadata"] = new JsonObject { ["ttlExpireTime"] = Rfc3339(expires) };
                }
                answer.Add(entry);
            }
        }
        await Answers.JsonAsync(context, 200, answer);
    }

    public async Task TransactAsync(HttpContext context, string store)
    {
        StateStore found = Find(store);
        using JsonDocument body = Answers.Parse(await Answers.BodyAsync(context), "ERR_MALFORMED_REQUEST");
        Dictionary<string, string> query = Answers.Metadata(context);
        var operations = new List<StateOperation>();
        if (body.RootElement.TryGetProperty("operations", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in list.EnumerateArray())
            {
                string kind = element.TryGetProperty("operation", out JsonElement named) ? named.GetString() ?? "" : "";
                if (kind is not ("upsert" or "delete") || !element.TryGetProperty("request", out JsonElement request))
                    throw RefusedException.State(400, "ERR_NOT_SUPPORTED_STATE_OPERATION", $"operation type {kind} not supported", store, "DAPR_STATE_UNSUPPORTED");
                operations.Add(Operation(found, request, query, kind == "delete"));
            }
        }
        if (found.Down || !found.Transact(operations))
            throw Failed("ERR_STATE_TRANSACTION", $"error while executing state transaction in {store}", store);
        context.Response.StatusCode = 204;
    }

    private StateStore Find(string store)
    {
        if (stores.Count == 0)
            throw RefusedException.State(500, "ERR_STATE_STORE_NOT_CONFIGURED", "state store is not configured", store, "DAPR_STATE_NOT_CONFIGURED");
        return stores.TryGetValue(store, out StateStore? found) ? found
            : throw RefusedException.State(400, "ERR_STATE_STORE_NOT_FOUND", $"state store {store} is not found", store, "DAPR_STATE_NOT_FOUND");
    }

    private string FullKey(StateStore store, string key)
    {
        if (key.Length == 0 || key.Contains("||", StringComparison.Ordinal))
            throw Malformed($"key '{key}' is empty or contains '||'", store.Component.Name);
        return store.Component.KeyPrefix switch
        {
            "none" => key,
            "appid" => $"{appId}||{key}",
            "name" => $"{store.Component.Name}||{key}",
            var own => $"{own}||{key}",
        };
    }

    private StateOperation Operation(StateStore store, JsonElement element, Dictionary<string, string> query, bool delete)
    {
        string key = Text(element, "key") ?? "", tag = Text(element, "etag") ?? "";
        byte[]? value = delete ? null : element.TryGetProperty("value", out JsonElement given) ? JsonSerializer.SerializeToUtf8Bytes(given) : "null"u8.ToArray();
        string? ttl = element.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            ? Text(metadata, "ttlInSeconds") : null;
        string? concurrency = element.TryGetProperty("options", out JsonElement options) && options.ValueKind == JsonValueKind.Object
            ? Text(options, "concurrency") : null;
        return new StateOperation(FullKey(store, key), value, tag.Length > 0 ? tag : null, concurrency, query.GetValueOrDefault("ttlInSeconds") ?? ttl);
    }

    private static void Answer(HttpContext context, StateEnd end, string code, string message, string store)
    {
        if (end == StateEnd.Mismatch) throw RefusedException.State(409, code, $"{message}: possible etag mismatch", store, "DAPR_STATE_ETAG_MISMATCH");
        if (end == StateEnd.InvalidTag) throw RefusedException.State(400, code, $"{message}: invalid etag value", store, "DAPR_STATE_ETAG_INVALID");
        if (end == StateEnd.Failed) throw Failed(code, message, store);
        context.Response.StatusCode = 204;
    }

    private static RefusedException Failed(string code, string message, string store) => RefusedException.State(500, code, message, store, "DAPR_STATE_FAILED");

    private static RefusedException Malformed(string why, string store) => RefusedException.State(400, "ERR_MALFORMED_REQUEST", why, store, "DAPR_STATE_MALFORMED");

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
