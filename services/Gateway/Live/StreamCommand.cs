using System.Text;
using System.Text.Json;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Live;

/// <summary>One command of a client, read and in order; what it may say is bounded before anything of it is used.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Id">What comes back with the answer: a text of at most 64 characters, or a whole number; null when none was given.</param>
/// <param name="Channels">The channels that it names.</param>
/// <param name="Since">Of <c>subscribe</c>: the last place that the client has.</param>
/// <param name="Session">Of <c>subscribe</c>: the run that <paramref name="Since"/> is of; null when it was not said.</param>
/// <param name="Key">Of <c>auth</c>.</param>
internal sealed record StreamCommand(string Name, object? Id, Channels Channels, long? Since, string? Session, string? Key)
{
    private const int LongestText = 64, MostShown = 32, LongestKey = 256;
    private static readonly string[] Names = ["subscribe", "unsubscribe", "stats", "ping", "auth"];

    /// <summary>Reads a message.</summary>
    /// <exception cref="StreamCommandException">It is no command, or one of its fields is not in order.</exception>
    public static StreamCommand Read(ReadOnlyMemory<byte> message)
    {
        using JsonDocument document = Parse(message);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new StreamCommandException("not_a_command", "a command is a JSON object", null);
        object? id = null;
        if (root.TryGetProperty("id", out JsonElement given)) id = IdOf(given);
        string? name = root.TryGetProperty("command", out JsonElement command) && command.ValueKind == JsonValueKind.String ? TextOf(command) : null;
        if (name is null || !Names.Contains(name))
            throw new StreamCommandException("unknown_command", $"'command' must be one of {string.Join(", ", Names)}", id);
        return Fields(root, name, id);
    }

    private static StreamCommand Fields(JsonElement root, string name, object? id)
    {
        var read = new StreamCommand(name, id, Channels.None, null, null, null);
        foreach (JsonProperty field in root.EnumerateObject())
        {
            read = (name, field.Name) switch
            {
                (_, "command" or "id") => read,
                ("subscribe" or "unsubscribe", "channels") => read with { Channels = ChannelsOf(field.Value, id) },
                ("subscribe", "since") => read with { Since = SinceOf(field.Value, id) },
                ("subscribe", "session") => read with { Session = Text(field, LongestText, id) },
                ("auth", "key") => read with { Key = Text(field, LongestKey, id) },
                _ => throw new StreamCommandException("invalid_field", $"'{Shown(field.Name)}' is not a field of '{name}'", id),
            };
        }
        if (name is "subscribe" or "unsubscribe" && read.Channels == Channels.None)
            throw new StreamCommandException("invalid_field", $"'channels' must list at least one of {string.Join(", ", ChannelNames.All)}", id);
        if (name == "auth" && read.Key is null) throw new StreamCommandException("invalid_field", "'key' must be given", id);
        return read;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            throw new StreamCommandException("not_json", $"a command is well-formed JSON, at most {Limits.JsonDepth} deep, each field given once", null);
        }
    }

    private static Channels ChannelsOf(JsonElement list, object? id)
    {
        Channels channels = Channels.None;
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= 4 * ChannelNames.Count)
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                Channels channel = item.ValueKind == JsonValueKind.String ? ChannelNames.Of(TextOf(item)) : Channels.None;
                if (channel == Channels.None)
                    throw new StreamCommandException("unknown_channel", $"'{Shown(item.ToString())}' is not one of {string.Join(", ", ChannelNames.All)}", id);
                channels |= channel;
            }
        }
        return channels;
    }

    private static long SinceOf(JsonElement since, object? id) =>
        since.ValueKind == JsonValueKind.Number && since.TryGetInt64(out long place) && place is >= 0 and < 1L << 53
            ? place
            : throw new StreamCommandException("invalid_field", "'since' must be a whole number, 0 or more: the seq of the last message that you have", id);

    private static object? IdOf(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.String when TextOf(id) is { Length: <= LongestText } text => text,
        JsonValueKind.Number when id.TryGetInt64(out long number) => number,
        _ => throw new StreamCommandException("invalid_field", $"'id' must be a text of at most {LongestText} characters, or a whole number", null),
    };

    private static string Text(JsonProperty field, int longest, object? id) =>
        field.Value.ValueKind == JsonValueKind.String && TextOf(field.Value) is { } text && text.Length <= longest
            ? text
            : throw new StreamCommandException("invalid_field", $"'{field.Name}' must be a text of at most {longest} characters", id);

    // An escape of half a surrogate pair is JSON, but no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What of a client's own words is shown to it again: letters, digits and a few signs.</summary>
    private static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MostShown)))
            shown.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' ? c : '?');
        return text.Length > MostShown ? shown.Append("...").ToString() : shown.ToString();
    }
}

/// <summary>A client's message is no command that is followed; it is told so, and stays.</summary>
/// <param name="code">For programs.</param>
/// <param name="message">For people.</param>
/// <param name="id">The command's id, when that could be read.</param>
internal sealed class StreamCommandException(string code, string message, object? id) : Exception(message)
{
    /// <summary>For programs.</summary>
    public string Code { get; } = code;

    /// <summary>The command's id, when that could be read.</summary>
    public object? Id { get; } = id;
}
