using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Registry.Models;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Desk;

/// <summary>Versions page by page, and one with all that is kept of its training.</summary>
/// <param name="catalogue">The versions.</param>
/// <param name="artefacts">Their bytes.</param>
/// <param name="clock">The platform's time.</param>
/// <param name="lane">What knows how an experiment stands.</param>
public sealed class ModelPages(VersionCatalogue catalogue, ArtefactStore artefacts, TimeProvider clock, RegistryLane lane)
{
    private const VersionType Judge = VersionType.MetaLabel;
    private const string TriggerNote = "trigger ";
    private const int ReliabilityBins = 15;
    private static readonly string[] Heads = [ModelPackage.CrossVenuePart, ModelPackage.DirectionalPart];

    /// <summary>Versions in the order of registration, the newest first.</summary>
    public ModelsAnswer Page(ModelsQuestion asked)
    {
        IReadOnlyList<ModelVersion> all = catalogue.Versions();
        int end = Math.Clamp(asked.Before ?? all.Count, 0, all.Count), start = Math.Max(0, end - asked.Limit);
        var rows = new List<ModelRow>(end - start);
        for (int i = end - 1; i >= start; i--) rows.Add(RowOf(all[i]));
        LiveModel live = catalogue.LiveNow(Judge);
        return new ModelsAnswer(
            rows, start > 0 ? start : null,
            new LiveVersion(live.Champion ?? ModelPackage.Baseline.Ref, live.Seq == 0 ? null : live.Since, live.Why, live.Pinned), ExperimentOf(live));
    }

    /// <summary>One version; where two types have that name, the one that judges.</summary>
    /// <exception cref="RegistryRefusedException">No version has that name, or it is no name.</exception>
    public ModelDetail Of(ModelQuestion asked)
    {
        ModelVersion version = Named(asked.Name);
        ModelManifest manifest = artefacts.LoadPackage(version.Model.Id).Manifest;
        (string? scope, JsonObject? report) = ReportIn(manifest.Evaluation);
        ModelRow row = RowOf(version);
        return new ModelDetail
        {
            Id = row.Id,
            Label = row.Label,
            Ordinal = row.Ordinal,
            Type = row.Type,
            Kind = row.Kind,
            CreatedAt = row.CreatedAt,
            Status = row.Status,
            Traffic = row.Traffic,
            Trigger = row.Trigger,
            Samples = manifest.Samples > 0 ? manifest.Samples : null,
            Auc = row.Auc,
            Ece = row.Ece ?? Number(report?["ece"]),
            Brier = row.Brier ?? Number(report?["brier"]),
            LogLoss = row.LogLoss,
            Ready = row.Ready,
            Why = row.Why,
            Reliability = [.. (report?["reliability"] as JsonArray ?? []).OfType<JsonArray>().Select(PointOf)],
            Importance = ImportanceIn(report),
            ImportanceChange = Number(report?["importance_change"]),
            Checks = [.. (report?["checks"] as JsonArray ?? []).OfType<JsonObject>().Select(c => new CheckResult((string)c["name"]!, (bool?)c["passed"], (string)c["measured"]!))],
            Lineage = [.. LineageOf(version, manifest, scope)],
        };
    }

