using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Answers;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>The tables can be made again from the ledger, so a damaged file is: real files, damaged while nobody has them open.</summary>
public sealed class DamagedTablesTests : IDisposable
{
    private const int Page = 4096, Decisions = 400;
    private readonly TemporaryLedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    private string File => Projector.PathIn(_ledger.Path);

    private string Aside => System.IO.Path.Combine(_ledger.Path, "projections.db.damaged");

    [Theory]
    [InlineData(0, "file is not a database")]
    [InlineData(Page, "malformed|Tree|btree|Page|page")]
    public async Task A_damaged_file_is_set_aside_at_the_start_and_made_again_from_the_ledger(int from, string reason)
    {
        await RunAsync(static _ => Task.CompletedTask, Decisions);
        OpportunityId[] whole = Ids();
        byte[] damaged = Damage(from);
        System.IO.File.WriteAllText(Aside, "an older one");
        var log = new Warnings();

        await RunAsync(_ => log.First, more: 0, log);

        Assert.Equal(whole, Ids());
        Assert.Equal(damaged, System.IO.File.ReadAllBytes(Aside));
        string said = Assert.Single(log.Said);
        Assert.Contains("projections.db.damaged", said, StringComparison.Ordinal);
        Assert.Contains(reason.Split('|'), word => said.Contains(word, StringComparison.Ordinal));
        Assert.DoesNotContain(_ledger.Path, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_finds_the_damage_reading_is_told_so_and_reads_all_again_once_it_is_mended()
    {
        await RunAsync(static _ => Task.CompletedTask, Decisions);
        OpportunityId[] whole = Ids();
        Damage(Page);
        using var tables = new TableFile(Run);
        var reader = new DecisionReader(Run, tables);
        Assert.Equal(HealthState.Healthy, tables.Health.State);

        var told = Assert.Throws<AuditUnavailableException>(() => reader.Latest(1000, null));

        Assert.Equal(AuditTrouble.TablesDamaged, told.Trouble);
        Assert.DoesNotContain(_ledger.Path, told.Message, StringComparison.Ordinal);
        Assert.True(tables.Found.IsCompletedSuccessfully);
        Assert.Equal(HealthState.Degraded, tables.Health.State);
        Assert.StartsWith("being rebuilt", tables.Health.Why, StringComparison.Ordinal);
        Assert.Throws<AuditUnavailableException>(() => reader.AsOf);

        var log = new Warnings();
        await RunAsync(_ => log.First, more: 0, log, tables);

        Assert.Equal(HealthReading.Healthy, tables.Health);
        Assert.Equal(whole, Ids(reader));
    }

    [Fact]
    public async Task A_new_file_is_read_only_when_it_holds_what_the_ledger_held()
    {
        await RunAsync(static _ => Task.CompletedTask, 3);
        using var tables = new TableFile(Run);
        tables.ReportDamage(new SqliteException("malformed", 11));
        Assert.Equal("malformed", tables.ToReplace);

        tables.Replace(until: 10);

        Assert.Null(tables.ToReplace);
        Assert.False(tables.Found.IsCompleted);
        Assert.False(tables.Reached(9));
        Assert.Contains("1 records to go", tables.Health.Why, StringComparison.Ordinal);
        Assert.Throws<AuditUnavailableException>(() => tables.Query<long>("SELECT 1"));
        Assert.True(tables.Reached(10));
        Assert.Equal([1L], tables.Query<long>("SELECT 1"));
    }

    [Theory]
    [InlineData(11, AuditTrouble.TablesDamaged)]
    [InlineData(26, AuditTrouble.TablesDamaged)]
    [InlineData(13, AuditTrouble.DiskFull)]
    [InlineData(10, AuditTrouble.TablesUnreadable)]
    [InlineData(14, AuditTrouble.TablesUnreadable)]
    public void An_error_of_the_file_is_told_by_what_can_be_done_and_without_its_path(int code, AuditTrouble trouble)
    {
        using var tables = new TableFile(Run);

        AuditUnavailableException told = tables.Refusal(new IOException($"cannot open the database '{File}'", new SqliteException($"SQLite Error {code} at '{File}'", code)));

        Assert.Equal(trouble, told.Trouble);
        Assert.Contains($"SQLite Error {code} at 'projections.db'", told.Message, StringComparison.Ordinal);
    }

    private AuditRun Run => new(_ledger.Path, new SessionOpened { Session = "s", At = DateTime.UnixEpoch, Version = "0", FeatureSchema = "" });

    /// <summary>Random bytes over everything behind <paramref name="from"/>; returns the file.</summary>
    private byte[] Damage(int from)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        Assert.True(bytes.Length > 20 * Page);
        new Random(7).NextBytes(bytes.AsSpan(from));
        System.IO.File.WriteAllBytes(File, bytes);
        return bytes;
    }

    private OpportunityId[] Ids()
    {
        using var tables = new TableFile(Run);
        return Ids(new DecisionReader(Run, tables));
    }

    private static OpportunityId[] Ids(DecisionReader reader) => [.. reader.Latest(1000, null).Stories.Select(s => s.Decision.Id)];

    private async Task RunAsync(Func<Projector, Task> until, int more, ILogger<Projector>? log = null, TableFile? tables = null)
    {
        using var own = new TableFile(Run);
        using LedgerWriter ledger = _ledger.Open();
        using var projector = new Projector(Run, ledger, tables ?? own, log ?? Microsoft.Extensions.Logging.Abstractions.NullLogger<Projector>.Instance);
        var writer = new RecordWriter(ledger);
        writer.Write(Run.Session);
        for (int n = 0; n < more; n++)
        {
            Decision decision = Judged.Decide(n);
            writer.Write(decision, DueLanes.Shadow);
            writer.Write(decision.Earned(Lane.ShadowSim, 0.01m));
        }
        ledger.Flush();
        await projector.StartAsync(CancellationToken.None);
        await until(projector).WaitAsync(TimeSpan.FromSeconds(30));
        await projector.StopAsync(CancellationToken.None);
        Assert.Equal(0, projector.Lag);
    }

    /// <summary>Keeps what is said as a warning or worse.</summary>
    private sealed class Warnings : ILogger<Projector>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = new();

        public Task First => _first.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning) return;
            Said.Enqueue(formatter(state, exception));
            _first.TrySetResult();
        }
    }
}
