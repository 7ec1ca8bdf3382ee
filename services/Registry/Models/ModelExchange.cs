using QuadTurbo.Hosting.Listening;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Versions as files in a folder that two processes share, a learner and a trader: export, import, and "the latest" [REG-03..05].</summary>
/// <remarks>
/// An export writes <c>meta_label_v42.json</c> and its <c>.signal.json</c>, then replaces <c>meta_label_latest.json</c>, and at last
/// <c>meta_label_latest.signal.json</c>: whoever sees the signal finds the file that it names whole, and no reader sees half of anything.
/// </remarks>
public sealed class ModelExchange(VersionCatalogue catalogue, ArtefactStore artefacts)
{
    private const string SignalSuffix = ".signal.json";
    private const long MostSignalBytes = 1 << 20;

    /// <summary>Writes a version to a folder; afterwards it is the latest of its type there, and the export is history [REG-08].</summary>
    /// <param name="id">Identity of the version.</param>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC.</param>
    /// <exception cref="RegistryRefusedException">No such version, its stored bytes are damaged, or the numbered file holds another one.</exception>
    public ModelSignal Export(string id, string folder, string why, DateTime at)
    {
        ModelVersion version = catalogue.Find(id) ?? throw new RegistryRefusedException(Refusal.NotFound, $"model '{id}' is not registered");
        byte[] bytes = artefacts.Load(id);
        string name = version.Type.Text(), numbered = $"{name}_v{version.Model.Ordinal}", path = Path.Combine(folder, $"{numbered}.json");
        Directory.CreateDirectory(folder);
        if (File.Exists(path) && ModelPackage.IdOf(DurableFile.Read(path, artefacts.MostBytes, path)) is var there && there != id)
            throw new RegistryRefusedException(Refusal.Conflict, $"'{path}' holds {there}, not {id}");
        var signal = new ModelSignal(id, version.Model.Label, version.Model.Ordinal, $"{numbered}.json", version.Metrics, at, name);
        DurableFile.Replace(path, bytes);
        DurableFile.Replace(Path.Combine(folder, numbered + SignalSuffix), signal.Write());
        DurableFile.Replace(Path.Combine(folder, $"{name}_latest.json"), bytes);
        DurableFile.Replace(Path.Combine(folder, $"{name}_latest{SignalSuffix}"), signal.Write());
        catalogue.Note(id, new Exported($"{numbered}.json"), why, at);
        return signal;
    }

    /// <summary>Registers the package in a file; one that is registered already stays as it is, and the import is history all the same.</summary>
    /// <param name="path">A package. A signal beside it says which one it must be, and its figures.</param>
    /// <param name="id">The identity that it must have; null for what the signal says, or without one for whatever it has.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC; also taken as the instant that its training had seen.</param>
    /// <param name="type">The type that it must be of; null for what the signal says, or without one for whatever the package is.</param>
    /// <exception cref="ModelRefusedException">The bytes have another identity, or are no package of this build; the message names the
    /// file.</exception>
    /// <exception cref="RegistryRefusedException">There is no such file, it is of another type, or what it says is refused.</exception>
    public ModelVersion Import(string path, string? id, string why, DateTime at, VersionType? type = null)
    {
        string beside = SignalBeside(path);
        ModelSignal? signal = File.Exists(beside) ? SignalIn(beside) : null;
        ModelPackage package = Open(path, id ?? signal?.ModelId);
        Registration said = Registration.Of(package, at);
        bool told = signal?.ModelId == package.Ref.Id;
        if ((type ?? (told && signal!.Type is { } text ? VersionTypes.Parse(text) : null)) is { } due)
        {
            if (!Fits(package, said.Type, due))
                throw new RegistryRefusedException(Refusal.Invalid, $"'{Path.GetFileName(path)}' is of type {said.Type.Text()}, expected {due.Text()}");
            said = said with { Type = due };
        }
        if (told && signal!.Metrics is { } metrics) said = said with { Metrics = metrics };
        ModelVersion version = catalogue.Register(said, package.Bytes, why, at);
        if (version.Type != said.Type)
        {
            throw new RegistryRefusedException(
                Refusal.Conflict, $"'{Path.GetFileName(path)}' is registered already, as {version.Type.Text()} {version.Model.Label}");
        }
        catalogue.Note(version.Model.Id, new Imported(Path.GetFileName(path)), why, at);
        return version;
    }

    /// <summary>The type that a signal says; null for one of an older build.</summary>
    /// <exception cref="RegistryRefusedException">There is no such file, or it is no signal.</exception>
    public static VersionType? TypeIn(string path) =>
        SignalIn(path).Type is { } text ? VersionTypes.Parse(text) : null;

    /// <summary>The latest version that was exported under a name, verified [REG-05]. Registers nothing.</summary>
    /// <remarks>Read by way of the signal and the numbered file, which never changes, so an export under way is not seen by halves.</remarks>
    /// <param name="folder">Where exports go.</param>
    /// <param name="name">Such as <c>meta_label</c>.</param>
    /// <exception cref="ModelRefusedException">The bytes are not what the signal says, or no package of this build.</exception>
    /// <exception cref="RegistryRefusedException">Nothing was exported under that name.</exception>
    public (string Id, ModelPackage Package) LoadLatest(string folder, string name)
    {
        string path = Path.Combine(folder, $"{VersionTypes.Parse(name).Text()}_latest{SignalSuffix}");
        ModelSignal signal = SignalIn(path);
        if (Path.GetFileName(signal.File) != signal.File)
            throw new RegistryRefusedException(Refusal.Invalid, $"'{Path.GetFileName(path)}' names '{signal.File}', which is not in its folder");
        return (signal.ModelId, Open(Path.Combine(folder, signal.File), signal.ModelId));
    }

    /// <summary>Where the signal of a package would lie.</summary>
    internal static string SignalBeside(string path) => Path.ChangeExtension(path, null) + SignalSuffix;

    // Refusals name the file without its folder: who asks from elsewhere does not learn where that lies.
    private static ModelSignal SignalIn(string path)
    {
        string name = Echo.Of(Path.GetFileName(path));
        return ModelSignal.Read(DurableFile.ReadSome(path, MostSignalBytes, name), name);
    }

    // A member that people registered is a package whose own type is that of the path: what its head is decides whether it can be that member.
    private static bool Fits(ModelPackage package, VersionType own, VersionType due) => due == own || (own == VersionType.MetaLabel && due switch
    {
        VersionType.Onnx => package.CrossVenue is OnnxHead,
        VersionType.Xgboost => package.CrossVenue is TreesHead,
        _ => false,
    });

    private ModelPackage Open(string path, string? id)
    {
        string name = Echo.Of(Path.GetFileName(path));
        byte[] bytes = DurableFile.ReadSome(path, artefacts.MostBytes, name);
        string found = ModelPackage.IdOf(bytes);
        if (id is not null && found != id) throw new ModelRefusedException($"the hash of {name}", id, found);
        return ModelPackage.Load(bytes, found);
    }
}
