using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;

namespace QuadTurbo.Sidecar.PubSub;

/// <summary>What a sidecar does with the messages of one subscription: posts them, tries again as the policy says, and buries what stays undelivered.</summary>
internal sealed class Delivery(
    SubscriptionSpec spec, PubSubComponent component, SidecarOptions sidecar, AppChannel app, Publisher publisher, Broker broker, FaultBox faults, Journal journal,
    TimeProvider clock)
{
    private const int LargestAnswer = 4 << 20;
    private readonly ConcurrentDictionary<(int, long), int> _attempts = new();

    private enum Outcome
    {
        Done,
        Retry,
        Drop,
        DropSilently,
    }

    /// <summary>Is told before each delivery.</summary>
    public Func<CancellationToken, Task>? BeforeDelivery { get; set; }

    /// <summary>How the component is to call this.</summary>
    public MessageHandler Handler
    {
        get
        {
            (int most, int wait) = broker.Flavour == BrokerFlavour.Kafka ? (80, 10_000) : (100, 1_000);
            return new MessageHandler(OneAsync, spec.Bulk is null ? null : ManyAsync, spec.Bulk?.MaxMessagesCount ?? most,
                TimeSpan.FromMilliseconds(spec.Bulk?.MaxAwaitDurationMs ?? wait));
        }
    }

    private async Task<bool> OneAsync(StoredMessage message, CancellationToken ct)
    {
        Read read = ReadBody(message);
        if (read.Refused is { } refused) return await ResolveAsync(message, refused, ct);
        Outcome outcome = Outcome.Retry;
        await RetryPolicy.RunAsync(component.Inbound, async _ =>
        {
            outcome = await PostAsync([message], () => Single(message, read), SingleOutcomeAsync, ct) is [var only] ? only : Outcome.Retry;
            return outcome != Outcome.Retry;
        }, clock, ct);
        return await ResolveAsync(message, outcome, ct);
    }

    private async Task<bool[]> ManyAsync(IReadOnlyList<StoredMessage> messages, CancellationToken ct)
    {
        Read[] reads = [.. messages.Select(ReadBody)];
        var outcomes = new Outcome[messages.Count];
        for (int i = 0; i < outcomes.Length; i++) outcomes[i] = reads[i].Refused ?? Outcome.Retry;
        List<int> open = [.. Enumerable.Range(0, outcomes.Length).Where(i => reads[i].Refused is null)];
        if (open.Count > 0)
        {
            await RetryPolicy.RunAsync(component.Inbound, async _ =>
            {
                int[] sent = [.. open];
                string[] ids = [.. sent.Select(EntryId)];
                Outcome[]? answers = await PostAsync([.. sent.Select(i => messages[i])], () => Bulk(messages, sent, ids),
                    (answer, stop) => BulkOutcomesAsync(answer, ids, stop), ct);
                for (int i = 0; i < sent.Length; i++) outcomes[sent[i]] = answers?[i] ?? Outcome.Retry;
                open.RemoveAll(i => outcomes[i] != Outcome.Retry);
                return open.Count == 0;
            }, clock, ct);
        }
        var done = new bool[outcomes.Length];
        for (int i = 0; i < done.Length; i++) done[i] = await ResolveAsync(messages[i], outcomes[i], ct);
        return done;
    }

    private string EntryId(int index) =>
        broker.Flavour == BrokerFlavour.Kafka ? index.ToString(CultureInfo.InvariantCulture) : Guid.NewGuid().ToString();

    /// <summary>Buries what must be, and says whether the component may forget the message.</summary>
    private async Task<bool> ResolveAsync(StoredMessage message, Outcome outcome, CancellationToken ct)
    {
        bool done = outcome is Outcome.Done or Outcome.DropSilently;
        if (!done)
        {
            done = spec.DeadLetterTopic is { } dead ? await publisher.BuryAsync(component, dead, message.Message, ct) : outcome == Outcome.Drop;
            journal.Say($"message {message.Partition}/{message.Offset} of {spec.Topic}: {outcome}"
                + (spec.DeadLetterTopic is { } grave ? $", dead letter to {grave}: {done}" : ", no dead-letter topic"));
        }
        if (done) _attempts.TryRemove((message.Partition, message.Offset), out _);
        return done;
    }

    /// <summary>One attempt; null if it broke.</summary>
    private async Task<Outcome[]?> PostAsync(
        StoredMessage[] messages, Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<Outcome[]>> read, CancellationToken ct)
    {
        if (BeforeDelivery is not null) await BeforeDelivery(ct);
        using CancellationTokenSource? late = component.InboundTimeout is { } most ? new(most, clock) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, late?.Token ?? CancellationToken.None);
        long ordinal = Ordinal(messages[0]);
        try
        {
            if (faults.Strikes(Fault.LoseDelivery, $"{spec.Topic}/{sidecar.AppId}", ordinal)) return null;
            using HttpRequestMessage request = make();
            using HttpResponseMessage answer = await app.SendAsync(request, ended.Token);
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, ended.Token);
            if (faults.Strikes(Fault.LoseDeliveryAnswer, $"{spec.Topic}/{sidecar.AppId}", ordinal)) return null;
            return await read(answer, ended.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            journal.Say($"delivery of {spec.Topic} failed: {e.Message}");
            return null;
        }
    }

    private long Ordinal(StoredMessage message)
    {
        int attempt = _attempts.AddOrUpdate((message.Partition, message.Offset), 1, static (_, n) => n + 1);
        return ((long)message.Partition << 48) + (message.Offset << 10) + attempt;
    }

    private static async Task<Outcome[]> SingleOutcomeAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound) return [Outcome.Drop];
        if (!answer.IsSuccessStatusCode) return [Outcome.Retry];
        try
        {
            using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("status", out JsonElement status)
                || status.ValueKind != JsonValueKind.String)
                return [Outcome.Done];
            return [status.GetString() switch { "" or "SUCCESS" => Outcome.Done, "DROP" => Outcome.Drop, _ => Outcome.Retry }];
        }
        catch (JsonException)
        {
            return [Outcome.Done];
        }
    }

    private async Task<Outcome[]> BulkOutcomesAsync(HttpResponseMessage answer, string[] ids, CancellationToken ct)
    {
        Outcome[] All(Outcome outcome) => [.. ids.Select(_ => outcome)];
        if (answer.StatusCode == HttpStatusCode.NotFound) return All(Outcome.DropSilently);
        Outcome[] outcomes = All(Outcome.Retry);
        if (!answer.IsSuccessStatusCode) return outcomes;
        try
        {
            using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            foreach (JsonElement entry in body.RootElement.GetProperty("statuses").EnumerateArray())
            {
                int index = Array.IndexOf(ids, entry.GetProperty("entryId").GetString());
                if (index < 0) journal.Say($"the application answered for an entry of {spec.Topic} that it was not given");
                else outcomes[index] = entry.TryGetProperty("status", out JsonElement status) ? Status(status.GetString()) : Outcome.Retry;
            }
            return outcomes;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            journal.Say($"the application's answer to a batch of {spec.Topic} does not parse: {e.Message}");
            return All(Outcome.Retry);
        }
    }

    private static Outcome Status(string? status) => status switch { "SUCCESS" => Outcome.Done, "DROP" => Outcome.Drop, _ => Outcome.Retry };

    private HttpRequestMessage Single(StoredMessage message, Read read)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, spec.Route!.TrimStart('/')) { Content = new ByteArrayContent(EventOf(message)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType.CloudEvents);
        request.Headers.TryAddWithoutValidation("pubsubname", spec.PubSub);
        foreach ((string key, string value) in MetadataOf(message)) request.Headers.TryAddWithoutValidation(key.ToLowerInvariant(), value);
        if (read.TraceParent.Length > 0)
        {
            TraceContext span = TraceContext.Child(read.TraceParent, read.TraceState);
            request.Headers.TryAddWithoutValidation("traceparent", span.Parent);
            if (span.State.Length > 0) request.Headers.TryAddWithoutValidation("tracestate", span.State);
        }
        return request;
    }

    private HttpRequestMessage Bulk(IReadOnlyList<StoredMessage> messages, int[] sent, string[] ids)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Guid.NewGuid().ToString());
            writer.WriteString("type", "com.dapr.event.sent.bulk");
            writer.WriteString("topic", spec.Topic);
            writer.WriteString("pubsubname", spec.PubSub);
            writer.WriteStartObject("metadata");
            writer.WriteString("pubsubName", spec.PubSub);
            writer.WriteEndObject();
            writer.WriteStartArray("entries");
            for (int i = 0; i < sent.Length; i++) WriteEntry(writer, ids[i], messages[sent[i]]);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        var request = new HttpRequestMessage(HttpMethod.Post, spec.Route!.TrimStart('/')) { Content = new ByteArrayContent(buffer.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private void WriteEntry(Utf8JsonWriter writer, string id, StoredMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("entryId", id);
        if (spec.Raw) writer.WriteBase64String("event", message.Message.Body);
        else
        {
            writer.WritePropertyName("event");
            writer.WriteRawValue(message.Message.Body, skipInputValidation: true);
        }
        writer.WriteString("contentType", spec.Raw ? MediaType.Binary : MediaType.CloudEvents);
        Dictionary<string, string> metadata = MetadataOf(message);
        if (metadata.Count == 0) writer.WriteNull("metadata");
        else
        {
            writer.WriteStartObject("metadata");
            foreach ((string key, string value) in metadata) writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private byte[] EventOf(StoredMessage message) =>
        spec.Raw ? Envelope.WrapRaw(spec.PubSub, spec.Topic, message.Message.Body, clock) : message.Message.Body;

    private Dictionary<string, string> MetadataOf(StoredMessage message)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        bool kafka = broker.Flavour == BrokerFlavour.Kafka;
        foreach ((string key, string value) in message.Message.Metadata)
        {
            if (!kafka || !key.Equals("partitionKey", StringComparison.OrdinalIgnoreCase)) metadata[key] = value;
        }
        if (!kafka) return metadata;
        if (message.Message.Metadata.TryGetValue("partitionKey", out string? partitionKey)) metadata["__key"] = partitionKey;
        metadata["__topic"] = spec.Topic;
        metadata["__partition"] = message.Partition.ToString(CultureInfo.InvariantCulture);
        metadata["__offset"] = message.Offset.ToString(CultureInfo.InvariantCulture);
        metadata["__timestamp"] = message.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return metadata;
    }

    /// <summary>Looks into the envelope: what does not decode is an error, what has expired or has no route is not delivered.</summary>
    private Read ReadBody(StoredMessage message)
    {
        Outcome? noRoute = spec.Route is null ? Outcome.Drop : null;
        if (spec.Raw) return new Read(noRoute, "", "");
        try
        {
            using JsonDocument envelope = JsonDocument.Parse(message.Message.Body);
            if (envelope.RootElement.ValueKind != JsonValueKind.Object) return new Read(Outcome.Retry, "", "");
            bool expired = envelope.RootElement.TryGetProperty("expiration", out JsonElement expiration)
                && expiration.TryGetDateTimeOffset(out DateTimeOffset until) && until <= clock.GetUtcNow();
            return new Read(expired ? Outcome.Drop : noRoute, Text(envelope.RootElement, "traceparent"), Text(envelope.RootElement, "tracestate"));
        }
        catch (JsonException)
        {
            return new Read(Outcome.Retry, "", "");
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private readonly record struct Read(Outcome? Refused, string TraceParent, string TraceState);
}
