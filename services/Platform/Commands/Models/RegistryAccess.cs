using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary>Changes a registry: the process that runs on the data directory is asked by HTTP; where none runs, history is written here, and the next
/// start says what judges.</summary>
/// <param name="named">--data-dir.</param>
internal sealed class RegistryAccess(string? named)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly string _directory = DataDirectory.OfRun(named);

    /// <summary>The process that runs on the directory; null when there is none.</summary>
    public ProcessFile? Process => RunningProcess.Of(_directory);

    /// <summary>The answer of the running process, or of the desk.</summary>
    /// <param name="path">Route of the process.</param>
    /// <param name="asked">Body of the request.</param>
    /// <param name="offline">The same of the desk.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The answer; with it whether it is a refusal that tells what was judged (409).</returns>
    /// <exception cref="BadInputException">It is refused; the message says why.</exception>
    public async Task<(JsonNode Answer, bool Open)> AskAsync<TAsked, TAnswer>(
        string path, TAsked asked, Func<RegistryDesk, ValueTask<TAnswer>> offline, CancellationToken cancel)
    {
        if (Process is not { } process)
            return (JsonSerializer.SerializeToNode(await OpenAsync((desk, _) => offline(desk)), Json)!, false);
        (int status, JsonNode? body) = await RunningProcess.AskAsync(process, HttpMethod.Post, path, cancel, JsonSerializer.SerializeToNode(asked, Json));
        bool judged = body?["checks"] is not null;
        if (status is (int)HttpStatusCode.OK or (int)HttpStatusCode.Created || judged) return (body!, status == (int)HttpStatusCode.Conflict);
        throw new BadInputException(
            body?["detail"] is { } detail ? $"{detail}" : body?["message"] is { } message ? $"{message}" : $"process {process.Pid} at {process.Address} answered {status}: {body?["title"]}");
    }

    /// <summary>The label by which predictions name what serves of a type.</summary>
    public string ServingName(VersionType type)
    {
        (VersionCatalogue catalogue, ArtefactStore artefacts) = ModelsCommand.Open(_directory);
        return new RegistryDesk(catalogue, artefacts, Path.Combine(_directory, RegistryService.ImportFolder), TimeProvider.System).ServingName(type);
    }

    /// <summary>Writes to the registry of a directory on which nothing runs.</summary>
    /// <exception cref="BadInputException">The directory cannot be written.</exception>
    /// <exception cref="IOException">Another process holds the history.</exception>
    public async Task<T> OpenAsync<T>(Func<RegistryDesk, ModelExchange, ValueTask<T>> work)
    {
        string folder = Path.Combine(DataDirectory.ForRun(named), RegistryService.Folder);
        using History history = History.Open(folder);
        var artefacts = new ArtefactStore(folder);
        var catalogue = new VersionCatalogue(history, artefacts);
        var desk = new RegistryDesk(catalogue, artefacts, Path.Combine(_directory, RegistryService.ImportFolder), TimeProvider.System);
        return await work(desk, new ModelExchange(catalogue, artefacts));
    }

    /// <summary>Where the running process finds a file of this machine: a copy in its import folder, unless it lies there.</summary>
    /// <exception cref="BadInputException">There is no such file, or another one of that name lies there.</exception>
    public string Hand(FileInfo file)
    {
        if (!file.Exists) throw new BadInputException($"there is no file '{file}'");
        // To open a pipe takes for ever, and a process that is handed one would wait as long.
        if (LengthOf(file) == 0) throw new BadInputException($"'{file}' is empty, or no regular file but a pipe, a socket or a device");
        string folder = Path.Combine(_directory, RegistryService.ImportFolder), copy = Path.Combine(folder, file.Name);
        if (file.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return file.FullName;
        Directory.CreateDirectory(folder);
        if (!File.Exists(copy)) file.CopyTo(copy);
        else if (LengthOf(new FileInfo(copy)) != LengthOf(file) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file.FullName)))
            throw new BadInputException($"'{copy}' is another file of the same name; give '{file}' another name");
        return file.Name;
    }

    private static long LengthOf(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;

    /// <summary>Label and ordinal of a model in an answer.</summary>
    public static string NameOf(JsonNode? model) => model is null ? "nothing" : $"{model["label"]} (v{model["ordinal"]})";

    /// <summary>What a version type is called when one of them is asked for.</summary>
    public static string Judging => $"{VersionType.Xgboost.Text()}, {VersionType.Onnx.Text()} or {VersionType.MetaLabel.Text()}";
}
