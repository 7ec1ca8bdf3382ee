using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Wire;

/// <summary>A policy as text, made once for as long as it applies.</summary>
internal sealed class PolicyText
{
    private const int HashBytes = 16;
    private static readonly ConditionalWeakTable<GatePolicy, PolicyText> Known = [];

    private PolicyText(GatePolicy policy)
    {
        Content = JsonSerializer.SerializeToUtf8Bytes(new PolicyContent(policy.Gates, policy.Settings), WireJson.Of<PolicyContent>());
        Hash = HashOf(Content);
    }

    /// <summary>Its gates and settings, JSON.</summary>
    public byte[] Content { get; }

    /// <summary>See <see cref="HashOf"/>.</summary>
    public string Hash { get; }

    public static PolicyText Of(GatePolicy policy) => Known.GetValue(policy, static p => new PolicyText(p));

    /// <summary>
    /// The first 128 bits, hex, of the SHA-256 of <paramref name="content"/> with sorted names, no white space and no needless escapes: a sidecar
    /// changes nothing of that.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string HashOf(ReadOnlySpan<byte> content)
    {
        var text = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = WireJson.Depth });
        using JsonDocument read = JsonDocument.ParseValue(ref text);
        var sorted = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(sorted, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Sort(json, read.RootElement);
        return Convert.ToHexStringLower(SHA256.HashData(sorted.WrittenSpan).AsSpan(0, HashBytes));
    }

    private static void Sort(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(static p => p.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(property.Name);
                    Sort(json, property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray()) Sort(json, item);
                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
