using System.Globalization;
using System.Text.RegularExpressions;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Registry.Desk;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Mlflow;

/// <summary>What MLflow's clients ask of a model registry, answered from the catalogue [REG-12].</summary>
/// <remarks>
/// A registered model is a type of ours, its versions are ordinals, its stages follow what serves: they cannot be set, as nothing serves without an
/// experiment.
/// The five types are always there, so creating one says that it exists, which <c>mlflow.register_model</c> expects. There are no runs.
/// Refusals are exceptions; <see cref="MlflowError.Of"/> gives their status and body.
/// </remarks>
/// <param name="catalogue">Versions.</param>
/// <param name="exchange">Reads packages.</param>
/// <param name="folder">The one folder that packages are registered from.</param>
/// <param name="time">The clock.</param>
public sealed partial class MlflowRest(VersionCatalogue catalogue, ModelExchange exchange, string folder, TimeProvider time)
{
    private const int MostResults = 1_000;
    private const string OurTags = "quadturbo.";

    /// <summary><c>POST registered-models/create</c>.</summary>
    /// <exception cref="RegistryRefusedException">Always: the type exists, or there is none of that name.</exception>
    public static MlflowModelAnswer CreateModel(MlflowCreateModel request)
    {
        ArgumentNullException.ThrowIfNull(request);
        throw new RegistryRefusedException(
            Refusal.Conflict, $"registered model '{VersionTypes.Parse(request.Name ?? "").Text()}' exists, as every type does");
    }

    /// <summary><c>GET registered-models/get</c>.</summary>
    /// <exception cref="RegistryRefusedException">There is no such type.</exception>
    public MlflowModelAnswer GetModel(string? name) => new(Model(TypeOf(name)));

    /// <summary><c>GET registered-models/search</c>.</summary>
    /// <param name="filter">None, or <c>name = 'meta_label'</c>.</param>
    /// <param name="maxResults">Of one page, 1 to 1,000.</param>
    /// <param name="pageToken">From the page before.</param>
    /// <exception cref="RegistryRefusedException">The filter or the page is none that is known.</exception>
    public MlflowModelsAnswer SearchModels(string? filter = null, int maxResults = 100, string? pageToken = null)
    {
        (IReadOnlyList<VersionType> page, string? next) = Page([.. VersionTypes.All.Where(t => Matches(filter, t))], maxResults, pageToken);
        return new MlflowModelsAnswer([.. page.Select(Model)], next);
    }

    /// <summary><c>POST model-versions/create</c>: registers a package of the exchange folder.</summary>
    /// <exception cref="RegistryRefusedException">There is no such file or type, or its names are taken.</exception>
    /// <exception cref="Scoring.ModelRefusedException">It is no package of this build.</exception>
    public MlflowVersionAnswer CreateVersion(MlflowCreateVersion request)
    {
        ArgumentNullException.ThrowIfNull(request);
        VersionType type = TypeOf(request.Name);
        // Only the file's own name counts: what lies elsewhere on this machine is nobody's business.
        string file = Path.GetFileName((request.Source ?? "").Replace('\\', '/'));
        if (file.Length == 0) throw new RegistryRefusedException(Refusal.Invalid, $"source '{Echo.Of(request.Source ?? "")}' names no file in the exchange folder");
        var files = new ImportFolder(folder);
        string path = files.Inside(file, "source");
        files.Inside(ModelExchange.SignalBeside(path), "source");
        ModelVersion version = exchange.Import(path, null, "registered over MLflow's interface", Now, type);
        foreach (MlflowTag tag in request.Tags ?? []) SetTag(version, tag.Key, tag.Value);
        if (request.Description is { Length: > 0 } description) SetTag(version, "description", description);
        return new MlflowVersionAnswer(Version(catalogue.Find(version.Model.Id)!));
    }

    /// <summary><c>GET model-versions/get</c>.</summary>
    /// <exception cref="RegistryRefusedException">There is none.</exception>
    public MlflowVersionAnswer GetVersion(string? name, string? version) => new(Version(Find(name, version)));

    /// <summary><c>GET model-versions/search</c>; the newest first.</summary>
    /// <inheritdoc cref="SearchModels"/>
    public MlflowVersionsAnswer SearchVersions(string? filter = null, int maxResults = 100, string? pageToken = null)
    {
        IEnumerable<ModelVersion> found = catalogue.Versions().Where(v => Matches(filter, v.Type))
            .OrderByDescending(v => v.Model.Ordinal).ThenBy(v => v.Type);
        (IReadOnlyList<ModelVersion> page, string? next) = Page([.. found], maxResults, pageToken);
        return new MlflowVersionsAnswer([.. page.Select(Version)], next);
    }

