using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Registry;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;

namespace QuadTurbo.Platform.Commands;

/// <summary>What <c>train</c> takes to train on the outcomes of a run [TRN-15].</summary>
internal sealed class RunOptions
{
    private readonly Option<bool> _metaLabel = new("--meta-label") { Description = "The classifier of wins." };
    private readonly Option<bool> _slippage = new("--slippage") { Description = "The regressors of slippage, mean and 95 % quantile." };
    private readonly Option<bool> _regime = new("--regime") { Description = "The regime detector." };
    private readonly Option<bool> _all = new("--all") { Description = "All of these." };
    private readonly Option<bool> _predictive = new("--predictive") { Description = "The predictive model; comes later." };
    private readonly Option<bool> _rl = new("--rl") { Description = "The trading agents; come later." };
    private readonly Option<string?> _data = new("--data") { Description = "Samples from this file, as 'export training-data' writes them, instead of a ledger.", HelpName = "FILE.jsonl" };
    private readonly Option<string?> _dataDirectory = SharedOptions.DataDirectory();
    private readonly Option<int> _trials = new("--trials") { Description = "First look for better hyper-parameters, so many trials (100 when no number is given); they are stored, and nights use them.", HelpName = "N", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = static _ => 0, CustomParser = Count };
    private readonly Option<string[]> _set = SharedOptions.Set();

    private const int DefaultTrials = 100;

    private static int Count(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (result.Tokens.Count == 0) return DefaultTrials;
        if (int.TryParse(result.Tokens[0].Value, out int trials) && trials is >= 1 and <= 10_000) return trials;
        result.AddError($"--trials '{result.Tokens[0].Value}' is not a number between 1 and 10000");
        return 0;
    }

    public Option[] All => [_metaLabel, _slippage, _regime, _all, _predictive, _rl, _data, _dataDirectory, _trials, _set];

    public string? File(ParseResult parsed) => parsed.GetValue(_data);

    public string? Directory(ParseResult parsed) => parsed.GetValue(_dataDirectory);

    public int Trials(ParseResult parsed) => parsed.GetValue(_trials);

    public string[]? Settings(ParseResult parsed) => parsed.GetValue(_set);

    /// <summary>The kinds of model that are asked for.</summary>
    /// <exception cref="BadInputException">None is, or one that cannot be trained yet.</exception>
    public HashSet<ModelType> Types(ParseResult parsed)
    {
        if (parsed.GetValue(_predictive)) throw new BadInputException("--predictive: not trained; the predictive model is not part of this version");
        if (parsed.GetValue(_rl)) throw new BadInputException("--rl: not trained; the trading agents are not part of this version");
        var types = new HashSet<ModelType>();
        if (parsed.GetValue(_all) || parsed.GetValue(_metaLabel)) types.Add(ModelType.MetaLabel);
        if (parsed.GetValue(_all) || parsed.GetValue(_slippage)) types.Add(ModelType.Slippage);
        if (parsed.GetValue(_all) || parsed.GetValue(_regime)) types.Add(ModelType.Regime);
        return types.Count > 0 ? types : throw new BadInputException("say what to train: --meta-label, --slippage, --regime or --all; or a table with --table FILE.csv --target COL");
    }
}

/// <summary>Trains on the outcomes of a run, outside of it.</summary>
internal static class TrainRun
{
    public static JsonObject Of(RunOptions options, ParseResult parsed, IReadOnlyList<Service> services)
    {
        HashSet<ModelType> types = options.Types(parsed);
        string? file = options.File(parsed);
        string directory = file is null ? DataDirectory.ToRead(options.Directory(parsed)) : DataDirectory.ForTraining(options.Directory(parsed));
        if (RunningProcess.Of(directory) is { } running)
            throw new BadInputException($"process {running.Pid} runs on '{directory}' and makes its own models; ask it with: quadturbo retrain --data-dir {directory}");
        IReadOnlyList<Sample> samples = file is null ? FromLedger(directory) : FromFile(file);
        if (samples.Count == 0) throw new BadInputException($"no labelled samples in {file ?? $"the ledger of '{directory}'"}");
        PlatformSettings settings = SharedOptions.Load(services, preset: null, config: null, options.Settings(parsed));
        CommandLine.Say($"{samples.Count:N0} labelled samples, {samples[0].DecidedAt:yyyy-MM-dd HH:mm} to {samples[^1].KnownAt:yyyy-MM-dd HH:mm} UTC");
        using PathAudit audit = DataDirectory.HasLedger(directory) ? LedgerFold.Of(directory) : new PathAudit();
        DateTime? servingSince = audit.LastServing is { } champion ? TrainedAt(directory, champion.Model) : null;
        string folder = Path.Combine(directory, RegistryService.Folder);
        using var history = History.Open(folder);
        var catalogue = new VersionCatalogue(history, new ArtefactStore(folder));
        var request = new RetrainRequest { Trigger = "command", At = samples.Max(s => s.KnownAt), Samples = [.. samples], Serving = audit.LastServing, ServingSince = servingSince, Types = types };
        TrainingSettings training = settings.Get<TrainingSettings>();
        BoostingSettings start = settings.Get<BoostingSettings>();
        StoredBoosting boosting = StoredBoosting.Over(start, directory);
        if (options.Trials(parsed) is > 0 and var trials)
            foreach (OpportunityKind kind in Enum.GetValues<OpportunityKind>()) boosting = Search(training, start, boosting, samples, kind, trials, directory);
        RetrainResult result = new FullRetrain(training, boosting).Run(request);
        int ordinal = Math.Max(audit.LastModel?.Model.Ordinal ?? 0, VersionTypes.All.Max(catalogue.NextOrdinal) - 1);
        foreach (string sentences in (string[])[result.Why, result.Also])
            if (sentences.Length > 0) CommandLine.Say(sentences);
        var made = new JsonArray();
        foreach (ModelDraft draft in result.Drafts)
        {
            ModelPackage package = ModelPublisher.Pack(draft, ++ordinal, request);
            ModelRef model = RegistryLane.Register(catalogue, ModelPublisher.Trained(package, draft, request), package).Model;
            CommandLine.Say($"{draft.Type}: {model}, {(draft.Ready ? "ready" : "not ready")}; 'models show {model.Label}' tells how it was judged");
            made.Add(new JsonObject { ["id"] = model.Id, ["label"] = model.Label, ["type"] = draft.Type.ToString(), ["ready"] = draft.Ready, ["evaluation"] = JsonNode.Parse(draft.Evaluation) });
        }
        return new JsonObject { ["data_dir"] = directory, ["samples"] = samples.Count, ["why"] = result.Why, ["models"] = made };
    }

