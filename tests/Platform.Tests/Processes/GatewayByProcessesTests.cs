using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using QuadTurbo.Platform.Tests.Paths;
using QuadTurbo.Sidecar.Brokers;

namespace QuadTurbo.Platform.Tests.Processes;

/// <summary>All services as processes, on a recording that has been shown to its end.</summary>
public sealed class ShownByProcesses : IAsyncLifetime, IDisposable
{
    private readonly MadeUpRecording _recording = new();

    internal ServiceProcesses Processes { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Processes = await ServiceProcesses.StartAsync(BrokerFlavour.Redis, _recording.Path, "--learn", "off", "--preset", "safety");
        await Processes.CompletedAsync(TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync() => await Processes.DisposeAsync();

    public void Dispose() => _recording.Dispose();
}

/// <summary>What people reach through the gateway when every service is a process of its own.</summary>
public sealed class GatewayByProcessesTests(ShownByProcesses shown) : IClassFixture<ShownByProcesses>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ServiceProcesses _processes = shown.Processes;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_kill_through_the_gateway_stops_trading_and_outlives_the_process_that_trades()
    {
        Uri gateway = _processes.AddressOf("gateway");
        Assert.Equal(200, (int)(await _http.GetAsync(new Uri(gateway, "/api/training"))).StatusCode);
        Assert.Null(await KilledBecauseAsync(gateway));

        HttpResponseMessage killed = await _http.PostAsJsonAsync(new Uri(gateway, "/api/kill"), new { reason = "a fat finger" });

        Assert.True(killed.StatusCode == HttpStatusCode.OK, await killed.Content.ReadAsStringAsync());
        Assert.Equal("a fat finger", await KilledBecauseAsync(gateway));
        _processes.Kill("production");
        HttpResponseMessage gone = await _http.GetAsync(new Uri(gateway, "/api/account"));
        Assert.Equal(("unreachable", HttpStatusCode.ServiceUnavailable), ((await gone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), gone.StatusCode));
        await _processes.StartAsync("production");
        Assert.Equal("a fat finger", await KilledBecauseAsync(gateway));

        HttpResponseMessage resumed = await _http.PostAsJsonAsync(new Uri(gateway, "/api/resume"), new { reason = "it was a rehearsal", confirm = "production" });
        Assert.True(resumed.StatusCode == HttpStatusCode.OK, await resumed.Content.ReadAsStringAsync());
        _processes.Kill("production");
        await _processes.StartAsync("production");
        Assert.Null(await KilledBecauseAsync(gateway));
    }

    [Fact]
    public async Task Only_the_gateway_is_open_to_everybody()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(_processes.PublicAddressOf("production"), "/api/account"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(_processes.PublicAddressOf("production"), "/healthz"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(_processes.PublicAddressOf("gateway"), "/api/account"))).StatusCode);
    }

    /// <summary>Why trading is stopped, as the gateway tells it once the account's process answers; null where it is not.</summary>
    private async Task<string?> KilledBecauseAsync(Uri gateway)
    {
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            HttpResponseMessage answer = await _http.GetAsync(new Uri(gateway, "/api/account"), late.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                JsonElement account = await answer.Content.ReadFromJsonAsync<JsonElement>(late.Token);
                JsonElement breaker = account.GetProperty("breakers").EnumerateArray().Single(static b => b.GetProperty("name").GetString() == "kill_switch");
                return breaker.TryGetProperty("since", out JsonElement since) && since.ValueKind == JsonValueKind.String ? breaker.GetProperty("why").GetString() : null;
            }
            await timer.WaitForNextTickAsync(late.Token);
        }
    }
}
