using System.Globalization;
using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract section 2.6. The clock stands still, so a batch goes when it is full or when a test lets its time pass.</summary>
public sealed class BulkDeliveryTests
{
    private static readonly RetryPolicy Once = new() { MaxRetries = 1, Duration = TimeSpan.FromSeconds(7) };
    private const string Three = ""","bulkSubscribe":{"enabled":true,"maxMessagesCount":3,"maxAwaitDurationMs":40} """;
    private const string ThreeBuried = Three + ""","deadLetterTopic":"dead" """;

    [Fact]
    public async Task A_full_batch_comes_at_once_in_the_shape_of_the_contract()
    {
        await using var world = new World(clock: new TestClock());
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Three), Reply.AllDone);
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 0; i < 3; i++) await beside.PublishAsync("orders", $"{i}");
        Received batch = await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.Equal("application/json", batch.Headers["Content-Type"]);
        JsonElement json = batch.Json;
        Assert.Equal(("com.dapr.event.sent.bulk", "orders", "pubsub"),
            (json.GetProperty("type").GetString(), json.GetProperty("topic").GetString(), json.GetProperty("pubsubname").GetString()));
        Assert.Equal("pubsub", json.GetProperty("metadata").GetProperty("pubsubName").GetString());
        Assert.True(Guid.TryParse(json.GetProperty("id").GetString(), out _));
        Assert.Equal("0,1,2", Data(batch, sorted: true));
        Assert.All(json.GetProperty("entries").EnumerateArray(), e => Assert.Equal("application/cloudevents+json", e.GetProperty("contentType").GetString()));
        Assert.All(batch.Entries, e => Assert.True(Guid.TryParse(e.Id, out _)));
    }

    [Theory]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task A_batch_that_does_not_fill_goes_when_its_time_is_up(BrokerFlavour flavour)
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = flavour, Partitions = 1 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Three), Reply.AllDone);
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1");

        Assert.Equal("1", Data(await app.NextAsync()));
        await world.DrainedAsync("orders", "one");
    }

    [Fact]
    public async Task Redis_cannot_fill_a_batch_past_its_concurrency()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Concurrency = 2 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Three), Reply.AllDone);
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 0; i < 5; i++) await beside.PublishAsync("orders", $"{i}");
        await world.DrainedAsync("orders", "one");
        int most = 0;
        while (!app.IsQuiet) most = Math.Max(most, (await app.NextAsync()).Entries.Length);

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Only_entries_that_failed_are_sent_again_then_buried()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Once), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", ThreeBuried), batch => Reply.Statuses(
            [.. batch.Entries.Where(e => Value(e.Event) != 3).Select(e => (e.Id, Value(e.Event) == 1 ? "SUCCESS" : "DROP")), ("stranger", "SUCCESS")]));
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 1; i <= 3; i++) await beside.PublishAsync("orders", $"{i}");
        await app.NextAsync();
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        Received again = await app.NextAsync();
        await world.DrainedAsync("orders", "one");

        Assert.Equal("3", Data(again));
        Assert.Equal(2, world.Broker.Appended("dead"));
        Assert.True(app.IsQuiet);
    }

    [Theory]
    [InlineData(200, "", 2, 3)]
    [InlineData(200, "no json", 2, 3)]
    [InlineData(200, """{"statuses":[]}""", 2, 3)]
    [InlineData(500, "", 2, 3)]
    [InlineData(404, "", 1, 0)]
    public async Task An_answer_without_statuses_is_no_success(int status, string body, int calls, int buried)
    {
        var clock = new TestClock();
        await using var world = new World(World.With(Once), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", ThreeBuried), _ => new Reply(status, body));
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 1; i <= 3; i++) await beside.PublishAsync("orders", $"{i}");
        await app.NextAsync();
        if (calls == 2)
        {
            await clock.PassAsync(TimeSpan.FromSeconds(7));
            await app.NextAsync();
        }
        await world.DrainedAsync("orders", "one");

        Assert.True(app.IsQuiet);
        Assert.Equal((buried, 0L), (world.Broker.Appended("dead"), world.Broker.Lost("orders", "one")));
    }

    [Fact]
    public async Task Kafka_marks_up_to_the_first_failure_and_brings_later_successes_again()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = BrokerFlavour.Kafka, Partitions = 1 }), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Three));
        int calls = 0;
        app.Answer = batch => Task.FromResult(++calls > 1 ? Reply.AllDone(batch)
            : Reply.Statuses([.. batch.Entries.Select(e => (e.Id, Value(e.Event) == 2 ? "RETRY" : "SUCCESS"))]));
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 1; i <= 3; i++) await beside.PublishAsync("orders", $"{i}");
        Received first = await app.NextAsync();
        await beside.PublishAsync("orders", "4");
        await clock.PassAsync(TimeSpan.FromMilliseconds(100));
        Received second = await app.NextAsync();

        Assert.Equal("1,2,3", Data(first));
        Assert.Equal("0,1,2", string.Join(',', first.Entries.Select(e => e.Id)));
        Assert.Equal("2,3,4", Data(second));
        await world.DrainedAsync("orders", "one");
    }

    [Fact]
    public async Task A_raw_batch_carries_base64()
    {
        await using var world = new World(clock: new TestClock());
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", Three + ""","metadata":{"rawPayload":"true"} """), Reply.AllDone);
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 1; i <= 3; i++) await beside.PublishAsync("orders", $"[{i}]", "?metadata.rawPayload=true");
        Received batch = await app.NextAsync();

        Assert.Equal(["[1]", "[2]", "[3]"], batch.Entries.Select(e => System.Text.Encoding.UTF8.GetString(e.Event.GetBytesFromBase64())).Order(StringComparer.Ordinal));
        Assert.All(batch.Json.GetProperty("entries").EnumerateArray(), e => Assert.Equal("application/octet-stream", e.GetProperty("contentType").GetString()));
    }

    private static int Value(JsonElement envelope) => envelope.GetProperty("data").GetInt32();

    private static string Data(Received batch, bool sorted = false)
    {
        IEnumerable<int> data = batch.Entries.Select(e => Value(e.Event));
        return string.Join(',', (sorted ? data.Order() : data).Select(v => v.ToString(CultureInfo.InvariantCulture)));
    }
}
