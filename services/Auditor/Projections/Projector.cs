using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Storage;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Auditor.Projections;

/// <summary>Keeps the SQL tables behind the ledger: at any time they hold a prefix of it, and a crash costs nothing but the time to catch up.</summary>
/// <remarks>
/// The tables give way to the path: while the ledger grows fast they wait, until they lag by <see cref="MostLag"/>. The lag in records is a metric.
/// A damaged file, found here or by who reads, is set aside and made again from the ledger.
/// </remarks>
public sealed partial class Projector(AuditRun run, LedgerWriter ledger, TableFile file, ILogger<Projector> log) : BackgroundService
{
    /// <summary>Records that the tables may lag behind while the path is busy.</summary>
    public const long MostLag = 10_000_000;

    /// <summary>What a damaged file is called from then on.</summary>
    public const string DamagedName = "projections.db.damaged";

    private const int BatchRecords = 20_000;
    private const long BusyRecords = 10_000;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _drain = new();
    private long _projected = -1;

    /// <summary>Records committed to the ledger and not yet in the tables.</summary>
    public long Lag => Math.Max(0, ledger.Committed - Interlocked.Read(ref _projected));

    /// <summary>Records projected per second of work, by the last catch-up; 0 before one.</summary>
    public double Rate { get; private set; }

    /// <summary>Where the tables are.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "projections.db");

    /// <summary>Completes when the tables hold everything that is committed now.</summary>
    public async Task UntilCaughtUpAsync(CancellationToken cancel)
    {
        await ledger.WaitForCommit(ledger.NextSequence - 1, cancel);
        await _drain.CancelAsync();
        if (ExecuteTask is { } running) await running.WaitAsync(cancel);
    }

    /// <summary>Catches up as far as the time for stopping allows; the next start does the rest.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopWithin);
        try
        {
            await UntilCaughtUpAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left is in the ledger: the next start projects it.
        }
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _drain.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using Meter meter = Meters.Create();
        meter.CreateObservableGauge("quadturbo_projection_lag_records", () => Lag, description: "Ledger records that the SQL tables do not hold yet.");
        for (int replaced = 0; ;)
        {
            try
            {
                if (await FollowAsync(stoppingToken)) return;
            }
            catch (Exception e) when (e is DbException or IOException)
            {
                // A full disk, for example: the ledger is the record of truth, the tables start again from what they hold.
                if (SqliteFaults.IsDamage(e)) file.ReportDamage(e);
                else if (file.FallBehind(e)) LogBehind(log, e.Message);
            }
            // The first new file is made at once; a disk that damages that too is given time.
            if (file.ToReplace is { } why && TryReplace(why) && replaced++ == 0) continue;
            if (_drain.IsCancellationRequested) return;
            await PauseAsync(RetryAfter);
        }
    }

    private bool TryReplace(string why)
    {
        try
        {
            file.Replace(ledger.Committed);
            Interlocked.Exchange(ref _projected, -1);
            LogReplaced(log, why, DamagedName);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (file.FallBehind(e)) LogBehind(log, e.Message);
            return false;
        }
    }

    /// <summary>False when the file turns out to be damaged.</summary>
    private async Task<bool> FollowAsync(CancellationToken stop)
    {
        using SqliteDatabase database = file.Open();
        file.Check(database, _drain.Token);
        using LedgerCursor cursor = LedgerReader.Open(run.DataDirectory).Follow();
        var tables = new Tables(database);
        _projected = tables.Position;
        var reader = new RecordReader();
        long seen = ledger.NextSequence;
        while (true)
        {
            if (file.ToReplace is not null) return false;
            bool last = _drain.IsCancellationRequested;
            long head = ledger.NextSequence;
            bool busy = IsBusy(seen);
            seen = head;
            if (last || !busy) CatchUp(tables, cursor, reader, stop);
            if (last) return file.ToReplace is null;
            await Task.WhenAny(PauseAsync(Pause), file.Found);
        }
    }

    private Task PauseAsync(TimeSpan time) => Task.Delay(time, _drain.Token).ContinueWith(static _ => { }, TaskScheduler.Default);

    // A path that becomes busy meanwhile has the machine again after the batch.
    private void CatchUp(Tables tables, LedgerCursor cursor, RecordReader reader, CancellationToken stop)
    {
        long seen = ledger.NextSequence;
        while (!stop.IsCancellationRequested && file.ToReplace is null)
        {
            long started = Stopwatch.GetTimestamp();
            int count = tables.Project(cursor, reader, BatchRecords, ledger.Committed);
            Interlocked.Exchange(ref _projected, tables.Position);
            if (file.Reached(tables.Position)) LogRebuilt(log, tables.Position + 1);
            if (count == 0) return;
            Rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (!_drain.IsCancellationRequested && IsBusy(seen)) return;
            seen = ledger.NextSequence;
        }
    }

    private bool IsBusy(long seen) => ledger.NextSequence - seen > BusyRecords && Lag < MostLag;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The SQL tables fall behind the ledger: {Why}")]
    private static partial void LogBehind(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The SQL tables are damaged ({Why}): the file is set aside as {Aside}, and a new one is made from the ledger")]
    private static partial void LogReplaced(ILogger log, string why, string aside);

    [LoggerMessage(Level = LogLevel.Information, Message = "The SQL tables are made again: they hold {Records} ledger records")]
    private static partial void LogRebuilt(ILogger log, long records);
}
