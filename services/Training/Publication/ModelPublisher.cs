using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Training.Publication;

/// <summary>A version about to be published: frozen, so that learning goes on meanwhile.</summary>
public sealed record VersionDraft
{
    /// <summary>v<i>N</i>.</summary>
    public required int Ordinal { get; init; }

    /// <summary>What fired.</summary>
    public required string Trigger { get; init; }

    /// <summary>Labelled samples behind it.</summary>
    public required long Samples { get; init; }

    /// <summary>The last instant it has seen, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Head for gaps.</summary>
    public required ModelHead CrossVenue { get; init; }

    /// <summary>Head for directions.</summary>
    public required ModelHead Directional { get; init; }

    /// <summary>Prequential log-loss and accuracy over all samples.</summary>
    public required (double LogLoss, double Accuracy) Figures { get; init; }

    /// <summary>The baseline's on the same samples.</summary>
    public required (double LogLoss, double Accuracy) Baseline { get; init; }

    /// <summary>Prequential AUC.</summary>
    public required double Auc { get; init; }

    /// <summary>The names; known once it is packed.</summary>
    public ModelRef? Model { get; set; }
}

/// <summary>Packs a version, says that it was trained, and assigns it when a trained head in it may serve.</summary>
public sealed class ModelPublisher(EmbeddedTransport transport)
{
    /// <summary>Afterwards model.trained is out, and model.assigned if a head beats the baseline.</summary>
    public async ValueTask PublishAsync(VersionDraft draft, CancellationToken cancel)
    {
        CrashPoint.Hit("training.before-pack");
        ModelPackage package = ModelPackage.Create(
            new ModelManifest
            {
                Label = $"v0.1.{draft.Ordinal}",
                Ordinal = draft.Ordinal,
                Kind = "ftrl",
                Samples = draft.Samples,
                Seed = 0,
                Notes = $"trigger {draft.Trigger}",
            },
            draft.CrossVenue, draft.Directional);
        draft.Model = package.Ref;
        var trained = new ModelTrained
        {
            Model = package.Ref,
            Package = package.Bytes,
            Trigger = draft.Trigger,
            Samples = draft.Samples,
            Accuracy = draft.Figures.Accuracy,
            Auc = draft.Auc,
            LogLoss = draft.Figures.LogLoss,
            BaselineLogLoss = draft.Baseline.LogLoss,
            KnownAt = draft.KnownAt,
        };
        await transport.PublishAsync(Topics.ModelTrained, trained, cancel);
        CrashPoint.Hit("training.after-trained");
        if (!package.CrossVenue.Trained && !package.Directional.Trained) return;
        await transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = package.Ref, Package = package.Bytes, Why = Why(package) }, cancel);
        CrashPoint.Hit("training.after-assigned");
    }

    private static string Why(ModelPackage package)
    {
        string heads = package switch
        {
            { CrossVenue.Trained: true, Directional.Trained: true } => "both heads",
            { CrossVenue.Trained: true } => "its cross-venue head",
            _ => "its directional head",
        };
        return $"{heads} beat the baseline's log-loss on samples scored before they were learnt";
    }
}
