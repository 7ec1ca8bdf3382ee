using System.Net;
using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract sections 2.1, 2.3 and 2.4: one message at a time.</summary>
public sealed class DeliveryTests
{
    private static readonly RetryPolicy Twice = new() { MaxRetries = 2, Duration = TimeSpan.FromSeconds(7) };
    private const string Buried = ""","deadLetterTopic":"dead" """;

    [Theory]
    [InlineData(200, "", "done")]
    [InlineData(204, "", "done")]
    [InlineData(200, "no json", "done")]
    [InlineData(200, "[]", "done")]
    [InlineData(200, "{}", "done")]
    [InlineData(200, """{"status":""}""", "done")]
    [InlineData(200, """{"status":"SUCCESS"}""", "done")]
    [InlineData(200, """{"status":"RETRY"}""", "again")]
    [InlineData(200, """{"status":"success"}""", "again")]
    [InlineData(200, """{"status":"DROP"}""", "drop")]
    [InlineData(404, "", "drop")]
    [InlineData(302, "", "again")]
    [InlineData(401, "", "again")]
    [InlineData(500, "", "again")]
    public async Task The_answer_decides_what_becomes_of_a_message(int status, string body, string fate)
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Twice), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Buried), r => r.Path == "/orders" ? new Reply(status, body) : new Reply());
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        await app.NextAsync();
        for (int retry = 0; fate == "again" && retry < 2; retry++)
        {
            await clock.PassAsync(TimeSpan.FromSeconds(7));
            await app.NextAsync();
        }
        await world.DrainedAsync("orders", "one");

        Assert.True(app.IsQuiet);
        Assert.Equal(fate == "done" ? 0 : 1, world.Broker.Appended("dead"));
        Assert.Equal(0, world.Broker.Lost("orders", "one"));
    }

    [Fact]
    public async Task A_dead_letter_is_the_same_message_and_a_retried_one_keeps_its_id()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Twice), clock);
        TestApp app = await world.AppAsync("""
            [{"pubsubname":"pubsub","topic":"orders","route":"/orders","deadLetterTopic":"dead"},{"pubsubname":"pubsub","topic":"dead","route":"/dead"}]
            """, r => new Reply(r.Path == "/orders" ? 500 : 200));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1", "?metadata.mine=kept");
        Received first = await app.NextAsync();
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        Received second = await app.NextAsync();
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        await app.NextAsync();
        Received dead = await app.NextAsync();

        Assert.Equal(("/dead", "kept"), (dead.Path, dead.Headers["mine"]));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Text, dead.Text);
    }

    [Fact]
    public async Task Without_a_policy_there_is_one_attempt_and_on_redis_the_message_is_lost()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"), _ => new Reply(500));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.True(app.IsQuiet);
        Assert.Equal(1, world.Broker.Lost("orders", "one"));
    }

    [Fact]
    public async Task A_dropped_message_without_a_grave_is_acknowledged()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"), _ => new Reply(Body: """{"status":"DROP"}"""));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.Equal(0, world.Broker.Lost("orders", "one"));
    }

    [Fact]
    public async Task An_exponential_policy_waits_longer_each_time_within_half_and_one_and_a_half()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(new RetryPolicy { Exponential = true, MaxRetries = 4, MaxInterval = TimeSpan.FromSeconds(1) }), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Buried), _ => new Reply(500));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        foreach (double middle in new[] { 0.5, 0.75, 1.0, 1.0 })
        {
            await app.NextAsync();
            clock.Advance(await clock.ArmedAsync(s => s >= TimeSpan.FromSeconds(middle * 0.5) && s <= TimeSpan.FromSeconds(middle * 1.5)));
        }
        await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.Equal(1, world.Broker.Appended("dead"));
    }

    [Fact]
    public void A_policy_without_a_number_retries_for_ever_but_an_exponential_one_stops_after_a_quarter_of_an_hour()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), new RetryPolicy().PauseAfter(1_000_000, TimeSpan.FromDays(1)));
        Assert.NotNull(new RetryPolicy { Exponential = true }.PauseAfter(1, TimeSpan.FromMinutes(14)));
        Assert.Null(new RetryPolicy { Exponential = true }.PauseAfter(1, TimeSpan.FromMinutes(15)));
        Assert.Null(new RetryPolicy { MaxRetries = 0 }.PauseAfter(1, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_delivery_past_the_inbound_timeout_counts_as_failed()
    {
        var clock = new TestClock();
        await using var world = new World(new MeshOptions { PubSubs = [new PubSubComponent { InboundTimeout = TimeSpan.FromSeconds(2) }] }, clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Buried));
        var never = new TaskCompletionSource<Reply>();
        app.Answer = _ => never.Task;
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        await app.NextAsync();
        await clock.PassAsync(TimeSpan.FromSeconds(2));
        await world.DrainedAsync("orders", "one");
        never.SetResult(new Reply());

        Assert.Equal(1, world.Broker.Appended("dead"));
    }

    [Fact]
    public async Task A_grave_that_cannot_be_reached_makes_it_an_error()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Buried));
        app.Answer = _ =>
        {
            world.Broker.Down = true;
            return Task.FromResult(new Reply(Body: """{"status":"DROP"}"""));
        };
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");
        await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.Equal(1, world.Broker.Lost("orders", "one"));
    }

    [Fact]
    public async Task Broker_metadata_and_the_applications_token_are_headers()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = BrokerFlavour.Kafka, Partitions = 1 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app, o => o with { AppToken = "to-app" });

        await beside.PublishAsync("orders", "1", "?metadata.partitionKey=feed-7&metadata.mine=x");
        Received got = await app.NextAsync();

        Assert.Equal(("POST", "/orders", "pubsub", "to-app"), (got.Verb, got.Path, got.Headers["pubsubname"], got.Headers["dapr-api-token"]));
        Assert.Equal(("feed-7", "orders", "0", "0", "x"),
            (got.Headers["__key"], got.Headers["__topic"], got.Headers["__partition"], got.Headers["__offset"], got.Headers["mine"]));
        Assert.True(got.Headers.ContainsKey("__timestamp"));
        Assert.False(got.Headers.ContainsKey("dapr-app-id"));
    }

    [Fact]
    public async Task A_raw_payload_goes_as_it_is_and_comes_in_a_new_envelope_each_time()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Twice), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", ""","metadata":{"rawPayload":"true"} """));
        int calls = 0;
        app.Answer = _ => Task.FromResult(new Reply(++calls == 1 ? 500 : 200));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "[1]", "?metadata.rawPayload=true&metadata.ttlInSeconds=5");
        JsonElement first = (await app.NextAsync()).Json;
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        JsonElement second = (await app.NextAsync()).Json;

        Assert.Equal("[1]"u8, first.GetProperty("data_base64").GetBytesFromBase64());
        Assert.Equal(("Dapr", "application/octet-stream"), (first.GetProperty("source").GetString(), first.GetProperty("datacontenttype").GetString()));
        Assert.NotEqual(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.False(first.TryGetProperty("expiration", out _));
    }

    [Fact]
    public async Task A_payload_without_an_envelope_is_an_error_to_a_subscriber_that_wants_one()
    {
        await using var world = new World(World.With(Twice), new TestClock());
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Buried));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PostAsync("/v1.0/publish/pubsub/orders?metadata.rawPayload=true", "no json");
        await world.DrainedAsync("orders", "one");

        Assert.True(app.IsQuiet);
        Assert.Equal(1, world.Broker.Appended("dead"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(Buried, 1)]
    public async Task An_expired_message_is_not_delivered(string grave, int buried)
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Twice), clock);
        Beside beside = await world.BesideAsync("writer");
        await beside.PublishAsync("orders", "1", "?metadata.ttlInSeconds=5");
        clock.Advance(TimeSpan.FromSeconds(5));

        TestApp app = await world.AppAsync(TestApp.Subscription("orders", grave));
        await world.BesideAsync("late", app);
        await world.DrainedAsync("orders", "late");

        Assert.True(app.IsQuiet);
        Assert.Equal((buried, 0L), (world.Broker.Appended("dead"), world.Broker.Lost("orders", "late")));
    }

    [Fact]
    public async Task The_sidecar_asks_for_configuration_then_subscriptions_and_says_for_whom()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        await world.BesideAsync("one", app);

        Received config = await app.AskedAsync(), subscribe = await app.AskedAsync();

        Assert.Equal(("GET", "/dapr/config"), (config.Verb, config.Path));
        Assert.Equal(("GET", "/dapr/subscribe", "one"), (subscribe.Verb, subscribe.Path, subscribe.Headers["dapr-app-id"]));
    }

    [Theory]
    [InlineData("""[{"pubsubname":"pubsub","topic":"orders","route":"/v1"}]""", "/v1")]
    [InlineData("""[{"pubsubname":"pubsub","topic":"orders","routes":{"default":"/v2"},"route":"/v1"}]""", "/v2")]
    [InlineData("""[{"pubsubname":"pubsub","topic":"orders","routes":{"rules":[{"match":"","path":"/any"}],"default":"/v2"}}]""", "/any")]
    public async Task A_route_has_two_forms_and_the_default_wins(string list, string path)
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(list);
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");

        Assert.Equal(path, (await app.NextAsync()).Path);
    }

    [Theory]
    [InlineData(null, "404")]
    [InlineData("{", "error from app's subscriptions")]
    [InlineData("""{"a":1}""", "no array")]
    [InlineData("""[{"pubsubname":"pubsub","topic":"orders"}]""", "has no route")]
    [InlineData("""[{"pubsubname":"nobody","topic":"orders","route":"/x"}]""", "pubsub nobody is not found")]
    public async Task A_list_that_gives_nothing_is_told_of(string? list, string said)
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(list);
        Beside beside = await world.BesideAsync("one", app);

        Assert.Contains(beside.Sidecar.Journal.Lines, line => line.Contains(said, StringComparison.Ordinal));
        Assert.Equal(0, (await beside.GetAsync("/v1.0/metadata")).Json.GetProperty("subscriptions").EnumerateArray()
            .Count(s => s.GetProperty("topic").GetString() == "orders" && s.GetProperty("pubsubname").GetString() == "pubsub"));
    }

    [Fact]
    public async Task A_topic_closed_to_a_subscriber_brings_it_nothing()
    {
        var component = new PubSubComponent { SubscriptionScopes = new Dictionary<string, string[]> { ["one"] = [] } };
        await using var world = new World(new MeshOptions { PubSubs = [component] });
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        Assert.Contains(beside.Sidecar.Journal.Lines, line => line.Contains("is not allowed", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, (await beside.PostAsync("/v1.0/publish/pubsub/orders", "1")).Status);
    }
}
