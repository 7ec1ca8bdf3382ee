using System.CommandLine;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;

namespace QuadTurbo.Platform.Commands.Models;

/// <summary><c>models</c>: what was trained, how it was judged, what judges and why, and what shall.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Look at the registry of models, and change what judges.\n\nExample: quadturbo models list")
    {
        ListModels.Create(), ShowModel.Create(), ModelHistory.Create(), RegisterModel.Create(), AbTestModels.Create(), PromoteModel.Create(),
        RollBackModel.Create(), UnpinModel.Create(), ExportModel.Create(), ImportModel.Create(),
    };

    /// <summary>The type of model to look at; by default the one that judges opportunities.</summary>
    internal static Option<string> TypeOption() => new("--type")
    {
        Description = $"Type of model: {string.Join(", ", VersionTypes.All.Select(t => t.Text()))}.",
        DefaultValueFactory = _ => VersionType.MetaLabel.Text(),
    };

    /// <summary>The registry of a data directory as it stands, beside whoever writes it.</summary>
    internal static (VersionCatalogue Catalogue, ArtefactStore Artefacts) Open(string? named)
    {
        string folder = Path.Combine(DataDirectory.OfModels(named), RegistryService.Folder);
        return (VersionCatalogue.Read(folder), new ArtefactStore(folder));
    }
}
