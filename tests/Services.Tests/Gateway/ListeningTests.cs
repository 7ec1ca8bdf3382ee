using System.Net;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Where it listens (C12).</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.9.8.7:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://127.0.0.1:8080;http://0.0.0.0:8081", false)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://192.168.1.5:8080", false)]
    [InlineData("http://myhost:8080", false)]
    public void Only_loopback_addresses_are_out_of_the_reach_of_others(string urls, bool loopback) =>
        Assert.Equal(loopback, ListenerMap.Of(urls, []).IsLoopbackOnly);

    [Fact]
    public void A_compat_port_is_opened_on_the_same_address_unless_it_is_the_own_port()
    {
        var map = ListenerMap.Of("http://127.0.0.1:8000", [8000, 5000]);

        Assert.Equal(["http://127.0.0.1:8000", "http://127.0.0.1:5000"], map.Urls);
        Assert.Equal([5000], map.CompatPorts);
    }

    [Fact]
    public async Task A_port_that_no_older_program_had_is_refused()
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.StartAsync(settings: ("compat.ports", "[8001]")));

        Assert.Contains("8001", refused.Message);
    }

    [Fact]
    public async Task Port_8000_serves_predictions_models_docs_metrics_and_health_and_nothing_else()
    {
        // An address of this machine that nothing else listens at.
        string address = $"127.{Environment.ProcessId / 250 % 250 + 2}.{Environment.ProcessId % 250 + 2}.1";
        await using GatewayHost host = await GatewayHost.StartAsync(url: $"http://{address}:0", settings: ("compat.ports", "[8000, 5000]"));
        using var api = new HttpClient { BaseAddress = new Uri($"http://{address}:8000") };
        using var engine = new HttpClient { BaseAddress = new Uri($"http://{address}:5000") };

        foreach (string path in new[] { "/", "/models/summary", "/model/status", "/docs/index.html", "/openapi/v1.json", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/predict/batch", new StringContent(Golden.Text, null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync("/command", new StringContent("{}", null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await engine.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync("/models/summary")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync("/api/trade_outcome", new StringContent(TradeOutcomeTests.Sample.ToJsonString(), null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("/command", "{}")).StatusCode);
        Assert.Equal(1, host.Commands);
    }
}
