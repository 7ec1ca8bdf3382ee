using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>A registry's folder that is gone after the test, and packages to put into it.</summary>
internal sealed class TemporaryRegistry : IDisposable
{
    public static readonly DateTime Noon = new(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    // In memory where that exists: these tests end processes at most, not power.
    private static readonly string Parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public TemporaryRegistry()
    {
        Folder = Path.Combine(Parent, "quadturbo-registry-" + Path.GetRandomFileName());
        Directory.CreateDirectory(Folder);
        Artefacts = new ArtefactStore(Folder);
        (History, Catalogue) = Open();
    }

    public string Folder { get; }

    public ArtefactStore Artefacts { get; }

    public History History { get; private set; }

    public VersionCatalogue Catalogue { get; private set; }

    public string Lines => Path.Combine(Folder, QuadTurbo.Registry.Models.History.FileName);

    public static ModelPackage Package(int ordinal, string? label = null, string notes = "made up") => ModelPackage.Create(
        new ModelManifest { Label = label ?? $"v1.0.{ordinal}", Ordinal = ordinal, Kind = "ftrl", Samples = 1, Seed = 0, Notes = notes },
        ModelPackage.Baseline.CrossVenue, ModelPackage.Baseline.Directional);

    public ModelVersion Register(ModelPackage package, int minute = 0) =>
        Catalogue.Register(Registration.Of(package, Noon), package.Bytes, "trained", Noon.AddMinutes(minute));

    /// <summary>Registers the version of an ordinal, and gives its identity.</summary>
    public string Register(int ordinal, int minute = 0) => Register(Package(ordinal), minute).Model.Id;

    public void Reopen()
    {
        History.Dispose();
        (History, Catalogue) = Open();
    }

    public void Dispose()
    {
        History.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private (History History, VersionCatalogue Catalogue) Open()
    {
        History history = History.Open(Folder);
        return (history, new VersionCatalogue(history, Artefacts));
    }
}