    /// <summary>Figures that a package's own evaluation has and the message of its training has not: samples, calibration error, Brier score.</summary>
    public static IEnumerable<(string Name, double Value)> FiguresIn(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Samples > 0) yield return ("samples", manifest.Samples);
        (_, JsonObject? report) = ReportIn(manifest.Evaluation);
        if (Number(report?["ece"]) is { } ece) yield return ("ece", ece);
        if (Number(report?["brier"]) is { } brier) yield return ("brier", brier);
    }

    private ModelRow RowOf(ModelVersion version)
    {
        VersionView view = Views.Of(catalogue, version);
        string notes = version.Notes, note = notes.StartsWith(TriggerNote, StringComparison.Ordinal) ? notes[TriggerNote.Length..].Split(',')[0] : "people";
        return new ModelRow
        {
            Id = version.Model.Id,
            Label = version.Model.Label,
            Ordinal = version.Model.Ordinal,
            Type = version.Type.Text(),
            Kind = version.Kind,
            CreatedAt = Views.RegisteredAt(version),
            Status = view.Status,
            Traffic = view.TrafficWeight,
            Trigger = version.Kind == "baseline" ? "prior" : note,
            Samples = Figure(version, "samples") is { } samples ? (long)samples : null,
            Auc = Figure(version, "auc"),
            Ece = Figure(version, "ece"),
            Brier = Figure(version, "brier"),
            LogLoss = Figure(version, "log_loss"),
            Ready = version.Ready == true,
            Why = version.Verdict.Length > 0 ? version.Verdict : version.Ready is null ? "no check was made of it when it was registered" : notes,
        };
    }

    private RunningExperiment? ExperimentOf(LiveModel live)
    {
        if (live is not { Experiment: { } name, Champion: { } champion, Challenger: { } challenger }) return null;
        (Experiments.ExperimentStanding Standing, PromotionVerdict Verdict)? judged = lane.Judge(lane.MarketNow ?? clock.GetUtcNow().UtcDateTime);
        Learning.Metrics.Interval? gain = judged?.Standing.GainBps;
        return new RunningExperiment
        {
            Name = name,
            Champion = champion,
            Challenger = challenger,
            Share = live.Share,
            Since = live.Since,
            Outcomes = judged?.Standing.Outcomes ?? 0,
            GainBps = gain is { } known && double.IsFinite(known.Estimate) && double.IsFinite(known.Low) && double.IsFinite(known.High)
                ? new MeanInterval(known.Estimate, known.Low, known.High, judged!.Value.Standing.Outcomes)
                : null,
            Checks = judged is { } told ? [.. told.Verdict.Checks.Select(c => new CheckResult(c.Name, c.Passed, c.Words))] : [],
        };
    }

    private ModelVersion Named(string name)
    {
        if (catalogue.Find(name) is { } exact) return exact;
        RegistryRefusedException? refused = null;
        foreach (VersionType type in VersionTypes.All)
        {
            try
            {
                return catalogue.Resolve(type, name);
            }
            catch (RegistryRefusedException e)
            {
                refused ??= e.Reason == Refusal.NotFound ? new RegistryRefusedException(Refusal.NotFound, $"no model is named '{name}'", "name") : e;
            }
        }
        throw refused!;
    }

    private static double? Figure(ModelVersion version, string name) => version.Metrics.TryGetValue(name, out double value) ? value : null;

    private static (string? Scope, JsonObject? Report) ReportIn(string evaluation)
    {
        if (evaluation.Length == 0 || Parsed(evaluation) is not { } heads) return (null, null);
        foreach (string head in Heads)
            if (heads[head] is JsonObject report) return (head, report);
        return (null, null);
    }

    // A package of other people may hold any text there.
    private static JsonObject? Parsed(string evaluation)
    {
        try
        {
            return JsonNode.Parse(evaluation) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;

    private static ReliabilityPoint PointOf(JsonArray bin)
    {
        double predicted = (double)bin[0]!;
        int at = Math.Clamp((int)Math.Ceiling(predicted * ReliabilityBins) - 1, 0, ReliabilityBins - 1);
        return new ReliabilityPoint((double)at / ReliabilityBins, (double)(at + 1) / ReliabilityBins, predicted, (double)bin[1]!, (long)bin[2]!);
    }

    private static FeatureImportance[] ImportanceIn(JsonObject? report)
    {
        if (report?["importance"] is not JsonObject shares) return [];
        var before = report["importance_before"] as JsonObject;
        bool compared = before is { Count: > 0 };
        return [.. shares.Select(s => (s.Key, Share: Number(s.Value) ?? 0)).Select(s => new FeatureImportance(s.Key, s.Share, compared ? s.Share - (Number(before![s.Key]) ?? 0) : null))];
    }

    private static IEnumerable<LineageFact> LineageOf(ModelVersion version, ModelManifest manifest, string? scope)
    {
        if (version.Parent is { } parent) yield return new LineageFact("parent", parent);
        if (version.Data.Length > 0) yield return new LineageFact("data", version.Data);
        if (version.Schema.Length > 0) yield return new LineageFact("schema", version.Schema);
        if (version.Code.Length > 0) yield return new LineageFact("code", version.Code);
        yield return new LineageFact("seed", manifest.Seed.ToString(CultureInfo.InvariantCulture));
        if (version.Notes.Length > 0) yield return new LineageFact("notes", version.Notes);
        yield return new LineageFact("known_at", version.KnownAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        if (scope is not null) yield return new LineageFact("scope", scope);
    }
}
