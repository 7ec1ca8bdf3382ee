// The shapes of MLflow's REST API (mlflow.org, "REST API", version 2.0), side by side: together they are the format. Names are written in snake case.

using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuadTurbo.Registry.Mlflow;

/// <summary>How MLflow's messages are written.</summary>
public static class MlflowJson
{
    /// <summary>Snake case; what is null is left out. A field that a message does not have, or has twice, is refused.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };
}

/// <summary>A word on a version.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record MlflowTag(string Key, string Value);

/// <summary>A registered model: a type of ours, <c>meta_label</c>.</summary>
/// <param name="Name">The type.</param>
/// <param name="CreationTimestamp">Registration of its first version [ms since 1970]; 0 for none.</param>
/// <param name="LastUpdatedTimestamp">Last line of history on one of its versions [ms since 1970]; 0 for none.</param>
/// <param name="Description">In words.</param>
/// <param name="LatestVersions">The newest version of each stage.</param>
/// <param name="Tags">None.</param>
public sealed record MlflowRegisteredModel(
    string Name, long CreationTimestamp, long LastUpdatedTimestamp, string Description, IReadOnlyList<MlflowModelVersion> LatestVersions,
    IReadOnlyList<MlflowTag> Tags);

/// <summary>A version of a registered model.</summary>
/// <param name="Name">The type.</param>
/// <param name="Version">The ordinal.</param>
/// <param name="CreationTimestamp">When it was registered [ms since 1970].</param>
/// <param name="LastUpdatedTimestamp">When history last told of it [ms since 1970].</param>
/// <param name="CurrentStage"><c>Production</c> for the champion, <c>Staging</c> for the challenger, <c>Archived</c>, else <c>None</c>.</param>
/// <param name="Description">Its notes.</param>
/// <param name="Source">Its identity.</param>
/// <param name="RunId">Empty: there are no runs.</param>
/// <param name="Status"><c>READY</c>: what is registered is stored.</param>
/// <param name="Tags">Its tags, and <c>quadturbo.id</c>, <c>quadturbo.label</c> and <c>quadturbo.metric.NAME</c>.</param>
/// <param name="Aliases"><c>champion</c> or <c>challenger</c>.</param>
public sealed record MlflowModelVersion(
    string Name, string Version, long CreationTimestamp, long LastUpdatedTimestamp, string CurrentStage, string Description, string Source,
    string RunId, string Status, IReadOnlyList<MlflowTag> Tags, IReadOnlyList<string> Aliases);

/// <summary>Request of <c>registered-models/create</c>.</summary>
/// <param name="Name">The type.</param>
/// <param name="Tags">Not kept.</param>
/// <param name="Description">Not kept.</param>
/// <param name="DeploymentJobId">Not kept.</param>
public sealed record MlflowCreateModel(string? Name, IReadOnlyList<MlflowTag>? Tags = null, string? Description = null, string? DeploymentJobId = null);

/// <summary>Request of <c>model-versions/create</c>.</summary>
/// <param name="Name">The type.</param>
/// <param name="Source">A package in the exchange folder, by the name of its file; <c>file:</c> and folders before it are passed over.</param>
/// <param name="RunId">Not kept.</param>
/// <param name="Tags">Tags of the new version.</param>
/// <param name="Description">Kept as the tag <c>description</c>.</param>
/// <param name="RunLink">Not kept.</param>
/// <param name="ModelId">Not kept.</param>
public sealed record MlflowCreateVersion(
    string? Name, string? Source, string? RunId = null, IReadOnlyList<MlflowTag>? Tags = null, string? Description = null, string? RunLink = null,
    string? ModelId = null);

/// <summary>Request of <c>model-versions/set-tag</c>.</summary>
/// <param name="Name">The type.</param>
/// <param name="Version">The ordinal.</param>
/// <param name="Key">The tag's name.</param>
/// <param name="Value">Its value.</param>
public sealed record MlflowSetTag(string? Name, string? Version, string? Key, string? Value);

/// <summary>Answer that holds one registered model.</summary>
/// <param name="RegisteredModel">The model.</param>
public sealed record MlflowModelAnswer(MlflowRegisteredModel RegisteredModel);

/// <summary>Answer that holds registered models.</summary>
/// <param name="RegisteredModels">The models.</param>
/// <param name="NextPageToken">What asks for the next page; null on the last.</param>
public sealed record MlflowModelsAnswer(IReadOnlyList<MlflowRegisteredModel> RegisteredModels, string? NextPageToken);

/// <summary>Answer that holds one version.</summary>
/// <param name="ModelVersion">The version.</param>
public sealed record MlflowVersionAnswer(MlflowModelVersion ModelVersion);

/// <summary>Answer that holds versions.</summary>
/// <param name="ModelVersions">The versions, the newest first.</param>
/// <param name="NextPageToken">What asks for the next page; null on the last.</param>
public sealed record MlflowVersionsAnswer(IReadOnlyList<MlflowModelVersion> ModelVersions, string? NextPageToken);

/// <summary>Answer of <c>model-versions/get-download-uri</c>.</summary>
/// <param name="ArtifactUri">Where the artefact lies.</param>
public sealed record MlflowUriAnswer(string ArtifactUri);
