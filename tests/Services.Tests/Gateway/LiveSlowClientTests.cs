using System.Net.WebSockets;
using System.Text.Json.Nodes;
using QuadTurbo.Gateway.Live;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>A slow reader hurts only itself .</summary>
public sealed class LiveSlowClientTests
{
    [Fact]
    public async Task A_client_that_does_not_read_is_closed_and_cut_while_another_gets_everything()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(
            inference: false, settings: [("stream.slowFor", "200ms"), ("stream.closeGrace", "100ms"), ("stream.heartbeat", "400ms"), ("stream.silence", "1h"),
                ("stream.behindMessages", "100"), ("stream.commandsPerSecond", "100000")]);
        using LiveClient fast = await LiveClient.ConnectAsync(host), stalled = await LiveClient.ConnectAsync(host);
        await fast.SubscribeAsync("opportunities");
        await stalled.SubscribeAsync("opportunities");

        int published = 0, clients = 2;
        while (clients == 2)
        {
            LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, published, 50, padding: 8192);
            for (int n = published; n < published + 50; n++) Assert.Equal(n, await fast.NumberAsync());
            published += 50;
            clients = (int)(await fast.AnswerAsync("""{"command":"stats"}"""))["clients"]!;
        }

        Assert.Contains("quadturbo_stream_closed_total{cause=\"slow_consumer\"} 1\n", await host.Http.GetStringAsync("/metrics"));
        Assert.Equal(0, (int)(await fast.AnswerAsync("""{"command":"stats"}"""))["you"]!["dropped"]!);
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            while (true) await stalled.NextAsync();
        });
    }

    [Fact]
    public async Task A_client_that_reads_again_in_time_is_told_why_it_was_closed()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(
            inference: false, settings: [("stream.slowFor", "100ms"), ("stream.closeGrace", "30s"), ("stream.heartbeat", "400ms"), ("stream.silence", "1h"),
                ("stream.behindBytes", "100000")]);
        using LiveClient slow = await LiveClient.ConnectAsync(host);
        await slow.SubscribeAsync("opportunities");

        for (int round = 0; LiveClient.Hub(host).Clients is [{ Closing: null }]; round++)
        {
            LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, round, 1, padding: 60_000);
            await host.Http.GetStringAsync("/healthz");
        }

        LiveClient.ClosedException closed = await slow.ClosedAsync();
        Assert.Equal((1008, "slow consumer"), (closed.Code, closed.Reason));
    }

    [Fact]
    public async Task A_client_that_falls_behind_is_told_what_was_dropped_and_gets_the_newest_metrics()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(
            inference: false, settings: [("stream.coalesceBehind", "20"), ("stream.slowFor", "10min"), ("stream.silence", "1h")]);
        using LiveClient slow = await LiveClient.ConnectAsync(host);
        await slow.SubscribeAsync("opportunities", "metrics", "alerts");
        const int Rounds = 400;
        for (int n = 0; n < Rounds; n++)
        {
            LiveClient.Publish(host, Channels.Opportunities, StreamType.Opportunity, n, 1, padding: 16_384);
            LiveClient.Publish(host, Channels.Metrics, StreamType.Metrics, n, 1);
            if (n % 100 == 0) LiveClient.Publish(host, Channels.Alerts, StreamType.Alert, n, 1);
        }

        long before = 0, told = 0, coalesced = 0;
        int opportunities = 0, metrics = 0, alerts = 0;
        while (opportunities + told < Rounds || alerts < 4)
        {
            JsonObject message = await slow.NextAsync();
            JsonNode data = message["data"]!;
            long seq = (long)message["seq"]!;
            Assert.True(seq >= before, "places only grow");
            before = seq;
            if ((string?)data["event"] == "dropped")
            {
                told += (long?)data["messages"]!["opportunities"] ?? 0;
                coalesced += (long?)data["messages"]!["metrics"] ?? 0;
                Assert.True((long)data["from"]! <= (long)data["to"]!);
            }
            else if ((string?)message["type"] == "opportunity") opportunities++;
            else if ((string?)message["type"] == "alert") alerts++;
            else if ((string?)message["type"] == "metrics") metrics++;
        }

        Assert.Equal(Rounds, opportunities + told);
        Assert.True(told > 0 && coalesced > 0, $"{told} opportunities and {coalesced} metrics were left out");
        Assert.Equal(4, alerts);
        Assert.InRange(metrics, 1, Rounds / 2);
        JsonObject stats = await slow.AnswerAsync("""{"command":"stats"}""");
        Assert.Equal(told + coalesced, (long)stats["you"]!["dropped"]!);
    }

    [Fact]
    public void The_log_holds_at_most_its_messages_and_its_bytes_and_lets_blocks_go()
    {
        var log = new StreamLog(1_000, 256 * 1024);
        byte[] data = new byte[2_000];
        log.Begin(Channels.Opportunities);
        for (int n = 0; n < 5_000; n++) log.Append(Channels.Opportunities, StreamType.Opportunity, DateTime.UnixEpoch, data);

        Assert.InRange(log.Bytes, 1, 256 * 1024);
        Assert.Equal(5_001, log.Newest);
        Assert.InRange(log.Newest - log.Oldest, 90, 130);

        for (int n = 0; n < 5_000; n++) log.Append(Channels.Opportunities, StreamType.Opportunity, DateTime.UnixEpoch, data.AsSpan(0, 2));
        Assert.Equal(1_000, log.Newest - log.Oldest + 1);
        Assert.InRange(log.Bytes, 1, 256 * 1024);
    }
}
