using System.Buffers.Binary;
using System.Diagnostics;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>R-01: an acknowledged record survives kill -9; none is lost, doubled or made up.</summary>
public class LedgerCrashTests
{
    private const int Killed = 128 + 9;

    [Fact]
    public void A_kill_at_each_named_point_loses_and_doubles_nothing_acknowledged()
    {
        using var ledger = new TemporaryLedger();
        var rounds = new Rounds(ledger);
        foreach (string point in LedgerCrashPoints.All)
        {
            // Only a torn tail is ever cut off.
            if (point == LedgerCrashPoints.AfterTruncate)
                Assert.Equal(Killed, rounds.Run(100, LedgerCrashPoints.MidWrite, check: false));
            Assert.Equal((point, Killed), (point, rounds.Run(100, point)));
        }

        Assert.Equal(Killed, rounds.Run(400, LedgerCrashPoints.AfterRotate + ":3"));
        Assert.Equal(0, rounds.Run(100, crashAt: null));
        Assert.True(Assert.IsType<LedgerVerification.Intact>(ledger.Verify()).Sealed);
    }

    [Fact]
    public void Ten_kills_at_random_lose_and_double_nothing_acknowledged() => KillAtRandom(10, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void Five_hundred_kills_at_random_lose_and_double_nothing_acknowledged() => KillAtRandom(500, seed: 2);

    private static void KillAtRandom(int kills, int seed)
    {
        // Every life reads the whole ledger back, so a ledger has ten of them.
        var random = new Random(seed);
        for (int i = 0; i < kills; i += 10)
        {
            using var ledger = new TemporaryLedger();
            var rounds = new Rounds(ledger);
            for (int life = 0; life < 10; life++)
                rounds.Run(1_000_000, crashAt: null, killAfter: (random.Next(40), random.Next(20)));
        }
    }

    /// <summary>One ledger through many lives of its writer, and what each was acknowledged.</summary>
    private sealed class Rounds(TemporaryLedger ledger)
    {
        private readonly List<int> _acknowledged = [];

        /// <summary>Runs a writer until it ends, dies or is killed some milliseconds after so many acknowledgements; its exit code.</summary>
        public int Run(int count, string? crashAt, (int Acknowledgements, int Milliseconds)? killAfter = null, bool check = true)
        {
            var start = new ProcessStartInfo(Host())
            {
                ArgumentList = { "exec", typeof(Program).Assembly.Location, LedgerChild.Verb, ledger.Path, $"{_acknowledged.Count}", $"{count}" },
                RedirectStandardOutput = true,
                Environment = { [CrashPoint.Variable] = crashAt, ["DOTNET_TieredPGO"] = "0" },
            };
            using var child = Process.Start(start)!;
            int last = 0;
            for (int i = 0; TryReadAcknowledgement(child, ref last); i++)
            {
                if (i == killAfter?.Acknowledgements)
                {
                    child.WaitForExit(killAfter.Value.Milliseconds);
                    child.Kill();
                }
            }

            child.WaitForExit();
            _acknowledged.Add(last);
            if (check)
                Check();
            return child.ExitCode;
        }

        private static string Host() =>
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

        private static bool TryReadAcknowledgement(Process child, ref int last)
        {
            Span<byte> count = stackalloc byte[4];
            if (child.StandardOutput.BaseStream.ReadAtLeast(count, 4, throwOnEndOfStream: false) < 4)
                return false;
            last = BinaryPrimitives.ReadInt32LittleEndian(count);
            return true;
        }

        /// <summary>Each round left its records 0, 1, 2, ... once each, at least as far as acknowledged; the chain holds.</summary>
        private void Check()
        {
            Assert.IsNotType<LedgerVerification.Damaged>(ledger.Verify());
            bool sealedCleanly = ledger.Verify() is LedgerVerification.Intact { Sealed: true };
            if (!sealedCleanly)
                LedgerWriter.Open(ledger.Path, LedgerChild.Options, TimeProvider.System).Dispose();
            Assert.IsType<LedgerVerification.Intact>(ledger.Verify());
            int[] written = new int[_acknowledged.Count];
            int round = 0;
            foreach (var entry in LedgerReader.Open(ledger.Path).Read())
            {
                int of = BinaryPrimitives.ReadInt32LittleEndian(entry.Payload.Span);
                Assert.InRange(of, round, written.Length - 1);
                round = of;
                Assert.Equal(LedgerChild.Payload(of, written[of]++), entry.Payload.ToArray());
            }

            for (int i = 0; i < written.Length; i++)
                Assert.True(written[i] >= _acknowledged[i], $"round {i}: {_acknowledged[i]} acknowledged, {written[i]} left");
        }
    }
}
