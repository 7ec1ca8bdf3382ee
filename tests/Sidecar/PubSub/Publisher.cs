using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Http;
using QuadTurbo.Trading;

namespace QuadTurbo.Sidecar.PubSub;

/// <summary>Publishing, single and bulk, for one application.</summary>
internal sealed class Publisher(string appId, bool tracing, IReadOnlyDictionary<string, PubSubComponent> components, Broker broker, TimeProvider clock)
{
    private long _batches;

    public async Task PublishAsync(HttpContext context, string name, string topic)
    {
        PubSubComponent component = Check(name, topic);
        Dictionary<string, string> metadata = Answers.Metadata(context);
        bool raw = IsRaw(metadata, name);
        byte[] body = await Answers.BodyAsync(context);
        var posted = new Posted(appId, name, topic, context.Request.ContentType, body, metadata, Trace(context));
        byte[] made = raw ? body : MakeEnvelope(posted);
        try
        {
            await SendAsync(component, topic, new BrokerMessage(made, metadata), context.RequestAborted);
        }
        catch (BrokerException e)
        {
            throw RefusedException.PubSub(500, "ERR_PUBSUB_PUBLISH_MESSAGE",
                $"error when publish to topic {topic} in pubsub {name}: {e.Message}", name, "DAPR_PUBSUB_PUBLISH_MESSAGE");
        }
        context.Response.StatusCode = 204;
    }

    public async Task PublishBulkAsync(HttpContext context, string name, string topic)
    {
        PubSubComponent component = Check(name, topic);
        Dictionary<string, string> metadata = Answers.Metadata(context);
        bool raw = IsRaw(metadata, name);
        Entry[] entries = ReadEntries(await Answers.BodyAsync(context), metadata, name);
        var messages = new BrokerMessage[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            Entry entry = entries[i];
            var posted = new Posted(appId, name, topic, entry.ContentType, entry.Body, entry.Metadata, Trace(context));
            messages[i] = new BrokerMessage(raw ? entry.Body : MakeEnvelope(posted), entry.Metadata);
        }
        var failed = new JsonArray();
        foreach (int i in Order(entries.Length))
        {
            try
            {
                await SendAsync(component, topic, messages[i], context.RequestAborted);
            }
            catch (BrokerException e)
            {
                failed.Add(new JsonObject { ["entryId"] = entries[i].Id, ["error"] = e.Message });
            }
        }
        if (failed.Count > 0)
        {
            context.Response.Headers["metadata.responseData"] = "[]";
            context.Response.Headers["metadata.error"] = "some entries failed";
            await Answers.JsonAsync(context, 500, new JsonObject { ["failedEntries"] = failed, ["errorCode"] = "ERR_PUBSUB_PUBLISH_MESSAGE" });
            return;
        }
        context.Response.StatusCode = 204;
    }

