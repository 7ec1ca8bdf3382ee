using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Wire;

/// <summary>128 bits as 32 hex digits.</summary>
internal sealed class WireId : JsonConverter<OpportunityId>
{
    private const int Digits = 32;

    public override OpportunityId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && reader.ValueSpan.Length == Digits
        && ulong.TryParse(reader.ValueSpan[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
        && ulong.TryParse(reader.ValueSpan[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low)
            ? new OpportunityId(high, low)
            : throw new JsonException("an id must be 32 hex digits");

    public override void Write(Utf8JsonWriter writer, OpportunityId value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Digits];
        value.High.TryFormat(text, out _, "x16", CultureInfo.InvariantCulture);
        value.Low.TryFormat(text[16..], out _, "x16", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }
}

/// <summary>128 bits of a digest as 32 hex digits: as a number a reader in another language would round them.</summary>
internal sealed class WireDigest : JsonConverter<UInt128>
{
    private const int Digits = 32;

    public override UInt128 Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && reader.ValueSpan.Length == Digits
        && UInt128.TryParse(reader.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 digest)
            ? digest
            : throw new JsonException("a digest must be 32 hex digits");

    public override void Write(Utf8JsonWriter writer, UInt128 value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Digits];
        value.TryFormat(text, out _, "x32", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }
}

/// <summary>An instant in ISO 8601 with up to seven digits of a second; UTC ends in Z, and local time is refused.</summary>
internal sealed class WireInstant : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out DateTime instant)) throw new JsonException("not an instant in ISO 8601");
        return instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant;
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        if (value.Kind == DateTimeKind.Local) throw new JsonException($"{value:O} is local time, an instant must be UTC");
        writer.WriteStringValue(value);
    }
}

/// <summary>Bytes in base 64.</summary>
internal sealed class WireBytes : JsonConverter<ReadOnlyMemory<byte>>
{
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw new JsonException("not bytes in base 64");

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Span);
}

/// <summary>A value of an enumeration by its name, <c>cross_venue</c>; numbers and other names are refused.</summary>
internal sealed class WireName<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly (T Value, JsonEncodedText Name)[] Names =
    [
        .. Enum.GetValues<T>().Select(static value => (value, JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())))),
    ];

    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            foreach ((T value, JsonEncodedText name) in Names)
                if (reader.ValueTextEquals(name.EncodedUtf8Bytes)) return value;
        throw new JsonException($"must be one of {string.Join(", ", Names.Select(static n => n.Name.Value))}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        foreach ((T known, JsonEncodedText name) in Names)
        {
            if (!EqualityComparer<T>.Default.Equals(known, value)) continue;
            writer.WriteStringValue(name);
            return;
        }
        throw new JsonException($"{value} is not a value of {typeof(T).Name}");
    }
}
