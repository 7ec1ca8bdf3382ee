using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Logging;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string Log => _folder.File("logs/arbitrage.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_entry_is_one_object_with_its_values_under_their_own_names()
    {
        await using (ServiceProvider services = new ServiceCollection().AddLogging(logging => logging.AddJsonLines(Log, _clock)).BuildServiceProvider())
        {
            ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("QuadTurbo.Shadow");
            logger.LogWarning(new EventId(7, "trade_missed"), new InvalidOperationException("gone"), "Missed {Id}: {Profit} after {Wait}, {Level}", "op-1", 12.50m, 0.25, null);
        }

        JsonElement line = Assert.Single(ReadLog());
        Assert.Equal("2025-11-20T12:00:00.0000000Z", line.GetProperty("ts").GetString());
        Assert.Equal("warn", line.GetProperty("level").GetString());
        Assert.Equal("QuadTurbo.Shadow", line.GetProperty("category").GetString());
        Assert.Equal("trade_missed", line.GetProperty("event").GetString());
        Assert.Equal("Missed op-1: 12.50 after 0.25, (null)", line.GetProperty("message").GetString());
        Assert.Equal("op-1", line.GetProperty("Id").GetString());
        Assert.Equal("12.50", line.GetProperty("Profit").GetRawText());
        Assert.Equal(0.25, line.GetProperty("Wait").GetDouble());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("Level").ValueKind);
        Assert.Contains("System.InvalidOperationException: gone", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line one\r\n{\"level\":\"forged\"}")]
    [InlineData("\u001b[31mred\u001b[0m \u0007 \u009b31m \u007f")]
    [InlineData("\u2028 \u2029 \u0085")]
    [InlineData("half a pair <half> here")]
    [InlineData("\0")]
    public async Task No_text_breaks_its_line_or_reaches_the_terminal(string hostile)
    {
        // Half a surrogate pair cannot stand in an attribute.
        hostile = hostile.Replace("<half>", "\ud800", StringComparison.Ordinal);
        KeyValuePair<string, object?>[] values = [new("Text", hostile), new("level", hostile)];
        await using (var provider = new JsonLinesLoggerProvider(Log, _clock))
            provider.CreateLogger(hostile).Log(LogLevel.Error, new EventId(1, hostile), values, null, (_, _) => hostile);

        byte[] bytes = await File.ReadAllBytesAsync(Log);
        Assert.Equal(bytes.Length - 1, Array.IndexOf(bytes, (byte)'\n'));
        Assert.All(bytes[..^1], static b => Assert.InRange(b, (byte)0x20, (byte)0x7e));
        JsonElement line = Assert.Single(ReadLog());
        Assert.Equal(hostile.Replace('\ud800', '\uFFFD'), line.GetProperty("Text").GetString());
        Assert.Equal("error", line.GetProperty("level").GetString());
        Assert.Equal(hostile.Replace('\ud800', '\uFFFD'), line.GetProperty("level_").GetString());
    }

    [Fact]
    public async Task A_full_file_becomes_the_first_old_one_and_the_oldest_goes()
    {
        var limits = new JsonLinesLimits { FileBytes = 600, Files = 3 };
        await using (var provider = new JsonLinesLoggerProvider(Log, _clock, limits))
        {
            ILogger logger = provider.CreateLogger("c");
            for (int i = 0; i < 40; i++)
                logger.LogInformation("{Number}", i);
        }

        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(Log)!).Order(StringComparer.Ordinal)];
        Assert.Equal([Log, Log + ".1", Log + ".2"], files);
        Assert.All(files, static f => Assert.InRange(new FileInfo(f).Length, 1, 600));
        int[] kept = [.. files.Reverse().SelectMany(ReadLines).Select(static l => l.GetProperty("Number").GetInt32())];
        Assert.Equal(Enumerable.Range(40 - kept.Length, kept.Length), kept);
    }

    [Fact]
    public async Task A_restart_appends_and_cuts_off_a_torn_last_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        await File.WriteAllTextAsync(Log, "{\"message\":\"whole\"}\n{\"message\":\"to" + new string('r', 100_000));

        await using (var provider = new JsonLinesLoggerProvider(Log, _clock))
            provider.CreateLogger("c").LogInformation("after");

        Assert.Equal(["whole", "after"], ReadLog().Select(static l => l.GetProperty("message").GetString()!));
    }

    [Fact]
    public async Task A_full_disk_costs_lines_and_nothing_else_and_the_log_says_how_many()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        File.CreateSymbolicLink(Log, "/dev/full");
        await using var provider = new JsonLinesLoggerProvider(Log, _clock);
        ILogger logger = provider.CreateLogger("c");
        logger.LogInformation("lost");
        logger.LogInformation("lost too");
        await provider.FlushAsync();
        Assert.Equal(2, provider.Dropped);

        File.Delete(Log);
        logger.LogInformation("not tried again so soon");
        await provider.FlushAsync();
        Assert.Equal(3, provider.Dropped);

        _clock.Advance(TimeSpan.FromSeconds(1));
        logger.LogInformation("written");
        await provider.FlushAsync();

        Assert.Equal(3, provider.Dropped);
        Assert.Equal(["3 log lines were dropped", "written"], ReadLog().Select(static l => l.GetProperty("message").GetString()!));
    }

    [Fact]
    public async Task A_stuck_disk_never_blocks_the_caller_and_every_line_is_written_or_counted()
    {
        string pipe = _folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        var provider = new JsonLinesLoggerProvider(pipe, _clock, new JsonLinesLimits { QueueLines = 4 });
        ILogger logger = provider.CreateLogger("c");

        for (int i = 0; i < 100; i++)
            logger.LogInformation("{Number}", i);

        long dropped = provider.Dropped;
        Assert.InRange(dropped, 95, 96);
        Task<string> reading = Task.Run(() => File.ReadAllText(pipe));
        await provider.DisposeAsync();
        JsonElement[] lines = [.. (await reading).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonElement.Parse(l))];
        Assert.Equal(100, dropped + lines.Count(static l => l.TryGetProperty("Number", out _)));
        Assert.Equal(dropped, lines.Sum(static l => l.TryGetProperty("dropped", out JsonElement told) ? told.GetInt64() : 0));
    }

    [Fact]
    public async Task The_bytes_that_wait_are_bounded_too()
    {
        await using var provider = new JsonLinesLoggerProvider(Log, _clock, new JsonLinesLimits { QueueBytes = 300 });
        ILogger logger = provider.CreateLogger("c");

        logger.LogInformation("{Text}", new string('x', 300));
        logger.LogInformation("short");
        await provider.FlushAsync();

        Assert.Equal(1, provider.Dropped);
        Assert.Equal("short", ReadLog().Last().GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_value_that_cannot_be_shown_costs_its_line_and_a_long_one_is_cut()
    {
        await using var provider = new JsonLinesLoggerProvider(Log, _clock);
        ILogger logger = provider.CreateLogger("c");

        logger.LogInformation("{Value}", new Hostile());
        logger.LogInformation("{Value}", new string('x', 100_000));
        await provider.FlushAsync();

        Assert.Equal(1, provider.Dropped);
        Assert.Equal(2 * 1024 + 1, ReadLog().Last().GetProperty("Value").GetString()!.Length);
    }

    private List<JsonElement> ReadLog() => ReadLines(Log);

    private static List<JsonElement> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line))];
    }

    private sealed class Hostile
    {
        public override string ToString() => throw new InvalidOperationException();
    }
}
