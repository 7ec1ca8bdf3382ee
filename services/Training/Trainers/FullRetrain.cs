using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Training.Trainers;

/// <summary>Fits everything anew to the whole dataset: the meta-label classifier of each kind, the slippage regressors, the regime detector [TRN-15].</summary>
/// <remarks>Equal requests give equal bytes. Takes seconds; whoever calls it does so off the path, except in lockstep.</remarks>
public sealed class FullRetrain(TrainingSettings training, StoredBoosting boosting)
{
    /// <summary>Commit of this code, as the build recorded it; empty where it did not.</summary>
    public static string Code { get; } =
        typeof(FullRetrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { } commit] ? commit : "";

    /// <summary>Why no classifier can be fitted to these samples; null when one can.</summary>
    public string? Shortage(SampleBuffer dataset)
    {
        Sample[] samples = dataset.ToArray();
        string[] reasons = [.. Kinds.Select(k => Shortage(k, samples)).OfType<string>()];
        return reasons.Length < Kinds.Length ? null : string.Join("; ", reasons);
    }

    /// <summary>Trains what there is enough data for.</summary>
    public RetrainResult Run(RetrainRequest request)
    {
        string data = Convert.ToHexStringLower(SHA256.HashData(SampleBytes.Write(request.Samples)));
        var drafts = new List<ModelDraft>();
        var why = new StringBuilder();
        var also = new StringBuilder();
        ModelPackage? serving = request.Serving is { } assigned ? ModelPackage.Load(assigned.Package, assigned.Model) : null;
        if (request.Types.Contains(ModelType.MetaLabel) && MetaLabel(request, serving, data, why) is { } metaLabel) drafts.Add(metaLabel);
        if (request.Types.Contains(ModelType.Slippage) && Slippage(request.Samples, data, also) is { } slippage) drafts.Add(slippage);
        if (request.Types.Contains(ModelType.Regime) && Regime(request.Samples, data, also) is { } regime) drafts.Add(regime);
        return new RetrainResult { At = request.At, Rows = request.Samples.Length, Drafts = drafts, Why = why.ToString().Trim(), Also = also.ToString().Trim() };
    }

    private static OpportunityKind[] Kinds { get; } = [OpportunityKind.CrossVenue, OpportunityKind.Directional];


    private string? Shortage(OpportunityKind kind, IEnumerable<Sample> samples)
    {
        int wins = 0, losses = 0;
        foreach (Sample sample in samples)
        {
            if (sample.Kind != kind) continue;
            if (sample.NetBps > training.BandBps) wins++;
            else if (sample.NetBps < -training.BandBps) losses++;
        }
        int least = training.MinPerClass;
        return wins >= least && losses >= least ? null : $"{kind.Text()} has {wins} wins and {losses} losses, at least {least} of each are needed";
    }

    // A head that may not serve leaves its place to the one that does; where none may, the package holds them all for the shelf alone.
    private ModelDraft? MetaLabel(RetrainRequest request, ModelPackage? serving, string data, StringBuilder why)
    {
        var parts = new Dictionary<string, ModelPart>();
        var trained = new List<(OpportunityKind Kind, ModelHead Head, ModelReport Report)>();
        var verdicts = new List<string>();
        foreach (OpportunityKind kind in Kinds)
        {
            ModelPackage before = serving ?? ModelPackage.Baseline;
            ModelHead champion = kind == OpportunityKind.CrossVenue ? before.CrossVenue : before.Directional;
            parts[kind.Code()] = champion;
            if (Shortage(kind, request.Samples) is { } shortage)
            {
                verdicts.Add($"Not trained: {shortage}");
                continue;
            }
            HeadResult result = new HeadTrainer(training, boosting.Of(kind)).Train(request.Samples.Where(s => s.Kind == kind), champion, request.ServingSince);
            if (result is { Head: { } head, Report: { } report }) trained.Add((kind, head, report));
            verdicts.Add(result.Report is null ? $"Not trained: {kind.Text()}, {result.Shortage}" : Sentence(kind, result.Report));
        }
        why.Append(string.Join(". ", verdicts)).Append(". ");
        if (trained.Count == 0) return null;
        bool ready = trained.Any(t => t.Report.Ready);
        foreach ((OpportunityKind kind, ModelHead head, ModelReport report) in trained)
            if (report.Ready || !ready) parts[kind.Code()] = head;
        return new ModelDraft
        {
            Type = ModelType.MetaLabel,
            Kind = "ensemble",
            Parts = parts,
            Samples = parts.Values.OfType<EnsembleHead>().Sum(h => h.Samples),
            Data = data,
            Seed = training.Seed,
            Evaluation = new JsonObject(trained.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Kind.Code(), t.Report.ToJson()))).ToJsonString(),
            Ready = ready,
            Verdict = string.Join("; ", verdicts),
            Report = trained.Find(t => t.Report.Ready || !ready).Report,
        };
    }

    private ModelDraft? Slippage(Sample[] samples, string data, StringBuilder also)
    {
        var parts = new Dictionary<string, ModelPart>();
        var evaluation = new JsonObject();
        foreach (OpportunityKind kind in Kinds)
        {
            if (new SlippageTrainer(training, boosting.Of(kind)).Train(samples.Where(s => s.Kind == kind)) is not { } fit) continue;
            parts[kind.Code()] = fit.Mean;
            parts[$"{kind.Code()}_p95"] = fit.Upper;
            evaluation[kind.Code()] = fit.Report.ToJson();
            also.Append($"Slippage, {kind.Text()}: {fit.Report.Text}. ");
        }
        return parts.Count == 0 ? null : Draft(ModelType.Slippage, "trees", parts, samples.Length, data, evaluation);
    }

    private ModelDraft? Regime(Sample[] samples, string data, StringBuilder also)
    {
        if (new RegimeTrainer(training).Train(samples) is not { } fit) return null;
        also.Append($"Regimes: {fit.Text}. ");
        return Draft(ModelType.Regime, "hmm", new Dictionary<string, ModelPart> { ["regime"] = fit.Part }, samples.Length, data, fit.Evaluation);
    }

    private ModelDraft Draft(ModelType type, string kind, Dictionary<string, ModelPart> parts, int samples, string data, JsonObject evaluation) => new()
    {
        Type = type,
        Kind = kind,
        Parts = parts,
        Samples = samples,
        Data = data,
        Seed = training.Seed,
        Evaluation = evaluation.ToJsonString(),
        Ready = false,
        Verdict = "kept for reports: nothing on the path reads it yet",
    };

    private static string Sentence(OpportunityKind kind, ModelReport report)
    {
        string name = kind.Text();
        string refused = string.Join(", ", report.Checks.Where(c => c.Passed == false).Select(c => $"{c.Name} ({c.Measured})"));
        return $"Trained, {name}: {report.TrainRows} rows with {report.TrainWins} wins; on the last {report.TestRows} rows AUC {report.Auc.Auc:0.000} [{report.Auc.Low:0.000}, {report.Auc.High:0.000}] "
            + $"against {report.EdgeAuc.Auc:0.000} of edge alone, calibration error {report.Ece:0.000}; {(report.Ready ? "ready" : $"not ready: {refused}")}";
    }
}
