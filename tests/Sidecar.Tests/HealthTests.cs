using System.Net;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract section 0, start and authority, and the health of section 6.5.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Outbound_is_ready_before_the_application_listens_and_all_of_it_after()
    {
        var clock = new TestClock();
        await using var world = new World(clock: clock);
        int port;
        await using (TestApp free = await TestApp.StartAsync()) port = free.Port;
        SidecarServer sidecar = await world.Mesh.StartAsync(new SidecarOptions { AppId = "one", AppPort = port });
        var beside = new Beside(sidecar);

        await clock.ArmedAsync(s => s == TimeSpan.FromMilliseconds(100));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz/outbound")).Status);
        Answered early = await beside.GetAsync("/v1.0/healthz");
        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_HEALTH_NOT_READY"), (early.Status, early.Code));
        await beside.PublishAsync("orders", "1");

        await using TestApp app = await TestApp.StartAsync(TestApp.Subscription("orders"), port: port);
        await clock.PassAsync(TimeSpan.FromMilliseconds(100));
        await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz?appid=one")).Status);
        Assert.Equal("ERR_HEALTH_APPID_NOT_MATCH", (await beside.GetAsync("/v1.0/healthz?appid=two")).Code);
        await app.NextAsync();
    }

    [Fact]
    public async Task A_slow_sidecar_answers_health_first_and_works_only_when_its_components_do()
    {
        var clock = new TestClock();
        await using var world = new World(clock: clock);
        Task<SidecarServer> starting = world.Mesh.StartAsync(new SidecarOptions
        {
            AppId = "one",
            ListensAfter = TimeSpan.FromSeconds(3),
            ReadyAfter = TimeSpan.FromSeconds(5),
        });
        Assert.False(starting.IsCompleted);
        await clock.PassAsync(TimeSpan.FromSeconds(3));
        var beside = new Beside(await starting);

        Assert.Equal("ERR_OUTBOUND_HEALTH_NOT_READY", (await beside.GetAsync("/v1.0/healthz/outbound")).Code);
        Assert.Equal("ERR_PUBSUB_NOT_CONFIGURED", (await beside.PostAsync("/v1.0/publish/pubsub/orders", "1")).Code);
        Assert.Equal("ERR_STATE_STORE_NOT_CONFIGURED", (await beside.GetAsync("/v1.0/state/statestore/a")).Code);
        await clock.PassAsync(TimeSpan.FromSeconds(5));
        await beside.Sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz/outbound")).Status);
        await beside.PublishAsync("orders", "1");
    }

    [Fact]
    public async Task Without_the_token_everything_but_health_is_refused_in_plain_text()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one", with: o => o with { ApiToken = "right" });

        Answered none = await beside.PostAsync("/v1.0/publish/pubsub/orders", "1");
        Answered wrong = await beside.SendAsync("GET", "/v1.0/state/statestore/a", headers: ("dapr-api-token", "wrong"));
        Answered right = await beside.SendAsync("POST", "/v1.0/publish/pubsub/orders", "1", headers: ("dapr-api-token", "right"));

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid api token", "text/plain"), (none.Status, none.Body, none.ContentType));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NoContent), (wrong.Status, right.Status));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz/outbound")).Status);
    }

    [Fact]
    public async Task An_ill_application_hears_nothing_until_it_is_well_and_is_asked_again()
    {
        var clock = new TestClock();
        TimeSpan interval = TimeSpan.FromSeconds(5);
        await using var world = new World(World.With(new RetryPolicy { MaxRetries = 0 }), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        bool well = true;
        app.Answer = _ => Task.FromResult(new Reply(well ? 200 : 503));
        Beside beside = await world.BesideAsync("one", app, o => o with { AppHealth = new AppHealth("/healthz", interval, TimeSpan.FromSeconds(1), 3) });
        Assert.Equal("/healthz", (await app.AskedAsync()).Path);
        Assert.Equal("/dapr/config", (await app.AskedAsync()).Path);
        Assert.Equal("/dapr/subscribe", (await app.AskedAsync()).Path);

        var ill = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        beside.Sidecar.Journal.Listener = line =>
        {
            if (line.Contains("unhealthy", StringComparison.Ordinal)) ill.TrySetResult();
        };
        well = false;
        for (int i = 0; i < 3; i++)
        {
            await clock.PassAsync(interval);
            Assert.Equal("/healthz", (await app.AskedAsync()).Path);
        }
        await ill.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("/healthz", (await app.AskedAsync()).Path);
        await clock.ArmedAsync(s => s == interval);
        await beside.PublishAsync("orders", "1");
        Assert.Equal((1L, true), (world.Broker.Waiting("orders", "one"), app.IsQuiet));

        well = true;
        clock.Advance(interval);
        await app.NextAsync();
        await world.DrainedAsync("orders", "one");
    }

    [Fact]
    public async Task Shutdown_answers_and_then_ends_the_sidecar()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");

        Answered answered = await beside.PostAsync("/v1.0/shutdown", "");
        await beside.Sidecar.Ended.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.NoContent, answered.Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => beside.GetAsync("/v1.0/healthz"));
    }
}
