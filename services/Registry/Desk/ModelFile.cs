using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Desk;

/// <summary>A model that people brought as a file, read and checked: the member of an ensemble, or a whole package.</summary>
internal sealed class ModelFile
{
    /// <summary>The largest file that is read [bytes].</summary>
    public const int MostBytes = OnnxFile.MostBytes;

    private const int ParityRows = 2_000;
    private const double MostApart = 1e-5;
    private readonly VersionType _type;
    private readonly ModelHead? _member;
    private readonly ModelPackage? _package;
    private readonly string _notes;

    private ModelFile(VersionType type, ModelHead? member, ModelPackage? package, string notes) =>
        (_type, _member, _package, _notes) = (type, member, package, notes);

    /// <summary>Reads a file: <c>xgboost</c> is what xgboost saves as JSON, or a package with trees; <c>onnx</c> a .onnx file; <c>meta_label</c> a
    /// package.</summary>
    /// <remarks>How many samples a model from elsewhere was fitted to is not known: 1 stands for it, as 0 would make it a prior. Trees must say as
    /// ONNX what they say here, within 1e-5.</remarks>
    /// <exception cref="RegistryRefusedException">It is no such model, or one that does not serve here; the message says why.</exception>
    public static ModelFile Read(VersionType type, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            string from = ModelPackage.IdOf(bytes.Span);
            return type switch
            {
                VersionType.Xgboost => new ModelFile(type, Checked(TreesOf(bytes, from)), null, $"Trees of the file {from}."),
                VersionType.Onnx => new ModelFile(type, new OnnxHead(bytes, calibrator: null, samples: 1), null, $"The ONNX file {from}."),
                VersionType.MetaLabel => new ModelFile(type, null, ModelPackage.Load(bytes, from), ""),
                _ => throw new RegistryRefusedException(
                    Refusal.Invalid, $"model_type is {type.Text()}; people register xgboost, onnx and meta_label", "model_type"),
            };
        }
        catch (ModelRefusedException e) when (type == VersionType.Onnx && e.InnerException is InvalidDataException cause)
        {
            throw Refused(type, $"not an ONNX model, or not a whole one: its bytes do not read ({cause.Message})");
        }
        catch (Exception e) when (e is ModelRefusedException or InvalidDataException or ArgumentException or OnnxException)
        {
            throw Refused(type, e.Message);
        }
    }

    /// <summary>What to tell people of a member that gives no number where values are missing; null for one that does, and for a package.</summary>
    public string? Caution => _member is null ? null : MissingValues.Caution(_member);

    /// <summary>Whether the file is a package that bears this label itself; its ordinal then.</summary>
    public int? OrdinalUnder(string label) => _package?.Ref is { } names && names.Label == label ? names.Ordinal : null;

    /// <summary>The package of these names: the file itself where it bears them, or one made from it. The same names give the same bytes.</summary>
    public ModelPackage Named(string label, int ordinal)
    {
        if (_package is { } whole)
        {
            return whole.Ref.Label == label && whole.Ref.Ordinal == ordinal
                ? whole
                : ModelPackage.Create(whole.Manifest with { Label = label, Ordinal = ordinal, Notes = $"Made from {whole.Ref.Id}. {whole.Manifest.Notes}" }, whole.Parts);
        }
        var manifest = new ModelManifest
        {
            Label = label,
            Ordinal = ordinal,
            Kind = _type == VersionType.Onnx ? "onnx" : "trees",
            Samples = _member!.Samples,
            Seed = 0,
            Notes = _notes,
        };
        return ModelPackage.Create(manifest, _member, ModelPackage.Baseline.Directional);
    }

    private static TreesHead TreesOf(ReadOnlyMemory<byte> bytes, string id)
    {
        // A package's bytes are canonical: they begin so.
        if (bytes.Span.StartsWith("{\"format\":"u8))
        {
            return ModelPackage.Load(bytes, id).CrossVenue.FindTrees()
                ?? throw new InvalidDataException("the package has no trees for gaps between venues");
        }
        TreeEnsemble trees = XgboostModel.Import(bytes.Span);
        return trees.Objective == Objective.Logistic
            ? new TreesHead(trees, Identity.Instance, samples: 1)
            : throw new InvalidDataException($"its objective is {trees.Objective}; a probability (binary:logistic) is needed");
    }

    private static TreesHead Checked(TreesHead head)
    {
        double apart = OnnxParity.LargestDifference(head, ParityRows, seed: 0);
        return apart <= MostApart
            ? head
            : throw new InvalidDataException($"its trees written as ONNX differ from themselves by {apart:R}, at most {MostApart}");
    }

    // Without the words that an argument's refusal has for programmers.
    private static RegistryRefusedException Refused(VersionType type, string why) =>
        new(Refusal.Invalid, $"model_path holds no {type.Text()} model that serves here: {why.Split(" (Parameter '")[0]}", "model_path");
}
