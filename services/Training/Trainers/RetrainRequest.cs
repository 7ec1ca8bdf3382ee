using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>What a full retrain starts from: frozen, so that learning goes on meanwhile.</summary>
public sealed record RetrainRequest
{
    /// <summary>What fired.</summary>
    public required string Trigger { get; init; }

    /// <summary>The instant up to which everything is known, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The dataset, in the order in which it became known.</summary>
    public required Sample[] Samples { get; init; }

    /// <summary>The model that serves; null while the baseline does.</summary>
    public ModelAssigned? Serving { get; init; }

    /// <summary>What to train.</summary>
    public IReadOnlySet<ModelType> Types { get; init; } = new HashSet<ModelType>(Enum.GetValues<ModelType>());

    /// <summary>When it began to serve, UTC; null where that is not known.</summary>
    public DateTime? ServingSince { get; init; }
}
