using System.Net;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Tests;

/// <summary>What goes wrong on demand.</summary>
public sealed class FaultTests
{
    private static readonly BrokerOptions Ordered = new() { Flavour = BrokerFlavour.Kafka, Partitions = 1 };

    [Fact]
    public async Task The_same_seed_repeats_and_reorders_the_same_messages()
    {
        int[] first = await TrafficAsync(7), second = await TrafficAsync(7), other = await TrafficAsync(8);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(Enumerable.Range(0, 60), first.Distinct().Order());
        Assert.True(first.Length > 60);
        Assert.NotEqual(first.Distinct().Order(), first.Distinct());
    }

    [Fact]
    public async Task A_held_message_comes_forth_even_if_none_follows()
    {
        var clock = new TestClock();
        await using var world = new World(World.With(broker: Ordered), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);

        world.Mesh.Faults.Next(Fault.Delay);
        await beside.PublishAsync("orders", "1");
        await beside.PublishAsync("orders", "2");
        Assert.Equal(2, Value(await app.NextAsync()));
        await clock.PassAsync(world.Mesh.Faults.Plan.DelayBy);

        Assert.Equal(1, Value(await app.NextAsync()));
        await world.DrainedAsync("orders", "one");
    }

    [Theory]
    [InlineData(Fault.CutRequest, 0)]
    [InlineData(Fault.CutAnswer, 1)]
    public async Task A_broken_connection_does_not_tell_whether_the_message_was_taken(Fault fault, int taken)
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");
        world.Mesh.Faults.Next(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => beside.PostAsync("/v1.0/publish/pubsub/orders", "1"));

        Assert.Equal((taken, 1L), (world.Broker.Appended("orders"), world.Mesh.Faults.Count(fault)));
        await beside.PublishAsync("orders", "1");
    }

    [Fact]
    public async Task A_server_error_does_nothing_but_answer()
    {
        await using var world = new World();
        Beside beside = await world.BesideAsync("one");
        world.Mesh.Faults.Next(Fault.ServerError, times: 2);

        Assert.Equal(HttpStatusCode.InternalServerError, (await beside.PostAsync("/v1.0/publish/pubsub/orders", "1")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await beside.GetAsync("/v1.0/healthz")).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await beside.GetAsync("/v1.0/state/statestore/a")).Status);
        Assert.Equal(0, world.Broker.Appended("orders"));
        await beside.PublishAsync("orders", "1");
    }

    [Theory]
    [InlineData(Fault.LoseDelivery, 1)]
    [InlineData(Fault.LoseDeliveryAnswer, 2)]
    public async Task A_lost_delivery_is_tried_again(Fault fault, int seen)
    {
        var clock = new TestClock();
        await using var world = new World(World.With(new RetryPolicy { MaxRetries = 1, Duration = TimeSpan.FromSeconds(7) }), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);
        world.Mesh.Faults.Next(fault);

        await beside.PublishAsync("orders", "1");
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        await world.DrainedAsync("orders", "one");

        Received[] got = await app.NextAsync(seen);
        Assert.Single(got.Select(r => r.Text).Distinct());
        Assert.True(app.IsQuiet);
    }

    [Theory]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task A_sidecar_dies_before_the_delivery_it_was_told_to_and_nothing_is_lost(BrokerFlavour flavour)
    {
        var clock = new TestClock();
        await using var world = new World(World.With(broker: Ordered with { Flavour = flavour, Concurrency = 1 }), clock);
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside writer = await world.BesideAsync("writer"), dying = await world.BesideAsync("one", app);
        dying.Sidecar.KillAfter(2);

        for (int i = 0; i < 5; i++) await writer.PublishAsync("orders", $"{i}");
        await dying.Sidecar.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([0, 1], (await app.NextAsync(2)).Select(Value));
        Assert.True(app.IsQuiet);
        await world.BesideAsync("one", app);
        if (flavour == BrokerFlavour.Redis)
        {
            for (int i = 0; i < 4; i++) await clock.PassAsync(TimeSpan.FromSeconds(15));
        }

        await world.DrainedAsync("orders", "one");
        Assert.Equal([2, 3, 4], (await app.NextAsync(3)).Select(Value).Order());
    }

    private static async Task<int[]> TrafficAsync(long seed)
    {
        await using var world = new World(World.With(broker: Ordered), new TestClock());
        TestApp app = await world.AppAsync(TestApp.Subscription("orders"));
        Beside beside = await world.BesideAsync("one", app);
        world.Mesh.Faults.Plan = new FaultPlan
        {
            Seed = seed,
            Rates = new Dictionary<Fault, double> { [Fault.Duplicate] = 0.2, [Fault.Reorder] = 0.3 },
        };
        for (int i = 0; i < 60; i++) await beside.PublishAsync("orders", $"{i}");
        world.Mesh.Faults.Plan = new FaultPlan();
        world.Release();
        await world.DrainedAsync("orders", "one");
        var got = new List<int>();
        while (!app.IsQuiet) got.Add(Value(await app.NextAsync()));
        return [.. got];
    }

    private static int Value(Received received) => received.Json.GetProperty("data").GetInt32();
}
