using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Records;

/// <summary>How records that are JSON are written.</summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };
}

/// <summary>A run of the platform began.</summary>
public sealed record SessionOpened
{
    /// <summary>Session name: part of every opportunity's identity.</summary>
    public required string Session { get; init; }

    /// <summary>When, UTC, on the platform's clock.</summary>
    public required DateTime At { get; init; }

    /// <summary>Preset that was chosen; null for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Version of the software.</summary>
    public required string Version { get; init; }

    /// <summary>Hash of the feature schema.</summary>
    public required string FeatureSchema { get; init; }

    /// <summary>Seed of every random stream.</summary>
    public long Seed { get; init; }
}

/// <summary>The lanes that owe an opportunity an outcome.</summary>
[Flags]
public enum DueLanes : byte
{
    /// <summary>No lane.</summary>
    None = 0,

    /// <summary>Lane 1: it passed, and the lane is on.</summary>
    Production = 1,

    /// <summary>Lane 2.</summary>
    Shadow = 2,

    /// <summary>Lane 3.</summary>
    Training = 4,
}

/// <summary>Lanes as bits.</summary>
public static class DueLanesOf
{
    /// <summary>The bit of <paramref name="lane"/>.</summary>
    public static DueLanes AsDue(this Lane lane) => lane switch
    {
        Lane.Production => DueLanes.Production,
        Lane.ShadowSim => DueLanes.Shadow,
        Lane.Training => DueLanes.Training,
        _ => DueLanes.None,
    };
}
