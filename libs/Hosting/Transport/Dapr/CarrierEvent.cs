using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>One message between processes, as a CloudEvent.</summary>
/// <remarks>
/// <c>source</c> names the process that said it and <c>sequence</c> its place among all that this process said under this topic, from 0 without a gap: so
/// whoever hears it puts it into order, and knows it when it comes twice. Source: CloudEvents 1.0.2, and its extension <c>sequence</c>.
/// </remarks>
/// <param name="Source">The process that said it.</param>
/// <param name="Sequence">Its place in the stream of its source and topic.</param>
/// <param name="Trace">W3C trace context of where it was said; null for none.</param>
/// <param name="Data">The text of the message.</param>
internal readonly record struct CarrierEvent(string Source, long Sequence, string? Trace, ReadOnlyMemory<byte> Data)
{
    private const string Type = "quadturbo.message";

    /// <summary>Writes it as an entry of a bulk publication.</summary>
    public void WriteEntry(Utf8JsonWriter json, string entryId)
    {
        json.WriteStartObject();
        json.WriteString("entryId"u8, entryId);
        json.WriteString("contentType"u8, "application/cloudevents+json"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteString("partitionKey"u8, Source);
        json.WriteEndObject();
        json.WriteStartObject("event"u8);
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, string.Create(CultureInfo.InvariantCulture, $"{Source}/{Sequence}"));
        json.WriteString("source"u8, Source);
        json.WriteString("type"u8, Type);
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WriteString("sequence"u8, Sequence.ToString("d20", CultureInfo.InvariantCulture));
        if (Trace is not null)
        {
            // A sidecar makes a trace of its own where traceid is missing.
            json.WriteString("traceid"u8, Trace);
            json.WriteString("traceparent"u8, Trace);
        }
        json.WritePropertyName("data"u8);
        json.WriteRawValue(Data.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The events of a delivery, single or bulk, with their entry ids; an id is empty for a single one, an event null where it is none of ours.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static List<(string EntryId, CarrierEvent? Event)> ReadDelivery(ReadOnlyMemory<byte> body)
    {
        var found = new List<(string, CarrierEvent?)>();
        var json = new Utf8JsonReader(body.Span);
        Begin(ref json);
        bool bulk = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("entries"u8))
            {
                json.Skip();
                continue;
            }
            bulk = true;
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray) throw new JsonException("entries is no array");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray) found.Add(ReadEntry(ref json, body));
        }
        if (bulk) return found;
        json = new Utf8JsonReader(body.Span);
        json.Read();
        return [("", ReadEvent(ref json, body))];
    }

    private static (string EntryId, CarrierEvent? Event) ReadEntry(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("an entry is no object");
        string id = "";
        CarrierEvent? read = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("entryId"u8))
            {
                json.Read();
                id = Text(ref json) ?? "";
            }
            else if (json.ValueTextEquals("event"u8))
            {
                json.Read();
                read = ReadEvent(ref json, body);
            }
            else
            {
                json.Skip();
            }
        }
        return (id, read);
    }

    private static CarrierEvent? ReadEvent(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }
        string? source = null, sequence = null, trace = null;
        ReadOnlyMemory<byte> data = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int field = json.ValueTextEquals("source"u8) ? 1 : json.ValueTextEquals("sequence"u8) ? 2
                : json.ValueTextEquals("traceparent"u8) ? 3 : json.ValueTextEquals("data"u8) ? 4 : 0;
            json.Read();
            if (field == 1) source = Text(ref json);
            else if (field == 2) sequence = Text(ref json);
            else if (field == 3) trace = Text(ref json);
            else if (field == 4) data = Raw(ref json, body);
            else json.Skip();
        }
        return source is { Length: > 0 and <= 256 } && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long place) && !data.IsEmpty
            ? new CarrierEvent(source, place, trace is { Length: > 0 } ? trace : null, data)
            : null;
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        int from = (int)json.TokenStartIndex;
        json.Skip();
        return body[from..(int)json.BytesConsumed];
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    private static void Begin(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("the delivery is no object");
    }
}
