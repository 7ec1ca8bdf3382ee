using System.Collections.Immutable;
using System.Text.Json.Nodes;
using QuadTurbo.Platform.Tests.Architecture;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>The files that run the platform in several processes, by path; a test may alter a copy.</summary>
internal sealed class ManifestSet
{
    private static readonly (string Path, Shape Shape)[] Expected =
    [
        .. new[] { "local", "cluster" }.SelectMany(where => new[]
        {
            ($"components/{where}/pubsub.yaml", DaprShapes.Component), ($"components/{where}/statestore.yaml", DaprShapes.Component),
            ($"components/{where}/secretstore.yaml", DaprShapes.Component), ($"components/{where}/resiliency.yaml", DaprShapes.Resiliency),
            ($"components/{where}/configuration.yaml", DaprShapes.Configuration),
        }),
        ("dapr.yaml", DaprShapes.RunTemplate), ("docker-compose.yaml", StoreShapes.Compose), ("monitoring/prometheus.yaml", StoreShapes.Prometheus),
        ("charts/platform/alerts/platform.yaml", StoreShapes.Rules), ("monitoring/grafana/datasources/platform.yaml", StoreShapes.DataSources),
        ("monitoring/grafana/dashboards/platform.yaml", StoreShapes.DashboardProviders),
    ];

    private static readonly string[] Folders = ["components", "monitoring", "charts/platform/alerts"];
    private readonly ImmutableSortedDictionary<string, string> _texts;

    private ManifestSet(ImmutableSortedDictionary<string, string> texts) => _texts = texts;

    /// <summary>The files of the repository.</summary>
    public static ManifestSet OfRepository() => new(
        Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Sources.Root, folder), "*", SearchOption.AllDirectories))
            .Concat(new[] { "dapr.yaml", "docker-compose.yaml" }.Select(file => Path.Combine(Sources.Root, file)))
            .ToImmutableSortedDictionary(f => Path.GetRelativePath(Sources.Root, f).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));

    /// <summary>Every file that must be there.</summary>
    public static IEnumerable<string> Paths => Expected.Select(e => e.Path);

    /// <summary>The shape of a file.</summary>
    public static Shape ShapeOf(string path) => Expected.Single(e => e.Path == path).Shape;

    /// <summary>The text of a file; empty if it is not there.</summary>
    public string Text(string path) => _texts.GetValueOrDefault(path, "");

    /// <summary>A file, read.</summary>
    public JsonNode Read(string path) => Yaml.Read(Text(path)) ?? new JsonObject();

    /// <summary>A copy in which one file reads otherwise.</summary>
    public ManifestSet With(string path, string old, string altered)
    {
        Assert.Contains(old, Text(path), StringComparison.Ordinal);
        int at = Text(path).IndexOf(old, StringComparison.Ordinal);
        return new ManifestSet(_texts.SetItem(path, string.Concat(Text(path).AsSpan(0, at), altered, Text(path).AsSpan(at + old.Length))));
    }

    /// <summary>A copy with one more file.</summary>
    public ManifestSet And(string path, string text) => new(_texts.Add(path, text));

    /// <summary>A copy without a file.</summary>
    public ManifestSet Without(string path)
    {
        Assert.Contains(path, _texts.Keys);
        return new ManifestSet(_texts.Remove(path));
    }

    /// <summary>Files that are missing or too many, and everything in one that is not of its shape.</summary>
    public IReadOnlyList<string> ShapeErrors()
    {
        var errors = new List<string>();
        errors.AddRange(Paths.Except(_texts.Keys).Select(path => $"{path}: is missing"));
        errors.AddRange(_texts.Keys.Except(Paths).Select(path => $"{path}: is not expected here"));
        foreach ((string path, Shape shape) in Expected.Where(e => _texts.ContainsKey(e.Path)))
        {
            try
            {
                errors.AddRange(shape.Errors(Yaml.Read(Text(path))).Select(error => $"{path}: {error}"));
            }
            catch (FormatException e)
            {
                errors.Add($"{path}: {e.Message}");
            }
        }
        return errors;
    }
}
