using System.Diagnostics;
using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Ledger;
using Xunit.Abstractions;
using static QuadTurbo.Services.Tests.Auditor.Ledger.TemporaryLedger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>R-04: a full disk is safe and heals itself.</summary>
public class LedgerFullDiskTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(LedgerOperationKind.Write, 1)]
    [InlineData(LedgerOperationKind.Write, 3)]
    [InlineData(LedgerOperationKind.Flush, 1)]
    [InlineData(LedgerOperationKind.Flush, 2)]
    public void A_disk_full_at_any_operation_loses_nothing_acknowledged_and_has_all_once_afterwards(LedgerOperationKind kind, int times) =>
        ScriptedDay.FailAtEach(kind, LedgerFault.NoSpace, times, expected: LedgerState.Full);

    [Fact]
    public void A_full_disk_is_tried_again_when_the_interval_has_passed_and_not_before()
    {
        using var ledger = new TemporaryLedger();
        var clock = new ManualClock();
        var states = new System.Collections.Concurrent.BlockingCollection<LedgerState>();
        bool full = false;
        int writes = 0;
        var options = Small with
        {
            RetryInterval = TimeSpan.FromSeconds(1),
            Faults = operation => operation.Kind == LedgerOperationKind.Write && Interlocked.Increment(ref writes) > 0 && Volatile.Read(ref full)
                ? new LedgerFault(LedgerFault.NoSpace, operation.Length / 2)
                : null,
        };
        using var writer = LedgerWriter.Open(ledger.Path, options, clock);
        writer.OnState = states.Add;
        writer.Append(1, Payload(0));
        writer.Flush();
        Volatile.Write(ref full, true);

        writer.Append(1, Payload(1));

        Assert.True(states.TryTake(out var state, Patience));
        Assert.Equal(LedgerState.Full, state);
        Assert.Contains("No space left", writer.Why);
        Assert.EndsWith("'000000000000.seg'", writer.Why);
        Alert alert = Assert.Single(Alert.Of(writer));
        Assert.Equal("ledger", alert.Code);
        Assert.Contains("000000000000.seg", alert.Cause, StringComparison.Ordinal);
        Assert.Equal((0, 2), (writer.Committed, writes));
        Assert.Equal(88 + 90, new FileInfo(ledger.Segment(0)).Length);
        Volatile.Write(ref full, false);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal((0, 2), (writer.Committed, writes));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(states.TryTake(out state, Patience));
        Assert.Equal((LedgerState.Healthy, null, 1), (state, writer.Why, writer.Committed));
        Assert.Empty(Alert.Of(writer));
    }

    [Fact]
    public async Task Closing_on_a_full_disk_does_not_hang_and_acknowledges_nothing()
    {
        using var ledger = new TemporaryLedger();
        Task waiting;
        using (var writer = ledger.Open(Small with { Faults = operation => operation.Length > 0 ? new LedgerFault(LedgerFault.NoSpace, 7) : null }))
        {
            writer.Append(1, Payload(0));
            waiting = writer.WaitForCommit(0);
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            Assert.ThrowsAny<OperationCanceledException>(() => writer.Seal(soon.Token));
        }

        await Assert.ThrowsAsync<LedgerFailedException>(() => waiting.WaitAsync(Patience));
        using var again = ledger.Open();
        Assert.Equal(0, again.NextSequence);
    }

    [Fact]
    public async Task A_really_full_disk_uses_its_reserve_then_waits_and_recovers_when_space_is_freed()
    {
        using var mount = SmallDisk.TryMount(megabytes: 8);
        if (mount is null)
        {
            output.WriteLine("not checked: mounting a tmpfs is not permitted here");
            return;
        }

        string filler = Path.Combine(mount.Path, "filler");
        File.WriteAllBytes(filler, new byte[5 << 20]);
        var states = new System.Collections.Concurrent.BlockingCollection<LedgerState>();
        var options = new LedgerOptions { ReserveBytes = 512 << 10, BufferBytes = 1 << 18, RetryInterval = TimeSpan.FromMilliseconds(10) };
        using (var writer = LedgerWriter.Open(mount.Path, options, TimeProvider.System))
        {
            writer.OnState = states.Add;
            Assert.Equal(512 << 10, new FileInfo(Path.Combine(mount.Path, "reserve")).Length);
            var appending = Task.Run(() =>
            {
                for (int i = 0; i < 20_000; i++)
                    writer.Append(1, Payload(i, 300));
            });

            Assert.Equal(LedgerState.Reserve, Next(states));
            Assert.Equal(LedgerState.Full, Next(states));
            Assert.False(File.Exists(Path.Combine(mount.Path, "reserve")));
            Assert.False(appending.IsCompleted);
            long acknowledged = writer.Committed;
            Assert.InRange(acknowledged, 1000, 19_998);
            Assert.Equal(acknowledged + 1, LedgerReader.Open(mount.Path).Read().LongCount());

            var watch = Stopwatch.StartNew();
            File.Delete(filler);
            while (Next(states) != LedgerState.Healthy)
                continue;
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            await appending.WaitAsync(Patience);
            writer.Seal();
            Assert.Equal(512 << 10, new FileInfo(Path.Combine(mount.Path, "reserve")).Length);
        }

        Assert.Equal(20_000, Assert.IsType<LedgerVerification.Intact>(LedgerVerifier.Verify(mount.Path)).Count);
        foreach (var entry in LedgerReader.Open(mount.Path).Read())
            Assert.Equal(Payload(entry.Sequence, 300), entry.Payload.ToArray());
    }

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static LedgerState Next(System.Collections.Concurrent.BlockingCollection<LedgerState> states)
    {
        Assert.True(states.TryTake(out var state, Patience));
        return state;
    }

    /// <summary>A tmpfs of its own size, unmounted after the test.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("quadturbo-disk-").FullName;

        public static SmallDisk? TryMount(int megabytes)
        {
            var disk = new SmallDisk();
            if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path) == 0)
                return disk;
            Directory.Delete(disk.Path);
            return null;
        }

        public void Dispose()
        {
            Run("umount", "-l", Path);
            Directory.Delete(Path);
        }

        private static int Run(string command, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    /// <summary>Time that passes when told; fires its timers on the caller's thread.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private TimeSpan _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            timer.Change(dueTime, period);
            lock (_timers)
                _timers.Add(timer);
            return timer;
        }

        public void Advance(TimeSpan by)
        {
            _now += by;
            Timer[] timers;
            lock (_timers)
                timers = [.. _timers];
            foreach (var timer in timers)
                timer.FireIfDue();
        }

        private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
        {
            private TimeSpan? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                return true;
            }

            public void FireIfDue()
            {
                if (_due > clock._now)
                    return;
                if (_due is null)
                    return;
                _due = null;
                callback(state);
            }

            public void Dispose() => _due = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
