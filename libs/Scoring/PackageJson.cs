using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Online;
using QuadTurbo.Learning.Regimes;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>The canonical JSON of a package.</summary>
/// <remarks>
/// {format, label, ordinal, kind, schema{version, hash}, samples, seed, notes, heads{name: part}}; a part is
/// {type "logistic", samples, bias, terms[{feature, centre, weight, missing}]},
/// {type "ftrl", samples, bias, features[{name, mean, inverse_sd, cuts[], raw, bins[9]}]},
/// {type "onnx", samples, model base64, calibrator base64 or null},
/// {type "ensemble", strategy, members[{name, version, weight, part}]},
/// {type "trees", samples, ensemble base64, calibrator base64 or null[, confidence base64]} or {type "hmm", samples, model base64}.
/// model (its type), data, code and evaluation stand before the heads where they are not empty.
/// </remarks>
internal static class PackageJson
{
    /// <summary>The bytes of a package; room for <paramref name="capacity"/> of them is made at once.</summary>
    public static ReadOnlyMemory<byte> Write(ModelManifest manifest, IReadOnlyDictionary<string, ModelPart> parts, int capacity = 4096)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
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
            if (manifest.Type != ModelType.MetaLabel) json.WriteString("model", manifest.Type.ToString());
            if (manifest.Data.Length > 0) json.WriteString("data", manifest.Data);
            if (manifest.Code.Length > 0) json.WriteString("code", manifest.Code);
            if (manifest.Evaluation.Length > 0)
            {
                json.WritePropertyName("evaluation");
                json.WriteRawValue(manifest.Evaluation);
            }
            json.WriteStartObject("heads");
            foreach ((string name, ModelPart part) in parts) WritePart(json, name, part);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <exception cref="ModelRefusedException">Another format or schema, or contents that do not read.</exception>
    public static (ModelManifest Manifest, IReadOnlyDictionary<string, ModelPart> Parts) Read(ReadOnlyMemory<byte> bytes)
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
                Type = root.TryGetProperty("model", out JsonElement type) ? Enum.Parse<ModelType>(type.GetString() ?? "") : ModelType.MetaLabel,
                Data = OptionalText(root, "data"),
                Code = OptionalText(root, "code"),
                Evaluation = root.TryGetProperty("evaluation", out JsonElement evaluation) ? evaluation.GetRawText() : "",
            };
            return (manifest, ReadParts(root.GetProperty("heads")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or InvalidDataException)
        {
            throw new ModelRefusedException("contents", $"a package of format {ModelPackage.Format}", $"not readable ({e.Message})", e);
        }
    }

    private static void WriteEnsemble(Utf8JsonWriter json, EnsembleHead head)
    {
        json.WriteString("type", "ensemble");
        json.WriteString("strategy", head.Ballot.Strategy.ToString().ToLowerInvariant());
        json.WriteStartArray("members");
        for (int m = 0; m < head.Members.Count; m++)
        {
            EnsembleMember member = head.Members[m];
            json.WriteStartObject();
            json.WriteString("name", member.Name);
            json.WriteString("version", member.Version);
            json.WriteNumber("weight", head.Ballot.Weights[m]);
            WritePart(json, "part", member.Head);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, string name, ModelPart part)
    {
        json.WriteStartObject(name);
        switch (part)
        {
            case LogisticHead logistic: WriteLogistic(json, logistic); break;
            case FtrlHead ftrl: WriteFtrl(json, ftrl); break;
            case TreesHead trees: WriteTrees(json, trees); break;
            case OnnxHead onnx: WriteOnnx(json, onnx); break;
            case EnsembleHead ensemble: WriteEnsemble(json, ensemble); break;
            case RegimePart regime: WriteRegime(json, regime); break;
            default: throw new ArgumentException($"no layout for a part of type {part.GetType().Name}", nameof(part));
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

    private static void WriteTrees(Utf8JsonWriter json, TreesHead head)
    {
        json.WriteString("type", "trees");
        json.WriteNumber("samples", head.Samples);
        json.WriteBase64String("ensemble", head.Ensemble.ToBytes());
        WriteCalibrator(json, head.Calibrator);
        if (head.Confidence is not null) json.WriteBase64String("confidence", head.Confidence.ToBytes());
    }

    private static void WriteOnnx(Utf8JsonWriter json, OnnxHead head)
    {
        json.WriteString("type", "onnx");
        json.WriteNumber("samples", head.Samples);
        json.WriteBase64String("model", head.Model.Span);
        WriteCalibrator(json, head.Calibrator);
    }

    private static void WriteCalibrator(Utf8JsonWriter json, Calibrator? calibrator)
    {
        if (calibrator is null) json.WriteNull("calibrator");
        else json.WriteBase64String("calibrator", calibrator.ToBytes());
    }

    private static void WriteRegime(Utf8JsonWriter json, RegimePart part)
    {
        json.WriteString("type", "hmm");
        json.WriteNumber("samples", part.Samples);
        json.WriteBase64String("model", part.Model.ToBytes());
    }

    /// <summary>The parts by name; one that is written as the one before is the same object: both kinds often have one head.</summary>
    private static Dictionary<string, ModelPart> ReadParts(JsonElement heads)
    {
        var parts = new Dictionary<string, ModelPart>();
        JsonElement before = default;
        ModelPart? last = null;
        foreach (JsonProperty part in heads.EnumerateObject())
        {
            bool same = last is not null && JsonMarshal.GetRawUtf8Value(part.Value).SequenceEqual(JsonMarshal.GetRawUtf8Value(before));
            (before, last) = (part.Value, same ? last : ReadPart(part.Value));
            if (!parts.TryAdd(part.Name, last!)) throw new JsonException($"part {part.Name} is there twice");
        }
        return parts;
    }

    private static ModelPart ReadPart(JsonElement part) => Text(part, "type") switch
    {
        "logistic" => ReadLogistic(part),
        "ftrl" => ReadFtrl(part),
        "trees" => ReadTrees(part),
        "onnx" => new OnnxHead(part.GetProperty("model").GetBytesFromBase64(), ReadCalibrator(part), part.GetProperty("samples").GetInt64()),
        "ensemble" => ReadEnsemble(part),
        "hmm" => new RegimePart(RegimeModel.FromBytes(part.GetProperty("model").GetBytesFromBase64()), part.GetProperty("samples").GetInt64()),
        string other => throw new ModelRefusedException("head type", "logistic, ftrl, trees, onnx, ensemble or hmm", other),
    };

    private static EnsembleHead ReadEnsemble(JsonElement head)
    {
        JsonElement[] members = [.. head.GetProperty("members").EnumerateArray()];
        return new EnsembleHead(
            [.. members.Select(m => new EnsembleMember(Text(m, "name"), Text(m, "version"), ReadPart(m.GetProperty("part")) as ModelHead ?? throw new JsonException("a member is no head")))],
            new Ballot(Enum.Parse<VotingStrategy>(Text(head, "strategy"), ignoreCase: true), [.. members.Select(m => Number(m, "weight"))]));
    }

    private static TreesHead ReadTrees(JsonElement head) => new(
        TreeEnsemble.FromBytes(head.GetProperty("ensemble").GetBytesFromBase64()),
        ReadCalibrator(head),
        head.GetProperty("samples").GetInt64(),
        head.TryGetProperty("confidence", out JsonElement confidence) ? VennAbersTable.FromBytes(confidence.GetBytesFromBase64()) : null);

    private static Calibrator? ReadCalibrator(JsonElement head)
    {
        JsonElement calibrator = head.GetProperty("calibrator");
        return calibrator.ValueKind == JsonValueKind.Null ? null : Calibrator.FromBytes(calibrator.GetBytesFromBase64());
    }

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

    private static string OptionalText(JsonElement parent, string name) => parent.TryGetProperty(name, out _) ? Text(parent, name) : "";

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name).GetDouble();

    private static T[] Numbers<T>(JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(read)];

    private static void Require(string what, string expected, string found)
    {
        if (found != expected) throw new ModelRefusedException(what, expected, found);
    }
}
