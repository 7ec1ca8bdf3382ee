using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Registry.Desk;

/// <summary>What predictions call the members of a version. Keeps what it found of the last one, since a package is large. Thread-safe.</summary>
/// <param name="artefacts">Packages.</param>
internal sealed class MemberNames(ArtefactStore artefacts)
{
    // Models of these sorts have no members.
    private static readonly string[] Alone = ["baseline", "ftrl"];
    private volatile Found? _last;

    /// <summary>The version of a member; <c>v0.1.0</c> for one that is not there.</summary>
    /// <exception cref="Trading.Models.RegistryRefusedException">There are no bytes of that version.</exception>
    /// <exception cref="ModelRefusedException">They are damaged.</exception>
    public string Of(ModelVersion version, VersionType type)
    {
        if (Alone.Contains(version.Kind)) return ScorerNames.StandIn;
        Found? last = _last;
        if (last?.Id != version.Model.Id)
        {
            ModelPackage package = artefacts.LoadPackage(version.Model.Id);
            _last = last = new Found(version.Model.Id, Composer.VersionIn(package, VersionType.Xgboost), Composer.VersionIn(package, VersionType.Onnx));
        }
        return type == VersionType.Xgboost ? last.Trees : last.Network;
    }

    private sealed record Found(string Id, string Trees, string Network);
}
