using System.Net;
using System.Text.Json.Nodes;
using QuadTurbo.Gateway.Live;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Commands, channels and resuming, over real sockets.</summary>
public sealed class LiveStreamTests
{
    private const Channels Opportunities = Channels.Opportunities;

    [Fact]
    public async Task A_client_is_greeted_with_the_session_the_buffer_and_the_channels()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host);

        JsonNode data = client.Greeting["data"]!;

        Assert.Equal("connection", (string?)client.Greeting["type"]);
        Assert.Equal("hello", (string?)data["event"]);
        Assert.Equal(16, ((string?)data["session"])!.Length);
        Assert.Equal(15, (double)data["heartbeat_s"]!);
        Assert.Equal(["opportunities", "predictions", "executions", "metrics", "alerts", "learning"], data["channels"]!.AsArray().Select(c => (string)c!));
        Assert.True(DateTime.TryParseExact((string?)client.Greeting["ts"], "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", null, default, out _));
    }

    [Fact]
    public async Task A_client_hears_its_channels_and_no_other()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient first = await LiveClient.ConnectAsync(host), second = await LiveClient.ConnectAsync(host);
        JsonObject answer = await first.AnswerAsync("""{"command":"subscribe","channels":["opportunities","alerts"],"id":"mine"}""");
        await second.SubscribeAsync("predictions");

        LiveClient.Publish(host, Channels.Predictions, StreamType.Prediction, 1, 1);
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 2, 1);
        LiveClient.Publish(host, Channels.Alerts, StreamType.Alert, 3, 1);

        Assert.Equal("mine", (string?)answer["id"]);
        Assert.Equal(["opportunities", "alerts"], answer["channels"]!.AsArray().Select(c => (string)c!));
        JsonObject opportunity = await first.NewsAsync(), alert = await first.NewsAsync(), prediction = await second.NewsAsync();
        Assert.Equal(("opportunity", 2), ((string)opportunity["type"]!, (int)opportunity["data"]!["n"]!));
        Assert.Equal(("alert", 3), ((string)alert["type"]!, (int)alert["data"]!["n"]!));
        Assert.Equal(("prediction", 1), ((string)prediction["type"]!, (int)prediction["data"]!["n"]!));
        Assert.Equal((long)opportunity["seq"]!, (long)prediction["seq"]! + 1);
    }

    [Fact]
    public async Task What_is_unsubscribed_is_heard_no_more()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities", "alerts");

        JsonObject answer = await client.AnswerAsync("""{"command":"unsubscribe","channels":["opportunities"]}""");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 5);
        LiveClient.Publish(host, Channels.Alerts, StreamType.Alert, 7, 1);

        Assert.Equal(["alerts"], answer["channels"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(7, await client.NumberAsync());
    }

    [Fact]
    public async Task Statistics_count_clients_and_messages_and_ping_comes_back()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host), other = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 3);
        for (int n = 1; n <= 3; n++) Assert.Equal(n, await client.NumberAsync());

        JsonObject stats = await client.AnswerAsync("""{"command":"stats","id":7}"""), pong = await client.AnswerAsync("""{"command":"ping","id":8}""");

        Assert.Equal((7, 2, 3, 3, 3, 0), ((int)stats["id"]!, (int)stats["clients"]!, (int)stats["messages"]!["opportunities"]!, (int)stats["sent"]!,
            (int)stats["you"]!["sent"]!, (int)stats["you"]!["waiting_messages"]!));
        Assert.Equal(("ping", 8, true), ((string)pong["command"]!, (int)pong["id"]!, (bool)pong["ok"]!));
    }

    [Fact]
    public async Task Who_comes_back_with_its_last_seq_misses_nothing_and_gets_nothing_twice()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        long seq = 0;
        using (LiveClient before = await LiveClient.ConnectAsync(host))
        {
            await before.SubscribeAsync("opportunities");
            LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 10);
            for (int n = 1; n <= 10; n++) seq = (long)(await before.NewsAsync())["seq"]!;
        }
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 11, 5_000);

        using LiveClient after = await LiveClient.ConnectAsync(host);
        JsonObject answer = await after.AnswerAsync($$"""{"command":"subscribe","channels":["opportunities"],"since":{{seq}}}""");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 5_011, 5);

        Assert.True((bool)answer["resumed"]!);
        Assert.Null(answer["gap"]);
        for (int n = 11; n <= 5_015; n++) Assert.Equal(n, await after.NumberAsync());
    }

    [Fact]
    public async Task Who_was_away_for_longer_than_the_buffer_is_told_what_is_missing()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("stream.bufferMessages", "100"));
        using LiveClient keeps = await LiveClient.ConnectAsync(host);
        await keeps.SubscribeAsync("opportunities");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 1);
        long seq = (long)(await keeps.NewsAsync())["seq"]!;
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 2, 150);

        using LiveClient late = await LiveClient.ConnectAsync(host);
        JsonObject answer = await late.AnswerAsync($$"""{"command":"subscribe","channels":["opportunities"],"since":{{seq}}}""");

        Assert.False((bool)answer["resumed"]!);
        Assert.Equal((seq + 1, seq + 50), ((long)answer["gap"]!["from"]!, (long)answer["gap"]!["to"]!));
        for (int n = 52; n <= 151; n++) Assert.Equal(n, await late.NumberAsync());
    }

    [Fact]
    public async Task Who_resumes_across_a_time_in_which_nobody_listened_is_told_of_a_gap()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: [("stream.linger", "0s"), ("stream.commandsPerSecond", "100000")]);
        StreamHub hub = LiveClient.Hub(host);
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 1);
        long seq = (long)(await client.NewsAsync())["seq"]!;
        await client.AnswerAsync("""{"command":"unsubscribe","channels":["opportunities"]}""");
        while (hub.IsHeard(Opportunities)) await client.AnswerAsync("""{"command":"ping"}""");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 2, 1);

        JsonObject answer = await client.AnswerAsync($$"""{"command":"subscribe","channels":["opportunities"],"since":{{seq}}}""");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 3, 1);

        Assert.False((bool)answer["resumed"]!);
        Assert.Equal((seq + 1, seq + 1), ((long)answer["gap"]!["from"]!, (long)answer["gap"]!["to"]!));
        Assert.Equal(3, await client.NumberAsync());
    }

    [Theory]
    [InlineData(""","session":"0123456789abcdef"}""", 0)]
    [InlineData("}", 1_000_000)]
    public async Task A_place_of_another_run_is_not_resumed_from(string rest, long since)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host), other = await LiveClient.ConnectAsync(host);
        await other.SubscribeAsync("opportunities");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 1, 3);

        JsonObject answer = await client.AnswerAsync($$"""{"command":"subscribe","channels":["opportunities"],"since":{{since}}{{rest}}""");
        LiveClient.Publish(host, Opportunities, StreamType.Opportunity, 4, 1);

        Assert.False((bool)answer["resumed"]!);
        Assert.NotEqual("0123456789abcdef", client.Session);
        Assert.Equal(4, await client.NumberAsync());
    }

    [Fact]
    public async Task Nothing_is_made_while_nobody_listens()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        StreamHub hub = LiveClient.Hub(host);

        hub.Publish<object?>(Opportunities, StreamType.Opportunity, null, static (_, _) => throw new InvalidOperationException("made for nobody"));

        Assert.False(hub.IsHeard(Opportunities));
        Assert.Equal((0, 0), (hub.Log.Newest, hub.Log.Bytes));
    }

    [Fact]
    public async Task The_port_of_an_older_program_serves_the_stream_at_its_root_and_nothing_else()
    {
        string address = $"127.{Environment.ProcessId / 250 % 250 + 2}.{Environment.ProcessId % 250 + 2}.3";
        await using GatewayHost host = await GatewayHost.StartAsync(url: $"http://{address}:0", settings: ("compat.ports", "[8765]"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}:8765") };

        foreach (string path in new[] { "/", "/stream" })
        {
            using LiveClient client = await LiveClient.ConnectAsync(host, path: path, at: $"http://{address}:8765");
            Assert.True((bool)(await client.AnswerAsync("""{"command":"ping"}"""))["ok"]!);
        }
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.GetAsync("/stream")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/models/summary")).StatusCode);
    }

    [Fact]
    public async Task Heartbeats_come_and_a_client_that_only_answers_pings_stays()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: [("stream.heartbeat", "100ms"), ("stream.silence", "1s")]);
        using LiveClient client = await LiveClient.ConnectAsync(host);

        for (int n = 0; n < 25; n++)
        {
            JsonObject heartbeat = await client.NextAsync();
            Assert.Equal("heartbeat", (string?)heartbeat["type"]);
            Assert.Equal(client.Session, (string?)heartbeat["data"]!["session"]);
        }
    }

    [Fact]
    public async Task When_the_server_stops_its_clients_are_told()
    {
        GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        Task<LiveClient.ClosedException> closed = client.ClosedAsync();

        await host.DisposeAsync();

        Assert.Equal((1001, "server stops"), ((await closed).Code, (await closed).Reason));
    }
}