    /// <summary>Sends what could not be delivered to its dead-letter topic; false if the broker does not take it.</summary>
    public async Task<bool> BuryAsync(PubSubComponent component, string topic, BrokerMessage message, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await SendAsync(component, topic, message, ended.Token);
            return true;
        }
        catch (BrokerException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task SendAsync(PubSubComponent component, string topic, BrokerMessage message, CancellationToken ct)
    {
        BrokerException? last = null;
        bool sent = await RetryPolicy.RunAsync(component.Outbound, _ =>
        {
            try
            {
                broker.Publish(topic, message);
                return Task.FromResult(true);
            }
            catch (BrokerException e)
            {
                last = e;
                return Task.FromResult(false);
            }
        }, clock, ct);
        if (!sent) throw last!;
    }

    /// <summary>Redis has no batches: the sidecar publishes the entries at the same time, in no order one may count on.</summary>
    private int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        if (broker.Flavour != BrokerFlavour.Redis || broker.Options.ShuffleBulkSeed is not { } seed) return order;
        SeededRandom random = SeededRandom.Keyed(seed, (ulong)Interlocked.Increment(ref _batches));
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private PubSubComponent Check(string name, string topic)
    {
        if (components.Count == 0)
            throw RefusedException.PubSub(400, "ERR_PUBSUB_NOT_CONFIGURED", "no pubsub is configured", name, "DAPR_PUBSUB_NOT_CONFIGURED");
        if (topic.Length == 0)
            throw RefusedException.PubSub(404, "ERR_TOPIC_NAME_EMPTY", $"topic is empty in pubsub {name}", name, "DAPR_PUBSUB_TOPIC_NAME_EMPTY");
        if (!components.TryGetValue(name, out PubSubComponent? component))
            throw RefusedException.PubSub(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {name} is not found", name, "DAPR_PUBSUB_NOT_FOUND");
        if (!component.Allows(topic, appId, component.PublishingScopes))
            throw RefusedException.PubSub(403, "ERR_PUBSUB_FORBIDDEN", $"topic {topic} is not allowed for app id {appId}", name, "DAPR_PUBSUB_FORBIDDEN");
        return component;
    }

    private static bool IsRaw(Dictionary<string, string> metadata, string name)
    {
        if (!metadata.TryGetValue("rawPayload", out string? text)) return false;
        return text.ToLowerInvariant() switch
        {
            "true" or "1" or "t" => true,
            "false" or "0" or "f" => false,
            _ => throw RefusedException.PubSub(400, "ERR_PUBSUB_REQUEST_METADATA",
                $"rawPayload value must be a valid boolean: actual is '{text}'", name, "DAPR_PUBSUB_METADATA_DESERIALIZATION"),
        };
    }

    private byte[] MakeEnvelope(Posted posted)
    {
        if (posted.ContentType is null || !MediaType.IsCloudEvents(posted.ContentType)) return Envelope.Wrap(posted, clock);
        try
        {
            return Envelope.Complete(posted, clock);
        }
        catch (JsonException e)
        {
            throw RefusedException.PubSub(500, "ERR_PUBSUB_CLOUD_EVENTS_SER", $"cannot create cloudevent: {e.Message}", posted.PubSub,
                "DAPR_PUBSUB_CLOUD_EVENTS_SER");
        }
    }

    private TraceContext Trace(HttpContext context) =>
        tracing ? TraceContext.Child(context.Request.Headers.TraceParent, context.Request.Headers.TraceState) : TraceContext.Off;

    private static Entry[] ReadEntries(byte[] body, Dictionary<string, string> request, string name)
    {
        RefusedException Malformed(string why) =>
            RefusedException.PubSub(400, "ERR_PUBSUB_EVENTS_SER", $"error when unmarshaling the request for topic: {why}", name, "DAPR_PUBSUB_EVENTS_SER");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw Malformed(e.Message);
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw Malformed("no array");
            var entries = new List<Entry>(document.RootElement.GetArrayLength());
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                string id = Text(element, "entryId"), type = Text(element, "contentType");
                if (id.Length == 0 || !seen.Add(id)) throw Malformed("entryId is duplicated or not present for entry");
                if (!element.TryGetProperty("event", out JsonElement value) || Bytes(value, type) is not { } bytes)
                    throw Malformed($"the event of {id} does not fit the content type '{type}'");
                entries.Add(new Entry(id, type, bytes, EntryMetadata(element, request)));
            }
            return [.. entries];
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";

    private static byte[]? Bytes(JsonElement value, string type)
    {
        if (type.Length == 0) return null;
        if (MediaType.IsCloudEvents(type) && value.ValueKind != JsonValueKind.Object) return null;
        if (MediaType.IsJson(type)) return Encoding.UTF8.GetBytes(value.GetRawText());
        if (value.ValueKind != JsonValueKind.String) return null;
        if (!MediaType.IsBinary(type)) return Encoding.UTF8.GetBytes(value.GetString()!);
        return value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : null;
    }

    private static Dictionary<string, string> EntryMetadata(JsonElement element, Dictionary<string, string> request)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!element.TryGetProperty("metadata", out JsonElement own) || own.ValueKind != JsonValueKind.Object) return metadata;
        foreach ((string key, string value) in request) metadata[key] = value;
        foreach (JsonProperty property in own.EnumerateObject()) metadata[property.Name] = property.Value.ToString();
        return metadata;
    }

    private sealed record Entry(string Id, string ContentType, byte[] Body, Dictionary<string, string> Metadata);
}
