using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuadTurbo.Sidecar.PubSub;

/// <summary>What is known of a message when its envelope is made.</summary>
internal sealed record Posted(
    string AppId, string PubSub, string Topic, string? ContentType, byte[] Body, IReadOnlyDictionary<string, string> Metadata, TraceContext Trace);

/// <summary>The trace of one publish; empty strings when tracing is off.</summary>
internal sealed record TraceContext(string Parent, string State)
{
    public static TraceContext Off { get; } = new("", "");

    /// <summary>A span below <paramref name="parent"/>, or the first of a new trace.</summary>
    public static TraceContext Child(string? parent, string? state)
    {
        string span = Guid.NewGuid().ToString("N")[..16];
        string[] parts = parent?.Split('-') ?? [];
        return parts is [_, { Length: 32 } trace, { Length: 16 }, { Length: 2 } flags]
            ? new($"00-{trace}-{span}-{flags}", state ?? "")
            : new($"00-{Guid.NewGuid():N}-{span}-00", "");
    }
}

/// <summary>CloudEvents envelopes as the sidecar makes them.</summary>
internal static class Envelope
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The envelope of a message that brings none.</summary>
    public static byte[] Wrap(Posted posted, TimeProvider clock)
    {
        string type = posted.ContentType ?? "text/plain", parent = Override(posted, "traceparent") ?? posted.Trace.Parent;
        using var buffer = new MemoryStream(posted.Body.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Override(posted, "id") ?? Guid.NewGuid().ToString());
            writer.WriteString("specversion", "1.0");
            writer.WriteString("source", Override(posted, "source") ?? posted.AppId);
            writer.WriteString("type", Override(posted, "type") ?? "com.dapr.event.sent");
            writer.WriteString("datacontenttype", type);
            writer.WriteString("topic", posted.Topic);
            writer.WriteString("pubsubname", posted.PubSub);
            writer.WriteString("traceid", Override(posted, "traceparent") ?? Override(posted, "traceid") ?? posted.Trace.Parent);
            writer.WriteString("traceparent", parent);
            writer.WriteString("tracestate", Override(posted, "tracestate") ?? posted.Trace.State);
            writer.WriteString("time", Rfc3339(clock.GetLocalNow()));
            if (Override(posted, "subject") is { } subject) writer.WriteString("subject", subject);
            if (Expiration(posted, clock) is { } expiration) writer.WriteString("expiration", expiration);
            WriteData(writer, type, posted.Body);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>The envelope that the publisher brought, completed.</summary>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static byte[] Complete(Posted posted, TimeProvider clock)
    {
        JsonObject given = JsonNode.Parse(posted.Body) as JsonObject ?? throw new JsonException("the envelope is no object");
        given["topic"] = posted.Topic;
        given["pubsubname"] = posted.PubSub;
        if (!given.ContainsKey("traceid")) (given["traceid"], given["traceparent"]) = (posted.Trace.Parent, posted.Trace.Parent);
        given.TryAdd("tracestate", posted.Trace.State);
        given.TryAdd("time", Rfc3339(clock.GetLocalNow()));
        given.TryAdd("source", "Dapr");
        given.TryAdd("type", "com.dapr.event.sent");
        given.TryAdd("specversion", "1.0");
        foreach (string field in new[] { "id", "source", "type", "subject", "traceid", "traceparent", "tracestate" })
        {
            if (Override(posted, field) is { } value) given[field] = value;
        }
        if (Override(posted, "traceparent") is { } parent) given["traceid"] = parent;
        if (Expiration(posted, clock) is { } expiration) given["expiration"] = expiration;
        return JsonSerializer.SerializeToUtf8Bytes(given, LooseOptions);
    }

    /// <summary>The envelope a raw subscription receives: new for every delivery.</summary>
    public static byte[] WrapRaw(string pubSub, string topic, byte[] body, TimeProvider clock) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(),
            ["specversion"] = "1.0",
            ["source"] = "Dapr",
            ["type"] = "com.dapr.event.sent",
            ["datacontenttype"] = MediaType.Binary,
            ["topic"] = topic,
            ["pubsubname"] = pubSub,
            ["time"] = Rfc3339(clock.GetLocalNow()),
            ["data_base64"] = Convert.ToBase64String(body),
        }, LooseOptions);

    private static readonly JsonSerializerOptions LooseOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void WriteData(Utf8JsonWriter writer, string type, byte[] body)
    {
        if (MediaType.IsBinary(type))
        {
            writer.WriteBase64String("data_base64", body);
            return;
        }
        if (MediaType.IsJson(type))
        {
            try
            {
                using JsonDocument data = JsonDocument.Parse(body);
                writer.WritePropertyName("data");
                data.RootElement.WriteTo(writer);
                return;
            }
            catch (JsonException)
            {
                // What does not parse is carried as text.
            }
        }
        writer.WriteString("data", Encoding.UTF8.GetString(body));
    }

    private static string? Override(Posted posted, string field) => posted.Metadata.GetValueOrDefault($"cloudevent.{field}");

    private static string? Expiration(Posted posted, TimeProvider clock) =>
        posted.Metadata.TryGetValue("ttlInSeconds", out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds > 0
            ? Rfc3339(clock.GetUtcNow().AddSeconds(seconds)) : null;

    private static string Rfc3339(DateTimeOffset time) =>
        time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
