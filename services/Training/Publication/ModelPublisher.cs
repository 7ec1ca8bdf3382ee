using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Trainers;

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

/// <summary>A package of a full retrain, published.</summary>
/// <param name="Package">The package.</param>
/// <param name="Sound">Read back from the shelf, it answered alike.</param>
/// <param name="Serves">It serves from now on.</param>
public sealed record Export(ModelPackage Package, bool Sound, bool Serves);

/// <summary>Packs a version, says that it was trained, and assigns it when it may serve.</summary>
public sealed class ModelPublisher(EmbeddedTransport transport, ModelShelf shelf)
{
    private static readonly Counter<long> Retrains = Meters.Shared.CreateCounter<long>("quadturbo_retrains_total", null, "Model versions made, by trigger.");

    private const int SelfTestRows = 256;

    /// <summary>Largest package that fits into one record of the ledger (1 MiB) with its names and figures [bytes].</summary>
    public const int MostBytes = 1_040_000;

    /// <summary>Whether a package can be recorded, without which it must not serve.</summary>
    public static bool Fits(ModelPackage package) => package.Bytes.Length <= MostBytes;

    /// <summary>Afterwards model.trained is out, and model.assigned if a head beats the baseline.</summary>
    public async ValueTask PublishAsync(VersionDraft draft, CancellationToken cancel)
    {
        Retrains.Add(1, new KeyValuePair<string, object?>("trigger", draft.Trigger));
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
        var figures = new Figures(draft.Figures.Accuracy, draft.Auc, draft.Figures.LogLoss, draft.Baseline.LogLoss);
        await SayAsync(package, draft.Trigger, draft.KnownAt, figures, package.CrossVenue.Trained || package.Directional.Trained ? Why(package) : null, cancel);
    }

    /// <summary>Afterwards the package is on the shelf and, if it is a meta-label model, model.trained is out, and model.assigned if it may serve.</summary>
    /// <returns>What became of it.</returns>
    public async ValueTask<Export> PublishAsync(ModelDraft draft, int ordinal, RetrainRequest request, CancellationToken cancel)
    {
        Retrains.Add(1, new KeyValuePair<string, object?>("trigger", request.Trigger));
        CrashPoint.Hit("training.before-pack");
        ModelPackage package = Pack(draft, ordinal, request, shelf);
        bool sound = IsSound(package, request.Samples);
        if (draft.Report is not { } report || !Fits(package)) return new Export(package, sound, Serves: false);
        bool serves = draft.Ready && sound;
        var figures = new Figures(report.Accuracy, report.Auc.Auc, report.LogLoss, report.EdgeLogLoss);
        await SayAsync(package, request.Trigger, request.At, figures, serves ? $"it passed every check on rows that it had not seen: {draft.Verdict}" : null, cancel);
        return new Export(package, sound, serves);
    }

    /// <summary>Afterwards the serving model serves with the calibrator of one head fitted again.</summary>
    public async ValueTask RecalibrateAsync(OpportunityKind kind, TreesHead head, ModelAssigned serving, int ordinal, DateTime at, CancellationToken cancel)
    {
        ModelPackage before = ModelPackage.Load(serving.Package, serving.Model);
        string why = $"outcomes have strayed from the probabilities of {before.Ref.Label}; its {kind.Text()} calibrator is fitted again, its trees are the same";
        ModelManifest manifest = before.Manifest with { Label = $"v0.2.{ordinal}", Ordinal = ordinal, Notes = $"trigger calibration, of {before.Ref.Id}" };
        ModelPackage package = kind == OpportunityKind.CrossVenue
            ? ModelPackage.Create(manifest, head, before.Directional)
            : ModelPackage.Create(manifest, before.CrossVenue, head);
        shelf.Put(package, new ShelfEntry(package.Ref, ModelType.MetaLabel, manifest.Kind, "calibration", at, manifest.Samples, Ready: true, why));
        await SayAsync(package, "calibration", at, Figures.Unknown, why, cancel);
    }

    /// <summary>Packs a draft and puts it on the shelf.</summary>
    public static ModelPackage Pack(ModelDraft draft, int ordinal, RetrainRequest request, ModelShelf shelf)
    {
        ModelPackage package = ModelPackage.Create(
            new ModelManifest
            {
                Type = draft.Type,
                Label = $"v0.2.{ordinal}",
                Ordinal = ordinal,
                Kind = draft.Kind,
                Samples = draft.Samples,
                Seed = draft.Seed,
                Notes = $"trigger {request.Trigger}",
                Data = draft.Data,
                Code = FullRetrain.Code,
                Evaluation = draft.Evaluation,
            },
            draft.Parts);
        bool fits = Fits(package);
        string verdict = fits ? draft.Verdict : $"{package.Bytes.Length} bytes do not fit into the ledger, at most {MostBytes}: lower boosting.rounds or boosting.depth. {draft.Verdict}";
        shelf.Put(package, new ShelfEntry(package.Ref, draft.Type, draft.Kind, request.Trigger, request.At, draft.Samples, draft.Ready && fits, verdict));
        return package;
    }

    /// <summary>Whether a package, read back from the shelf, is the same and answers <paramref name="samples"/> alike [LRN-09].</summary>
    private bool IsSound(ModelPackage package, IEnumerable<Sample> samples)
    {
        try
        {
            ModelPackage read = shelf.Load(package.Ref.Id);
            Sample[] rows = [.. samples.Take(SelfTestRows)];
            return package.Parts.All(p => p.Value is not ModelHead head || Array.TrueForAll(
                rows, r => ((ModelHead)read.Parts[p.Key]).Score(r.ReadFeatures()).Equals(head.Score(r.ReadFeatures()))));
        }
        catch (Exception e) when (e is ModelRefusedException or IOException)
        {
            return false;
        }
    }

    private async ValueTask SayAsync(ModelPackage package, string trigger, DateTime knownAt, Figures figures, string? serves, CancellationToken cancel)
    {
        var trained = new ModelTrained
        {
            Model = package.Ref,
            Package = package.Bytes,
            Trigger = trigger,
            Samples = package.Manifest.Samples,
            Accuracy = figures.Accuracy,
            Auc = figures.Auc,
            LogLoss = figures.LogLoss,
            BaselineLogLoss = figures.BaselineLogLoss,
            KnownAt = knownAt,
        };
        await transport.PublishAsync(Topics.ModelTrained, trained, cancel);
        CrashPoint.Hit("training.after-trained");
        if (serves is null) return;
        await transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = package.Ref, Package = package.Bytes, Why = serves }, cancel);
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

    private readonly record struct Figures(double Accuracy, double Auc, double LogLoss, double BaselineLogLoss)
    {
        public static Figures Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);
    }
}
