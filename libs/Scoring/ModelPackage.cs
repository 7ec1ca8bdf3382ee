using System.Security.Cryptography;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Scoring;

/// <summary>What a package is for.</summary>
public enum ModelType
{
    /// <summary>Win probability of an opportunity: parts <c>cross_venue</c> and <c>directional</c>.</summary>
    MetaLabel,

    /// <summary>Slippage in bps: parts <c>cross_venue</c>, <c>cross_venue_p95</c>, <c>directional</c>, <c>directional_p95</c>, those that could be fitted.</summary>
    Slippage,

    /// <summary>The market's state: part <c>regime</c>.</summary>
    Regime,
}

/// <summary>What a package says of itself, beside its parts.</summary>
public sealed record ModelManifest
{
    /// <summary>What it is for.</summary>
    public ModelType Type { get; init; }

    /// <summary>Semantic version: <c>v0.1.0</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Running number.</summary>
    public required int Ordinal { get; init; }

    /// <summary>What sort of model it is: <c>baseline</c>, <c>ftrl</c>, <c>trees</c>, <c>hmm</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Labelled samples that it was made from; 0 for a prior.</summary>
    public required long Samples { get; init; }

    /// <summary>Root seed of the run that made it.</summary>
    public required long Seed { get; init; }

    /// <summary>In words, for people.</summary>
    public string Notes { get; init; } = "";

    /// <summary>SHA-256 of the data that it was fitted to, lower-case hex; empty for an online learner, which keeps none.</summary>
    public string Data { get; init; } = "";

    /// <summary>Commit of the code that fitted it; empty where it is not known.</summary>
    public string Code { get; init; } = "";

    /// <summary>How it was judged before it was published, as one JSON object; empty for none.</summary>
    public string Evaluation { get; init; } = "";
}

/// <summary>A model as it is stored, sent and named: canonical bytes whose SHA-256 is its identity; immutable.</summary>
/// <remarks>
/// The bytes are UTF-8 JSON with one order of keys, no white space and shortest round-trip numbers: equal models have equal bytes.
/// They hold no time and no path, so the same data and seed give the same identity.
/// </remarks>
public sealed class ModelPackage
{
    /// <summary>The one layout that is read and written.</summary>
    public const int Format = 1;

    /// <summary>The part that scores gaps between venues.</summary>
    public const string CrossVenuePart = "cross_venue";

    /// <summary>The part that scores directions at one venue.</summary>
    public const string DirectionalPart = "directional";

    private ModelPackage(ModelManifest manifest, IReadOnlyDictionary<string, ModelPart> parts, ReadOnlyMemory<byte> bytes, string id)
    {
        Manifest = manifest;
        Parts = parts;
        Bytes = bytes;
        Ref = new ModelRef(id, manifest.Label, manifest.Ordinal);
    }

    /// <summary>The labelled package that serves before any model is trained: <c>v0.1.0</c>, a prior and not a trained model.</summary>
    /// <remarks>
    /// score = sigmoid(b × net edge [bps] + c × (confidence − 0.55)), for both kinds. b = ln 3 / 5, so that 5 bps after costs score 0.75
    /// and 0 bps score 0.5 at the confidence of the confidence gate; c = 2: a confidence of 1 adds what 4.1 bps would. Without a net edge
    /// there is no score; without a confidence its term is 0.
    /// </remarks>
    public static ModelPackage Baseline { get; } = CreateBaseline();

    /// <summary>What it says of itself.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Its parts by name, in the order of their names.</summary>
    public IReadOnlyDictionary<string, ModelPart> Parts { get; }

    /// <summary>Scores gaps between venues.</summary>
    public ModelHead CrossVenue => Head(CrossVenuePart);

    /// <summary>Scores directions at one venue.</summary>
    public ModelHead Directional => Head(DirectionalPart);

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Identity, label and ordinal.</summary>
    public ModelRef Ref { get; }

    /// <summary>A new meta-label package, under the current feature schema.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Create(ModelManifest, IReadOnlyDictionary{string, ModelPart})"/>.</exception>
    public static ModelPackage Create(ModelManifest manifest, ModelHead crossVenue, ModelHead directional) =>
        Create(manifest, new Dictionary<string, ModelPart> { [CrossVenuePart] = crossVenue, [DirectionalPart] = directional });

    /// <summary>A new package, under the current feature schema.</summary>
    /// <exception cref="ArgumentException">The label is not <c>vN.N.N</c>, the ordinal or the samples are negative, the kind is empty, or a part does not belong.</exception>
    public static ModelPackage Create(ModelManifest manifest, IReadOnlyDictionary<string, ModelPart> parts)
    {
        SortedDictionary<string, ModelPart> ordered = Checked(manifest, parts);
        ReadOnlyMemory<byte> bytes = PackageJson.Write(manifest, ordered);
        return new ModelPackage(manifest, ordered, bytes, IdOf(bytes.Span));
    }

