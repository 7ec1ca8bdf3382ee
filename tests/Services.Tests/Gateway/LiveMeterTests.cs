using QuadTurbo.Gateway.Live;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The meters of a process are one: no other host may run meanwhile.</summary>
[Collection(Alone.Name)]
public class LiveMeterTests
{
    [Fact]
    public async Task Clients_messages_and_closes_are_on_the_metrics_page()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities");
        LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, 1, 2);
        await client.NumberAsync();
        await client.NumberAsync();

        string page = await host.Http.GetStringAsync("/metrics");

        Assert.Contains("quadturbo_stream_clients 1\n", page);
        Assert.Contains("quadturbo_stream_messages_total{channel=\"opportunities\"} 2\n", page);
        Assert.Contains("quadturbo_stream_sent_total 2\n", page);
    }
}
