using System.Globalization;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Reconciliation;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Projections;

/// <summary>How a lane's outcome stands in the table <c>decisions</c>; null there for a lane that owes nothing.</summary>
internal enum LaneCode
{
    /// <summary>Owed, and not known yet.</summary>
    Open,

    /// <summary>More than 0.5 bps net.</summary>
    Win,

    /// <summary>Less than -0.5 bps net.</summary>
    Loss,

    /// <summary>Between.</summary>
    Breakeven,

    /// <summary>No trade.</summary>
    Missed,

    /// <summary>Lane 3: the sample is in the dataset.</summary>
    Recorded,
}

/// <summary>The table of all decisions, refused ones too, with the places of their ledger records: lists are read from it and lives found by it.</summary>
/// <remarks>
/// The key is the ledger record, so pages are stable while rows arrive. <c>at</c> is in microseconds since 1970, amounts are decimal text, enumerations their
/// numbers. <c>refused_by</c> has a bit of table <c>gates</c> for every gate that refused; <c>gap</c> the amounts of <see cref="GapCauses.ByName"/> in order.
/// A row is written once for all of a batch that concerns it, so most are written once.
/// </remarks>
internal sealed class DecisionTable
{
    /// <summary>The most gates that have a bit.</summary>
    public const int MostGates = 62;

    /// <summary>Version 2 of the schema. Rows of earlier versions are projected again: those tables ignore what they have.</summary>
    public const string Schema =
        """
        CREATE TABLE decisions (
            sequence INTEGER PRIMARY KEY, place INTEGER NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL, symbol TEXT NOT NULL, kind INTEGER NOT NULL,
            mode INTEGER NOT NULL, side INTEGER NOT NULL, buy_venue TEXT NOT NULL, sell_venue TEXT NOT NULL, gross_bps REAL, net_bps REAL, score REAL,
            passed INTEGER NOT NULL, refused_by INTEGER NOT NULL, reasons TEXT NOT NULL, model TEXT NOT NULL,
            production INTEGER, production_net TEXT, production_bps REAL, production_missed TEXT, production_detail TEXT, production_place INTEGER,
            shadow INTEGER, shadow_net TEXT, shadow_bps REAL, shadow_missed TEXT, shadow_detail TEXT, shadow_place INTEGER,
            training INTEGER, training_place INTEGER, gap TEXT);
        CREATE INDEX decisions_id ON decisions (id);
        CREATE INDEX decisions_symbol ON decisions (symbol);
        CREATE INDEX decisions_model ON decisions (model);
        CREATE INDEX decisions_passed ON decisions (sequence) WHERE passed = 1;
        CREATE INDEX decisions_production ON decisions (sequence) WHERE production IS NOT NULL;
        CREATE INDEX decisions_twins ON decisions (sequence) WHERE gap IS NOT NULL;
        CREATE TABLE gates (bit INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE landmarks (sequence INTEGER PRIMARY KEY, kind INTEGER NOT NULL, place INTEGER NOT NULL, model TEXT);
        CREATE INDEX landmarks_model ON landmarks (model) WHERE model IS NOT NULL;
        UPDATE projection SET position = -1;
        """;

    private static readonly string[] Columns =
    [
        "sequence", "place", "id", "at", "symbol", "kind", "mode", "side", "buy_venue", "sell_venue", "gross_bps", "net_bps", "score", "passed", "refused_by",
        "reasons", "model", "production", "production_net", "production_bps", "production_missed", "production_detail", "production_place", "shadow",
        "shadow_net", "shadow_bps", "shadow_missed", "shadow_detail", "shadow_place", "training", "training_place", "gap",
    ];

    private static readonly string[] Missed = [.. Enum.GetNames<MissCode>().Select(Names.Snake)];

    private readonly Dictionary<string, int> _bits;
    private readonly List<Followed> _touched = [];
    private GatePolicy? _policy;
    private long[] _masks = [];

    public DecisionTable(SqliteDatabase database) =>
        _bits = database.Query<(string Name, long Bit)>("SELECT name, bit FROM gates").ToDictionary(g => g.Name, g => (int)g.Bit, StringComparer.Ordinal);

    /// <summary>Notes that the row of <paramref name="followed"/> must be written.</summary>
    public void Touch(Followed followed)
    {
        if (followed.Touched) return;
        followed.Touched = true;
        _touched.Add(followed);
    }

    /// <summary>Writes every row that was touched.</summary>
    public void Write(SqliteWrite write)
    {
        if (_touched.Count == 0) return;
        BulkInsert rows = write.Insert("decisions", OnConflict.Replace, Columns);
        foreach (Followed followed in _touched)
        {
            Row(write, rows, followed);
            followed.Touched = false;
        }
        _touched.Clear();
    }

    /// <summary>Notes where what later records refer to lies: the beginning of a session, declarations, models.</summary>
    public static void Mark(BulkInsert landmarks, in LedgerEntry entry, LedgerPlace place, object? record)
    {
        string? model = record switch
        {
            Trading.Models.ModelTrained trained => trained.Model.Id,
            PackageRecord package => package.Model.Id,
            _ => null,
        };
        if (model is not null || record is SessionOpened || (RecordKind)entry.Kind is RecordKind.Policy or RecordKind.Instrument or RecordKind.ModelName)
            landmarks.Add(entry.Sequence, (long)entry.Kind, place.Packed, model);
    }

