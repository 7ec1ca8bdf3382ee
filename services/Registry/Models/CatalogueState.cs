using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>What the lines of history add up to: versions by every name, and what is live. Applies lines, asks nothing. Not thread-safe.</summary>
internal sealed class CatalogueState
{
    /// <summary>Fewest hex digits that name a version.</summary>
    public const int PrefixDigits = 8;

    private readonly Dictionary<string, Entry> _byId = [];
    private readonly Dictionary<string, List<string>> _byPrefix = [];
    private readonly Dictionary<(VersionType Type, string Label), string> _byLabel = [];
    private readonly Dictionary<(VersionType Type, int Ordinal), string> _byOrdinal = [];
    private readonly Dictionary<VersionType, int> _lastOrdinal = [];
    private readonly Dictionary<VersionType, LivePointer> _live = VersionTypes.All.ToDictionary(t => t, t => new LivePointer(t));

    /// <summary>Every version, in the order of registration.</summary>
    public IEnumerable<ModelVersion> All => _byId.Values.OrderBy(e => e.Seq).Select(Version);

    public LivePointer Live(VersionType type) => _live[type];

    public int LastOrdinal(VersionType type) => _lastOrdinal.GetValueOrDefault(type, -1);

    public ModelVersion? Find(string id) => _byId.TryGetValue(id, out Entry? entry) ? Version(entry) : null;

    public ModelVersion? FindLabel(VersionType type, string label) => _byLabel.TryGetValue((type, label), out string? id) ? Find(id) : null;

    public ModelVersion? FindOrdinal(VersionType type, int ordinal) => _byOrdinal.TryGetValue((type, ordinal), out string? id) ? Find(id) : null;

    /// <summary>Versions whose hex begins with at least <see cref="PrefixDigits"/> digits.</summary>
    public IEnumerable<ModelVersion> FindPrefix(string hex) => _byPrefix.GetValueOrDefault(hex[..PrefixDigits], [])
        .Where(id => HexOf(id).StartsWith(hex, StringComparison.Ordinal)).Select(id => Version(_byId[id]));

    /// <summary>Applies a line that was written before; <see cref="Apply"/> takes what was just decided.</summary>
    /// <exception cref="HistoryDamagedException">It registers what is registered already, or tells of what is not.</exception>
    public void Replay(HistoryEntry line)
    {
        if (line.Details is Registered { Version: { } said })
        {
            if (Taken(said) is { } taken)
                throw new HistoryDamagedException(History.FileName, line.Seq, $"the registration of {said.Model}", "the only one of that name", taken);
        }
        else if (!_byId.ContainsKey(line.Model))
        {
            throw new HistoryDamagedException(History.FileName, line.Seq, "the model", "one that a line before registers", $"'{line.Model}'");
        }
        Apply(line);
    }

    public void Apply(HistoryEntry line)
    {
        switch (line.Details)
        {
            case Registered registered: Add(registered.Version, line); break;
            case Tagged { Value: null } tagged: _byId[line.Model].Tags.Remove(tagged.Key); break;
            case Tagged tagged: _byId[line.Model].Tags[tagged.Key] = tagged.Value; break;
            case Activated activated: _byId[line.Model].Active = activated.Active; break;
            case Archived: (_byId[line.Model].Archived, _byId[line.Model].Active) = (true, false); break;
            case Assigned assigned: Live(assigned.Type).Crown(RefOf(line.Model), line); break;
            case ExperimentStarted started: Live(started.Type).Challenge(RefOf(line.Model), started, line); break;
            case Ramped ramped: Live(ramped.Type).Ramp(ramped.Share, line); break;
            case Promoted promoted: Live(promoted.Type).Promote(RefOf(line.Model), line); break;
            case ExperimentEnded ended: Live(ended.Type).EndChallenge(line); break;
            case RolledBack back: Live(back.Type).Restore(RefOf(line.Model), back.Pinned, line); break;
            case Pinned pin: Live(pin.Type).Pin(pin.Held, line); break;
            case Exported or Imported: break;
            default: throw new InvalidOperationException($"line {line.Seq} of the history is a {line.What}, which changes nothing that is known");
        }
        _byId[line.Model].ChangedAt = line.At;
    }

    private static string HexOf(string id) => id["sha256:".Length..];

    private ModelRef RefOf(string id) => _byId[id].Registration.Model;

    private string? Taken(Registration registration)
    {
        (string id, string label, int ordinal) = registration.Model;
        if (_byId.TryGetValue(id, out Entry? same)) return $"a second one of the same bytes, after line {same.Seq}";
        if (_byLabel.TryGetValue((registration.Type, label), out string? labelled)) return $"a second one of that label, after line {_byId[labelled].Seq}";
        return _byOrdinal.TryGetValue((registration.Type, ordinal), out string? numbered) ? $"a second one of that ordinal, after line {_byId[numbered].Seq}" : null;
    }

    private void Add(Registration registration, HistoryEntry line)
    {
        (string id, string label, int ordinal) = registration.Model;
        _byId.Add(id, new Entry(registration, line) { Active = registration.Active });
        if (id == ModelPackage.Baseline.Ref.Id) Live(registration.Type).Begin(line.At);
        if (!_byPrefix.TryGetValue(HexOf(id)[..PrefixDigits], out List<string>? alike)) _byPrefix.Add(HexOf(id)[..PrefixDigits], alike = []);
        alike.Add(id);
        _byLabel.Add((registration.Type, label), id);
        _byOrdinal.Add((registration.Type, ordinal), id);
        _lastOrdinal[registration.Type] = Math.Max(LastOrdinal(registration.Type), ordinal);
    }

    private ModelVersion Version(Entry entry)
    {
        LiveModel live = Live(entry.Registration.Type).Now;
        string id = entry.Registration.Model.Id;
        VersionStatus status = live.Champion?.Id == id ? VersionStatus.Champion
            : live.Challenger?.Id == id ? VersionStatus.Challenger
            : entry.Archived ? VersionStatus.Archived
            : VersionStatus.Candidate;
        double weight = status switch { VersionStatus.Champion => 1 - live.Share, VersionStatus.Challenger => live.Share, _ => 0 };
        return new ModelVersion(entry.Registration, status, entry.Active, weight, new Dictionary<string, string>(entry.Tags))
        {
            RegisteredAt = entry.RegisteredAt,
            ChangedAt = entry.ChangedAt,
        };
    }

    private sealed class Entry(Registration registration, HistoryEntry line)
    {
        public Registration Registration { get; } = registration;

        public long Seq { get; } = line.Seq;

        public DateTime RegisteredAt { get; } = line.At;

        public DateTime ChangedAt { get; set; }

        public bool Active { get; set; }

        public bool Archived { get; set; }

        public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }
}
