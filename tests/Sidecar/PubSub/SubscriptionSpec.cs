using System.Text.Json;

namespace QuadTurbo.Sidecar.PubSub;

/// <summary>One subscription as the application stated it.</summary>
/// <param name="Route">Where messages go; null: no rule fits any.</param>
internal sealed record SubscriptionSpec(string PubSub, string Topic, string? Route, string? DeadLetterTopic, bool Raw, BulkSpec? Bulk)
{
    private const int Most = 1_000;

    /// <summary>Reads the answer to <c>GET /dapr/subscribe</c>; subscriptions without a route are left out and told of.</summary>
    /// <exception cref="FormatException">The list does not parse; no subscription starts.</exception>
    public static SubscriptionSpec[] Read(byte[] body, Action<string> warn)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new FormatException("subscriptions are no array");
            if (document.RootElement.GetArrayLength() > Most) throw new FormatException($"more than {Most} subscriptions");
            var read = new List<SubscriptionSpec>();
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                (bool routed, string? route) = RouteOf(element);
                string topic = Text(element, "topic") ?? "";
                if (!routed) warn($"subscription to topic {topic} has no route and is skipped");
                else read.Add(new SubscriptionSpec(Text(element, "pubsubname") ?? "", topic, route, NonEmpty(Text(element, "deadLetterTopic")), RawOf(element), BulkOf(element)));
            }
            return [.. read];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static (bool Routed, string? Route) RouteOf(JsonElement element)
    {
        string? fallback = NonEmpty(Text(element, "route"));
        if (!element.TryGetProperty("routes", out JsonElement routes) || routes.ValueKind == JsonValueKind.Null) return (fallback is not null, fallback);
        fallback = NonEmpty(Text(routes, "default")) ?? fallback;
        bool any = fallback is not null;
        if (!routes.TryGetProperty("rules", out JsonElement rules) || rules.ValueKind == JsonValueKind.Null) return (any, fallback);
        foreach (JsonElement rule in rules.EnumerateArray())
        {
            if (NonEmpty(Text(rule, "match")) is { } match) throw new FormatException($"this double evaluates no rule, and there is one: {match}");
            return (true, Text(rule, "path"));
        }
        return (any, fallback);
    }

    private static bool RawOf(JsonElement element) =>
        element.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            && Text(metadata, "rawPayload") is { } raw && raw.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static BulkSpec? BulkOf(JsonElement element)
    {
        if (!element.TryGetProperty("bulkSubscribe", out JsonElement bulk) || bulk.ValueKind != JsonValueKind.Object) return null;
        return bulk.TryGetProperty("enabled", out JsonElement enabled) && enabled.ValueKind == JsonValueKind.True
            ? new BulkSpec(Number(bulk, "maxMessagesCount"), Number(bulk, "maxAwaitDurationMs"))
            : null;
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.GetInt32() is > 0 and var number ? number : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>How messages are gathered; null: the component's own numbers.</summary>
internal sealed record BulkSpec(int? MaxMessagesCount, int? MaxAwaitDurationMs);
