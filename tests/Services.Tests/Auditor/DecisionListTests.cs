using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Answers;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Stories;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>Decisions read from the tables, and their lives from the ledger by place.</summary>
public sealed class DecisionListTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition_while_decisions_arrive()
    {
        await RunAsync(1, writer => Days(writer, 0, 30));
        using var tables = new TableFile(Run(0));
        var reader = new DecisionReader(Run(0), tables);
        (IReadOnlyList<DecisionStory> first, long? next) = reader.Latest(10, null);

        await RunAsync(2, writer => Days(writer, 30, 25));
        (IReadOnlyList<DecisionStory> second, next) = reader.Latest(10, next);
        (IReadOnlyList<DecisionStory> third, long? end) = reader.Latest(10, next);

        Assert.Equal(Enumerable.Range(0, 30).Reverse().Select(n => Judged.Decide(n).Id), first.Concat(second).Concat(third).Select(s => s.Decision.Id));
        Assert.Null(end);
        Assert.Equal(Enumerable.Range(45, 10).Reverse().Select(n => Judged.Decide(n).Id), reader.Latest(10, null).Stories.Select(s => s.Decision.Id));
    }

    [Fact]
    public async Task A_life_read_by_place_is_the_one_that_a_scan_of_the_ledger_finds()
    {
        // Two sessions number their instruments, policies and models anew; an outcome comes in another batch of the tables than its decision.
        await RunAsync(1, writer => Days(writer, 0, 20));
        await RunAsync(2, writer => writer.Write(Judged.Decide(90), DueLanes.Shadow | DueLanes.Training));
        await RunAsync(3, writer =>
        {
            writer.Write(Judged.Decide(90).Missed(Lane.ShadowSim, MissCode.Restart));
            Days(writer, 20, 20);
        });
        using var tables = new TableFile(Run(0));
        var reader = new DecisionReader(Run(0), tables);

        foreach (int n in (int[])[90, 0, 39, 5, 21, 90])
        {
            string id = Judged.Decide(n).Id.ToString();
            Assert.Equal(StoryJson.Of(DecisionStory.Find(_ledger.Path, id)).ToJsonString(), StoryJson.Of(reader.Find(id)).ToJsonString());
        }
        Assert.Contains("up to ledger record", Assert.Throws<UnknownStoryException>(() => reader.Find(new string('0', 32))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_from_before_there_were_decisions_are_filled_from_the_ledger_and_repeat_no_trade()
    {
        await RunAsync(1, writer => Days(writer, 0, 30));
        (long decisions, long trades) = Count();
        using (SqliteDatabase database = SqliteDatabase.Open(Projector.PathIn(_ledger.Path), Durability.Process, "", ""))
        using (SqliteWrite old = database.BeginWrite())
        {
            old.Execute("DROP TABLE decisions; DROP TABLE gates; DROP TABLE landmarks; PRAGMA user_version = 1");
            old.Commit();
        }

        await RunAsync(2, static _ => { });

        Assert.Equal((30L, trades), (decisions, Count().Trades));
        Assert.Equal(decisions, Count().Decisions);
    }

    [Fact]
    public async Task An_altered_byte_of_a_record_is_refused_and_named()
    {
        await RunAsync(1, writer => Days(writer, 0, 3));
        string segment = _ledger.Segment(0);
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[^60] ^= 1;
        File.WriteAllBytes(segment, bytes);
        using var tables = new TableFile(Run(0));
        var reader = new DecisionReader(Run(0), tables);

        Assert.Contains("does not match its hash", Assert.Throws<LedgerDamagedException>(() => reader.Latest(3, null)).Message, StringComparison.Ordinal);
    }

    /// <summary>Every third is refused; every third shadow trade is missed.</summary>
    private static void Days(RecordWriter writer, int from, int count)
    {
        for (int n = from; n < from + count; n++)
        {
            Decision decision = n % 3 == 0 ? Judged.Decide(n, GateState.Fail) : Judged.Decide(n);
            writer.Write(decision, decision.Passed ? DueLanes.Production | DueLanes.Shadow | DueLanes.Training : DueLanes.Shadow | DueLanes.Training);
            writer.Write(n % 3 == 1 ? decision.Missed(Lane.ShadowSim, MissCode.NoQuote) : decision.Earned(Lane.ShadowSim, (n % 11 - 5) * 0.01m));
            if (decision.Passed) writer.Write(decision.Earned(Lane.Production, (n % 13 - 6) * 0.01m));
            writer.WriteRecorded([decision.Recorded()]);
        }
    }

    private (long Decisions, long Trades) Count()
    {
        using SqliteDatabase database = SqliteDatabase.OpenReadOnly(Projector.PathIn(_ledger.Path));
        return (database.Query<long>("SELECT COUNT(*) FROM decisions")[0], database.Query<long>("SELECT COUNT(*) FROM simulated")[0] + database.Query<long>("SELECT COUNT(*) FROM executed")[0]);
    }

    private AuditRun Run(int number) => new(_ledger.Path, new SessionOpened { Session = $"s{number}", At = DateTime.UnixEpoch, Version = "0", FeatureSchema = "" });

    private async Task RunAsync(int number, Action<RecordWriter> write)
    {
        using LedgerWriter ledger = _ledger.Open();
        using var tables = new TableFile(Run(number));
        using var projector = new Projector(Run(number), ledger, tables, Microsoft.Extensions.Logging.Abstractions.NullLogger<Projector>.Instance);
        await projector.StartAsync(CancellationToken.None);
        var writer = new RecordWriter(ledger);
        writer.Write(Run(number).Session);
        write(writer);
        await projector.StopAsync(CancellationToken.None);
        Assert.Equal(0, projector.Lag);
    }
}
