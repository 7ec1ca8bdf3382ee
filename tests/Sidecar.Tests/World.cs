using System.Net;
using System.Text;
using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>What a sidecar answered.</summary>
internal sealed record Answered(HttpStatusCode Status, string Body, string? ContentType, Dictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Code => Json.GetProperty("errorCode").GetString()!;
}

/// <summary>A mesh with applications and their clients; all of it ends with the test.</summary>
internal sealed class World(MeshOptions? options = null, TimeProvider? clock = null) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _apps = [];

    public Mesh Mesh { get; } = new(options, clock);

    public Broker Broker => Mesh.Broker;

    public async Task<TestApp> AppAsync(string? subscriptions = null, Func<Received, Reply>? answer = null)
    {
        TestApp app = await TestApp.StartAsync(subscriptions, answer);
        _apps.Add(app);
        return app;
    }

    /// <summary>A sidecar whose subscriptions have started.</summary>
    public async Task<Beside> BesideAsync(string appId, TestApp? app = null, Func<SidecarOptions, SidecarOptions>? with = null)
    {
        var options = new SidecarOptions { AppId = appId, AppPort = app?.Port };
        SidecarServer sidecar = await Mesh.StartAsync(with?.Invoke(options) ?? options);
        await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        return new Beside(sidecar);
    }

    public async Task DrainedAsync(string topic, string appId, long leaving = 0)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Broker.DrainedAsync(topic, appId, leaving, late.Token);
    }

    /// <summary>Lets everything pass that is held back.</summary>
    public void Release() => ((TestClock)Mesh.Clock).Advance(TimeSpan.FromSeconds(1));

    /// <summary>Options with one pubsub component.</summary>
    public static MeshOptions With(RetryPolicy? inbound = null, BrokerOptions? broker = null) =>
        new() { PubSubs = [new PubSubComponent { Inbound = inbound }], Broker = broker ?? new BrokerOptions() };

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        foreach (IAsyncDisposable app in _apps) await app.DisposeAsync();
    }
}

/// <summary>A client of one sidecar.</summary>
internal sealed class Beside(SidecarServer sidecar)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });

    public SidecarServer Sidecar { get; } = sidecar;

    public async Task<Answered> SendAsync(string verb, string path, string? body = null, string? type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(Sidecar.Address.ToString().TrimEnd('/') + path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await Client.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(30));
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in answer.Headers.NonValidated) all[name] = values.ToString();
        return new Answered(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType, all);
    }

    public Task<Answered> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answered> PostAsync(string path, string body, string? type = "application/json") => SendAsync("POST", path, body, type);

    /// <summary>Publishes JSON and expects it to be taken.</summary>
    public async Task PublishAsync(string topic, string json, string query = "")
    {
        Answered answered = await PostAsync($"/v1.0/publish/pubsub/{topic}{query}", json);
        Assert.Equal(HttpStatusCode.NoContent, answered.Status);
    }
}
