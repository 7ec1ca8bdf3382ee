using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace QuadTurbo.Hosting.Logging;

/// <summary>One log entry as one line of JSON: <c>ts</c> (ISO 8601, UTC), <c>level</c>, <c>category</c>, <c>event</c>, <c>message</c>, each structured
/// value under its own name, <c>exception</c>.</summary>
/// <remarks>Everything outside printable ASCII is escaped, so that no value can end a line or drive a terminal. A structured value
/// whose name is one of the six gets an underscore behind it. Texts are cut at the limits below and end in "…" then.</remarks>
internal static class JsonLine
{
    private const int MessageLimit = 8 * 1024;
    private const int ExceptionLimit = 16 * 1024;
    private const int ValueLimit = 2 * 1024;
    private const int MostValues = 32;

    public static byte[] Write<TState>(
        DateTimeOffset now, LogLevel level, string category, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("ts", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
            json.WriteString("level", Name(level));
            json.WriteString("category", Cut(category, ValueLimit));
            json.WriteString("event", Cut(eventId.Name ?? eventId.Id.ToString(CultureInfo.InvariantCulture), ValueLimit));
            json.WriteString("message", Cut(formatter(state, exception), MessageLimit));
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                WriteValues(json, values);
            if (exception is not null)
                json.WriteString("exception", Cut(exception.ToString(), ExceptionLimit));
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteValues(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "ts", "level", "category", "event", "message", "exception" };
        int reserved = names.Count;
        foreach ((string key, object? value) in values)
        {
            if (key == "{OriginalFormat}" || names.Count - reserved >= MostValues)
                continue;
            string name = Cut(key, ValueLimit);
            while (!names.Add(name))
                name += "_";
            json.WritePropertyName(name);
            WriteValue(json, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool b: json.WriteBooleanValue(b); break;
            case int n: json.WriteNumberValue(n); break;
            case long n: json.WriteNumberValue(n); break;
            case uint n: json.WriteNumberValue(n); break;
            case ulong n: json.WriteNumberValue(n); break;
            case short n: json.WriteNumberValue(n); break;
            case byte n: json.WriteNumberValue(n); break;
            case decimal n: json.WriteNumberValue(n); break;
            case double n when double.IsFinite(n): json.WriteNumberValue(n); break;
            case float n when float.IsFinite(n): json.WriteNumberValue(n); break;
            case DateTimeOffset t: json.WriteStringValue(t.ToUniversalTime()); break;
            case IFormattable f: json.WriteStringValue(Cut(f.ToString(null, CultureInfo.InvariantCulture), ValueLimit)); break;
            default: json.WriteStringValue(Cut(value.ToString() ?? "", ValueLimit)); break;
        }
    }

    private static string Cut(string text, int limit) => text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit), "…");

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
