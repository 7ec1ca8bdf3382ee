using System.Globalization;
using System.Text;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Projections;

/// <summary>The SQL tables: every decision, and every filled trade of lane 1 and lane 2 with the columns of TBL-01, TBL-02 and TBL-04.</summary>
/// <remarks>
/// Money is decimal text in the tables and REAL in the views, which carry the names of the seed schema: <c>shadow_trades</c>, <c>trades</c> and
/// <c>arbitrage_profit_1m</c>. The <c>_gbp</c> columns hold the row's own currency, which stands beside them (C10). The position in the ledger is
/// written in the same transaction as the rows, so a crash repeats nothing.
/// </remarks>
internal sealed class Tables
{
    private readonly SqliteDatabase _database;
    private readonly Dictionary<OpportunityId, Followed> _following = [];
    private readonly DecisionTable _decisions;
    private readonly StringBuilder _json = new();

    public Tables(SqliteDatabase database)
    {
        _database = database;
        _decisions = new DecisionTable(database);
        Position = database.Query<long?>("SELECT MAX(position) FROM projection").Single() ?? -1;
    }

    /// <summary>The schema, version by version.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE projection (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL);
        CREATE TABLE simulated (
            shadow_id TEXT PRIMARY KEY, opportunity_id TEXT NOT NULL, ts TEXT NOT NULL, symbol TEXT NOT NULL, mode TEXT NOT NULL, side TEXT NOT NULL,
            entry_price TEXT NOT NULL, exit_price TEXT NOT NULL, size TEXT NOT NULL, fee TEXT NOT NULL, gross TEXT NOT NULL, net TEXT NOT NULL,
            currency TEXT NOT NULL, exit_reason TEXT NOT NULL, pnl_bps REAL NOT NULL, duration_sec REAL NOT NULL, predicted_win_prob REAL,
            outcome TEXT NOT NULL, prediction_correct INTEGER, features_json TEXT NOT NULL, used_in_training INTEGER NOT NULL DEFAULT 0,
            model_id TEXT NOT NULL, regime TEXT NOT NULL, passed INTEGER NOT NULL, tags TEXT NOT NULL,
            entry_spread_bps REAL, entry_volatility_bps REAL, entry_regime TEXT NOT NULL,
            exit_spread_bps REAL, exit_volatility_bps REAL, exit_regime TEXT NOT NULL);
        CREATE TABLE executed (
            trade_id TEXT PRIMARY KEY, opportunity_id TEXT NOT NULL, ts_open TEXT NOT NULL, ts_close TEXT NOT NULL, symbol TEXT NOT NULL, mode TEXT NOT NULL,
            side TEXT NOT NULL, entry_price TEXT NOT NULL, exit_price TEXT NOT NULL, size TEXT NOT NULL, fee_entry TEXT NOT NULL, fee_exit TEXT NOT NULL,
            net TEXT NOT NULL, currency TEXT NOT NULL, return_bps REAL NOT NULL, trade_type TEXT NOT NULL, model_id TEXT NOT NULL, status TEXT NOT NULL,
            engine_shadow_id TEXT NOT NULL, tags TEXT NOT NULL);
        CREATE VIEW shadow_trades AS SELECT
            shadow_id, ts, symbol, mode, side, CAST(entry_price AS REAL) AS entry_price, 'SHADOW' AS trade_type, CAST(size AS REAL) AS simulated_size_gbp,
            CAST(fee AS REAL) AS simulated_fee_gbp, CAST(exit_price AS REAL) AS exit_price, exit_reason, pnl_bps AS shadow_pnl_bps, duration_sec,
            predicted_win_prob, outcome AS actual_outcome, prediction_correct, features_json, used_in_training, model_id, regime, tags,
            opportunity_id, currency, CAST(net AS REAL) AS shadow_pnl, passed, entry_spread_bps, entry_volatility_bps, entry_regime, exit_spread_bps,
            exit_volatility_bps, exit_regime FROM simulated;
        CREATE VIEW trades AS SELECT
            trade_id, ts_open, symbol, mode, side, CAST(entry_price AS REAL) AS entry_price, CAST(exit_price AS REAL) AS exit_price,
            CAST(size AS REAL) AS size_gbp, CAST(fee_entry AS REAL) AS fee_entry_gbp, CAST(fee_exit AS REAL) AS fee_exit_gbp,
            CAST(net AS REAL) AS pnl_gbp, return_bps, trade_type, model_id, status, engine_shadow_id, tags, opportunity_id, ts_close, currency FROM executed;
        CREATE INDEX simulated_ts ON simulated (ts);
        CREATE VIEW arbitrage_profit_1m AS SELECT
            substr(ts, 1, 16) || ':00Z' AS minute, currency, COUNT(*) AS trades, SUM(CAST(net AS REAL)) AS profit, SUM(outcome = 'WIN') AS wins
            FROM simulated WHERE mode = 'arb' GROUP BY 1, 2;
        """,
        DecisionTable.Schema,
    ];

    /// <summary>Sequence of the last ledger record that the tables hold; −1 for none.</summary>
    public long Position { get; private set; }

    /// <summary>Takes over at most <paramref name="most"/> records; returns how many there were.</summary>
    public int Project(LedgerCursor cursor, RecordReader reader, int most, long through)
    {
        int count = 0;
        using SqliteWrite write = _database.BeginWrite();
        // Ids are random: without room for their index every row reads and writes pages of it again.
        write.Execute("PRAGMA cache_size = -32768");
        BulkInsert simulated = write.Insert("simulated", OnConflict.Ignore, SimulatedColumns);
        BulkInsert executed = write.Insert("executed", OnConflict.Ignore, ExecutedColumns);
        BulkInsert landmarks = write.Insert("landmarks", OnConflict.Ignore, "sequence", "kind", "place", "model");
        for (; count < most && cursor.TryRead(out LedgerEntry entry, through); count++)
        {
            object? record = reader.Read(entry);
            bool fresh = entry.Sequence > Position;
            switch (record)
            {
                case DecisionRecord decided:
                    Follow(decided, entry.Sequence, cursor.Place, fresh);
                    break;
                case OutcomeRecord[] recorded:
                    foreach (OutcomeRecord one in recorded) Settle(simulated, executed, one, cursor.Place, fresh);
                    break;
                case OutcomeRecord outcome:
                    Settle(simulated, executed, outcome, cursor.Place, fresh);
                    break;
                default:
                    if (fresh) DecisionTable.Mark(landmarks, entry, cursor.Place, record);
                    break;
            }
            if (fresh) Position = entry.Sequence;
        }
        _decisions.Write(write);
        if (count > 0) write.Execute("INSERT INTO projection VALUES (0, @Position) ON CONFLICT (id) DO UPDATE SET position = excluded.position", new { Position });
        write.Commit();
        return count;
    }

    private static readonly string[] SimulatedColumns =
    [
        "shadow_id", "opportunity_id", "ts", "symbol", "mode", "side", "entry_price", "exit_price", "size", "fee", "gross", "net", "currency", "exit_reason",
        "pnl_bps", "duration_sec", "predicted_win_prob", "outcome", "prediction_correct", "features_json", "used_in_training", "model_id", "regime", "passed",
        "tags", "entry_spread_bps", "entry_volatility_bps", "entry_regime", "exit_spread_bps", "exit_volatility_bps", "exit_regime",
    ];

    private static readonly string[] ExecutedColumns =
    [
        "trade_id", "opportunity_id", "ts_open", "ts_close", "symbol", "mode", "side", "entry_price", "exit_price", "size", "fee_entry", "fee_exit", "net",
        "currency", "return_bps", "trade_type", "model_id", "status", "engine_shadow_id", "tags",
    ];

    private void Follow(DecisionRecord decided, long sequence, LedgerPlace place, bool fresh)
    {
        var followed = new Followed(decided, sequence, place);
        if (decided.Due != DueLanes.None) _following[decided.Decision.Id] = followed;
        if (fresh) _decisions.Touch(followed);
    }

    private void Settle(BulkInsert simulated, BulkInsert executed, OutcomeRecord outcome, LedgerPlace place, bool fresh)
    {
        if (!_following.TryGetValue(outcome.Id, out Followed? followed)) return;
        followed.Take(outcome, place);
        if (fresh)
        {
            Insert(simulated, executed, followed.Decision, outcome);
            _decisions.Touch(followed);
        }
        if (followed.Left == DueLanes.None) _following.Remove(outcome.Id);
    }

    private void Insert(BulkInsert simulated, BulkInsert executed, Decision decision, OutcomeRecord outcome)
    {
        if (outcome.Trade is not { } trade) return;
        if (outcome.Lane == Lane.ShadowSim) Simulated(simulated, decision, trade);
        else if (outcome.Lane == Lane.Production) Executed(executed, decision, trade);
    }

    private void Simulated(BulkInsert rows, Decision decision, Trade trade)
    {
        Opportunity o = decision.Opportunity;
        double? predicted = double.IsNaN(decision.Score) ? null : decision.Score;
        rows.Add(
            "shadow_" + o.Id, o.Id.ToString(), Time(trade.Entry.At), o.Market, Mode(o.Mode), Side(trade.Side), Text(trade.Entry.Price),
            Text(trade.Exit.Price), Text(trade.Entry.Price * trade.Quantity), Text(trade.Fees), Text(trade.Gross), Text(trade.Net), Currency.Of(o.Market),
            Reason(trade.Reason), trade.NetBps, trade.Duration.TotalSeconds, predicted, Result(trade),
            predicted is { } p ? ((p >= 0.5) == trade.Won ? 1 : 0) : null, FeaturesJson(o.Features), 1, decision.Model.Id,
            o.Regime.ToString().ToUpperInvariant(), decision.Passed ? 1 : 0, Tags(o, trade), Known(trade.EntryContext.SpreadBps),
            Known(trade.EntryContext.VolatilityBps), trade.EntryContext.Regime.ToString(), Known(trade.ExitContext.SpreadBps),
            Known(trade.ExitContext.VolatilityBps), trade.ExitContext.Regime.ToString());
    }

    private static void Executed(BulkInsert rows, Decision decision, Trade trade)
    {
        Opportunity o = decision.Opportunity;
        rows.Add(
            "trade_" + o.Id, o.Id.ToString(), Time(trade.Entry.At), Time(trade.Exit.At), o.Market, Mode(o.Mode), Side(trade.Side), Text(trade.Entry.Price),
            Text(trade.Exit.Price), Text(trade.Entry.Price * trade.Quantity), Text(trade.Entry.Fee), Text(trade.Exit.Fee), Text(trade.Net),
            Currency.Of(o.Market), trade.NetBps, "PAPER", decision.Model.Id, "closed", "shadow_" + o.Id, Tags(o, trade));
    }

    private string FeaturesJson(in FeatureVector features)
    {
        _json.Clear().Append('{');
        for (int i = 0; i < FeatureSchema.Count; i++)
        {
            if (i > 0) _json.Append(',');
            _json.Append('"').Append(FeatureSchema.Columns[i].Name).Append("\":");
            if (float.IsNaN(features[i])) _json.Append("null");
            else _json.Append(CultureInfo.InvariantCulture, $"{features[i]:R}");
        }
        return _json.Append('}').ToString();
    }

    private static string Tags(Opportunity o, Trade trade)
    {
        var tags = new List<string>();
        if (o.Size != SizeKnowledge.Known) tags.Add("size_" + o.Size.ToString().ToLowerInvariant());
        if (trade.Ambiguous) tags.Add("ambiguous");
        if (trade.ClosedBy is { } end) tags.Add(end == FeedEnd.EndOfFeed ? "end_of_feed" : "shutdown");
        if (o.Submitted) tags.Add("submitted");
        return string.Join(',', tags);
    }

    private static string Result(Trade trade) => DecisionTable.Code(trade).ToString().ToUpperInvariant();

    private static string Reason(ExitReason reason) => reason switch
    {
        ExitReason.TakeProfit => "TP",
        ExitReason.StopLoss => "SL",
        ExitReason.Timeout => "timeout",
        _ => "legs",
    };

    private static string Mode(TradeMode mode) => mode.ToString().ToLowerInvariant();

    private static string Side(TradeSide side) => side.ToString().ToLowerInvariant();

    private static string Time(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
