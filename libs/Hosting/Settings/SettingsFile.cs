using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace QuadTurbo.Hosting.Settings;

/// <summary>Reads a YAML or JSON file into nodes that know their line and column. Builds no types; refuses aliases, tags, repeated keys, more than
/// 256 KiB and more than 20 levels.</summary>
internal static class SettingsFile
{
    public const int BytesLimit = 256 * 1024;
    public const int DepthLimit = 20;

    /// <summary>The root of the file, or null if it holds nothing.</summary>
    /// <exception cref="SettingsException">The file is not there, not readable or not well formed; one error with its place.</exception>
    public static MapNode? Read(string path)
    {
        SettingsNode? root = Parse(Load(path), path, Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase));
        return root switch
        {
            null or TextNode { Text: null } => null,
            MapNode map => map,
            _ => throw Bad(path, "the file must hold keys and values", root.Line, root.Column),
        };
    }

    /// <summary>A value given as JSON text outside a file.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static SettingsNode ReadJson(string text) => new JsonNodes(Encoding.UTF8.GetBytes(text), "").Read();

    private static byte[] Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw Bad(path, "the config file does not exist", null, null);
            if (file.Length > BytesLimit)
                throw Bad(path, $"the config file is {file.Length} bytes; the limit is {BytesLimit} bytes", null, null);
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"the config file cannot be read: {e.Message}", null, null);
        }
    }

    private static SettingsNode? Parse(byte[] bytes, string path, bool json)
    {
        try
        {
            return json ? new JsonNodes(bytes, path).Read() : new YamlNodes(new UTF8Encoding(false, true).GetString(bytes), path).Read();
        }
        catch (YamlException e)
        {
            throw Bad(path, e.Message, (int)e.Start.Line, (int)e.Start.Column);
        }
        catch (JsonException e)
        {
            throw Bad(path, e.Message.Split(" LineNumber:")[0], (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // The decoder and the JSON reader say it in these two ways, without a place.
            throw Bad(path, "the config file is not valid UTF-8", null, null);
        }
    }

    private static SettingsException Bad(string path, string what, int? line, int? column) =>
        new([new SettingsError("", $"{what} (file {path}{(line is null ? "" : $":{line}:{column}")})", path, line, column)]);

    private static void CheckNew(string path, HashSet<string> names, string name, int line, int column)
    {
        if (!names.Add(name))
            throw Bad(path, $"key '{name}' is given twice", line, column);
    }

    private static void CheckDepth(string path, int depth, int line, int column)
    {
        if (depth > DepthLimit)
            throw Bad(path, $"the file is nested deeper than the limit of {DepthLimit} levels", line, column);
    }

    private sealed class YamlNodes(string text, string path)
    {
        private readonly Parser _parser = new(new StringReader(text));

        public SettingsNode? Read()
        {
            _parser.Consume<StreamStart>();
            if (!_parser.TryConsume<DocumentStart>(out _))
                return null;
            SettingsNode root = Node(1);
            _parser.Consume<DocumentEnd>();
            return _parser.TryConsume<DocumentStart>(out var second)
                ? throw Bad(path, "the file holds a second document", (int)second.Start.Line, (int)second.Start.Column)
                : root;
        }

        private SettingsNode Node(int depth)
        {
            ParsingEvent current = _parser.Current!;
            (int line, int column) = ((int)current.Start.Line, (int)current.Start.Column);
            CheckDepth(path, depth, line, column);
            if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
                throw Bad(path, "aliases, anchors and tags are not allowed", line, column);
            if (_parser.TryConsume<Scalar>(out var scalar))
                return new TextNode(IsNull(scalar) ? null : scalar.Value, line, column);
            if (_parser.TryConsume<SequenceStart>(out _))
            {
                var items = new List<SettingsNode>();
                while (!_parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Node(depth + 1));
                return new ListNode(items, line, column);
            }

            _parser.Consume<MappingStart>();
            return Map(depth, line, column);
        }

        private MapNode Map(int depth, int line, int column)
        {
            var entries = new List<MapEntry>();
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            while (!_parser.TryConsume<MappingEnd>(out _))
            {
                if (Node(depth + 1) is not TextNode { Text: { } name } key)
                    throw Bad(path, "a key must be a text", line, column);
                CheckNew(path, names, name, key.Line, key.Column);
                entries.Add(new MapEntry(name, Node(depth + 1), key.Line, key.Column));
            }

            return new MapNode(entries, line, column);
        }

        private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
    }

    private sealed class JsonNodes(byte[] bytes, string path)
    {
        public SettingsNode Read()
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = DepthLimit + 1,
            });
            reader.Read();
            SettingsNode root = Node(ref reader, 1);
            reader.Read();
            return root;
        }

        private SettingsNode Node(ref Utf8JsonReader reader, int depth)
        {
            (int line, int column) = Place(reader.TokenStartIndex);
            CheckDepth(path, depth, line, column);
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    return new TextNode(null, line, column);
                case JsonTokenType.String:
                    return new TextNode(reader.GetString(), line, column);
                case JsonTokenType.StartArray:
                    var items = new List<SettingsNode>();
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                        items.Add(Node(ref reader, depth + 1));
                    return new ListNode(items, line, column);
                case JsonTokenType.StartObject:
                    return Map(ref reader, depth, line, column);
                default:
                    return new TextNode(Encoding.UTF8.GetString(reader.ValueSpan), line, column);
            }
        }

        private MapNode Map(ref Utf8JsonReader reader, int depth, int line, int column)
        {
            var entries = new List<MapEntry>();
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name = reader.GetString()!;
                (int keyLine, int keyColumn) = Place(reader.TokenStartIndex);
                CheckNew(path, names, name, keyLine, keyColumn);
                reader.Read();
                entries.Add(new MapEntry(name, Node(ref reader, depth + 1), keyLine, keyColumn));
            }

            return new MapNode(entries, line, column);
        }

        private (int Line, int Column) Place(long index)
        {
            ReadOnlySpan<byte> before = bytes.AsSpan(0, (int)index);
            return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
        }
    }
}
