using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Sidecar.Brokers;
using QuadTurbo.Sidecar.Faults;
using QuadTurbo.Sidecar.PubSub;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>What the carrier makes of a broker that repeats, reorders, breaks and dies, and of its own death .</summary>
public sealed class CarrierFaultTests : IAsyncDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("carrier-");
    private readonly List<IAsyncDisposable> _ends = [];

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable end in _ends) await end.DisposeAsync();
        _place.Delete(recursive: true);
    }

    [Theory]
    [InlineData(BrokerFlavour.Redis)]
    [InlineData(BrokerFlavour.Kafka)]
    public async Task Under_duplicates_reordering_cut_connections_and_lost_answers_every_message_is_heard_once_and_in_order(BrokerFlavour flavour)
    {
        const int Count = 3_000;
        Mesh mesh = MeshOf(flavour);
        mesh.Faults.Plan = new FaultPlan
        {
            Seed = 7,
            Rates = new Dictionary<Fault, double>
            {
                [Fault.Duplicate] = 0.05,
                [Fault.Reorder] = 0.2,
                [Fault.CutRequest] = 0.01,
                [Fault.CutAnswer] = 0.01,
                [Fault.ServerError] = 0.02,
                [Fault.BrokerError] = 0.01,
                [Fault.LoseDelivery] = 0.01,
                [Fault.LoseDeliveryAnswer] = 0.01,
            },
        };
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First, Notes.Second));
        CarrierProcess says = await StartAsync(mesh, "speaker");

        for (int i = 0; i < Count; i++) await says.Transport.PublishAsync(i % 3 == 0 ? Notes.Second : Notes.First, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, says, hears);

        string[] heard = ear.Heard;
        Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 3 != 0).Select(i => $"test.first {i}"), heard.Where(h => h.StartsWith("test.first", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 3 == 0).Select(i => $"test.second {i}"), heard.Where(h => h.StartsWith("test.second", StringComparison.Ordinal)));
        Assert.True(mesh.Faults.Count(Fault.Duplicate) > 50 && mesh.Faults.Count(Fault.Reorder) > 200, "the broker was tame");
    }

    [Fact]
    public async Task While_the_broker_is_down_nobody_waits_and_when_it_is_back_nothing_is_lost()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First));
        CarrierProcess says = await StartAsync(mesh, "speaker");
        mesh.Broker.Down = true;

        for (int i = 0; i < 500; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        await HealthAsync(says, HealthState.Degraded, "500 messages wait on disk", "the broker is down");
        Assert.Empty(ear.Heard);
        mesh.Broker.Down = false;
        await DaprTransportTests.SettledAsync(mesh, says, hears);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"test.first {i}"), ear.Heard);
        await HealthAsync(says, HealthState.Healthy);
    }

    [Fact]
    public async Task A_full_outbox_holds_up_who_speaks_and_says_so()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        CarrierProcess says = await StartAsync(mesh, "speaker", with: o => o with { OutboxBytes = 2_000 });
        mesh.Broker.Down = true;

        Task speaking = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        });
        await HealthAsync(says, HealthState.Unhealthy, "the outbox is full (2000 bytes)");
        Assert.False(speaking.IsCompleted, "who speaks does not wait");
        Assert.InRange(says.Transport.Unsent, 1, 40);
        mesh.Broker.Down = false;

        await speaking.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_said_before_a_death_and_not_sent_goes_out_after_it_once()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First));
        CarrierProcess first = await StartAsync(mesh, "speaker");
        for (int i = 0; i < 10; i++) await first.Transport.PublishAsync(Notes.First, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, first, hears);
        mesh.Broker.Down = true;
        for (int i = 10; i < 20; i++) await first.Transport.PublishAsync(Notes.First, Notes.Of(i));
        await HealthAsync(first, HealthState.Degraded, "10 messages wait on disk");

        CarrierProcess second = await StartAsync(mesh, "speaker", directory: Image(first));
        mesh.Broker.Down = false;
        await second.Transport.PublishAsync(Notes.First, Notes.Of(20));
        // The dead one goes on sending too, as a process would that had only been cut off.
        await DaprTransportTests.SettledAsync(mesh, first, second, hears);

        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"test.first {i}"), ear.Heard);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_death_and_not_handled_is_handled_after_it_and_what_was_handled_is_not()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        ear.Ready = static (_, number) => number < 5;
        CarrierProcess first = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First));
        CarrierProcess says = await StartAsync(mesh, "speaker");
        for (int i = 0; i < 12; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        await AcknowledgedAsync(mesh, says, first, Notes.First.Name);
        await first.Transport.FlushAsync();
        Assert.Equal(5, ear.Heard.Length);

        var after = new Ear();
        CarrierProcess second = await StartAsync(mesh, "hearer", b => after.Listen(b, Notes.First), directory: Image(first));
        await second.Transport.UntilIdleAsync();

        Assert.Equal(Enumerable.Range(5, 7).Select(i => $"test.first {i}"), after.Heard);
    }

    [Fact]
    public async Task A_function_of_what_it_heard_hears_it_all_again_in_the_same_order_and_says_none_of_it_twice()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var listener = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "listener", b => listener.Listen(b, Notes.Third));
        CarrierProcess says = await StartAsync(mesh, "speaker");
        CarrierProcess first = await StartSumAsync(mesh);
        for (int i = 1; i <= 30; i++) await says.Transport.PublishAsync(i % 2 == 0 ? Notes.First : Notes.Second, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, says, first, hears);
        string image = Image(first);
        int[] before = [.. first.Services.GetRequiredService<Sum>().Heard];
        await EndAsync(first);

        CarrierProcess second = await StartSumAsync(mesh, image);
        for (int i = 31; i <= 40; i++) await says.Transport.PublishAsync(i % 2 == 0 ? Notes.First : Notes.Second, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, says, second, hears);

        Assert.Equal(before, second.Services.GetRequiredService<Sum>().Heard.Take(30));
        Assert.Equal(40, listener.Heard.Length);
        Assert.Equal($"test.third {40 * 41 / 2}", listener.Heard[^1]);
    }

    [Fact]
    public async Task A_recording_that_is_read_again_says_only_what_it_had_not_said()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First, Notes.Second));
        CarrierProcess first = await StartAsync(mesh, "reader", with: static o => o with { Recovery = Recovery.Repeat });
        for (int i = 0; i < 7; i++) await first.Transport.PublishAsync(i % 2 == 0 ? Notes.First : Notes.Second, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, first, hears);
        string image = Image(first);
        await EndAsync(first);

        CarrierProcess second = await StartAsync(mesh, "reader", with: static o => o with { Recovery = Recovery.Repeat }, directory: image);
        for (int i = 0; i < 12; i++) await second.Transport.PublishAsync(i % 2 == 0 ? Notes.First : Notes.Second, Notes.Of(i));
        await DaprTransportTests.SettledAsync(mesh, second, hears);

        Assert.Equal(Enumerable.Range(0, 12).Select(static i => i).Order(), ear.Heard.Select(static h => int.Parse(h.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(["test.first 0", "test.first 2", "test.first 4", "test.first 6", "test.first 8", "test.first 10"], ear.Heard.Where(h => h.StartsWith("test.first", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters_and_holds_nothing_up()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First));
        var stranger = new Beside(await mesh.StartAsync(new SidecarOptions { AppId = "stranger" }));
        string good = """{"format":1,"topic":"test.first","value":{"ids":["00000000000000070000000000000009"]}}""";
        foreach (string text in (string[])[Event(0, good), Event(1, """{"format":1,"topic":"test.first","value":{"ids":7}}"""), """{"specversion":"1.0","id":"x","data":1}""", Event(2, good)])
            Assert.Equal(204, (int)(await stranger.PostAsync("/v1.0/publish/pubsub/test.first", text, "application/cloudevents+json")).Status);

        await DaprTransportTests.SettledAsync(mesh, hears);

        Assert.Equal(["test.first 9", "test.first 9"], ear.Heard);
        Assert.Equal(2, mesh.Broker.Appended(DaprNames.DeadLetterOf("test.first")));
        Assert.Equal(0, mesh.Broker.Lost("test.first", "hearer"));
    }

    [Fact]
    public async Task A_delivery_of_many_large_messages_is_taken_whole()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First), static o => o with { BulkAwait = TimeSpan.FromSeconds(1) });
        await hears.Sidecar!.Ready;
        CarrierProcess says = await StartAsync(mesh, "speaker");

        for (int i = 0; i < 20; i++) await says.Transport.PublishAsync(Notes.First, new([.. Notes.Of(i).Ids, .. Enumerable.Repeat(new OpportunityId(1, 1), 30_000)]));
        await DaprTransportTests.SettledAsync(mesh, says, hears);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"test.first {i}"), ear.Heard);
        Assert.Equal(0, mesh.Broker.Appended(DaprNames.DeadLetterOf("test.first")));
    }

    [Fact]
    public async Task A_message_that_never_comes_is_waited_for_and_then_counted_as_lost()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Redis);
        var ear = new Ear();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First), o => o with { GapPatience = TimeSpan.FromSeconds(2) });
        await hears.Sidecar!.Ready;
        var stranger = new Beside(await mesh.StartAsync(new SidecarOptions { AppId = "stranger" }));
        async Task SayAsync(int sequence) => await stranger.PostAsync(
            "/v1.0/publish/pubsub/test.first",
            Event(sequence, $$"""{"format":1,"topic":"test.first","value":{"ids":["000000000000000700000000000000{{sequence:x2}}"]} }"""),
            "application/cloudevents+json");
        await SayAsync(0);
        await SayAsync(3);
        await SayAsync(4);
        await DaprTransportTests.SettledAsync(mesh, hears);
        Assert.Equal(["test.first 0"], ear.Heard);

        await UntilAsync(() => ear.Heard.Length == 3);
        await SayAsync(1);
        await SayAsync(5);
        await DaprTransportTests.SettledAsync(mesh, hears);

        Assert.Equal(["test.first 0", "test.first 3", "test.first 4", "test.first 5"], ear.Heard);
    }

    [Fact]
    public async Task A_listener_that_is_slow_holds_up_the_broker_and_loses_nothing()
    {
        Mesh mesh = MeshOf(BrokerFlavour.Kafka);
        var ear = new Ear();
        ear.Hold();
        CarrierProcess hears = await StartAsync(mesh, "hearer", b => ear.Listen(b, Notes.First), o => o with { RoomPatience = TimeSpan.FromMilliseconds(200) });
        await hears.Sidecar!.Ready;
        CarrierProcess says = await StartAsync(mesh, "speaker");
        for (int i = 0; i < 1_000; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        await says.Transport.UntilIdleAsync();

        await UntilAsync(() => hears.Transport.Queues[0].Depth >= 100);
        Assert.InRange(hears.Transport.Queues[0].Depth, 100, 250);
        ear.Release();
        await DaprTransportTests.SettledAsync(mesh, says, hears);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"test.first {i}"), ear.Heard);
    }

    private Task<CarrierProcess> StartSumAsync(Mesh mesh, string? directory = null) => StartAsync(
        mesh, "sum",
        static b =>
        {
            b.Services.AddSingleton<Sum>();
            foreach (Topic<DecisionsCommitted> topic in (Topic<DecisionsCommitted>[])[Notes.First, Notes.Second])
                b.Subscribe(topic, _ => new Listener<Sum, DecisionsCommitted>(static (sum, note, _) => sum.AddAsync(Notes.NumberOf(note)), QueuePolicy.Wait(100)));
        },
        static o => o with { Recovery = Recovery.Replay }, directory);

    /// <summary>Says the sum of what it has heard, each time.</summary>
    private sealed class Sum(ITransport transport)
    {
        private int _total;

        public List<int> Heard { get; } = [];

        public ValueTask AddAsync(int number)
        {
            Heard.Add(number);
            return transport.PublishAsync(Notes.Third, Notes.Of(_total += number));
        }
    }

    private Mesh MeshOf(BrokerFlavour flavour)
    {
        var mesh = new Mesh(World.With(
            new RetryPolicy { MaxRetries = 5, Duration = TimeSpan.FromMilliseconds(20) }, new BrokerOptions { Flavour = flavour, FromOldest = true, ConsumeRetryInterval = TimeSpan.FromMilliseconds(20) }));
        _ends.Add(mesh);
        return mesh;
    }

    private async Task<CarrierProcess> StartAsync(
        Mesh mesh, string appId, Action<IHostApplicationBuilder>? add = null, Func<DaprOptions, DaprOptions>? with = null, string? directory = null)
    {
        CarrierProcess process = await CarrierProcess.StartAsync(mesh, appId, directory ?? Place(), add ?? (static _ => { }), with);
        _ends.Insert(0, process);
        return process;
    }

    private async Task EndAsync(CarrierProcess process)
    {
        _ends.Remove(process);
        await process.DisposeAsync();
    }

    private string Place() => _place.CreateSubdirectory(Guid.NewGuid().ToString("n")).FullName;

    /// <summary>What the disk would hold if the process died now.</summary>
    private string Image(CarrierProcess process)
    {
        string image = Place();
        foreach (string file in Directory.EnumerateFiles(process.Directory, "carrier.db*")) File.Copy(file, Path.Combine(image, Path.GetFileName(file)));
        return image;
    }

    private static string Event(int sequence, string data) =>
        $$"""{"specversion":"1.0","id":"{{sequence}}","source":"stranger/1","type":"quadturbo.message","sequence":"{{sequence:d20}}","data":{{data}} }""";

    private static async Task AcknowledgedAsync(Mesh mesh, CarrierProcess says, CarrierProcess hears, string topic)
    {
        await says.Transport.UntilIdleAsync();
        await mesh.Broker.DrainedAsync(topic, hears.Sidecar!.AppId);
    }

    private static Task HealthAsync(CarrierProcess process, HealthState state, params string[] says) => UntilAsync(() =>
    {
        HealthReading health = process.Transport.Health;
        return health.State == state && says.All(s => health.Why.Contains(s, StringComparison.Ordinal));
    });

    // What is waited for is polled where nobody tells of it: a probe does the same.
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!holds()) await timer.WaitForNextTickAsync(late.Token);
    }
}
