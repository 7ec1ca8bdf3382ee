using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Health;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class HealthTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(HealthState.Healthy, 200, 200)]
    [InlineData(HealthState.Degraded, 503, 200)]
    [InlineData(HealthState.Unknown, 503, 503)]
    [InlineData(HealthState.Unhealthy, 503, 503)]
    public async Task Ready_needs_every_check_healthy_and_live_needs_none(HealthState state, int readyz, int health)
    {
        await using WebApplication app = await StartAsync(
            new HealthCheck("ledger", static () => HealthReading.Healthy),
            new HealthCheck("feed", () => new HealthReading(state, "because")));

        Assert.Equal(200, (await GetAsync(app, "/healthz")).Status);
        (int status, JsonElement body) = await GetJsonAsync(app, "/readyz");
        Assert.Equal(readyz, status);
        Assert.Equal(readyz == 200, body.GetProperty("ready").GetBoolean());
        Assert.Equal(readyz == 200 ? [] : ["feed"], body.GetProperty("waitingFor").EnumerateArray().Select(static c => c.GetProperty("name").GetString()!));
        Assert.Equal(health, (await GetJsonAsync(app, "/health")).Status);
    }

    [Fact]
    public async Task The_health_page_tells_each_state_why_and_since_when()
    {
        HealthReading feed = HealthReading.Unknown("no quote yet");
        await using WebApplication app = await StartAsync(
            new HealthCheck("feed", () => feed), new HealthCheck("account", static () => HealthReading.Degraded("one venue")));
        DateTimeOffset start = _clock.GetUtcNow();

        JsonElement first = (await GetJsonAsync(app, "/health")).Body;
        Assert.Equal("unknown", first.GetProperty("status").GetString());
        Assert.Equal("all-in-one", first.GetProperty("mode").GetString());
        Assert.StartsWith("0.", first.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Equal(["account", "feed"], first.GetProperty("checks").EnumerateArray().Select(static c => c.GetProperty("name").GetString()!));
        Assert.Equal(("unknown", "no quote yet", start), Row(first, 1));

        _clock.Advance(TimeSpan.FromSeconds(90));
        feed = HealthReading.Unknown("still no quote");
        JsonElement second = (await GetJsonAsync(app, "/health")).Body;
        Assert.Equal(("unknown", "still no quote", start), Row(second, 1));
        Assert.Equal(90, second.GetProperty("uptimeSeconds").GetDouble());

        feed = HealthReading.Healthy;
        JsonElement third = (await GetJsonAsync(app, "/health")).Body;
        Assert.Equal(("healthy", "", start.AddSeconds(90)), Row(third, 1));
        Assert.Equal("degraded", third.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_check_that_throws_is_unknown_and_the_others_are_still_told()
    {
        await using WebApplication app = await StartAsync(
            new HealthCheck("broken", static () => throw new InvalidOperationException("no answer at all")),
            new HealthCheck("fine", static () => HealthReading.Healthy));

        JsonElement page = (await GetJsonAsync(app, "/health")).Body;

        Assert.Equal(("unknown", "the check failed: no answer at all", _clock.GetUtcNow()), Row(page, 0));
        Assert.Equal(("healthy", "", _clock.GetUtcNow()), Row(page, 1));
    }

    [Fact]
    public async Task A_stopping_process_is_not_ready()
    {
        await using WebApplication app = await StartAsync(new HealthCheck("ledger", static () => HealthReading.Healthy));
        var answer = new TaskCompletionSource<int>();
        app.Lifetime.ApplicationStopping.Register(() => answer.SetResult(GetAsync(app, "/readyz").GetAwaiter().GetResult().Status));

        await app.StopAsync();

        Assert.Equal(503, await answer.Task);
    }

    [Fact]
    public async Task A_check_can_read_a_registered_service()
    {
        WebApplicationBuilder builder = Builder();
        builder.Services.AddSingleton(new Queue<int>([1, 2, 3]));
        builder.Services.AddHealthCheck<Queue<int>>("queue", static q => q.Count < 3 ? HealthReading.Healthy : HealthReading.Degraded($"{q.Count} waiting"));
        await using WebApplication app = await StartAsync(builder);

        Assert.Equal("3 waiting", Row((await GetJsonAsync(app, "/health")).Body, 0).Why);
    }

    private WebApplicationBuilder Builder()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddHealth("all-in-one");
        return builder;
    }

    private Task<WebApplication> StartAsync(params HealthCheck[] checks)
    {
        WebApplicationBuilder builder = Builder();
        foreach (HealthCheck check in checks)
            builder.Services.AddSingleton(check);
        return StartAsync(builder);
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder)
    {
        WebApplication app = builder.Build();
        app.MapHealth();
        await app.StartAsync();
        return app;
    }

    private static async Task<(int Status, string Body)> GetAsync(WebApplication app, string path)
    {
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.GetAsync(new Uri(address + path));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(int Status, JsonElement Body)> GetJsonAsync(WebApplication app, string path)
    {
        (int status, string body) = await GetAsync(app, path);
        return (status, JsonElement.Parse(body));
    }

    private static (string State, string Why, DateTimeOffset Since) Row(JsonElement page, int index)
    {
        JsonElement row = page.GetProperty("checks")[index];
        return (row.GetProperty("state").GetString()!, row.GetProperty("why").GetString()!, row.GetProperty("since").GetDateTimeOffset());
    }
}