    /// <summary>Looks for better hyper-parameters of one kind; every trial is kept, so an interrupted search goes on when it is asked for again.</summary>
    private static StoredBoosting Search(
        TrainingSettings training, BoostingSettings start, StoredBoosting boosting, IReadOnlyList<Sample> samples, OpportunityKind kind, int trials, string directory)
    {
        string data = Convert.ToHexStringLower(SHA256.HashData([.. SampleBytes.Write([.. samples]), .. Encoding.UTF8.GetBytes($"{start}")]))[..12];
        string name = kind == OpportunityKind.CrossVenue ? ModelPackage.CrossVenuePart : ModelPackage.DirectionalPart;
        string file = Path.Combine(directory, $"search-{name}-{data}-{training.Seed}.jsonl");
        try
        {
            var search = new HyperSearch(training, start, samples, kind);
            CommandLine.Say($"searching {name}: {trials} trials over {search.Rows:N0} rows, purged 5-fold log-loss");
            (BoostingSettings best, double loss) = search.Run(
                trials, File.Exists(file) ? File.ReadAllLines(file) : [],
                (progress, lines) =>
                {
                    File.WriteAllLines(file, lines);
                    CommandLine.Say($"  {progress.Done}/{progress.Total}  {progress.Trial.Value:0.00000}{(progress.Trial.Pruned ? " (given up)" : "")}, best {progress.Best?.Value:0.00000}");
                },
                CancellationToken.None);
            if (search.Done > 0) CommandLine.Say($"  {search.Done} trials were done before");
            CommandLine.Say($"  best {loss:0.00000}: {best.Rounds} trees, depth {best.Depth}, eta {best.Eta:0.###}, lambda {best.Lambda:0.###}; stored, and nights of this directory use it until {StoredBoosting.FileName} is deleted");
            return boosting.With(kind, best, directory);
        }
        catch (ArgumentException e)
        {
            CommandLine.Say($"no search of {name}: {BadInputException.Plain(e)}");
            return boosting;
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"'{file}' cannot be gone on from: {e.Message}; delete it to search anew");
        }
    }

    private static IReadOnlyList<Sample> FromFile(string file)
    {
        try
        {
            return TrainingImport.Read(File.ReadLines(file));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--data '{file}': {e.Message}");
        }
    }

    /// <summary>What was decided after this instant, the model cannot have learnt.</summary>
    private static DateTime? TrainedAt(string directory, ModelRef model) =>
        LedgerFold.Events(directory).Select(e => e.Event).OfType<ModelTrained>().LastOrDefault(m => m.Model.Id == model.Id)?.KnownAt;

    private static List<Sample> FromLedger(string directory)
    {
        var samples = new List<Sample>();
        var join = new SampleJoin();
        foreach ((_, object record) in LedgerFold.Events(directory))
        {
            switch (record)
            {
                case DecisionRecord decided when !decided.Decision.Opportunity.Submitted:
                    join.Decided(decided.Decision, decided.Due.HasFlag(DueLanes.Production), decided.Due.HasFlag(DueLanes.Shadow));
                    break;
                case OutcomeRecord outcome when join.Settled(outcome.Id, outcome.Lane, outcome.Trade) is { } sample:
                    samples.Add(Sample.Of(sample.Decision, sample.Lane, sample.Trade));
                    break;
            }
        }
        return samples;
    }
}
