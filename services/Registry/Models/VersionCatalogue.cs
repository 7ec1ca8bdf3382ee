using System.Globalization;
using System.Text.RegularExpressions;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Every version by any of its names, which of them serves, and the decisions that change it; each decision is a line of history
/// first.</summary>
/// <remarks>
/// State is nothing but the fold of <see cref="History"/>: what is opened again stands as it stood. A name resolves in O(1), an instant in
/// O(log decisions). What serves is one pointer for each type, so promotion and rollback are one line. The service registers the labelled
/// baseline when it first starts, so that it can be challenged and gone back to. Thread-safe.
/// </remarks>
public sealed partial class VersionCatalogue
{
    private const int MostText = 10_000;
    private readonly History? _history;
    private readonly IReadOnlyList<HistoryEntry> _read = [];
    private readonly ArtefactStore _artefacts;
    private readonly CatalogueState _state = new();
    private readonly Lock _deciding = new();

    /// <summary>The catalogue that a history tells of.</summary>
    /// <exception cref="HistoryDamagedException">A line registers what is registered already, or tells of what is not.</exception>
    public VersionCatalogue(History history, ArtefactStore artefacts)
    {
        ArgumentNullException.ThrowIfNull(history);
        (_history, _artefacts) = (history, artefacts);
        foreach (HistoryEntry line in history.Entries) _state.Replay(line);
    }

    private VersionCatalogue(IReadOnlyList<HistoryEntry> entries, ArtefactStore artefacts)
    {
        (_read, _artefacts) = (entries, artefacts);
        foreach (HistoryEntry line in entries) _state.Replay(line);
    }

    /// <summary>Everything that happened, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> History => _history?.Entries ?? _read;

    /// <summary>The catalogue in <paramref name="folder"/> as it stands now, verified, beside whoever writes it; nothing can be decided in it.</summary>
    /// <exception cref="HistoryDamagedException">As for <see cref="Models.History.Open"/>.</exception>
    public static VersionCatalogue Read(string folder) => new(Models.History.Read(folder), new ArtefactStore(folder));

    /// <summary>Every version in the order of registration.</summary>
    /// <param name="type">Of this type alone; null for all.</param>
    public IReadOnlyList<ModelVersion> Versions(VersionType? type = null)
    {
        lock (_deciding) return [.. _state.All.Where(v => type is null || v.Type == type)];
    }

