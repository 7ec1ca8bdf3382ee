using System.Text.Json;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Trading.Wire;

/// <summary>Where the parts of a text are; they may come in any order, and parts that are not known are passed over.</summary>
internal ref struct WireEnvelope
{
    /// <summary>Names the order and meaning of the model's inputs.</summary>
    public static string Schema { get; } = FeatureSchema.Hash[..16];

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 32 };

    public ReadOnlySpan<byte> Instruments { get; private set; }

    public ReadOnlySpan<byte> Scorers { get; private set; }

    public ReadOnlySpan<byte> Models { get; private set; }

    public ReadOnlySpan<byte> Policies { get; private set; }

    public ReadOnlySpan<byte> Referenced { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool HasSchema { get; private set; }

    /// <summary>The parts of <paramref name="text"/>, which is a <paramref name="kind"/> of that name.</summary>
    /// <exception cref="JsonException">It is no such thing.</exception>
    public static WireEnvelope Of(string kind, string name, ReadOnlySpan<byte> text)
    {
        if (text.Length > WireFormat.MostBytes) throw new JsonException($"{text.Length} bytes, a message may have {WireFormat.MostBytes}");
        WireEnvelope parts = default;
        bool format = false, named = false;
        var json = new Utf8JsonReader(text, Reading);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("format"u8)) format = Format(ref json, format);
            else if (json.ValueTextEquals(kind)) named = Named(ref json, kind, name, named);
            else if (json.ValueTextEquals("schema"u8)) parts.HasSchema = HasThatSchema(ref json, parts.HasSchema);
            else if (json.ValueTextEquals("instruments"u8)) parts.Instruments = Part(ref json, text, parts.Instruments, "instruments");
            else if (json.ValueTextEquals("scorers"u8)) parts.Scorers = Part(ref json, text, parts.Scorers, "scorers");
            else if (json.ValueTextEquals("models"u8)) parts.Models = Part(ref json, text, parts.Models, "models");
            else if (json.ValueTextEquals("policies"u8)) parts.Policies = Part(ref json, text, parts.Policies, "policies");
            else if (json.ValueTextEquals("referenced"u8)) parts.Referenced = Part(ref json, text, parts.Referenced, "referenced");
            else if (json.ValueTextEquals("value"u8)) parts.Value = Part(ref json, text, parts.Value, "value");
            else Pass(ref json);
        }
        while (json.Read())
        {
        }
        if (!format) throw new JsonException("format is missing");
        if (!named) throw new JsonException($"{kind} is missing");
        return parts.Value.IsEmpty ? throw new JsonException("value is missing") : parts;
    }

    private static bool Format(ref Utf8JsonReader json, bool before)
    {
        json.Read();
        if (before) throw Twice("format");
        if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out int format)) throw new JsonException("format is not a number");
        return format == WireFormat.Version ? true : throw new JsonException($"format {format}, this version reads {WireFormat.Version}");
    }

    private static bool Named(ref Utf8JsonReader json, string kind, string name, bool before)
    {
        json.Read();
        if (before) throw Twice(kind);
        return json.TokenType == JsonTokenType.String && json.ValueTextEquals(name) ? true : throw new JsonException($"{kind} is another one");
    }

    private static bool HasThatSchema(ref Utf8JsonReader json, bool before)
    {
        json.Read();
        if (before) throw Twice("schema");
        return json.TokenType == JsonTokenType.String && json.ValueTextEquals(Schema)
            ? true
            : throw new JsonException($"schema of the features is another one than {Schema}");
    }

    /// <summary>The bytes of the next value.</summary>
    public static ReadOnlySpan<byte> Part(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, string name)
    {
        if (!before.IsEmpty) throw Twice(name);
        json.Read();
        int start = (int)json.TokenStartIndex;
        json.Skip();
        return text[start..(int)json.BytesConsumed];
    }

    public static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static JsonException Twice(string name) => new($"{name} is there twice");
}