    /// <summary>The package whose bytes these are; nothing but the very package that <paramref name="id"/> names is loaded.</summary>
    /// <exception cref="ModelRefusedException">The bytes have another hash, another format or feature schema, or do not read.</exception>
    public static ModelPackage Load(ReadOnlyMemory<byte> bytes, string id)
    {
        string found = IdOf(bytes.Span);
        if (found != id) throw new ModelRefusedException("identity", id, found);
        (ModelManifest manifest, IReadOnlyDictionary<string, ModelPart> parts) = PackageJson.Read(bytes);
        SortedDictionary<string, ModelPart> ordered;
        try
        {
            ordered = Checked(manifest, parts);
        }
        catch (ArgumentException e)
        {
            throw new ModelRefusedException("manifest", "a valid one", $"invalid ({e.Message})", e);
        }
        ReadOnlyMemory<byte> canonical = PackageJson.Write(manifest, ordered, bytes.Length + 1);
        return canonical.Span.SequenceEqual(bytes.Span)
            ? new ModelPackage(manifest, ordered, canonical, id)
            : throw new ModelRefusedException("encoding", "canonical", "another spelling of the same contents");
    }

    /// <summary>The package that <paramref name="names"/> names, in identity, label and ordinal.</summary>
    /// <exception cref="ModelRefusedException">As for the identity alone, or the label or ordinal differs.</exception>
    public static ModelPackage Load(ReadOnlyMemory<byte> bytes, ModelRef names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ModelPackage package = Load(bytes, names.Id);
        if (package.Ref.Label != names.Label) throw new ModelRefusedException("label", names.Label, package.Ref.Label);
        return package.Ref.Ordinal == names.Ordinal
            ? package
            : throw new ModelRefusedException("ordinal", $"{names.Ordinal}", $"{package.Ref.Ordinal}");
    }

    /// <summary><c>sha256:</c> and the lower-case hex of the hash of <paramref name="bytes"/>.</summary>
    public static string IdOf(ReadOnlySpan<byte> bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private ModelHead Head(string name) =>
        Parts.GetValueOrDefault(name) as ModelHead ?? throw new InvalidOperationException($"a {Manifest.Type} package has no head '{name}'");

    private static SortedDictionary<string, ModelPart> Checked(ModelManifest manifest, IReadOnlyDictionary<string, ModelPart> parts)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(parts);
        if (!IsLabel(manifest.Label)) throw new ArgumentException($"label '{manifest.Label}' is not of the form v1.2.3", nameof(manifest));
        if (manifest.Ordinal < 0) throw new ArgumentException($"ordinal {manifest.Ordinal} is negative", nameof(manifest));
        if (manifest.Samples < 0) throw new ArgumentException($"samples {manifest.Samples} are negative", nameof(manifest));
        ArgumentException.ThrowIfNullOrWhiteSpace(manifest.Kind);
        var ordered = new SortedDictionary<string, ModelPart>(parts.ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal);
        CheckParts(manifest.Type, ordered);
        return ordered;
    }

    private static void CheckParts(ModelType type, IReadOnlyDictionary<string, ModelPart> parts)
    {
        bool fits = type switch
        {
            ModelType.MetaLabel => parts.Count == 2 && parts.GetValueOrDefault(CrossVenuePart) is ModelHead && parts.GetValueOrDefault(DirectionalPart) is ModelHead,
            ModelType.Slippage => parts.Count > 0 && parts.Values.All(p => p is TreesHead { Calibrator: null }),
            ModelType.Regime => parts.Count == 1 && parts.Values.First() is RegimePart,
            _ => false,
        };
        if (!fits) throw new ArgumentException($"a {type} package cannot hold {string.Join(", ", parts.Keys)}", nameof(parts));
    }

    private static bool IsLabel(string label) =>
        label.StartsWith('v') && label.Split('.') is { Length: 3 } parts
        && parts[0].Length > 1 && parts[0].AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
        && parts[1..].All(p => p.Length > 0 && p.All(char.IsAsciiDigit));

    private static ModelPackage CreateBaseline()
    {
        const double perBasisPoint = 0.21972245773362196; // ln 3 / 5
        var head = new LogisticHead(
            0,
            [
                new LogisticTerm("net_edge_bps", 0, perBasisPoint, MissingRule.Unknown),
                new LogisticTerm("confidence", 0.55, 2, MissingRule.Neutral),
            ],
            samples: 0);
        var manifest = new ModelManifest
        {
            Label = "v0.1.0",
            Ordinal = 0,
            Kind = "baseline",
            Samples = 0,
            Seed = 0,
            Notes = "A prior on edge after costs and confidence, not a trained model.",
        };
        return Create(manifest, head, head);
    }
}