    /// <summary>The version that a name names: <c>sha256:…</c>, at least 8 of its hex digits, <c>v1.2.3</c> or <c>v42</c>.</summary>
    /// <exception cref="RegistryRefusedException">None of the type has that name, or more than one begin with those digits.</exception>
    public ModelVersion Resolve(VersionType type, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_deciding) return Lookup(type, name);
    }

    /// <summary>The version of an identity, of whatever type; null where it is not registered.</summary>
    public ModelVersion? Find(string id)
    {
        lock (_deciding) return _state.Find(id);
    }

    /// <summary>The ordinal that the next version of a type gets: 1 for the first.</summary>
    public int NextOrdinal(VersionType type)
    {
        lock (_deciding) return Math.Max(0, _state.LastOrdinal(type)) + 1;
    }

    /// <summary>What serves.</summary>
    public LiveModel LiveNow(VersionType type)
    {
        lock (_deciding) return _state.Live(type).Now;
    }

    /// <summary>What served at an instant, and why. Of several decisions of one instant the last counts; before the first, the baseline
    /// served, since it was registered; nothing before that.</summary>
    public LiveModel LiveAt(VersionType type, DateTime instant)
    {
        lock (_deciding) return _state.Live(type).At(instant);
    }

    /// <summary>The versions that a rollback would go back to, the latest first, at most <paramref name="most"/>: keep them loaded.</summary>
    public IReadOnlyList<ModelVersion> Warm(VersionType type, int most = 2)
    {
        lock (_deciding)
        {
            IEnumerable<ModelVersion> before = _state.Live(type).Before.Select(r => _state.Find(r.Id)).OfType<ModelVersion>();
            return [.. before.Where(v => v.Status != VersionStatus.Archived).Take(most)];
        }
    }

    /// <summary>Stores a version and what is said of it; bytes that are registered already stay as they are, and nothing is written.</summary>
    /// <param name="registration">What is said of it; its path is filled in.</param>
    /// <param name="bytes">The artefact, whose SHA-256 is the identity.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC.</param>
    /// <exception cref="ModelRefusedException">The bytes have another identity than the registration says.</exception>
    /// <exception cref="RegistryRefusedException">Label or ordinal is taken by other bytes or malformed, a figure is not finite, or the parent is
    /// not known.</exception>
    public ModelVersion Register(Registration registration, ReadOnlyMemory<byte> bytes, string why, DateTime at)
    {
        ArgumentNullException.ThrowIfNull(registration);
        string id = ModelPackage.IdOf(bytes.Span);
        if (id != registration.Model.Id) throw new ModelRefusedException("identity", registration.Model.Id, id);
        lock (_deciding)
        {
            if (_state.Find(id) is { } known) return known;
            CheckNames(registration);
            foreach ((string name, double value) in registration.Metrics)
                if (!double.IsFinite(value)) throw Invalid($"metric '{name}' is {value}, expected a finite number");
            if (registration.KnownAt.Kind != DateTimeKind.Utc) throw Invalid($"known_at is {registration.KnownAt.Kind}, expected UTC");
            if (registration.Parent is { } parent && _state.Find(parent) is null)
                throw new RegistryRefusedException(Refusal.NotFound, $"parent '{parent}' is not registered");
            CheckText("notes", registration.Notes);
            CheckText("verdict", registration.Verdict);
            _artefacts.Put(bytes);
            Registration stored = registration with { Path = ArtefactStore.RelativePath(id) };
            Decide(at, id, why, new Registered(stored));
            return _state.Find(id)!;
        }
    }

    /// <summary>Registers the labelled baseline, if it is not: it can be challenged and gone back to.</summary>
    /// <param name="at">Since when it judges, UTC; the beginning of Unix time where that is not known.</param>
    public void RegisterBaseline(DateTime at) =>
        Register(Registration.Of(ModelPackage.Baseline, DateTime.UnixEpoch), ModelPackage.Baseline.Bytes, "the labelled prior", at);

    /// <summary>Hangs a word on a version, or takes it away.</summary>
    /// <param name="id">Its identity.</param>
    /// <param name="key">The word's name: 1 to 250 characters.</param>
    /// <param name="value">Its value; null takes it away.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC.</param>
    /// <exception cref="RegistryRefusedException">No such version, or the key is empty or too long.</exception>
    public ModelVersion Tag(string id, string key, string? value, string why, DateTime at)
    {
        if (key is not { Length: > 0 and <= 250 }) throw Invalid($"a tag's key is {key?.Length ?? 0} characters long, expected 1 to 250");
        CheckText("tag", value ?? "");
        lock (_deciding)
        {
            Known(id);
            return Decided(at, id, why, new Tagged(key, value));
        }
    }

    /// <summary>Allows a version to be assigned, or forbids it.</summary>
    /// <exception cref="RegistryRefusedException">No such version; it is archived; or it serves and should not.</exception>
    public ModelVersion Activate(string id, bool active, string why, DateTime at)
    {
        lock (_deciding)
        {
            ModelVersion version = Known(id);
            if (active && version.Status == VersionStatus.Archived) throw Conflict($"{version.Model} is archived");
            if (!active && version.TrafficWeight > 0) throw Conflict($"{version.Model} serves {version.TrafficWeight:P0} of {version.Type.Text()}");
            return version.Active == active ? version : Decided(at, id, why, new Activated(active));
        }
    }

    /// <summary>Lets a version serve alone, by decision; one that does already stays, and nothing is written.</summary>
    /// <exception cref="RegistryRefusedException">No such version, it is not active, or an experiment runs.</exception>
    public LiveModel Assign(string id, string why, DateTime at)
    {
        lock (_deciding)
        {
            ModelVersion version = Assignable(id);
            LiveModel live = _state.Live(version.Type).Now;
            if (live.Experiment is { } running) throw Conflict($"experiment {running} runs on {version.Type.Text()}; promote or end it first");
            if (live.Champion?.Id != id || live.Seq == 0) Decide(at, id, why, new Assigned(version.Type));
            return _state.Live(version.Type).Now;
        }
    }

    /// <summary>Lets a challenger serve a share beside the champion [AB-01].</summary>
    /// <param name="id">Identity of the challenger.</param>
    /// <param name="share">Its share, above 0 and below 1.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>What is live now; its experiment is named <c>TYPE-SEQ</c>.</returns>
    /// <exception cref="RegistryRefusedException">One of the two is not registered or not active, they are the same, an experiment runs, or the
    /// share is out of range [AB-07].</exception>
    public LiveModel StartExperiment(string id, double share, string why, DateTime at)
    {
        CheckShare(share);
        lock (_deciding)
        {
            ModelVersion challenger = Assignable(id);
            LivePointer live = _state.Live(challenger.Type);
            if (live.Now.Experiment is { } running) throw Conflict($"experiment {running} runs on {challenger.Type.Text()}; promote or end it first");
            if (live.Now.Champion is not { } champion)
                throw Conflict($"nothing serves {challenger.Type.Text()} that {challenger.Model} could challenge");
            Assignable(champion.Id);
            if (champion.Id == id) throw Conflict($"{challenger.Model} serves already");
            string experiment = $"{challenger.Type.Text()}-{History.Count + 1}";
            Decide(at, id, why, new ExperimentStarted(challenger.Type, experiment, champion.Id, share));
            return live.Now;
        }
    }

    /// <summary>Gives the challenger another share.</summary>
    /// <exception cref="RegistryRefusedException">No experiment runs, or the share is out of range.</exception>
    public LiveModel Ramp(VersionType type, double share, string why, DateTime at)
    {
        CheckShare(share);
        return EndOrGoOn(type, why, at, live => new Ramped(type, live.Experiment!, share));
    }

    /// <summary>The challenger has won: it serves alone.</summary>
    /// <exception cref="RegistryRefusedException">No experiment runs.</exception>
    public LiveModel Promote(VersionType type, string why, DateTime at) =>
        EndOrGoOn(type, why, at, live => new Promoted(type, live.Experiment!, live.Champion!.Id));

    /// <summary>The challenger has not won: the champion serves alone.</summary>
    /// <exception cref="RegistryRefusedException">No experiment runs.</exception>
    public LiveModel EndExperiment(VersionType type, string why, DateTime at) =>
        EndOrGoOn(type, why, at, live => new ExperimentEnded(type, live.Experiment!, live.Champion!.Id));

    /// <summary>Goes back to a version that served before; an experiment that runs is over.</summary>
    /// <param name="type">Of what.</param>
    /// <param name="id">Identity of the version; null for the one that served last before this.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="pinned">Whether it is held from now on.</param>
    /// <exception cref="RegistryRefusedException">There is none to go back to, or it is archived, not active, of another type or serves
    /// already.</exception>
    public LiveModel RollBack(VersionType type, string? id, string why, DateTime at, bool pinned = false)
    {
        lock (_deciding)
        {
            LivePointer live = _state.Live(type);
            string to = id ?? live.Before.FirstOrDefault(r => _state.Find(r.Id) is { Active: true })?.Id
                ?? throw Conflict($"no earlier version of {type.Text()} is there to go back to");
            ModelVersion version = Assignable(to);
            if (version.Type != type) throw Invalid($"{version.Model} is of type {version.Type.Text()}, not {type.Text()}");
            if (live.Now.Champion is not { } from || from.Id == to) throw Conflict($"{version.Model} serves already");
            Decide(at, to, why, new RolledBack(type, from.Id, pinned));
            return live.Now;
        }
    }

    /// <summary>Holds the version that serves, so that nothing takes its place by itself, or holds it no longer; written only where that changes.</summary>
    /// <exception cref="RegistryRefusedException">Nothing of the type serves.</exception>
    public LiveModel Pin(VersionType type, bool held, string why, DateTime at)
    {
        lock (_deciding)
        {
            LivePointer live = _state.Live(type);
            if (live.Now.Champion is not { } champion) throw Conflict($"nothing serves {type.Text()}");
            if (live.Now.Pinned != held) Decide(at, champion.Id, why, new Pinned(type, held));
            return live.Now;
        }
    }

    /// <summary>Puts a version away; its artefact stays.</summary>
    /// <exception cref="RegistryRefusedException">No such version, or it serves.</exception>
    public ModelVersion Archive(string id, string why, DateTime at)
    {
        lock (_deciding)
        {
            ModelVersion version = Known(id);
            if (version.TrafficWeight > 0 || version.Status is VersionStatus.Champion or VersionStatus.Challenger)
                throw Conflict($"{version.Model} is {version.Status} of {version.Type.Text()}");
            return version.Status == VersionStatus.Archived ? version : Decided(at, id, why, new Archived());
        }
    }

    /// <summary>Writes down that a version left for, or came from, another process.</summary>
    internal void Note(string id, HistoryDetails details, string why, DateTime at)
    {
        lock (_deciding)
        {
            Known(id);
            Decide(at, id, why, details);
        }
    }

    [GeneratedRegex(@"^v[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\z")]
    private static partial Regex LabelForm { get; }

    [GeneratedRegex(@"^v[0-9]{1,9}\z")]
    private static partial Regex OrdinalForm { get; }

    [GeneratedRegex(@"^(sha256:)?[0-9a-f]{8,64}\z")]
    private static partial Regex HashForm { get; }

    private static RegistryRefusedException Invalid(string message) => new(Refusal.Invalid, message);

    private static RegistryRefusedException Conflict(string message) => new(Refusal.Conflict, message);

    private static void CheckShare(double share)
    {
        if (!(share is > 0 and < 1)) throw Invalid($"the challenger's share is {share}, expected above 0 and below 1");
    }

    private static void CheckText(string what, string text)
    {
        if (text.Length > MostText) throw Invalid($"{what} is {text.Length} characters long, at most {MostText}");
    }

    private void CheckNames(Registration registration)
    {
        (_, string label, int ordinal) = registration.Model;
        if (!LabelForm.IsMatch(label)) throw Invalid($"label '{Echo.Of(label)}' is not of the form v1.2.3");
        if (ordinal < 0) throw Invalid($"ordinal {ordinal} is negative");
        if (string.IsNullOrWhiteSpace(registration.Kind)) throw Invalid("kind is empty");
        string type = registration.Type.Text();
        if (_state.FindLabel(registration.Type, label) is { } labelled)
            throw Conflict($"label {label} of {type} is taken by other bytes: {labelled.Model.Id}");
        if (_state.FindOrdinal(registration.Type, ordinal) is { } numbered)
            throw Conflict($"v{ordinal} of {type} is taken by other bytes: {numbered.Model.Id}");
    }

    private ModelVersion Lookup(VersionType type, string name)
    {
        ModelVersion[] found;
        if (LabelForm.IsMatch(name)) found = _state.FindLabel(type, name) is { } labelled ? [labelled] : [];
        else if (OrdinalForm.IsMatch(name))
            found = _state.FindOrdinal(type, int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture)) is { } numbered ? [numbered] : [];
        else if (HashForm.IsMatch(name))
            found = [.. _state.FindPrefix(name.StartsWith('s') ? name["sha256:".Length..] : name).Where(v => v.Type == type)];
        else throw Invalid($"'{Echo.Of(name)}' names no model: expected sha256:…, at least {CatalogueState.PrefixDigits} of its hex digits, v1.2.3 or v42");
        return found switch
        {
            [var one] => one,
            [] => throw new RegistryRefusedException(Refusal.NotFound, $"no {type.Text()} model is named '{name}'"),
            _ => throw Conflict($"{found.Length} {type.Text()} models begin with '{name}': {string.Join(", ", found.Select(f => f.Model.Id))}"),
        };
    }

    private ModelVersion Known(string id) =>
        _state.Find(id) ?? throw new RegistryRefusedException(Refusal.NotFound, $"model '{id}' is not registered");

    private ModelVersion Assignable(string id)
    {
        ModelVersion version = Known(id);
        return version.Active
            ? version
            : throw Conflict($"{version.Model} is {(version.Status == VersionStatus.Archived ? "archived" : "not active")}");
    }

    private LiveModel EndOrGoOn(VersionType type, string why, DateTime at, Func<LiveModel, HistoryDetails> details)
    {
        lock (_deciding)
        {
            LivePointer live = _state.Live(type);
            if (live.Now.Experiment is null) throw Conflict($"no experiment runs on {type.Text()}");
            Decide(at, live.Now.Challenger!.Id, why, details(live.Now));
            return live.Now;
        }
    }

    private ModelVersion Decided(DateTime at, string id, string why, HistoryDetails details)
    {
        Decide(at, id, why, details);
        return _state.Find(id)!;
    }

    private void Decide(DateTime at, string id, string why, HistoryDetails details)
    {
        CheckText("the reason", why);
        _state.Apply((_history ?? throw new InvalidOperationException("this catalogue was opened to be read")).Append(at, id, why, details));
    }
}
