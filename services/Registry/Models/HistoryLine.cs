using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuadTurbo.Registry.Models;

/// <summary>The bytes of one line of history, and back.</summary>
/// <remarks>
/// <c>{"seq":1,"at":…,"what":…,"model":…,"why":…,"details":{…},"prev":"HEX","hash":"HEX"}</c> and a line feed; ASCII, keys in this order, no white
/// space.
/// hash = SHA-256(prev as hex ‖ the line without its hash: <c>{"seq":1,…,"prev":"HEX"}</c>).
/// </remarks>
internal static class HistoryLine
{
    public const int HexDigits = 64;

    /// <summary>What the first line follows.</summary>
    public static readonly string Genesis = new('0', HexDigits);

    private const int HashField = 9 + HexDigits + 2; // ,"hash":"HEX"}
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The line of an event, its line feed with it, and the event as it will read.</summary>
    public static (byte[] Line, HistoryEntry Entry) Write(long seq, DateTime at, string model, string why, HistoryDetails details, string prev)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", seq);
            writer.WriteString("at", at);
            writer.WritePropertyName("what");
            JsonSerializer.Serialize(writer, details.What, Json);
            writer.WriteString("model", model);
            writer.WriteString("why", why);
            writer.WritePropertyName("details");
            JsonSerializer.Serialize(writer, details, details.GetType(), Json);
            writer.WriteString("prev", prev);
            writer.WriteEndObject();
        }
        byte[] body = memory.ToArray();
        string hash = HashOf(prev, body);
        byte[] line = [.. body.AsSpan(0, body.Length - 1), .. Encoding.ASCII.GetBytes($",\"hash\":\"{hash}\"}}\n")];
        return (line, Parse(body, hash));
    }

    /// <summary>The event of a line, without its line feed, that must follow <paramref name="prev"/>.</summary>
    /// <exception cref="HistoryDamagedException">It is not a line of ours, its hash is another, or it follows something else.</exception>
    public static HistoryEntry Read(ReadOnlySpan<byte> line, string file, long seq, string prev)
    {
        if (line.Length <= HashField || !line[^HashField..].StartsWith(",\"hash\":\""u8) || !line.EndsWith("\"}"u8))
            throw new HistoryDamagedException(file, seq, "the end", "\"hash\":\"…\"}", $"'{Printable(line[^Math.Min(line.Length, 24)..])}'");
        string expected = Encoding.ASCII.GetString(line.Slice(line.Length - 2 - HexDigits, HexDigits));
        byte[] body = [.. line[..^HashField], (byte)'}'];
        string found = HashOf(prev, body);
        if (found != expected) throw new HistoryDamagedException(file, seq, "the hash", Printable(Encoding.ASCII.GetBytes(expected)), found);
        HistoryEntry entry;
        try
        {
            entry = Parse(body, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new HistoryDamagedException(file, seq, "the event", "one that this build knows", $"not ({e.Message})", e);
        }
        if (entry.Seq != seq) throw new HistoryDamagedException(file, seq, "the number", $"{seq}", $"{entry.Seq}");
        if (entry.Prev != prev) throw new HistoryDamagedException(file, seq, "the hash of the line before", prev, entry.Prev);
        return entry;
    }

    /// <summary>Whether bytes at the end of the file can be what a crash left of the line <paramref name="seq"/>: its beginning, and then zeros or
    /// nothing.</summary>
    public static bool IsTorn(ReadOnlySpan<byte> rest, long seq)
    {
        rest = rest.TrimEnd((byte)0);
        byte[] head = Encoding.ASCII.GetBytes($"{{\"seq\":{seq},\"at\":\"");
        int shared = Math.Min(head.Length, rest.Length);
        if (!rest[..shared].SequenceEqual(head.AsSpan(0, shared))) return false;
        var reader = new Utf8JsonReader(rest, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0) return false;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string HashOf(string prev, byte[] body) => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(prev), .. body]));

    private static HistoryEntry Parse(byte[] body, string hash)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        HistoryKind what = root.GetProperty("what").Deserialize<HistoryKind>(Json);
        var details = (HistoryDetails)root.GetProperty("details").Deserialize(HistoryDetails.TypeOf(what), Json)!;
        return new HistoryEntry(
            root.GetProperty("seq").GetInt64(), root.GetProperty("at").GetDateTime(), root.GetProperty("model").GetString()!,
            root.GetProperty("why").GetString()!, details, root.GetProperty("prev").GetString()!, hash);
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes) text.Append(b is >= 32 and < 127 ? $"{(char)b}" : $"\\x{b:x2}");
        return text.ToString();
    }
}
