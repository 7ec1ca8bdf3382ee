using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>What the application got.</summary>
internal sealed record Received(string Verb, string Path, string Query, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>The events of a batch, with their entry ids.</summary>
    public (string Id, JsonElement Event)[] Entries =>
        [.. Json.GetProperty("entries").EnumerateArray().Select(e => (e.GetProperty("entryId").GetString()!, e.GetProperty("event")))];
}

/// <summary>What the application says.</summary>
internal sealed record Reply(int Status = 200, string Body = "", string ContentType = "application/json")
{
    public static Reply Statuses(params (string Id, string Status)[] statuses) =>
        new(Body: JsonSerializer.Serialize(new { statuses = statuses.Select(s => new { entryId = s.Id, status = s.Status }) }));

    public static Reply AllDone(Received batch) => Statuses([.. batch.Entries.Select(e => (e.Id, "SUCCESS"))]);
}

/// <summary>An application beside a sidecar: a real server that keeps what it gets and answers as told.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<Received> _asked = Channel.CreateUnbounded<Received>(), _posts = Channel.CreateUnbounded<Received>();
    private WebApplication? _server;

    public int Port { get; private set; }

    /// <summary>The answer to <c>GET /dapr/subscribe</c>; null: 404.</summary>
    public string? Subscriptions { get; set; }

    public Func<Received, Task<Reply>> Answer { get; set; } = _ => Task.FromResult(new Reply());

    public static async Task<TestApp> StartAsync(string? subscriptions = null, Func<Received, Reply>? answer = null, int port = 0)
    {
        var app = new TestApp { Subscriptions = subscriptions };
        if (answer is not null) app.Answer = r => Task.FromResult(answer(r));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port));
        app._server = builder.Build();
        app._server.Run(app.ServeAsync);
        await app._server.StartAsync();
        app.Port = new Uri(app._server.Urls.Single()).Port;
        return app;
    }

    /// <summary>A subscription to <paramref name="topic"/> in the JSON that applications answer with.</summary>
    public static string Subscription(string topic, string more = "") =>
        $$"""[{"pubsubname":"pubsub","topic":"{{topic}}","route":"/{{topic}}"{{more}}}]""";

    /// <summary>The next call that is neither of <c>/dapr/…</c> nor a probe.</summary>
    public Task<Received> NextAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next <paramref name="count"/> of them.</summary>
    public async Task<Received[]> NextAsync(int count)
    {
        var received = new Received[count];
        for (int i = 0; i < count; i++) received[i] = await NextAsync();
        return received;
    }

    /// <summary>The next question of the sidecar: <c>/dapr/config</c>, <c>/dapr/subscribe</c> or a probe.</summary>
    public Task<Received> AskedAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Whether nothing more has come.</summary>
    public bool IsQuiet => !_posts.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new Received(context.Request.Method, context.Request.Path.Value!, context.Request.QueryString.Value!,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Reply reply;
        if (received.Path is "/dapr/config" or "/dapr/subscribe" or "/healthz")
        {
            _asked.Writer.TryWrite(received);
            reply = received.Path == "/dapr/subscribe" && Subscriptions is not null ? new Reply(Body: Subscriptions)
                : received.Path == "/healthz" ? await Answer(received) : new Reply(404);
        }
        else
        {
            _posts.Writer.TryWrite(received);
            reply = await Answer(received);
        }
        context.Response.StatusCode = reply.Status;
        if (reply.Body.Length == 0) return;
        context.Response.ContentType = reply.ContentType;
        await context.Response.WriteAsync(reply.Body);
    }
}
