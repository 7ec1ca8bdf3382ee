using System.Text.Json;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>Contract sections 2.5 and 2.7: one broker behind several sidecars.</summary>
public sealed class GroupTests
{
    private static readonly BrokerOptions Kafka = new() { Flavour = BrokerFlavour.Kafka, Partitions = 4 };

    [Theory]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task Every_group_gets_every_message_and_its_instances_share_them(BrokerFlavour flavour)
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Flavour = flavour, Concurrency = 1, QueueDepth = 1 }));
        var both = new TaskCompletionSource();
        int inside = 0;
        TestApp a1 = await world.AppAsync(TestApp.Subscription("orders")), a2 = await world.AppAsync(TestApp.Subscription("orders"));
        TestApp b = await world.AppAsync(TestApp.Subscription("orders"));
        a1.Answer = a2.Answer = async _ =>
        {
            if (Interlocked.Increment(ref inside) == 2) both.TrySetResult();
            await both.Task;
            return new Reply();
        };
        Beside writer = await world.BesideAsync("a", a1);
        await world.BesideAsync("a", a2);
        await world.BesideAsync("b", b);

        for (int i = 0; i < 20; i++) await writer.PublishAsync("orders", $"{i}");
        await world.DrainedAsync("orders", "a");
        await world.DrainedAsync("orders", "b");

        List<int> first = await AllAsync(a1), second = await AllAsync(a2);
        Assert.Equal(Enumerable.Range(0, 20), first.Concat(second).Order());
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        Assert.Equal(Enumerable.Range(0, 20), (await AllAsync(b)).Order());
    }

    [Fact]
    public async Task Messages_with_one_key_stay_in_order_on_kafka()
    {
        await using var world = new World(World.With(broker: Kafka));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 0; i < 40; i++) await beside.PublishAsync("orders", $"{i}", $"?metadata.partitionKey=feed-{i % 4}");
        Received[] got = await app.NextAsync(40);

        foreach (IGrouping<string, Received> feed in got.GroupBy(r => r.Headers["__key"]))
        {
            Assert.Single(feed.Select(r => r.Headers["__partition"]).Distinct());
            Assert.Equal(feed.Select(Value).Order(), feed.Select(Value));
        }
        Assert.True(got.Select(r => r.Headers["__partition"]).Distinct().Count() > 1);
    }

    [Fact]
    public async Task A_message_that_fails_holds_up_its_partition_and_no_other()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(broker: Kafka), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        int refusals = 2;
        app.Answer = r => Task.FromResult(new Reply(Value(r) == 1 && refusals-- > 0 ? 500 : 200));
        Beside beside = await world.BesideAsync("one", app);

        await beside.PublishAsync("orders", "1", "?metadata.partitionNumber=0");
        Assert.Equal(1, Value(await app.NextAsync()));
        await beside.PublishAsync("orders", "2", "?metadata.partitionNumber=0");
        await beside.PublishAsync("orders", "3", "?metadata.partitionNumber=1");
        Assert.Equal(3, Value(await app.NextAsync()));
        await clock.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, Value(await app.NextAsync()));
        await clock.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal([1, 2], (await app.NextAsync(2)).Select(Value));
    }

    [Fact]
    public async Task A_new_group_reads_the_whole_stream_on_redis_and_only_what_comes_on_kafka()
    {
        await using var redis = new World();
        await using var kafka = new World(World.With(broker: Kafka));
        foreach (World world in new[] { redis, kafka })
        {
            Beside writer = await world.BesideAsync("writer");
            await writer.PublishAsync("orders", "1");
            TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
            await world.BesideAsync("late", app);
            await writer.PublishAsync("orders", "2");
            await world.DrainedAsync("orders", "late");
            Assert.Equal(world == redis ? [1, 2] : [2], (await AllAsync(app)).Order());
        }
    }

    [Fact]
    public async Task One_worker_keeps_the_order_on_redis()
    {
        await using var world = new World(World.With(broker: new BrokerOptions { Concurrency = 1 }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        for (int i = 0; i < 30; i++) await beside.PublishAsync("orders", $"{i}");

        Assert.Equal(Enumerable.Range(0, 30), (await app.NextAsync(30)).Select(Value));
    }

    [Fact]
    public async Task The_entries_of_a_batch_have_no_order_on_redis_and_keep_it_on_kafka()
    {
        string batch = JsonSerializer.Serialize(Enumerable.Range(0, 30).Select(i => new { entryId = $"{i}", @event = i, contentType = "application/json" }));
        var options = new BrokerOptions { Concurrency = 1, Partitions = 1 };
        foreach (BrokerFlavour flavour in Enum.GetValues<BrokerFlavour>())
        {
            await using var world = new World(World.With(broker: options with { Flavour = flavour }));
            TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
            Beside beside = await world.BesideAsync("one", app);

            await beside.PostAsync("/v1.0/publish/bulk/pubsub/orders", batch);
            int[] got = [.. (await app.NextAsync(30)).Select(Value)];

            Assert.Equal(Enumerable.Range(0, 30), got.Order());
            Assert.Equal(flavour == BrokerFlavour.Kafka, got.SequenceEqual(Enumerable.Range(0, 30)));
        }
    }

    [Fact]
    public async Task What_a_killed_instance_held_comes_to_another_after_the_processing_timeout_on_redis()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(broker: new BrokerOptions { ProcessingTimeout = TimeSpan.FromSeconds(60) }), clock);
        TestApp first = await world.AppAsync(TestApp.Subscription("orders")), second = await world.AppAsync(TestApp.Subscription("orders"));
        var never = new TaskCompletionSource<Reply>();
        first.Answer = _ => never.Task;
        Beside dying = await world.BesideAsync("one", first);
        await dying.PublishAsync("orders", "1");
        await first.NextAsync();

        await dying.Sidecar.KillAsync();
        Beside living = await world.BesideAsync("one", second);
        await living.PublishAsync("orders", "2");
        Assert.Equal(2, Value(await second.NextAsync()));
        await world.DrainedAsync("orders", "one", leaving: 1);
        Assert.True(second.IsQuiet);
        for (int i = 0; i < 4; i++) await clock.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(1, Value(await second.NextAsync()));
        await world.DrainedAsync("orders", "one");
        never.SetResult(new Reply());
    }

    [Fact]
    public async Task A_handler_slower_than_the_processing_timeout_meets_its_message_again_on_redis()
    {
        var clock = new TestClock();
        await using var world = new World(clock: clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        var never = new TaskCompletionSource<Reply>();
        int calls = 0;
        app.Answer = _ => ++calls == 1 ? never.Task : Task.FromResult(new Reply());
        Beside beside = await world.BesideAsync("one", app);
        await beside.PublishAsync("orders", "1");
        Received first = await app.NextAsync();

        for (int i = 0; i < 4; i++) await clock.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(first.Text, (await app.NextAsync()).Text);
        await world.DrainedAsync("orders", "one");
        never.SetResult(new Reply());
    }

    [Fact]
    public async Task What_a_killed_instance_held_comes_to_another_at_once_on_kafka()
    {
        await using var world = new World(World.With(broker: Kafka));
        TestApp first = await world.AppAsync(TestApp.Subscription("orders")), second = await world.AppAsync(TestApp.Subscription("orders"));
        var never = new TaskCompletionSource<Reply>();
        first.Answer = _ => never.Task;
        Beside dying = await world.BesideAsync("one", first);
        await dying.PublishAsync("orders", "1");
        Received held = await first.NextAsync();

        await dying.Sidecar.KillAsync();
        await world.BesideAsync("one", second);

        Assert.Equal(held.Text, (await second.NextAsync()).Text);
        await world.DrainedAsync("orders", "one");
        never.SetResult(new Reply());
    }

    [Theory]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task A_stopped_instance_finishes_what_it_holds_and_buries_nothing(BrokerFlavour flavour)
    {
        await using var world = new World(World.With(new RetryPolicy { MaxRetries = 3 }, new BrokerOptions { Flavour = flavour }));
        TestApp app = await world.AppAsync(TestApp.Subscription("orders", ""","deadLetterTopic":"dead" """));
        var slow = new TaskCompletionSource<Reply>();
        app.Answer = _ => slow.Task;
        Beside beside = await world.BesideAsync("one", app);
        await beside.PublishAsync("orders", "1");
        await app.NextAsync();

        Task stopping = beside.Sidecar.StopAsync();
        Assert.False(stopping.IsCompleted);
        slow.SetResult(new Reply());
        await stopping;

        Assert.Equal((0L, 0L, 0L), (world.Broker.Waiting("orders", "one"), world.Broker.Appended("dead"), world.Broker.Lost("orders", "one")));
    }

    [Fact]
    public async Task Calls_of_the_application_at_once_are_bounded()
    {
        await using var world = new World();
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        int inside = 0, most = 0;
        app.Answer = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return new Reply();
        };
        Beside beside = await world.BesideAsync("one", app, o => o with { AppMaxConcurrency = 1 });

        for (int i = 0; i < 20; i++) await beside.PublishAsync("orders", $"{i}");
        await world.DrainedAsync("orders", "one");

        Assert.Equal(1, most);
    }

    private static async Task<List<int>> AllAsync(TestApp app)
    {
        var values = new List<int>();
        while (!app.IsQuiet) values.Add(Value(await app.NextAsync()));
        return values;
    }

    private static int Value(Received received) => received.Json.GetProperty("data").GetInt32();
}
