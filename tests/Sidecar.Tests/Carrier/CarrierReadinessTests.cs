using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Sidecar.PubSub;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>What a process says of itself while its sidecar, its broker or its token is wrong, and that nothing is lost by it.</summary>
public sealed class CarrierReadinessTests : IAsyncDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("carrier-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Mesh _mesh = new(new MeshOptions
    {
        PubSubs = [new PubSubComponent { Inbound = new RetryPolicy { MaxRetries = 2, Duration = TimeSpan.FromMilliseconds(20) }, PublishingScopes = new Dictionary<string, string[]> { ["speaker"] = ["test.first"] } }],
    });

    private readonly List<CarrierProcess> _processes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (CarrierProcess process in _processes) await process.DisposeAsync();
        await _mesh.DisposeAsync();
        _http.Dispose();
        _place.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_beside_a_ready_sidecar_is_ready()
    {
        CarrierProcess process = await StartAsync("speaker");

        await UntilReadyAsync(process, ready: true);

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(AddressOf(process, "/healthz"))).StatusCode);
    }

    [Fact]
    public async Task A_process_whose_sidecar_wants_another_token_lives_is_not_ready_says_why_and_keeps_what_it_says()
    {
        var ear = new Ear();
        CarrierProcess hears = await StartAsync("hearer", b => ear.Listen(b, Notes.First));
        CarrierProcess says = await StartAsync("speaker", with: static o => o with { ApiToken = "wrong" }, beside: static o => o with { ApiToken = "right" });

        for (int i = 0; i < 5; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        string why = await UntilReadyAsync(says, ready: false, "5 messages wait");

        Assert.Contains("401 invalid api token", why, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(AddressOf(says, "/healthz"))).StatusCode);
        Assert.Empty(ear.Heard);

        await EndAsync(says);
        CarrierProcess mended = await StartAsync("speaker", with: static o => o with { ApiToken = "right" }, beside: static o => o with { ApiToken = "right" }, directory: says.Directory);
        await DaprTransportTests.SettledAsync(_mesh, mended, hears);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"test.first {i}"), ear.Heard);
    }

    [Fact]
    public async Task Who_is_not_the_sidecar_gets_nothing_from_it_and_nothing_into_it()
    {
        var ear = new Ear();
        CarrierProcess hears = await StartAsync("hearer", b => ear.Listen(b, Notes.First), static o => o with { AppToken = "mine" }, static o => o with { AppToken = "mine" });
        CarrierProcess says = await StartAsync("speaker");
        const string Forged = """{"specversion":"1.0","id":"0","source":"evil/1","sequence":"00000000000000000000","data":{"format":1,"topic":"test.first","value":{"ids":["00000000000000070000000000000009"]}}}""";
        foreach (string? token in (string?[])[null, "yours"])
        {
            foreach ((string verb, string path) in ((string, string)[])[("GET", "/dapr/subscribe"), ("POST", "/events/test.first"), ("POST", "/ask/registry.last-ordinal")])
            {
                using var request = new HttpRequestMessage(new HttpMethod(verb), AddressOf(hears, path)) { Content = verb == "POST" ? new StringContent(Forged) : null };
                if (token is not null) request.Headers.Add("dapr-api-token", token);
                Assert.Equal(HttpStatusCode.Unauthorized, (await _http.SendAsync(request)).StatusCode);
            }
        }

        await hears.Sidecar!.Ready;
        await says.Transport.PublishAsync(Notes.First, Notes.Of(1));
        await DaprTransportTests.SettledAsync(_mesh, says, hears);

        Assert.Equal(["test.first 1"], ear.Heard);
    }

    [Fact]
    public async Task The_door_for_the_sidecar_is_on_a_port_of_its_own()
    {
        CarrierProcess process = await StartAsync("speaker");

        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(process.PublicAddress, "/dapr/subscribe"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(AddressOf(process, "/dapr/subscribe"))).StatusCode);
    }

    [Fact]
    public async Task A_topic_that_is_not_allowed_is_named_and_holds_up_no_other()
    {
        var ear = new Ear();
        CarrierProcess hears = await StartAsync("hearer", b => ear.Listen(b, Notes.First, Notes.Second));
        CarrierProcess says = await StartAsync("speaker");

        await says.Transport.PublishAsync(Notes.Second, Notes.Of(1));
        await says.Transport.PublishAsync(Notes.First, Notes.Of(2));
        string why = await UntilReadyAsync(says, ready: false, "test.second");
        await _mesh.Broker.DrainedAsync("test.first", "hearer");
        await hears.Transport.UntilIdleAsync();

        Assert.Contains("ERR_PUBSUB_FORBIDDEN", why, StringComparison.Ordinal);
        Assert.Contains("topic test.second is not allowed for app id speaker", why, StringComparison.Ordinal);
        Assert.Equal(["test.first 2"], ear.Heard);
        Assert.Equal(1, says.Transport.Unsent);
    }

    [Fact]
    public async Task A_sidecar_that_never_becomes_ready_stops_no_process_and_its_state_is_told()
    {
        CarrierProcess says = await StartAsync("speaker", beside: static o => o with { ReadyAfter = Timeout.InfiniteTimeSpan });

        for (int i = 0; i < 3; i++) await says.Transport.PublishAsync(Notes.First, Notes.Of(i));
        string why = await UntilReadyAsync(says, ready: false, "the sidecar's components do not work");

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(AddressOf(says, "/healthz"))).StatusCode);
        Assert.Contains("500", why, StringComparison.Ordinal);
        Assert.Equal(3, says.Transport.Unsent);
    }

    [Fact]
    public async Task A_process_without_a_sidecar_starts_and_goes_on_when_it_comes()
    {
        var ear = new Ear();
        CarrierProcess hears = await StartAsync("hearer", b => ear.Listen(b, Notes.First));
        int sidecarPort = LoopbackPorts.Take(), appPort = LoopbackPorts.Take();
        CarrierProcess says = await CarrierProcess.StartAsync(new Uri($"http://127.0.0.1:{sidecarPort}"), appPort, "speaker", Place(), static _ => { });
        _processes.Insert(0, says);
        await says.Transport.PublishAsync(Notes.First, Notes.Of(1));
        await UntilReadyAsync(says, ready: false, "the sidecar does not answer");

        await using SidecarServer late = await _mesh.StartAsync(new SidecarOptions { AppId = "speaker", AppPort = appPort, Port = sidecarPort });
        await UntilReadyAsync(says, ready: true);
        await says.Transport.UntilIdleAsync();
        await _mesh.Broker.DrainedAsync("test.first", "hearer");
        await hears.Transport.UntilIdleAsync();

        Assert.Equal(["test.first 1"], ear.Heard);
    }

    [Fact]
    public async Task A_question_to_a_service_that_is_not_there_is_answered_with_that_within_its_patience()
    {
        CarrierProcess asks = await StartAsync("speaker", with: static o => o with { AskPatience = TimeSpan.FromMilliseconds(300) });
        await asks.Sidecar!.Ready;

        var refused = await Assert.ThrowsAsync<UnansweredQueryException>(async () => await asks.Transport.AskAsync(Queries.LastOrdinal, new LastOrdinalQuestion()));

        Assert.Contains("'registry' cannot be asked 'registry.last-ordinal'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ERR_DIRECT_INVOKE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_whose_answer_was_lost_is_not_given_again_and_its_outcome_is_not_known()
    {
        int asked = 0;
        await StartAsync("training", b => b.Answer(Queries.Train, (Ear _, TrainNow _, CancellationToken _) =>
        {
            Interlocked.Increment(ref asked);
            return ValueTask.FromResult(new TrainingBegun(true, "begun"));
        }), add: new Ear());
        CarrierProcess asks = await StartAsync("speaker");
        await asks.Sidecar!.Ready;
        _mesh.Faults.Next(Faults.Fault.CutAnswer);

        var lost = await Assert.ThrowsAsync<AnswerLostException>(async () => await asks.Transport.AskAsync(Queries.Train, new TrainNow("by hand")));

        Assert.Contains("whether it was done is not known", lost.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    private async Task<CarrierProcess> StartAsync(
        string appId, Action<IHostApplicationBuilder>? listen = null, Func<DaprOptions, DaprOptions>? with = null, Func<SidecarOptions, SidecarOptions>? beside = null,
        string? directory = null, Ear? add = null)
    {
        CarrierProcess process = await CarrierProcess.StartAsync(
            _mesh, appId, directory ?? Place(),
            b =>
            {
                if (add is not null) add.Listen(b);
                listen?.Invoke(b);
            },
            with, beside);
        _processes.Insert(0, process);
        return process;
    }

    private async Task EndAsync(CarrierProcess process)
    {
        _processes.Remove(process);
        await process.DisposeAsync();
    }

    private string Place() => _place.CreateSubdirectory(Guid.NewGuid().ToString("n")).FullName;

    private static Uri AddressOf(CarrierProcess process, string path) => new($"http://127.0.0.1:{process.Port}{path}");

    /// <summary>Asks <c>/readyz</c> until it says so for that reason, as a probe does; gives the reason.</summary>
    private async Task<string> UntilReadyAsync(CarrierProcess process, bool ready, string why = "")
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            JsonElement page = await (await _http.GetAsync(AddressOf(process, "/readyz"), late.Token)).Content.ReadFromJsonAsync<JsonElement>(late.Token);
            string reasons = string.Join("; ", page.GetProperty("waitingFor").EnumerateArray().Select(static row => row.GetProperty("why").GetString()));
            if (page.GetProperty("ready").GetBoolean() == ready && reasons.Contains(why, StringComparison.Ordinal)) return reasons;
            await timer.WaitForNextTickAsync(late.Token);
        }
    }
}
