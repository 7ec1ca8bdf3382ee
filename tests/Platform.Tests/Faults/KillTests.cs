using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Faults;

/// <summary>kill -9 while the platform runs, at random and at the places where it hurts most; this process is the witness of what was acknowledged.</summary>
[Collection("processes")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const string AtRandom = "";

    private static readonly string[] Ten =
    [
        AtRandom, "ledger.mid-write:30", "ledger.after-truncate", "ledger.after-flush:40", "training.after-trained:3", "shutdown.before-drain",
        "registry.after-registered", "registry.after-assigned", "shutdown.after-drain", "ledger.mid-seal",
    ];

    private static readonly string[] All =
    [
        .. LedgerCrashPoints.All.Where(p => p is not (LedgerCrashPoints.BeforeRotate or LedgerCrashPoints.AfterRotate)),
        "training.before-pack", "training.after-trained", "registry.after-registered", "registry.after-assigned", "shutdown.before-drain", "shutdown.after-drain", "shutdown.before-seal",
    ];

    [Fact]
    public Task What_was_acknowledged_outlives_10_kills_exactly_once() => OutlivesAsync(Ten, seed: 1);

    /// <summary>The long version: 20 chains of 25 kills.</summary>
    public static TheoryData<int> Chains => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Chains))]
    [Trait("Category", "Long")]
    public Task What_was_acknowledged_outlives_a_chain_of_25_kills_exactly_once(int chain)
    {
        SeededRandom random = SeededRandom.Stream(chain, "kills");
        var kills = new string[25];
        for (int i = 0; i < kills.Length; i++)
            kills[i] = random.NextDouble() < 0.4 ? AtRandom : $"{All[random.NextInt(All.Length)]}:{1 + random.NextInt(3)}";
        return OutlivesAsync(kills, chain);
    }

    [Fact]
    public async Task A_stop_asked_for_loses_nothing_and_leaves_nothing_open()
    {
        using var folder = new TemporaryFolder();
        var witness = new Witness();
        using RunProcess process = RunProcess.Start(folder.Path);
        Assert.True(await witness.UntilServedAsync(process), process.Said);
        Task submitting = witness.UntilEndedAsync(process);
        await MoreThanAsync(witness, witness.Count + 20);

        process.AskToStop();

        Assert.Equal(0, await process.UntilExitAsync());
        await submitting;
        Witness.IsSealed(folder.Path);
        Assert.Equal(0, witness.Check(folder.Path));
    }

    private async Task OutlivesAsync(string[] kills, int seed)
    {
        using var folder = new TemporaryFolder();
        SeededRandom random = SeededRandom.Stream(seed, "moments");
        var witness = new Witness();
        bool stopped = false;
        for (int i = 0; i < kills.Length; i++)
        {
            int before = witness.Count;
            using RunProcess process = RunProcess.Start(folder.Path, kills[i] == AtRandom ? null : kills[i]);
            bool served = await witness.UntilServedAsync(process);
            if (served)
            {
                if (stopped) Assert.True(await IsStoppedAsync(process), "the kill switch was thrown before the crash and is not any more");
                else if (i >= kills.Length / 2) stopped = await ThrowKillSwitchAsync(process, folder.Path);
                await DieAsync(process, kills[i], witness, TimeSpan.FromMilliseconds(100 + random.NextInt(900)));
            }
            output.WriteLine($"kill {i + 1} {(kills[i] == AtRandom ? "at random" : $"at {kills[i]}")}: {witness.Count - before} acknowledged{(served ? "" : ", died while it started")}");
            Witness.IsNotDamaged(folder.Path);
        }

        using RunProcess last = RunProcess.Start(folder.Path);
        Assert.True(await witness.UntilServedAsync(last), last.Said);
        Assert.True(stopped && await IsStoppedAsync(last), stopped ? "the kill switch is not thrown any more" : "it was never thrown");
        last.AskToStop();
        Assert.Equal(0, await last.UntilExitAsync());
        Witness.IsSealed(folder.Path);
        int restarts = witness.Check(folder.Path);
        output.WriteLine($"{witness.Count} acknowledged, {restarts} outcomes are restart");
        Assert.True(restarts > 0, "no kill left anything open: it was not one");
    }

    // A point that is not reached in time: the kill comes from here.
    private static async Task DieAsync(RunProcess process, string kill, Witness witness, TimeSpan moment)
    {
        Task submitting = witness.UntilEndedAsync(process);
        await Task.WhenAny(submitting, Task.Delay(kill == AtRandom || IsOfShutdown(kill) ? moment : TimeSpan.FromSeconds(5)));
        if (!process.HasExited)
        {
            if (IsOfShutdown(kill)) process.AskToStop();
            else process.Kill();
        }
        await submitting;
    }

    private static bool IsOfShutdown(string kill) => kill.StartsWith("shutdown", StringComparison.Ordinal) || kill.Contains("-seal", StringComparison.Ordinal);

    private static async Task MoreThanAsync(Witness witness, int count)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (witness.Count <= count) await timer.WaitForNextTickAsync();
    }

    private static async Task<bool> ThrowKillSwitchAsync(RunProcess process, string dataDirectory)
    {
        using var reason = new StringContent("""{"reason":"a test"}""", System.Text.Encoding.UTF8, "application/json");
        try
        {
            using HttpResponseMessage answer = await process.Client.PostAsync("/api/kill", reason);
            if (!answer.IsSuccessStatusCode) return false;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!process.HasExited)
        {
            if (LedgerFold.Events(dataDirectory).Any(e => e.Event is AccountChanged { Event: AccountEvent.Killed })) return true;
            await timer.WaitForNextTickAsync();
        }
        return false;
    }

    private static async Task<bool> IsStoppedAsync(RunProcess process)
    {
        (System.Net.HttpStatusCode status, string text) = await process.ReadAsync("/api/account");
        if (status == 0) return true;
        JsonNode kill = JsonNode.Parse(text)!["breakers"]!.AsArray().Single(b => (string)b!["name"]! == Breaker.KillSwitch)!;
        return kill["since"] is not null;
    }
}
