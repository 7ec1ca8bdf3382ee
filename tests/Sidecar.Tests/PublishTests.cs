using System.Net;
using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract section 1.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Json_is_wrapped_in_an_envelope_with_the_publishers_app_id()
    {
        var clock = new TestClock();
        await using var world = new World(clock: clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        await world.BesideAsync("reader", app);
        Beside writer = await world.BesideAsync("writer");

        Answered answered = await writer.PostAsync("/v1.0/publish/pubsub/orders", """{ "big": 12345678901234567890.123, "a": "é" }""");
        Received got = await app.NextAsync();

        Assert.Equal((HttpStatusCode.NoContent, "", null), (answered.Status, answered.Body, answered.ContentType));
        Assert.Equal("application/cloudevents+json", got.Headers["Content-Type"]);
        JsonElement envelope = got.Json;
        Assert.Equal("1.0", Text(envelope, "specversion"));
        Assert.Equal("writer", Text(envelope, "source"));
        Assert.Equal("com.dapr.event.sent", Text(envelope, "type"));
        Assert.Equal("application/json", Text(envelope, "datacontenttype"));
        Assert.Equal("orders", Text(envelope, "topic"));
        Assert.Equal("pubsub", Text(envelope, "pubsubname"));
        Assert.Equal("2025-11-20T12:00:00Z", Text(envelope, "time"));
        Assert.Equal("", Text(envelope, "tracestate"));
        Assert.True(Guid.TryParse(Text(envelope, "id"), out _));
        Assert.Equal("""{"big":12345678901234567890.123,"a":"é"}""", envelope.GetProperty("data").GetRawText());
        Assert.False(envelope.TryGetProperty("data_base64", out _) || envelope.TryGetProperty("subject", out _) || envelope.TryGetProperty("expiration", out _));
    }

    [Theory]
    [InlineData("application/json", "not json", "data", "\"not json\"")]
    [InlineData("application/vnd.x+json", "[1]", "data", "[1]")]
    [InlineData(null, "plain", "data", "\"plain\"")]
    [InlineData("application/xml", "<a/>", "data", "\"<a/>\"")]
    [InlineData("application/octet-stream", "abc", "data_base64", "\"YWJj\"")]
    public async Task The_content_type_says_how_the_payload_is_carried(string? type, string body, string field, string value)
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        Answered answered = await beside.PostAsync("/v1.0/publish/pubsub/orders", body, type);
        JsonElement envelope = (await app.NextAsync()).Json;

        Assert.Equal(HttpStatusCode.NoContent, answered.Status);
        Assert.Equal(value, envelope.GetProperty(field).GetRawText());
        Assert.Equal(type ?? "text/plain", Text(envelope, "datacontenttype"));
        Assert.False(envelope.TryGetProperty(field == "data" ? "data_base64" : "data", out _));
    }

    [Fact]
    public async Task A_publishers_own_envelope_is_completed_not_wrapped()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PostAsync("/v1.0/publish/pubsub/orders", """{"topic":"lie","source":"me","data":{"a":1}}""", "application/cloudevents+json");
        JsonElement envelope = (await app.NextAsync()).Json;

        Assert.Equal(("orders", "pubsub", "me"), (Text(envelope, "topic"), Text(envelope, "pubsubname"), Text(envelope, "source")));
        Assert.Equal(("1.0", "com.dapr.event.sent"), (Text(envelope, "specversion"), Text(envelope, "type")));
        Assert.Equal(Text(envelope, "traceid"), Text(envelope, "traceparent"));
        Assert.False(envelope.TryGetProperty("id", out _) || envelope.TryGetProperty("datacontenttype", out _));

        Answered refused = await beside.PostAsync("/v1.0/publish/pubsub/orders", "{", "application/cloudevents+json");
        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_PUBSUB_CLOUD_EVENTS_SER"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Query_metadata_overrides_the_envelopes_fields_but_not_its_topic()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);
        const string Trace = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";

        await beside.PublishAsync("orders", "1", $"?metadata.cloudevent.id=7&metadata.cloudevent.source=s&metadata.CloudEvent.Type=t&metadata.cloudevent.subject=u"
            + $"&metadata.cloudevent.traceparent={Trace}&metadata.cloudevent.topic=other");
        JsonElement envelope = (await app.NextAsync()).Json;

        Assert.Equal(("7", "s", "t", "u"), (Text(envelope, "id"), Text(envelope, "source"), Text(envelope, "type"), Text(envelope, "subject")));
        Assert.Equal((Trace, Trace, "orders"), (Text(envelope, "traceparent"), Text(envelope, "traceid"), Text(envelope, "topic")));
    }

    [Fact]
    public async Task The_trace_goes_on_from_publisher_through_envelope_to_subscriber()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);
        const string Trace = "0123456789abcdef0123456789abcdef";

        await beside.SendAsync("POST", "/v1.0/publish/pubsub/orders", "1", "application/json", ("traceparent", $"00-{Trace}-00000000000000aa-01"));
        Received got = await app.NextAsync();

        string inEnvelope = Text(got.Json, "traceparent"), inHeader = got.Headers["traceparent"];
        Assert.Matches($"^00-{Trace}-[0-9a-f]{{16}}-01$", inEnvelope);
        Assert.Matches($"^00-{Trace}-[0-9a-f]{{16}}-01$", inHeader);
        Assert.Equal(3, new[] { "00000000000000aa", inEnvelope[36..52], inHeader[36..52] }.Distinct().Count());
        Assert.Equal(inEnvelope, Text(got.Json, "traceid"));
    }

    [Fact]
    public async Task Without_tracing_trace_fields_are_empty()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app, o => o with { Tracing = false });

        await beside.PublishAsync("orders", "1");
        Received got = await app.NextAsync();

        Assert.Equal(("", ""), (Text(got.Json, "traceid"), Text(got.Json, "traceparent")));
        Assert.False(got.Headers.ContainsKey("traceparent"));
    }

    [Theory]
    [InlineData("/v1.0/publish/nobody/orders", 404, "ERR_PUBSUB_NOT_FOUND")]
    [InlineData("/v1.0/publish/pubsub/", 404, "ERR_TOPIC_NAME_EMPTY")]
    [InlineData("/v1.0/publish/pubsub/orders?metadata.rawPayload=maybe", 400, "ERR_PUBSUB_REQUEST_METADATA")]
    [InlineData("/v1.0/publish/pubsub/secret", 403, "ERR_PUBSUB_FORBIDDEN")]
    [InlineData("/v1.0/publish/bulk/nobody/orders", 404, "ERR_PUBSUB_NOT_FOUND")]
    [InlineData("/v1.0/nothing", 404, "ERR_DIRECT_INVOKE")]
    public async Task A_wrong_publish_is_refused_with_its_code(string path, int status, string code)
    {
        await using var world = new World(new MeshOptions { PubSubs = [new PubSubComponent { ProtectedTopics = ["secret"] }] });
        Beside beside = await world.BesideAsync("one");

        Answered answered = await beside.PostAsync(path, "[]");

        Assert.Equal(((HttpStatusCode)status, code, "application/json"), (answered.Status, answered.Code, answered.ContentType));
        if (code.StartsWith("ERR_PUBSUB", StringComparison.Ordinal))
        {
            JsonElement[] details = [.. answered.Json.GetProperty("details").EnumerateArray()];
            Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", Text(details[0], "@type"));
            Assert.Equal(("pubsub", "dapr.io"), (Text(details[1], "resource_type"), Text(details[0], "domain")));
        }
    }

    [Fact]
    public async Task Scopes_open_protected_topics_and_close_all_others()
    {
        var component = new PubSubComponent
        {
            ProtectedTopics = ["secret"],
            AllowedTopics = ["secret", "orders"],
            PublishingScopes = new Dictionary<string, string[]> { ["one"] = ["secret"], ["none"] = [] },
        };
        await using var world = new World(new MeshOptions { PubSubs = [component] });
        Beside one = await world.BesideAsync("one"), none = await world.BesideAsync("none"), other = await world.BesideAsync("other");

        async Task<string> StatusesAsync(Beside beside)
        {
            var statuses = new List<int>();
            foreach (string topic in new[] { "secret", "orders", "elsewhere" })
                statuses.Add((int)(await beside.PostAsync($"/v1.0/publish/pubsub/{topic}", "1")).Status);
            return string.Join(' ', statuses);
        }

        Assert.Equal("204 403 403", await StatusesAsync(one));
        Assert.Equal("403 403 403", await StatusesAsync(none));
        Assert.Equal("403 204 403", await StatusesAsync(other));
    }

    [Fact]
    public async Task A_topic_may_hold_slashes_and_its_escapes_are_those_of_a_query()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");

        await beside.PublishAsync("a/b", "1");
        await beside.PublishAsync("a+b", "1");
        await beside.PublishAsync("a%2Bb", "1");
        await beside.SendAsync("PUT", "//v1.0//publish/pubsub/put", "1");

        Assert.Equal([1L, 1, 1, 1], new[] { "a/b", "a b", "a+b", "put" }.Select(world.Broker.Appended));
    }

    [Fact]
    public async Task A_broker_that_is_down_is_a_500_after_the_outbound_retries()
    {
        var clock = new TestClock();
        var options = new MeshOptions { PubSubs = [new PubSubComponent { Outbound = new RetryPolicy { MaxRetries = 1, Duration = TimeSpan.FromSeconds(3) } }] };
        await using var world = new World(options, clock);
        Beside beside = await world.BesideAsync("one");
        world.Broker.Down = true;

        Task<Answered> refused = beside.PostAsync("/v1.0/publish/pubsub/orders", "1");
        await clock.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_PUBSUB_PUBLISH_MESSAGE"), ((await refused).Status, (await refused).Code));

        Task<Answered> taken = beside.PostAsync("/v1.0/publish/pubsub/orders", "1");
        await clock.ArmedAsync(s => s == TimeSpan.FromSeconds(3));
        world.Broker.Down = false;
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.NoContent, (await taken).Status);
    }

    [Fact]
    public async Task A_full_topic_refuses_and_takes_again_once_it_was_read()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { MessagesPerTopic = 2 }));
        Beside beside = await world.BesideAsync("writer");
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        var open = new TaskCompletionSource();
        app.Answer = async _ =>
        {
            await open.Task;
            return new Reply();
        };
        await world.BesideAsync("reader", app);
        await beside.PublishAsync("orders", "1");
        await beside.PublishAsync("orders", "2");

        Answered full = await beside.PostAsync("/v1.0/publish/pubsub/orders", "3");
        open.SetResult();
        await world.DrainedAsync("orders", "reader");

        Assert.Equal("ERR_PUBSUB_PUBLISH_MESSAGE", full.Code);
        await beside.PublishAsync("orders", "3");
    }

    [Fact]
    public async Task A_body_past_the_limit_is_refused()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one", with: o => o with { MaxBodySize = 10 });

        Answered answered = await beside.PostAsync("/v1.0/publish/pubsub/orders", "\"12345678901\"");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answered.Status);
    }

    [Fact]
    public async Task A_batch_is_published_entry_by_entry_each_with_its_own_envelope()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = BrokerFlavour.Kafka, Partitions = 1 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        Answered answered = await beside.PostAsync("/v1.0/publish/bulk/pubsub/orders", """
            [{"entryId":"a","event":{"n":1},"contentType":"application/json"},
             {"entryId":"b","event":"text","contentType":"text/plain"},
             {"entryId":"c","event":"YWJj","contentType":"application/octet-stream"},
             {"entryId":"d","event":{"id":"own","data":4},"contentType":"application/cloudevents+json"}]
            """);
        JsonElement[] got = [.. (await app.NextAsync(4)).Select(r => r.Json)];

        Assert.Equal(HttpStatusCode.NoContent, answered.Status);
        Assert.Equal("""{"n":1}""", got[0].GetProperty("data").GetRawText());
        Assert.Equal("text", Text(got[1], "data"));
        Assert.Equal("YWJj", Text(got[2], "data_base64"));
        Assert.Equal(("own", "orders"), (Text(got[3], "id"), Text(got[3], "topic")));
        Assert.Equal(4, got.Select(e => Text(e, "traceparent")).Distinct().Count());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""[{"event":1,"contentType":"application/json"}]""")]
    [InlineData("""[{"entryId":"a","event":1}]""")]
    [InlineData("""[{"entryId":"a","event":1,"contentType":"text/plain"}]""")]
    [InlineData("""[{"entryId":"a","event":"?","contentType":"application/octet-stream"}]""")]
    [InlineData("""[{"entryId":"a","event":1,"contentType":"application/json"},{"entryId":"a","event":2,"contentType":"application/json"}]""")]
    public async Task A_wrong_batch_is_refused_whole(string body)
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");

        Answered answered = await beside.PostAsync("/v1.0-alpha1/publish/bulk/pubsub/orders", body);

        Assert.Equal((HttpStatusCode.BadRequest, "ERR_PUBSUB_EVENTS_SER"), (answered.Status, answered.Code));
        Assert.Equal(0, world.Broker.Appended("orders"));
    }

    [Fact]
    public async Task Only_entries_that_failed_are_listed()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = BrokerFlavour.Kafka }));
        Beside beside = await world.BesideAsync("one");
        world.Mesh.Faults.Next(Fault.BrokerError);

        Answered answered = await beside.PostAsync("/v1.0/publish/bulk/pubsub/orders",
            """[{"entryId":"a","event":1,"contentType":"application/json"},{"entryId":"b","event":2,"contentType":"application/json"}]""");

        Assert.Equal((HttpStatusCode.InternalServerError, "ERR_PUBSUB_PUBLISH_MESSAGE"), (answered.Status, answered.Code));
        Assert.Equal("a", Text(Assert.Single(answered.Json.GetProperty("failedEntries").EnumerateArray()), "entryId"));
        Assert.True(answered.Headers.ContainsKey("metadata.error"));
        Assert.Equal(1, world.Broker.Appended("orders"));
    }

    [Fact]
    public async Task Metadata_of_the_request_reaches_only_entries_that_have_their_own()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = BrokerFlavour.Kafka, Partitions = 1 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PostAsync("/v1.0/publish/bulk/pubsub/orders?metadata.ttlInSeconds=60", """
            [{"entryId":"a","event":1,"contentType":"application/json"},
             {"entryId":"b","event":2,"contentType":"application/json","metadata":{"x":"y"}}]
            """);
        Received[] got = await app.NextAsync(2);

        Assert.False(got[0].Json.TryGetProperty("expiration", out _));
        Assert.True(got[1].Json.TryGetProperty("expiration", out _));
        Assert.Equal("y", got[1].Headers["x"]);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
