using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Faults;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
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
/// <param name="Sound">Read back from its bytes, it answered alike.</param>
/// <param name="Ready">It may judge.</param>
public sealed record Export(ModelPackage Package, bool Sound, bool Ready);

/// <summary>Packs a version, and says that it was trained and whether it may judge.</summary>
public sealed class ModelPublisher(ITransport transport)
{
    private static readonly Counter<long> Retrains = Meters.Shared.CreateCounter<long>("quadturbo_retrains_total", null, "Model versions made, by trigger.");

    private const int SelfTestRows = 256;

    /// <summary>Largest package that fits into one record of the ledger (1 MiB) with its names and figures [bytes]; without a record it must not judge.</summary>
    public const int MostBytes = 1_040_000;

    /// <summary>The kind of the online learner's versions.</summary>
    public const string Ftrl = "ftrl";

    /// <summary>The trigger of a version that only calibrates anew what serves.</summary>
    public const string Calibration = "calibration";

    /// <summary>Afterwards model.trained is out; the version is ready if a head beats the baseline.</summary>
    public async ValueTask PublishAsync(VersionDraft draft, CancellationToken cancel)
    {
        Retrains.Add(1, new KeyValuePair<string, object?>("trigger", draft.Trigger));
        CrashPoint.Hit("training.before-pack");
        ModelPackage package = ModelPackage.Create(
            new ModelManifest
            {
                Label = $"v0.1.{draft.Ordinal}",
                Ordinal = draft.Ordinal,
                Kind = Ftrl,
                Samples = draft.Samples,
                Seed = 0,
                Notes = $"trigger {draft.Trigger}",
            },
            draft.CrossVenue, draft.Directional);
        draft.Model = package.Ref;
        await SayAsync(new ModelTrained
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
            Ready = package.CrossVenue.Trained || package.Directional.Trained,
            Verdict = Verdict(package),
        }, cancel);
    }

    /// <summary>Afterwards model.trained is out.</summary>
    /// <returns>What became of it.</returns>
    public async ValueTask<Export> PublishAsync(ModelDraft draft, int ordinal, RetrainRequest request, CancellationToken cancel)
    {
        Retrains.Add(1, new KeyValuePair<string, object?>("trigger", request.Trigger));
        CrashPoint.Hit("training.before-pack");
        ModelPackage package = Pack(draft, ordinal, request);
        bool sound = IsSound(package, request.Samples);
        ModelTrained trained = Trained(package, draft, request);
        trained = sound ? trained : trained with { Ready = false, Verdict = $"read back from its bytes it does not answer alike. {trained.Verdict}" };
        await SayAsync(trained, cancel);
        return new Export(package, sound, trained.Ready);
    }

    /// <summary>Afterwards the serving model is out with the calibrator of one head fitted again.</summary>
    public async ValueTask RecalibrateAsync(OpportunityKind kind, TreesHead head, ModelAssigned serving, int ordinal, DateTime at, CancellationToken cancel)
    {
        ModelPackage before = ModelPackage.Load(serving.Package, serving.Model);
        string why = $"outcomes have strayed from the probabilities of {before.Ref.Label}; its {kind.Text()} calibrator is fitted again, its trees are the same";
        ModelManifest manifest = before.Manifest with { Label = $"v0.2.{ordinal}", Ordinal = ordinal, Notes = $"trigger calibration, of {before.Ref.Id}" };
        ModelPackage package = kind == OpportunityKind.CrossVenue
            ? ModelPackage.Create(manifest, before.CrossVenue.WithTrees(head), before.Directional)
            : ModelPackage.Create(manifest, before.CrossVenue, before.Directional.WithTrees(head));
        await SayAsync(Unmeasured(package, Calibration, at) with { Ready = true, Verdict = why, Recalibrates = before.Ref.Id }, cancel);
    }

    /// <summary>A draft under its names.</summary>
    public static ModelPackage Pack(ModelDraft draft, int ordinal, RetrainRequest request) => ModelPackage.Create(
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
        draft.Parts.ToDictionary(p => p.Key, p => p.Value is EnsembleHead ensemble ? ensemble.Named($"v0.2.{ordinal}") : p.Value));

    /// <summary>What is to be said of a draft that was packed.</summary>
    public static ModelTrained Trained(ModelPackage package, ModelDraft draft, RetrainRequest request)
    {
        bool fits = package.Bytes.Length <= MostBytes;
        ModelTrained trained = Unmeasured(package, request.Trigger, request.At) with
        {
            Judges = draft.Type == ModelType.MetaLabel && fits,
            Ready = draft.Ready && fits,
            Verdict = fits ? draft.Verdict : $"{package.Bytes.Length} bytes do not fit into the ledger, at most {MostBytes}: lower boosting.rounds or boosting.depth. {draft.Verdict}",
        };
        return draft.Report is not { } report ? trained : trained with { Accuracy = report.Accuracy, Auc = report.Auc.Auc, LogLoss = report.LogLoss, BaselineLogLoss = report.EdgeLogLoss };
    }

    /// <summary>Whether a package, read back from its bytes, answers <paramref name="samples"/> alike [LRN-09].</summary>
    private static bool IsSound(ModelPackage package, IEnumerable<Sample> samples)
    {
        try
        {
            var read = ModelPackage.Load(package.Bytes, package.Ref);
            Sample[] rows = [.. samples.Take(SelfTestRows)];
            return package.Parts.All(p => p.Value is not ModelHead head || Array.TrueForAll(
                rows, r => ((ModelHead)read.Parts[p.Key]).Score(r.ReadFeatures()).Equals(head.Score(r.ReadFeatures()))));
        }
        catch (ModelRefusedException)
        {
            return false;
        }
    }

    private static ModelTrained Unmeasured(ModelPackage package, string trigger, DateTime knownAt) => new()
    {
        Model = package.Ref,
        Package = package.Bytes,
        Trigger = trigger,
        Samples = package.Manifest.Samples,
        Accuracy = double.NaN,
        Auc = double.NaN,
        LogLoss = double.NaN,
        BaselineLogLoss = double.NaN,
        KnownAt = knownAt,
    };

    private async ValueTask SayAsync(ModelTrained trained, CancellationToken cancel)
    {
        await transport.PublishAsync(Topics.ModelTrained, trained, cancel);
        CrashPoint.Hit("training.after-trained");
    }

    private static string Verdict(ModelPackage package)
    {
        string? heads = package switch
        {
            { CrossVenue.Trained: true, Directional.Trained: true } => "both heads",
            { CrossVenue.Trained: true } => "its cross-venue head",
            { Directional.Trained: true } => "its directional head",
            _ => null,
        };
        return heads is null
            ? "no head beats the baseline yet on samples scored before they were learnt"
            : $"{heads} beat the baseline's log-loss on samples scored before they were learnt";
    }
}
