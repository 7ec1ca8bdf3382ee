using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>A recording that goes through the whole platform, composed and served as <c>run</c> does; the folder goes with it.</summary>
internal sealed class ServedRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("served");
    private readonly PlatformRun _run;

    private ServedRun(string path, string preset, string[] set)
    {
        _run = PlatformRun.Create(
            new PlatformRunPlan
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = _folder.FullName,
                Settings = Replayed.SettingsOf(preset, set, path),
                Preset = preset,
                Url = "http://127.0.0.1:0",
                Mode = "test",
            },
            TheHouse.Services);
    }

    public string DataDirectory => _folder.FullName;

    public HttpClient Http { get; private set; } = new();

    /// <summary>Serves, and comes back when the recording is over and everything that follows from it is in the tables.</summary>
    public static async Task<ServedRun> OfAsync(string path, string preset, params string[] set)
    {
        var served = new ServedRun(path, preset, set);
        try
        {
            await served._run.StartAsync();
            served.Http = new HttpClient { BaseAddress = new Uri(served._run.Address!) };
            await served._run.Pump.Completion;
            await served._run.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
            await served._run.Services.GetRequiredService<Projector>().UntilCaughtUpAsync(CancellationToken.None);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(path);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Every item of a list, page by page.</summary>
    public async Task<List<JsonNode>> ListAsync(string path, int limit = 1000)
    {
        var items = new List<JsonNode>();
        for (string? cursor = null; ;)
        {
            JsonNode page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            items.AddRange(page["items"]!.AsArray().Select(i => i!));
            cursor = (string?)page["next"];
            if (cursor is null) return items;
        }
    }

    public async Task<(HttpStatusCode Status, JsonNode Problem)> RefusedAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(path);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _run.StopAsync();
        await _run.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