    /// <summary><c>POST model-versions/set-tag</c>.</summary>
    /// <exception cref="RegistryRefusedException">There is no such version, or the tag is one of ours.</exception>
    public void SetTag(MlflowSetTag request)
    {
        ArgumentNullException.ThrowIfNull(request);
        SetTag(Find(request.Name, request.Version), request.Key, request.Value);
    }

    /// <summary><c>GET model-versions/get-download-uri</c>: the artefact, relative to the registry's folder.</summary>
    /// <exception cref="RegistryRefusedException">There is no such version.</exception>
    public MlflowUriAnswer DownloadUri(string? name, string? version) => new(Find(name, version).Path);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    [GeneratedRegex("""^\s*name\s*=\s*(['"])(?<name>[^'"]*)\1\s*\z""")]
    private static partial Regex NameFilter { get; }

    private static VersionType TypeOf(string? name) => VersionTypes.All.Any(t => t.Text() == name)
        ? VersionTypes.Parse(name!)
        : throw new RegistryRefusedException(
            Refusal.NotFound, $"no registered model is named '{Echo.Of(name ?? "")}', only {string.Join(", ", VersionTypes.All.Select(t => t.Text()))}");

    private static bool Matches(string? filter, VersionType type)
    {
        if (string.IsNullOrWhiteSpace(filter)) return true;
        Match match = NameFilter.Match(filter);
        return match.Success
            ? match.Groups["name"].Value == type.Text()
            : throw new RegistryRefusedException(Refusal.Invalid, $"filter \"{Echo.Of(filter)}\" is not of the form name = 'meta_label'");
    }

    private static (IReadOnlyList<T> Page, string? Next) Page<T>(List<T> all, int most, string? token)
    {
        if (most is < 1 or > MostResults) throw new RegistryRefusedException(Refusal.Invalid, $"max_results is {most}, expected 1 to {MostResults}");
        int from = 0;
        if (!string.IsNullOrEmpty(token) && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            throw new RegistryRefusedException(Refusal.Invalid, $"page_token '{Echo.Of(token)}' was not given out here");
        List<T> page = [.. all.Skip(from).Take(most)];
        return (page, page.Count == most && from + most < all.Count ? $"{from + most}" : null);
    }

    private static long Milliseconds(DateTime at) => new DateTimeOffset(at).ToUnixTimeMilliseconds();

    private static string Stage(VersionStatus status) => status switch
    {
        VersionStatus.Champion => "Production",
        VersionStatus.Challenger => "Staging",
        VersionStatus.Archived => "Archived",
        _ => "None",
    };

    private static MlflowModelVersion Version(ModelVersion version) => new(
        version.Type.Text(), $"{version.Model.Ordinal}", Milliseconds(version.RegisteredAt), Milliseconds(version.ChangedAt), Stage(version.Status),
        version.Notes, version.Model.Id, "", "READY",
        [
            .. version.Tags.Select(t => new MlflowTag(t.Key, t.Value)), new MlflowTag($"{OurTags}id", version.Model.Id),
            new MlflowTag($"{OurTags}label", version.Model.Label),
            .. version.Metrics.Select(m => new MlflowTag($"{OurTags}metric.{m.Key}", $"{m.Value:R}")),
        ],
        version.Status switch { VersionStatus.Champion => ["champion"], VersionStatus.Challenger => ["challenger"], _ => [] });

    private MlflowRegisteredModel Model(VersionType type)
    {
        IReadOnlyList<ModelVersion> versions = catalogue.Versions(type);
        return new MlflowRegisteredModel(
            type.Text(), versions.Select(v => Milliseconds(v.RegisteredAt)).DefaultIfEmpty().Min(),
            versions.Select(v => Milliseconds(v.ChangedAt)).DefaultIfEmpty().Max(),
            $"models of type {type.Text()}", [.. versions.GroupBy(v => Stage(v.Status)).Select(g => Version(g.MaxBy(v => v.Model.Ordinal)!))], []);
    }

    private ModelVersion Find(string? name, string? version)
    {
        VersionType type = TypeOf(name);
        return uint.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out uint ordinal)
            ? catalogue.Resolve(type, $"v{ordinal}")
            : throw new RegistryRefusedException(Refusal.Invalid, $"version '{Echo.Of(version ?? "")}' is not a number");
    }

    private void SetTag(ModelVersion version, string? key, string? value)
    {
        if (key?.StartsWith(OurTags, StringComparison.Ordinal) == true)
            throw new RegistryRefusedException(Refusal.Invalid, $"tags under '{OurTags}' say what is so, and cannot be set");
        catalogue.Tag(version.Model.Id, key ?? "", value ?? "", "tagged over MLflow's interface", Now);
    }
}
