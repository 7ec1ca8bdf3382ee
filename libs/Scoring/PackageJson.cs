using System.Buffers;
using System.Text.Json;
using QuadTurbo.Learning.Online;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>The canonical JSON of a package.</summary>
/// <remarks>
/// {format, label, ordinal, kind, schema{version, hash}, samples, seed, notes, heads{cross_venue, directional}}; a head is
/// {type "logistic", samples, bias, terms[{feature, centre, weight, missing}]} or
/// {type "ftrl", samples, bias, features[{name, mean, inverse_sd, cuts[], raw, bins[9]}]}.
/// </remarks>
internal static class PackageJson
{
    public static byte[] Write(ModelManifest manifest, ModelHead crossVenue, ModelHead directional)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", ModelPackage.Format);
            json.WriteString("label", manifest.Label);
            json.WriteNumber("ordinal", manifest.Ordinal);
            json.WriteString("kind", manifest.Kind);
            json.WriteStartObject("schema");
            json.WriteString("version", FeatureSchema.Version);
            json.WriteString("hash", FeatureSchema.Hash);
            json.WriteEndObject();
            json.WriteNumber("samples", manifest.Samples);
            json.WriteNumber("seed", manifest.Seed);
            json.WriteString("notes", manifest.Notes);
            json.WriteStartObject("heads");
            WriteHead(json, "cross_venue", crossVenue);
            WriteHead(json, "directional", directional);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="ModelRefusedException">Another format or schema, or contents that do not read.</exception>
    public static (ModelManifest Manifest, ModelHead CrossVenue, ModelHead Directional) Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            Require("format", $"{ModelPackage.Format}", $"{root.GetProperty("format").GetInt32()}");
            JsonElement schema = root.GetProperty("schema");
            Require("feature schema version", FeatureSchema.Version, Text(schema, "version"));
            Require("feature schema hash", FeatureSchema.Hash, Text(schema, "hash"));
            var manifest = new ModelManifest
            {
                Label = Text(root, "label"),
                Ordinal = root.GetProperty("ordinal").GetInt32(),
                Kind = Text(root, "kind"),
                Samples = root.GetProperty("samples").GetInt64(),
                Seed = root.GetProperty("seed").GetInt64(),
                Notes = Text(root, "notes"),
            };
            JsonElement heads = root.GetProperty("heads");
            return (manifest, ReadHead(heads.GetProperty("cross_venue")), ReadHead(heads.GetProperty("directional")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelRefusedException("contents", $"a package of format {ModelPackage.Format}", $"not readable ({e.Message})", e);
        }
    }

    private static void WriteHead(Utf8JsonWriter json, string name, ModelHead head)
    {
        json.WriteStartObject(name);
        switch (head)
        {
            case LogisticHead logistic: WriteLogistic(json, logistic); break;
            case FtrlHead ftrl: WriteFtrl(json, ftrl); break;
            default: throw new ArgumentException($"no layout for a head of type {head.GetType().Name}", nameof(head));
        }
        json.WriteEndObject();
    }

    private static void WriteLogistic(Utf8JsonWriter json, LogisticHead head)
    {
        json.WriteString("type", "logistic");
        json.WriteNumber("samples", head.Samples);
        json.WriteNumber("bias", head.Bias);
        json.WriteStartArray("terms");
        foreach (LogisticTerm term in head.Terms)
        {
            json.WriteStartObject();
            json.WriteString("feature", term.Feature);
            json.WriteNumber("centre", term.Centre);
            json.WriteNumber("weight", term.Weight);
            json.WriteString("missing", term.Missing == MissingRule.Unknown ? "unknown" : "neutral");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFtrl(Utf8JsonWriter json, FtrlHead head)
    {
        json.WriteString("type", "ftrl");
        json.WriteNumber("samples", head.Samples);
        json.WriteNumber("bias", head.Model.Bias);
        json.WriteStartArray("features");
        IReadOnlyList<BinnedFeature> features = head.Model.Features;
        for (int f = 0; f < features.Count; f++)
        {
            json.WriteStartObject();
            json.WriteString("name", FeatureSchema.Columns[f].Name);
            json.WriteNumber("mean", features[f].Mean);
            json.WriteNumber("inverse_sd", features[f].InverseDeviation);
            json.WriteStartArray("cuts");
            foreach (float cut in features[f].Cuts) json.WriteNumberValue(cut);
            json.WriteEndArray();
            json.WriteNumber("raw", features[f].RawWeight);
            json.WriteStartArray("bins");
            foreach (double weight in features[f].BinWeights) json.WriteNumberValue(weight);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ModelHead ReadHead(JsonElement head) => Text(head, "type") switch
    {
        "logistic" => ReadLogistic(head),
        "ftrl" => ReadFtrl(head),
        string other => throw new ModelRefusedException("head type", "logistic or ftrl", other),
    };

    private static LogisticHead ReadLogistic(JsonElement head)
    {
        LogisticTerm[] terms =
        [
            .. head.GetProperty("terms").EnumerateArray().Select(t => new LogisticTerm(
                Text(t, "feature"), Number(t, "centre"), Number(t, "weight"), ReadMissing(Text(t, "missing")))),
        ];
        return new LogisticHead(Number(head, "bias"), terms, head.GetProperty("samples").GetInt64());
    }

    private static FtrlHead ReadFtrl(JsonElement head)
    {
        BinnedFeature[] features =
        [
            .. head.GetProperty("features").EnumerateArray().Select(f => new BinnedFeature(
                Number(f, "mean"), Number(f, "inverse_sd"), Numbers(f, "cuts", c => c.GetSingle()),
                Number(f, "raw"), Numbers(f, "bins", b => b.GetDouble()))),
        ];
        return new FtrlHead(new BinnedLogistic(Number(head, "bias"), features), head.GetProperty("samples").GetInt64());
    }

    private static MissingRule ReadMissing(string text) => text switch
    {
        "unknown" => MissingRule.Unknown,
        "neutral" => MissingRule.Neutral,
        _ => throw new ModelRefusedException("missing rule", "unknown or neutral", text),
    };

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name).GetDouble();

    private static T[] Numbers<T>(JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(read)];

    private static void Require(string what, string expected, string found)
    {
        if (found != expected) throw new ModelRefusedException(what, expected, found);
    }
}
