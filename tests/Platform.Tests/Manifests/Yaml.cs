using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>One YAML document as JSON, with the types that a plain scalar has there.</summary>
internal static class Yaml
{
    /// <summary>The document.</summary>
    /// <exception cref="FormatException">It is not one document of maps, lists and scalars, or gives a key twice.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            JsonNode? root = Node(parser);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _) ? root : throw new FormatException("a second document");
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }
    }

    private static JsonNode? Node(Parser parser)
    {
        if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
            throw new FormatException($"line {parser.Current.Start.Line}: an alias, anchor or tag");
        if (parser.TryConsume<Scalar>(out Scalar? scalar)) return Typed(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Node(parser));
            return list;
        }
        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = parser.Consume<Scalar>();
            if (map.ContainsKey(key.Value)) throw new FormatException($"line {key.Start.Line}: '{key.Value}' is given twice");
            map[key.Value] = Node(parser);
        }
        return map;
    }

    private static JsonValue? Typed(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain ? JsonValue.Create(scalar.Value)
        : scalar.Value is "" or "~" or "null" ? null
        : scalar.Value is "true" or "false" ? JsonValue.Create(scalar.Value == "true")
        : long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? JsonNode.Parse($"{whole}")!.AsValue()
        : double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? JsonValue.Create(number)
        : JsonValue.Create(scalar.Value);
}
