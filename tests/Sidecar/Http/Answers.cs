using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Sidecar.Http;

/// <summary>A refusal of the sidecar itself.</summary>
internal sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>The rich body's reason, or null for the simple body.</summary>
    public string? Reason { get; init; }

    public string ResourceType { get; init; } = "";

    public string ResourceName { get; init; } = "";

    public static RefusedException PubSub(int status, string code, string message, string name, string reason) =>
        new(status, code, message) { Reason = reason, ResourceType = "pubsub", ResourceName = name };

    public static RefusedException State(int status, string code, string message, string name, string reason) =>
        new(status, code, message) { Reason = reason, ResourceType = "state", ResourceName = name };
}

/// <summary>What the sidecar writes.</summary>
internal static class Answers
{
    public static Task JsonAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    public static Task RefusalAsync(HttpContext context, RefusedException refusal)
    {
        var body = new JsonObject { ["errorCode"] = refusal.Code, ["message"] = refusal.Message };
        if (refusal.Reason is not null)
        {
            body["details"] = new JsonArray(
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                    ["reason"] = refusal.Reason,
                    ["domain"] = "dapr.io",
                    ["metadata"] = new JsonObject(),
                },
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.ResourceInfo",
                    ["resource_type"] = refusal.ResourceType,
                    ["resource_name"] = refusal.ResourceName,
                    ["owner"] = "",
                    ["description"] = refusal.Message,
                });
        }
        return JsonAsync(context, refusal.Status, body);
    }

    public static async Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, 4 << 20));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    /// <summary>The query's <c>metadata.X=v</c>, first value only.</summary>
    public static Dictionary<string, string> Metadata(HttpContext context)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Query)
        {
            if (key.StartsWith("metadata.", StringComparison.Ordinal)) metadata.TryAdd(key["metadata.".Length..], values[0] ?? "");
        }
        return metadata;
    }

    /// <exception cref="RefusedException">The body is no JSON.</exception>
    public static JsonDocument Parse(byte[] body, string code)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new RefusedException(400, code, $"failed deserializing the request: {e.Message}");
        }
    }
}
