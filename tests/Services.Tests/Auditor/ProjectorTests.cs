using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

public sealed class ProjectorTests : IDisposable
{
    private static readonly SessionOpened Session = new() { Session = "s", At = Example.Noon, Version = "1", FeatureSchema = "0" };

    private readonly TemporaryLedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task The_tables_hold_the_ledgers_filled_trades_to_the_cent()
    {
        await RunAsync(writer => Days(writer, 0, 300));

        Assert.Equal(Ledger(), Tables());
        Assert.Equal([(200L, 100L)], Query<(long, long)>("SELECT (SELECT COUNT(*) FROM shadow_trades), (SELECT COUNT(*) FROM trades)"));
    }

    [Fact]
    public async Task A_restart_repeats_nothing_and_goes_on_where_the_tables_ended()
    {
        await RunAsync(writer => Days(writer, 0, 100));
        (long, decimal, long, decimal) first = Tables();
        await RunAsync(static _ => { });
        Assert.Equal(first, Tables());

        // The decision of 100 was written by the run before its outcomes.
        await RunAsync(writer => writer.Write(Judged.Decide(100), DueLanes.Shadow | DueLanes.Training));
        await RunAsync(writer =>
        {
            writer.Write(Judged.Decide(100).Earned(Lane.ShadowSim, 5m));
            Days(writer, 101, 50);
        });

        Assert.Equal(Ledger(), Tables());
        Assert.True(Tables().Simulated > first.Item1);
    }

    [Fact]
    public async Task A_trade_is_told_in_the_seeds_words()
    {
        Decision won = Judged.Decide(0) with { Score = 0.9 }, lost = Judged.Decide(1) with { Score = double.NaN };
        await RunAsync(writer =>
        {
            writer.Write(won, DueLanes.Production | DueLanes.Shadow);
            writer.Write(lost, DueLanes.Shadow);
            writer.Write(won.Earned(Lane.ShadowSim, 1m));
            writer.Write(won.Earned(Lane.Production, 0.5m));
            writer.Write(lost.Earned(Lane.ShadowSim, -1m));
        });

        Assert.Equal(
            [$"shadow_{won.Id}|BTC-USD|arb|long|1000|SHADOW|100|0|1010|legs|100|WIN|1|RANGE", $"shadow_{lost.Id}|BTC-USD|arb|long|1000|SHADOW|100|0|990|legs|-100|LOSS||RANGE"],
            Query<string>(
                """
                SELECT shadow_id || '|' || symbol || '|' || mode || '|' || side || '|' || CAST(entry_price AS INT) || '|' || trade_type || '|' || CAST(simulated_size_gbp AS INT)
                    || '|' || CAST(simulated_fee_gbp AS INT) || '|' || CAST(exit_price AS INT) || '|' || exit_reason || '|' || CAST(ROUND(shadow_pnl_bps) AS INT) || '|' || actual_outcome
                    || '|' || IFNULL(prediction_correct, '') || '|' || regime FROM shadow_trades ORDER BY shadow_pnl DESC
                """));
        Assert.Equal(
            [$"trade_{won.Id}|shadow_{won.Id}|PAPER|closed|0.5|50"],
            Query<string>("SELECT trade_id || '|' || engine_shadow_id || '|' || trade_type || '|' || status || '|' || pnl_gbp || '|' || CAST(ROUND(return_bps) AS INT) FROM trades"));
        Assert.Equal([("2023-03-11T12:00:00Z", 2L, 0.0, 1L)], Query<(string, long, double, long)>("SELECT minute, trades, profit, wins FROM arbitrage_profit_1m"));
    }

    [Theory]
    [InlineData("shadow_trades", "shadow_id ts symbol mode side entry_price trade_type simulated_size_gbp simulated_fee_gbp exit_price exit_reason shadow_pnl_bps duration_sec predicted_win_prob actual_outcome prediction_correct features_json used_in_training model_id regime tags")]
    [InlineData("trades", "trade_id ts_open symbol mode side entry_price exit_price size_gbp fee_entry_gbp fee_exit_gbp pnl_gbp return_bps trade_type model_id status engine_shadow_id tags")]
    [InlineData("arbitrage_profit_1m", "minute")]
    public async Task The_views_have_the_columns_of_the_seeds_schema(string view, string columns)
    {
        await RunAsync(static _ => { });

        Assert.Empty(columns.Split(' ').Except(Query<string>($"SELECT name FROM pragma_table_info('{view}')")));
    }

    /// <summary>Every third is refused; every third shadow trade is missed, and half of what production tried.</summary>
    private static void Days(RecordWriter writer, int from, int count)
    {
        for (int n = from; n < from + count; n++)
        {
            Decision decision = n % 3 == 0 ? Judged.Decide(n, GateState.Fail) : Judged.Decide(n);
            writer.Write(decision, decision.Passed ? DueLanes.Production | DueLanes.Shadow | DueLanes.Training : DueLanes.Shadow | DueLanes.Training);
            writer.Write(n % 3 == 1 ? decision.Missed(Lane.ShadowSim, MissCode.NoQuote) : decision.Earned(Lane.ShadowSim, (n % 11 - 5) * 0.01m));
            if (decision.Passed) writer.Write(n % 3 == 2 ? decision.Missed(Lane.Production, MissCode.Guard) : decision.Earned(Lane.Production, (n % 13 - 6) * 0.01m));
            writer.Write(decision.Recorded());
        }
    }

    private async Task RunAsync(Action<RecordWriter> write)
    {
        using LedgerWriter ledger = _ledger.Open();
        using var tables = new TableFile(new AuditRun(_ledger.Path, Session));
        using var projector = new Projector(new AuditRun(_ledger.Path, Session), ledger, tables, Microsoft.Extensions.Logging.Abstractions.NullLogger<Projector>.Instance);
        await projector.StartAsync(CancellationToken.None);
        var writer = new RecordWriter(ledger);
        writer.Write(Session);
        write(writer);
        await projector.StopAsync(CancellationToken.None);
        Assert.Equal(0, projector.Lag);
    }

    private (long Simulated, decimal ShadowNet, long Executed, decimal ProductionNet) Ledger()
    {
        using PathAudit audit = LedgerFold.Of(_ledger.Path);
        return (audit.Shadow.Filled, audit.Shadow.Profit.Base, audit.Production.Filled, audit.Production.Profit.Base);
    }

    private (long Simulated, decimal ShadowNet, long Executed, decimal ProductionNet) Tables() => (
        Query<string>("SELECT net FROM simulated").Count, Query<string>("SELECT net FROM simulated").Sum(decimal.Parse),
        Query<string>("SELECT net FROM executed").Count, Query<string>("SELECT net FROM executed").Sum(decimal.Parse));

    private IReadOnlyList<T> Query<T>(string sql)
    {
        using SqliteDatabase database = SqliteDatabase.OpenReadOnly(Projector.PathIn(_ledger.Path));
        return database.Query<T>(sql);
    }
}