    /// <summary>The id as the table has it: 16 bytes, most significant first.</summary>
    public static byte[] Key(OpportunityId id)
    {
        byte[] key = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(key, id.High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(8), id.Low);
        return key;
    }

    /// <summary>Microseconds since 1970.</summary>
    public static long Micros(DateTime at) => (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private void Row(SqliteWrite write, BulkInsert rows, Followed followed)
    {
        Decision decision = followed.Decision;
        Opportunity o = decision.Opportunity;
        var (production, productionNet, productionBps, productionMissed, productionDetail, productionPlace) = Lane(followed.Production);
        var (shadow, shadowNet, shadowBps, shadowMissed, shadowDetail, shadowPlace) = Lane(followed.Shadow);
        (long? training, _, _, _, _, long? trainingPlace) = Lane(followed.Training);
        rows.Add(
            followed.Sequence, followed.Place.Packed, Key(o.Id), Micros(o.KnownAt), o.Market, (long)o.Kind, (long)o.Mode, (long)o.Side, o.Buy.Instrument.Venue,
            o.Sell.Instrument.Venue, Known(o.GrossEdgeBps), Known(o.NetEdgeBps), Known(decision.Score), decision.Passed ? 1L : 0L, RefusedBy(write, decision),
            decision.Passed ? "" : string.Join('\n', decision.Reasons), decision.Model.Label, production, productionNet, productionBps, productionMissed,
            productionDetail, productionPlace, shadow, shadowNet, shadowBps, shadowMissed, shadowDetail, shadowPlace, training,
            trainingPlace, Gap(followed));
    }

    private static (long? Code, string? Net, double? Bps, string? Missed, string? Detail, long? Place) Lane(LaneCell? cell) => cell switch
    {
        null => default,
        { Outcome: null } => ((long)LaneCode.Open, null, null, null, null, null),
        { Outcome: { Missed: not MissCode.None } missed } =>
            ((long)LaneCode.Missed, null, null, Missed[(int)missed.Missed], missed.Detail, cell.Place.Packed),
        { Outcome.Trade: { } trade } => ((long)Code(trade), Text(trade.Net), trade.NetBps, null, null, cell.Place.Packed),
        _ => ((long)LaneCode.Recorded, null, null, null, null, cell.Place.Packed),
    };

    /// <summary>What a trade is called: half a basis point either way is neither won nor lost.</summary>
    public static LaneCode Code(Trade trade) => trade.NetBps > 0.5 ? LaneCode.Win : trade.NetBps < -0.5 ? LaneCode.Loss : LaneCode.Breakeven;

    private static string? Gap(Followed followed)
    {
        if (followed.Production?.Outcome is not { } production || followed.Shadow?.Outcome is not { } shadow) return null;
        return string.Join(' ', GapSplit.Of(production.Of(followed.Decision), shadow.Of(followed.Decision)).ByName.Select(c => Text(c.Amount)));
    }

    private long RefusedBy(SqliteWrite write, Decision decision)
    {
        if (decision.Passed) return 0;
        if (!ReferenceEquals(decision.Policy, _policy)) (_policy, _masks) = (decision.Policy, [.. decision.Policy.Gates.Select(g => MaskOf(write, g.Name))]);
        long refused = 0;
        ReadOnlySpan<GateResult> gates = decision.Gates.Span;
        for (int i = 0; i < gates.Length; i++)
            if (gates[i].State == GateState.Fail && decision.Policy.Gates[i].Binds(decision.Opportunity.Kind)) refused |= _masks[i];
        return refused;
    }

    private long MaskOf(SqliteWrite write, string gate)
    {
        if (_bits.TryGetValue(gate, out int bit)) return 1L << bit;
        if (_bits.Count == MostGates) return 0;
        bit = _bits[gate] = _bits.Count;
        write.Execute("INSERT INTO gates VALUES (@bit, @gate)", new { bit, gate });
        return 1L << bit;
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A decision whose outcomes are not all in, or whose row is not written yet.</summary>
internal sealed class Followed
{
    public Followed(DecisionRecord record, long sequence, LedgerPlace place)
    {
        (Decision, Left, Sequence, Place) = (record.Decision, record.Due, sequence, place);
        if (Left.HasFlag(DueLanes.Production)) Production = new LaneCell();
        if (Left.HasFlag(DueLanes.Shadow)) Shadow = new LaneCell();
        if (Left.HasFlag(DueLanes.Training)) Training = new LaneCell();
    }

    public Decision Decision { get; }

    public long Sequence { get; }

    public LedgerPlace Place { get; }

    /// <summary>Lanes whose outcome is not here yet.</summary>
    public DueLanes Left { get; private set; }

    public bool Touched { get; set; }

    public LaneCell? Production { get; }

    public LaneCell? Shadow { get; }

    public LaneCell? Training { get; }

    /// <summary>Takes up an outcome; one that no lane owes is let be.</summary>
    public void Take(OutcomeRecord outcome, LedgerPlace place)
    {
        LaneCell? cell = outcome.Lane switch
        {
            Lane.Production => Production,
            Lane.ShadowSim => Shadow,
            _ => Training,
        };
        if (cell is not null) (cell.Outcome, cell.Place) = (outcome, place);
        Left &= ~outcome.Lane.AsDue();
    }
}

/// <summary>What one lane made of a decision, and where the ledger says so.</summary>
internal sealed class LaneCell
{
    public OutcomeRecord? Outcome { get; set; }

    public LedgerPlace Place { get; set; }
}
