using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Faults;

/// <summary>A full disk: nothing is acknowledged that is not durable, the state says so, and it ends by itself.</summary>
[Collection("processes")]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public Task While_the_disk_is_full_nothing_is_acknowledged_and_with_space_it_goes_on() => FullAsync(TimeSpan.FromSeconds(2));

    [Fact]
    public async Task On_a_full_disk_a_kill_says_that_it_stops_and_is_not_kept_and_what_was_kept_outlives_a_crash()
    {
        using SmallDisk? disk = SmallDisk.Mount(64, output.WriteLine);
        if (disk is null) return;
        var witness = new Witness();
        string data = Path.Combine(disk.Path, "data");
        using (RunProcess process = RunProcess.Start(data, null, disk.Within))
        {
            Assert.True(await witness.UntilServedAsync(process), process.Said);
            disk.Fill();
            await UntilAsync(process, HttpStatusCode.ServiceUnavailable, RunProcess.Patience);

            (HttpStatusCode status, string text) = await PostAsync(process, "/api/kill", """{"reason":"full"}""");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("not_kept", text, StringComparison.Ordinal);
            Assert.Contains("trading is stopped in this process", text, StringComparison.Ordinal);
            (status, text) = await PostAsync(process, "/api/resume", """{"reason":"full","confirm":"production"}""");
            Assert.True(status == HttpStatusCode.ServiceUnavailable && text.Contains("not_kept", StringComparison.Ordinal), text);
            (status, text) = await PostAsync(process, "/api/training/retrain", "");
            Assert.True(status == HttpStatusCode.ServiceUnavailable && text.Contains("not_kept", StringComparison.Ordinal), text);
            const string trade = """{"trade_id":"f1","model_id":"v1","features":{"net_edge_bps":14.5},"outcome":"WIN","pnl_bps":13.2,"duration_sec":480}""";
            (status, text) = await PostAsync(process, "/api/trade_outcome", trade);
            Assert.True(status == HttpStatusCode.ServiceUnavailable && text.Contains("not_kept", StringComparison.Ordinal), text);

            disk.Free();
            await UntilAsync(process, HttpStatusCode.OK, RecoversWithin);
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(process, "/api/kill", """{"reason":"kept"}""")).Status);
            process.Kill();
            await process.UntilExitAsync();
        }
        using RunProcess again = RunProcess.Start(data, null, disk.Within);
        Assert.True(await witness.UntilServedAsync(again), again.Said);
        Assert.Contains("\"why\":\"kept\"", (await again.ReadAsync("/api/account")).Text, StringComparison.Ordinal);
        again.Kill();
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(RunProcess process, string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await process.Client.PostAsync(path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Category", "Long")]
    public Task A_minute_of_a_full_disk_is_survived_too() => FullAsync(TimeSpan.FromMinutes(1));

    private async Task FullAsync(TimeSpan duration)
    {
        using SmallDisk? disk = SmallDisk.Mount(64, output.WriteLine);
        if (disk is null) return;
        var witness = new Witness();
        using RunProcess process = RunProcess.Start(Path.Combine(disk.Path, "data"), null, disk.Within);
        Assert.True(await witness.UntilServedAsync(process), process.Said);
        Assert.Equal(HttpStatusCode.OK, (await process.ReadAsync("/readyz")).Status);

        disk.Fill();
        string unready = await UntilAsync(process, HttpStatusCode.ServiceUnavailable, RunProcess.Patience);
        Assert.Contains("ledger", unready, StringComparison.Ordinal);
        int acknowledged = witness.Count;
        Task<bool>[] refused = [.. Enumerable.Range(0, 5).Select(_ => witness.SubmitAsync(process))];
        await Task.Delay(duration);
        Assert.Equal(acknowledged, witness.Count);
        Assert.False(process.HasExited, process.Said);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await process.ReadAsync("/readyz")).Status);

        disk.Free();
        long freed = Stopwatch.GetTimestamp();
        await UntilAsync(process, HttpStatusCode.OK, RecoversWithin);
        Assert.True(await witness.UntilServedAsync(process), process.Said);
        TimeSpan recovered = Stopwatch.GetElapsedTime(freed);
        output.WriteLine($"acknowledges again {recovered.TotalSeconds:0.0} s after there was space");
        Assert.True(recovered < RecoversWithin, $"recovered after {recovered}");
        await Task.WhenAll(refused);

        process.AskToStop();
        Assert.Equal(0, await process.UntilExitAsync());
        Witness.IsSealed(Path.Combine(disk.FromHere, "data"));
        Assert.Equal(0, witness.Check(Path.Combine(disk.FromHere, "data")));
    }

    private static async Task<string> UntilAsync(RunProcess process, HttpStatusCode status, TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            (HttpStatusCode answered, string text) = await process.ReadAsync("/readyz");
            if (answered == status) return text;
            Assert.False(process.HasExited, process.Said);
            Assert.False(patience.IsCancellationRequested, $"/readyz answers {answered} after {within}: {text}");
            await timer.WaitForNextTickAsync();
        }
    }
}
