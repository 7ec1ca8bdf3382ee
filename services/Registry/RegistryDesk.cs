using System.Text.RegularExpressions;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Registry.Desk;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Registry;

/// <summary>What people ask of the registry: take up a version, test it, promote it, go back, tell.</summary>
/// <remarks>
/// Beside a lane every decision is the lane's, which says what judges from now on; without one (no process runs) it is a line of history, and the
/// next start says it. A version of type xgboost or onnx judges as a member: the champion's ensemble with that member in its place is registered as a
/// version of the path, and that is tested. Nothing registered serves by itself [AB-10].
/// </remarks>
/// <param name="catalogue">The versions.</param>
/// <param name="artefacts">Their bytes.</param>
/// <param name="importFolder">The one folder that files are taken from for whoever asks over HTTP.</param>
/// <param name="clock">The platform's time.</param>
/// <param name="lane">Decides; null where none runs.</param>
public sealed partial class RegistryDesk(
    VersionCatalogue catalogue, ArtefactStore artefacts, string importFolder, TimeProvider clock, RegistryLane? lane = null)
{
    private const VersionType Judge = VersionType.MetaLabel;
    private const int MostMetrics = 64, MostMetricName = 64, MostShares = 2;
    private static readonly string[] Rates = ["accuracy", "precision", "recall"];
    private readonly ImportFolder _files = new(importFolder);
    private readonly MemberNames _members = new(artefacts);

    // The market's clock, which may run ahead of this machine's: experiments begin, ramp and end on it.
    private DateTime Now => lane?.MarketNow ?? clock.GetUtcNow().UtcDateTime;

    /// <summary>Registers a model file under a label; the same file again under the same label stays as it is, and is activated if that is asked.</summary>
    /// <param name="asked">What to register.</param>
    /// <param name="anywhere">Whether the file may lie outside the import folder.</param>
    /// <param name="cancel">Gives up waiting for another decision.</param>
    /// <exception cref="RegistryRefusedException">A field says nothing that can be done, the label is taken, or the file holds no such model.</exception>
    public ValueTask<RegisteredVersion> RegisterAsync(RegisterVersion asked, bool anywhere, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        VersionType type = JudgingType(asked.ModelType);
        CheckLabel(type, asked.Version);
        IReadOnlyDictionary<string, double> metrics = asked.Metrics ?? new Dictionary<string, double>();
        CheckMetrics(metrics);
        var file = ModelFile.Read(type, _files.Read(asked.ModelPath, anywhere, ModelFile.MostBytes));
        return DecideAsync(
            async () =>
            {
                catalogue.RegisterBaseline(Now);
                ModelVersion? known = catalogue.Versions(type).FirstOrDefault(v => v.Model.Label == asked.Version);
                ModelPackage package = file.Named(asked.Version, known?.Model.Ordinal ?? FreeOrdinal(type, file.OrdinalUnder(asked.Version)));
                ModelVersion version = known ?? catalogue.Register(
                    Registration.Of(package, Now) with { Type = type, Metrics = metrics, Active = asked.Activate, Notes = Cautioned(package, file.Caution) },
                    package.Bytes, "registered by people", Now);
                if (version.Model.Id != package.Ref.Id || version.Type != type)
                    throw new RegistryRefusedException(Refusal.Conflict, $"version {asked.Version} of {asked.ModelType} is registered with another model: {version.Model.Id}", "version");
                if (asked.Metrics is not null && !Alike(version.Metrics, metrics))
                {
                    throw new RegistryRefusedException(
                        Refusal.Conflict, $"version {asked.Version} of {asked.ModelType} is registered with other metrics, which stay as they are; "
                        + "leave them out, or give another version", "metrics");
                }
                if (known is null && type == Judge && lane is not null) await lane.ShowAsync(version.Model, CancellationToken.None);
                if (asked.Activate && !version.Active) version = catalogue.Activate(version.Model.Id, active: true, "activated by people", Now);
                return new RegisteredVersion(Views.Of(catalogue, version), known is null);
            },
            cancel);
    }

    /// <summary>Begins an experiment: <c>version_a</c> is the champion, or becomes it, and <c>version_b</c> serves the second share beside it.</summary>
    /// <exception cref="RegistryRefusedException">A version is not registered or not active, the shares do not sum to 1, or an experiment runs [AB-07].</exception>
    public ValueTask<ExperimentView> StartAbTestAsync(StartAbTest asked, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        VersionType type = JudgingType(asked.ModelType);
        TrafficSplit split = SplitOf(asked.TrafficSplit);
        if (asked.VersionA == asked.VersionB)
            throw new RegistryRefusedException(Refusal.Invalid, $"version_b is '{Echo.Of(asked.VersionB)}', as version_a is; two versions are compared", "version_b");
        return DecideAsync(
            async () =>
            {
                catalogue.RegisterBaseline(Now);
                LiveModel live = catalogue.LiveNow(Judge);
                if (live.Experiment is { } running)
                    throw new RegistryRefusedException(Refusal.Conflict, $"experiment {running} runs; promote its winner, or roll back to {live.Champion!.Label} to end it");
                ModelVersion champion = catalogue.Find(live.Champion!.Id)!;
                ModelVersion? ofA = IsChampion(champion, type, asked.VersionA) ? null : Active(type, asked.VersionA, "version_a");
                ModelVersion ofB = Active(type, asked.VersionB, "version_b");
                ModelVersion a = ofA is null ? champion : await JudgingAsync(champion, ofA), b = await JudgingAsync(a, ofB);
                if (a.Model.Id == b.Model.Id) throw new RegistryRefusedException(Refusal.Conflict, $"{asked.VersionB} serves already", "version_b");
                var notes = new List<string>();
                if (split.Advice is { } advice) notes.Add(advice);
                if (ofA is null && type != Judge && _members.Of(champion, type) == ScorerNames.StandIn)
                {
                    notes.Add($"no {asked.ModelType} member serves: {ScorerNames.StandIn} stands for it, "
                        + $"and {champion.Model.Label} ({champion.Kind}) judges the first share");
                }
                foreach (ModelVersion? member in (ModelVersion?[])[ofA, ofB])
                    if (member is not null && CautionOf(member) is { } caution) notes.Add($"{member.Model.Label}: {caution}");
                if (a.Model.Id != champion.Model.Id)
                {
                    notes.Add($"{asked.VersionA} did not serve: it takes the place of {champion.Model.Label} as {a.Model.Label}");
                    await CrownAsync(a.Model, $"people test {asked.VersionB} against {asked.VersionA}, which takes the place of {champion.Model.Label}");
                }
                await TestAsync(b, split.Challenger, $"people test {asked.ModelType} {asked.VersionB} against {asked.VersionA}");
                return Views.Experiment(catalogue, _members, lane?.Judge(Now), [.. notes])!;
            },
            cancel);
    }

    /// <summary>Lets the challenger serve alone if every check of the policy has passed; else nothing changes, and the answer says what is open.</summary>
    /// <exception cref="RegistryRefusedException">No experiment of that type runs, or its evidence is not at hand.</exception>
    public ValueTask<PromotionView> PromoteWinnerAsync(PromoteWinner asked, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        VersionType type = JudgingType(asked.ModelType);
        return DecideAsync(
            async () =>
            {
                LiveModel live = catalogue.LiveNow(Judge);
                if (live.Experiment is not { } experiment) throw new RegistryRefusedException(Refusal.Conflict, "no experiment runs; nothing can be promoted");
                VersionType about = Views.TypeOf(catalogue, live);
                if (type != Judge && type != about)
                    throw new RegistryRefusedException(Refusal.Conflict, $"experiment {experiment} is about {about.Text()}, not {type.Text()}", "model_type");
                if (asked.Confirm is { } typed && typed != live.Challenger!.Label)
                    throw new RegistryRefusedException(Refusal.Invalid, $"confirm must be the challenger's label, {live.Challenger.Label}; nothing was promoted", "confirm");
                if (lane?.Judge(Now) is not { } judged)
                    throw new RegistryRefusedException(Refusal.Conflict, $"what experiment {experiment} has shown is known to the running process alone, and none is asked");
                if (judged.Verdict.Holds) await lane.CrownChallengerAsync($"people promote it; {judged.Verdict.Why}", Now, CancellationToken.None);
                return new PromotionView(
                    judged.Verdict.Holds, experiment, catalogue.LiveNow(Judge).Champion!, judged.Verdict.Why, Views.Checks(judged.Verdict));
            },
            cancel);
    }

    /// <summary>
    /// Undoes one thing: an experiment, which ends; or without one the champion, in whose place the version before serves again. A named version serves
    /// alone, whichever of the two that takes. What people go back to by name or without an experiment is pinned.
    /// </summary>
    /// <exception cref="RegistryRefusedException">There is none to go back to, or the experiment that runs is about another type.</exception>
    public ValueTask<LiveView> RollBackAsync(RollBack asked, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        VersionType type = JudgingType(asked.ModelType);
        return DecideAsync(
            async () =>
            {
                catalogue.RegisterBaseline(Now);
                LiveModel live = catalogue.LiveNow(Judge);
                ModelVersion champion = catalogue.Find(live.Champion!.Id)!;
                if (live.Experiment is { } experiment && type != Judge && Views.TypeOf(catalogue, live) is var about && about != type)
                {
                    throw new RegistryRefusedException(
                        Refusal.Conflict, $"experiment {experiment} is about {about.Text()}, not {type.Text()}; nothing was changed", "model_type");
                }
                if (asked.Version is { } name) await GoToAsync(champion, type, name);
                else if (live.Experiment is not null) await WithdrawAsync("people end it");
                else await GoBackAsync(Before(champion, type).Model.Id);
                return Views.Of(catalogue.LiveNow(Judge));
            },
            cancel);
    }

    /// <summary>Lifts the pin of a rollback: refreshes and promotions take the champion's place again.</summary>
    /// <exception cref="RegistryRefusedException">Nothing is pinned.</exception>
    public ValueTask<LiveView> UnpinAsync(Unpin asked, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        JudgingType(asked.ModelType);
        return DecideAsync(
            async () =>
            {
                LiveModel live = catalogue.LiveNow(Judge);
                if (!live.Pinned) throw new RegistryRefusedException(Refusal.Conflict, $"{live.Champion!.Label} is not pinned; nothing was changed");
                const string why = "people lift the pin";
                if (lane is null) catalogue.Pin(Judge, held: false, why, Now);
                else await lane.UnpinAsync(why, Now, CancellationToken.None);
                return Views.Of(catalogue.LiveNow(Judge));
            },
            cancel);
    }

    /// <summary>The label by which predictions name what serves of a type: <c>v0.1.0</c> for a member that is not there.</summary>
    public string ServingName(VersionType type) => catalogue.LiveNow(Judge).Champion is { } champion && catalogue.Find(champion.Id) is { } version
        ? Views.LabelIn(catalogue, _members, version, type)
        : ScorerNames.StandIn;

    /// <summary>Every version, the experiment, and what is live.</summary>
    public RegistrySummary Summarise(SummariseVersions asked)
    {
        IReadOnlyList<ModelVersion> all = catalogue.Versions();
        ModelVersion[] shown = [.. all.Where(v => asked.Online || v.Kind != "ftrl" || v.TrafficWeight > 0)];
        return new RegistrySummary(
            [.. shown.Select(v => Views.Of(catalogue, v))], all.Count - shown.Length, Views.Experiment(catalogue, _members, lane?.Judge(Now)),
            Views.Of(catalogue.LiveNow(Judge)));
    }

    /// <summary>What was live at an instant; or what is, and the decisions that led there.</summary>
    /// <exception cref="RegistryRefusedException">There is no such type.</exception>
    public HistoryView History(HistoryQuestion asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        VersionType type = VersionTypes.Parse(asked.ModelType, "model_type");
        if (asked.At is { } at) return new HistoryView(at, Views.Of(catalogue.LiveAt(type, at)), []);
        IEnumerable<HistoryLineView> lines =
            from line in catalogue.History
            let version = catalogue.Find(line.Model)
            where version?.Type == type
            select new HistoryLineView(line.Seq, line.At, line.What.ToString(), version.Model, line.Why, line.Hash);
        return new HistoryView(null, Views.Of(catalogue.LiveNow(type)), [.. lines.TakeLast(asked.Most)]);
    }

    [GeneratedRegex(@"^v[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\z")]
    private static partial Regex LabelForm { get; }

    [GeneratedRegex(@"^[a-z][a-z0-9_]*\z")]
    private static partial Regex MetricForm { get; }

    private static VersionType JudgingType(string text) => text switch
    {
        "xgboost" => VersionType.Xgboost,
        "onnx" => VersionType.Onnx,
        "meta_label" => Judge,
        _ => throw new RegistryRefusedException(Refusal.Invalid, $"model_type is '{Echo.Of(text)}'; it must be one of xgboost, onnx, meta_label", "model_type"),
    };

    private static void CheckLabel(VersionType type, string label)
    {
        if (!LabelForm.IsMatch(label)) throw new RegistryRefusedException(Refusal.Invalid, $"version is '{Echo.Of(label)}'; it must be of the form v1.2.3", "version");
        if (label == ScorerNames.StandIn && type != Judge)
            throw new RegistryRefusedException(Refusal.Invalid, $"version {label} stands for a member that is not there; choose another", "version");
    }

    private static void CheckMetrics(IReadOnlyDictionary<string, double> metrics)
    {
        if (metrics.Count > MostMetrics) throw Wrong("metrics", $"are {metrics.Count}; at most {MostMetrics} are kept");
        foreach ((string name, double value) in metrics)
        {
            if (name.Length > MostMetricName || !MetricForm.IsMatch(name))
                throw Wrong("metrics", $"has a figure '{Echo.Of(name)}'; names are up to {MostMetricName} lower-case letters, digits and underscores");
            if (!double.IsFinite(value)) throw Wrong($"metrics.{name}", $"is {value}; it must be finite");
            if (Rates.Contains(name) && !(value is >= 0 and <= 1)) throw Wrong($"metrics.{name}", $"is {value}; it must be from 0 to 1");
        }

        static RegistryRefusedException Wrong(string field, string what) => new(Refusal.Invalid, $"{field} {what}", field);
    }

    private static TrafficSplit SplitOf(IReadOnlyList<double>? shares)
    {
        if (shares is null) return TrafficSplit.Default;
        if (shares.Count != MostShares)
            throw new RegistryRefusedException(Refusal.Invalid, $"traffic_split has {shares.Count} shares; it must have {MostShares}, which sum to 1", "traffic_split");
        try
        {
            return new TrafficSplit(shares[0], shares[1]);
        }
        catch (RegistryRefusedException e)
        {
            throw new RegistryRefusedException(e.Reason, $"traffic_split: {e.Message}", "traffic_split");
        }
    }

    private int FreeOrdinal(VersionType type, int? wished) =>
        wished is { } own && catalogue.Versions(type).All(v => v.Model.Ordinal != own) ? own : catalogue.NextOrdinal(type);

    // By the name of its registered member, as predictions name its own, or by its own label.
    private bool IsChampion(ModelVersion champion, VersionType type, string name)
    {
        if (champion.Model.Label == name) return true;
        if (type == Judge) return false;
        return Views.LabelIn(catalogue, _members, champion, type) == name;
    }

    private static bool Alike(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> now) =>
        before.Count == now.Count && now.All(m => before.TryGetValue(m.Key, out double value) && value == m.Value);

    private static string Cautioned(ModelPackage package, string? caution) =>
        caution is null ? package.Manifest.Notes : $"{package.Manifest.Notes} {caution}";

    private string? CautionOf(ModelVersion member) =>
        Composer.MemberName(member.Type) is null ? null : MissingValues.Caution(artefacts.LoadPackage(member.Model.Id).CrossVenue);

    private ModelVersion Named(VersionType type, string name, string field)
    {
        try
        {
            return catalogue.Resolve(type, name);
        }
        catch (RegistryRefusedException e)
        {
            throw new RegistryRefusedException(e.Reason, $"{field}: {e.Message}", field);
        }
    }

    private ModelVersion Active(VersionType type, string name, string field)
    {
        ModelVersion version = Named(type, name, field);
        if (version.Active) return version;
        string why = version.Status == VersionStatus.Archived ? "archived" : "not active; register the same file under the same version with activate: true";
        throw new RegistryRefusedException(Refusal.Conflict, $"{field}: {type.Text()} {version.Model.Label} is registered and {why}", field);
    }

    /// <summary>The version that judges with a member in the champion's ensemble: one that was made so before, or a new one.</summary>
    private async ValueTask<ModelVersion> JudgingAsync(ModelVersion champion, ModelVersion member)
    {
        if (Composer.MemberName(member.Type) is null) return member;
        ModelPackage before = artefacts.LoadPackage(champion.Model.Id);
        string notes = Composer.NotesOf(before, member.Type, member.Model.Label);
        ModelVersion? version = catalogue.Versions(Judge).FirstOrDefault(v => v.Parent == champion.Model.Id && v.Notes == notes && v.Active);
        if (version is null)
        {
            ModelHead head = artefacts.LoadPackage(member.Model.Id).CrossVenue;
            ModelPackage package = Composer.Compose(before, member.Type, member.Model.Label, head, catalogue.NextOrdinal(Judge));
            version = catalogue.Register(
                Registration.Of(package, member.KnownAt) with { Parent = champion.Model.Id }, package.Bytes, $"{member.Type.Text()} {member.Model.Label} is to judge", Now);
            if (lane is not null) await lane.ShowAsync(version.Model, CancellationToken.None);
        }
        foreach (VersionType type in (VersionType[])[VersionType.Xgboost, VersionType.Onnx])
        {
            string? id = type == member.Type ? member.Model.Id : Views.MemberIn(champion, type);
            if (id is not null && Views.MemberIn(version, type) != id)
                version = catalogue.Tag(version.Model.Id, Views.TagOf(type), id, "the member that it was made with", Now);
        }
        return version;
    }

    /// <summary>The latest version that served before and is another one of that type: by itself, or by its member.</summary>
    private ModelVersion Before(ModelVersion champion, VersionType type)
    {
        string? member = type == Judge ? null : MemberKey(champion);
        return catalogue.Warm(Judge, int.MaxValue).FirstOrDefault(v => v.Active && (type == Judge || MemberKey(v) != member))
            ?? throw new RegistryRefusedException(Refusal.Conflict, $"no earlier {type.Text()} version is there to go back to; nothing was changed");

        string MemberKey(ModelVersion v) => Views.MemberIn(v, type) ?? _members.Of(v, type);
    }

    /// <summary>The latest version that served before and has that name, by itself or by its member.</summary>
    private ModelVersion Earlier(VersionType type, string name)
    {
        ModelVersion named = Named(type, name, "version");
        return catalogue.Warm(Judge, int.MaxValue).FirstOrDefault(v => (type == Judge ? v.Model.Id : Views.MemberIn(v, type)) == named.Model.Id)
            ?? throw new RegistryRefusedException(Refusal.Conflict, $"{type.Text()} {name} has not served before this: put it into an A/B test", "version");
    }

    // Who asked may hang up while they wait; what is decided is said all the same.
    private ValueTask<T> DecideAsync<T>(Func<ValueTask<T>> decide, CancellationToken cancel) => lane is null ? decide() : lane.DecideAsync(decide, cancel);

    private async ValueTask CrownAsync(ModelRef model, string why)
    {
        if (lane is null) catalogue.Assign(model.Id, why, Now);
        else await lane.CrownAsync(model, why, Now, CancellationToken.None);
    }

    private async ValueTask TestAsync(ModelVersion version, double share, string why)
    {
        if (lane is null) catalogue.StartExperiment(version.Model.Id, share, why, Now);
        else await lane.TestAsync(version, share, why, Now, CancellationToken.None);
    }

    // The champion is pinned first, so that nothing that waits for the experiment's end takes its place.
    private async ValueTask GoToAsync(ModelVersion champion, VersionType type, string name)
    {
        if (!IsChampion(champion, type, name))
        {
            await GoBackAsync(Earlier(type, name).Model.Id);
            return;
        }
        LiveModel live = catalogue.LiveNow(Judge);
        if (live is { Experiment: null, Pinned: true })
            throw new RegistryRefusedException(Refusal.Conflict, $"{name} serves already, alone and pinned", "version");
        string why = $"people stay with {name}";
        catalogue.Pin(Judge, held: true, why, Now);
        if (live.Experiment is not null) await WithdrawAsync(why);
    }

    private async ValueTask WithdrawAsync(string why)
    {
        if (lane is null) catalogue.EndExperiment(Judge, why, Now);
        else await lane.WithdrawAsync(why, Now, CancellationToken.None);
    }

    private async ValueTask GoBackAsync(string id)
    {
        const string why = "people go back";
        if (lane is null) catalogue.RollBack(Judge, id, why, Now, pinned: true);
        else await lane.RollBackAsync(id, why, Now, CancellationToken.None, pinned: true);
    }
}
