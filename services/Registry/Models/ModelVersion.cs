using System.Diagnostics.CodeAnalysis;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Where a version stands.</summary>
public enum VersionStatus
{
    /// <summary>Registered; serves nothing.</summary>
    Candidate,

    /// <summary>In an experiment against the champion.</summary>
    Challenger,

    /// <summary>Serves.</summary>
    Champion,

    /// <summary>Put away; kept, and may be named, but not assigned.</summary>
    Archived,
}

/// <summary>What is said of a version when it is registered; none of it changes afterwards [REG-02, REG-10, REG-11].</summary>
public record Registration
{
    /// <summary>Identity (SHA-256 of the artefact's bytes), label and ordinal; any of them resolves.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>What it is for.</summary>
    public required VersionType Type { get; init; }

    /// <summary>What sort of model it is: <c>baseline</c>, <c>ftrl</c>, <c>trees</c>, <c>ensemble</c>, <c>hmm</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The artefact, relative to the registry's folder; filled in when it is stored.</summary>
    public string Path { get; init; } = "";

    /// <summary>Identity of the version that it was made from; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>The last instant that its training had seen, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Hash of the data that it was fitted to; empty where none was kept.</summary>
    public string Data { get; init; } = "";

    /// <summary>Hash of the feature schema that it reads; empty for a model that reads no features.</summary>
    public string Schema { get; init; } = "";

    /// <summary>Commit of the code that fitted it; empty where it is not known.</summary>
    public string Code { get; init; } = "";

    /// <summary>Figures by name, finite: <c>auc</c>, <c>ece</c>, <c>accuracy</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>In words, for people.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Whether it passed every check of its training; null where none was made.</summary>
    public bool? Ready { get; init; }

    /// <summary>Those checks in words.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Whether it may be assigned from the start.</summary>
    public bool Active { get; init; } = true;

    /// <summary>What a package says of itself, as a registration.</summary>
    /// <param name="package">The package.</param>
    /// <param name="knownAt">The last instant that its training had seen, UTC.</param>
    public static Registration Of(ModelPackage package, DateTime knownAt)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new Registration
        {
            Model = package.Ref,
            Type = VersionTypes.Of(package.Manifest.Type),
            Kind = package.Manifest.Kind,
            KnownAt = knownAt,
            Data = package.Manifest.Data,
            Schema = FeatureSchema.Hash,
            Code = package.Manifest.Code,
            Notes = package.Manifest.Notes,
        };
    }
}

/// <summary>A registered version as it stands now; immutable.</summary>
public sealed record ModelVersion : Registration
{
    [SetsRequiredMembers]
    internal ModelVersion(Registration registration, VersionStatus status, bool active, double weight, IReadOnlyDictionary<string, string> tags)
        : base(registration) => (Status, Active, TrafficWeight, Tags) = (status, active, weight, tags);

    /// <summary>When it was registered, UTC.</summary>
    public required DateTime RegisteredAt { get; init; }

    /// <summary>When history last told of it, UTC.</summary>
    public required DateTime ChangedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public VersionStatus Status { get; init; }

    /// <summary>Share of the traffic of its type that it serves, 0 to 1.</summary>
    public double TrafficWeight { get; init; }

    /// <summary>Words that people and programs hang on it.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; }
}
