using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Stories;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Answers;

/// <summary>Reads the tables beside the projector, on connections of its own, and single records of the ledger by the places that the tables hold.</summary>
/// <remarks>
/// What the tables do not hold yet is not known here: they lag behind the ledger by a bounded amount. Records name instruments, policies and models by numbers
/// that their session declares; the declarations of the session that was asked for last are kept.
/// </remarks>
public sealed class DecisionReader(AuditRun run, TableFile tables)
{
    private const int MostNamed = 8;
    private readonly Lock _lock = new();
    private RecordReader _records = new();
    private (long Session, long Through) _declared = (-1, -1);

    /// <summary>The last ledger record that the tables hold; -1 for none.</summary>
    public long AsOf => Query<long?>("SELECT MAX(position) FROM projection")[0] ?? -1;

    /// <summary>Rows of <paramref name="sql"/>.</summary>
    /// <exception cref="Trading.Views.AuditUnavailableException">The tables are damaged or being made again, or their disk is full or fails.</exception>
    internal IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => tables.Query<T>(sql, parameters);

    /// <summary>The story of the one decision whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UnknownStoryException">No decision does, or several do.</exception>
    public DecisionStory Find(string prefix)
    {
        var wanted = IdPrefix.Parse(prefix.ToLowerInvariant());
        byte[] low = DecisionTable.Key(new OpportunityId(wanted.High, wanted.Low)), high = DecisionTable.Key(wanted.Last);
        IReadOnlyList<Places> found = Query<Places>(
            $"SELECT {Places.Fields} FROM decisions WHERE id >= @low AND id <= @high ORDER BY sequence LIMIT @most", new { low, high, most = MostNamed + 1 });
        return found.Count switch
        {
            1 => Read(found)[0],
            0 => throw new UnknownStoryException($"no decision up to ledger record {AsOf} has the id '{prefix}'"),
            _ => throw new UnknownStoryException(
                $"'{prefix}' begins several ids, give more digits: {string.Join(", ", found.Take(MostNamed).Select(f => Convert.ToHexStringLower(f.Id)))}"),
        };
    }

    /// <summary>The stories of a page of decisions, newest first, and where the next page begins.</summary>
    public (IReadOnlyList<DecisionStory> Stories, long? Next) Latest(int limit, long? before)
    {
        IReadOnlyList<Places> found = Query<Places>(
            $"SELECT {Places.Fields} FROM decisions{(before is null ? "" : " WHERE sequence < @before")} ORDER BY sequence DESC LIMIT @take",
            new { before, take = limit + 1 });
        return (Read([.. found.Take(limit)]), found.Count > limit ? found[limit - 1].Sequence : null);
    }

    /// <summary>The bytes of the model of that identity, as the ledger has them; null where it has none.</summary>
    public ReadOnlyMemory<byte>? Package(string model)
    {
        IReadOnlyList<long> places = Query<long>("SELECT place FROM landmarks WHERE model = @model ORDER BY sequence LIMIT 1", new { model });
        if (places.Count == 0) return null;
        using var ledger = new LedgerLookup(run.DataDirectory);
        LedgerEntry entry = ledger.Read(LedgerPlace.Unpack(places[0]));
        return new RecordReader().Read(entry) switch
        {
            Trading.Models.ModelTrained trained => trained.Package,
            PackageRecord package => package.Package,
            _ => null,
        };
    }

    private List<DecisionStory> Read(IReadOnlyList<Places> found)
    {
        using var ledger = new LedgerLookup(run.DataDirectory);
        var stories = new List<DecisionStory>(found.Count);
        lock (_lock)
        {
            foreach (Places places in found)
            {
                Declare(ledger, places.Sequence);
                var story = new DecisionStory(places.Sequence, (DecisionRecord)Read(ledger, places.Place)!);
                foreach (long? place in (long?[])[places.ProductionPlace, places.ShadowPlace, places.TrainingPlace])
                    if (place is { } at) story.Add(OutcomeOf(Read(ledger, at), story.Decision.Id));
                stories.Add(story);
            }
        }
        return stories;
    }

    private object? Read(LedgerLookup ledger, long place) => _records.Read(ledger.Read(LedgerPlace.Unpack(place)));

    private static OutcomeRecord OutcomeOf(object? record, OpportunityId id) =>
        record as OutcomeRecord ?? Array.Find((OutcomeRecord[])record!, o => o.Id == id)
        ?? throw new InvalidDataException($"the tables misplace an outcome of {id}");

    private void Declare(LedgerLookup ledger, long sequence)
    {
        const int session = (int)RecordKind.SessionOpened;
        if (_declared.Session >= 0 && sequence > _declared.Session && sequence <= _declared.Through) return;
        long begins = Query<long?>("SELECT MAX(sequence) FROM landmarks WHERE kind = @session AND sequence <= @sequence", new { session, sequence })[0] ?? 0;
        long end = Query<long?>("SELECT MIN(sequence) FROM landmarks WHERE kind = @session AND sequence > @begins", new { session, begins })[0] ?? AsOf + 1;
        if (begins != _declared.Session) (_records, _declared) = (new RecordReader(), (begins, begins - 1));
        foreach (long place in Query<long>(
            "SELECT place FROM landmarks WHERE sequence > @Through AND sequence < @end AND model IS NULL ORDER BY sequence", new { _declared.Through, end }))
            Read(ledger, place);
        _declared.Through = end - 1;
    }

    /// <summary>Where the records of one decision lie.</summary>
    private sealed record Places
    {
        public const string Fields = "sequence, id, place, production_place AS productionPlace, shadow_place AS shadowPlace, training_place AS trainingPlace";

        public long Sequence { get; init; }

        public byte[] Id { get; init; } = [];

        public long Place { get; init; }

        public long? ProductionPlace { get; init; }

        public long? ShadowPlace { get; init; }

        public long? TrainingPlace { get; init; }
    }
}
