using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Gateway.Live;
using QuadTurbo.Gateway.Security;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Each limit of the stream at the limit and one past it [R-52, R-53].</summary>
public sealed class LiveLimitTests
{
    private const string Ping = """{"command":"ping"}""";

    [Theory]
    [InlineData("stream.clients", HttpStatusCode.ServiceUnavailable)]
    [InlineData("stream.clientsPerLoopback", HttpStatusCode.TooManyRequests)]
    public async Task There_are_at_most_so_many_clients(string setting, HttpStatusCode status)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: [(setting, "3"), ("stream.commandsPerSecond", "100000")]);
        LiveClient[] clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LiveClient.ConnectAsync(host)));

        Assert.Equal(status, await LiveClient.RefusedAsync(host));

        // A place that is given up is free again.
        await clients[0].Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        JsonObject stats;
        do stats = await clients[1].AnswerAsync("""{"command":"stats"}""");
        while ((int)stats["clients"]! > 2);
        Assert.True(await SucceedsAsync(host));
        foreach (LiveClient client in clients) client.Dispose();
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public async Task A_message_has_at_most_the_bytes_of_the_setting(int bytes, bool taken)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("stream.messageBytes", "4096"));
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SendAsync(Ping.PadRight(bytes));

        if (taken) Assert.True((bool)(await client.NextAsync())["data"]!["ok"]!);
        else Assert.Equal((1009, "message too large"), ((await client.ClosedAsync()).Code, client.Socket.CloseStatusDescription));
    }

    [Fact]
    public async Task The_default_message_is_64_KiB_in_however_many_fragments()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        byte[] message = Encoding.UTF8.GetBytes(Ping.PadRight(64 * 1024));
        for (int at = 0; at < message.Length; at += 1024)
            await client.Socket.SendAsync(message.AsMemory(at, 1024), WebSocketMessageType.Text, at + 1024 == message.Length, CancellationToken.None);

        Assert.True((bool)(await client.NextAsync())["data"]!["ok"]!);
    }

    [Fact]
    public async Task More_commands_in_a_second_than_the_limit_are_not_followed_and_told_once()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(settings: ("stream.commandsPerSecond", "50"));
        using LiveClient client = await LiveClient.ConnectAsync(host);
        int ok = 0, refused = 0;
        for (int i = 0; i < 500; i++) await client.SendAsync(Ping);

        // On a slow machine the 500 take several seconds: each has its own 50 and at most one refusal.
        while (refused == 0)
        {
            JsonNode data = (await client.NextAsync())["data"]!;
            if ((bool)data["ok"]!) ok++;
            else Assert.Equal("too_many_commands", (string?)data["code"]);
            if (!(bool)data["ok"]!) refused++;
        }

        Assert.Equal(0, ok % 50);
        Assert.InRange(ok, 50, 500);
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("{", "not_json")]
    [InlineData("nonsense", "not_json")]
    [InlineData("\0\0", "not_json")]
    [InlineData("null", "not_a_command")]
    [InlineData("[]", "not_a_command")]
    [InlineData("\"subscribe\"", "not_a_command")]
    [InlineData("{}", "unknown_command")]
    [InlineData("""{"command":"<script>alert(1)</script>"}""", "unknown_command")]
    [InlineData("""{"command":null}""", "unknown_command")]
    [InlineData("""{"command":["ping"]}""", "unknown_command")]
    [InlineData("""{"command":"\ud800"}""", "unknown_command")]
    [InlineData("""{"command":"PING"}""", "unknown_command")]
    [InlineData("""{"command":"ping","command":"ping"}""", "not_json")]
    [InlineData("""{"command":"ping","more":1}""", "invalid_field")]
    [InlineData("""{"command":"ping","id":1.5}""", "invalid_field")]
    [InlineData("""{"command":"ping","id":{}}""", "invalid_field")]
    [InlineData("""{"command":"ping","id":"\ud800"}""", "invalid_field")]
    [InlineData("""{"command":"subscribe"}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":"opportunities"}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":[]}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":[1]}""", "unknown_channel")]
    [InlineData("""{"command":"subscribe","channels":[null]}""", "unknown_channel")]
    [InlineData("""{"command":"subscribe","channels":["../../etc/passwd"]}""", "unknown_channel")]
    [InlineData("""{"command":"subscribe","channels":["metrics\r\nX: y"]}""", "unknown_channel")]
    [InlineData("""{"command":"subscribe","channels":["metrics"],"since":-1}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":["metrics"],"since":1e99}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":["metrics"],"since":"1"}""", "invalid_field")]
    [InlineData("""{"command":"subscribe","channels":["metrics"],"session":7}""", "invalid_field")]
    [InlineData("""{"command":"unsubscribe","channels":["metrics"],"since":1}""", "invalid_field")]
    [InlineData("""{"command":"auth"}""", "invalid_field")]
    public async Task A_malformed_command_is_answered_with_an_error_and_the_connection_lives(string text, string code)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        using LiveClient client = await LiveClient.ConnectAsync(host);

        JsonObject refused = await client.AnswerAsync(text);

        Assert.Equal((false, code), ((bool)refused["ok"]!, (string)refused["code"]!));
        Assert.DoesNotContain("<script", refused.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\r', (string)refused["error"]!);
        Assert.True((bool)(await client.AnswerAsync(Ping))["ok"]!);
    }

    [Fact]
    public async Task Deep_nesting_long_texts_and_binary_messages_are_refused_and_the_connection_lives()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        using LiveClient client = await LiveClient.ConnectAsync(host);

        Assert.Equal("not_json", (string?)(await client.AnswerAsync(new string('[', 33) + new string(']', 33)))["code"]);
        Assert.Equal("not_a_command", (string?)(await client.AnswerAsync(new string('[', 32) + new string(']', 32)))["code"]);
        Assert.Equal("invalid_field", (string?)(await client.AnswerAsync($$"""{"command":"ping","id":"{{new string('a', 65)}}"}"""))["code"]);
        Assert.Equal(new string('a', 64), (string?)(await client.AnswerAsync($$"""{"command":"ping","id":"{{new string('a', 64)}}"}"""))["id"]);
        Assert.True(((string)(await client.AnswerAsync($$"""{"command":"subscribe","channels":["{{new string('a', 5000)}}"]}"""))["error"]!).Length < 200);
        await client.SendAsync(Ping, WebSocketMessageType.Binary);
        Assert.Equal("not_text", (string?)(await client.NextAsync())["data"]!["code"]);
        Assert.True((bool)(await client.AnswerAsync(Ping))["ok"]!);
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData(null, true)]
    public async Task A_page_of_another_host_may_not_listen(string? origin, bool own)
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);

        if (!own) Assert.Equal(HttpStatusCode.Forbidden, await LiveClient.RefusedAsync(host, options => options.SetRequestHeader("Origin", origin)));
        else (await LiveClient.ConnectAsync(host, options => options.SetRequestHeader("Origin", host.Addresses[0]))).Dispose();
    }

    [Fact]
    public async Task What_is_no_web_socket_is_told_so()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);

        using HttpResponseMessage plain = await host.Http.GetAsync("/stream");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
        Assert.Equal("websocket_needed", (string?)(await GatewayHost.ProblemAsync(plain))["code"]);
        foreach ((string header, string value) in new[] { ("Sec-WebSocket-Version", "8"), ("Sec-WebSocket-Key", "short"), ("Sec-WebSocket-Key", new string('!', 24)) })
        {
            var headers = new Dictionary<string, string> { ["Sec-WebSocket-Version"] = "13", ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==", [header] = value };
            Assert.StartsWith("HTTP/1.1 400", await RawAsync(host, headers));
        }
        Assert.Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", await RawAsync(host, new()
        {
            ["Sec-WebSocket-Version"] = "13",
            ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==",
        }));
    }

    [Fact]
    public async Task Where_others_can_reach_it_a_client_needs_a_key_in_its_header_or_as_its_first_command()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(url: "http://0.0.0.0:0", inference: false, settings: ("api.key", "open sesame"));
        string at = host.Addresses[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        using LiveClient byHeader = await LiveClient.ConnectAsync(host, options => options.SetRequestHeader("X-Api-Key", "open sesame"), at: at);
        using LiveClient byCommand = await LiveClient.ConnectAsync(host, at: at), wrong = await LiveClient.ConnectAsync(host, at: at);
        using LiveClient inAddress = await LiveClient.ConnectAsync(host, path: "/stream?key=open%20sesame", at: at);

        Assert.True((bool)(await byHeader.SubscribeAsync("metrics"))["ok"]!);
        Assert.Equal([true, false, false], new[] { byHeader, byCommand, inAddress }.Select(client => (bool)client.Greeting["data"]!["authorised"]!));
        Assert.Equal("key_needed", (string?)(await byCommand.SubscribeAsync("metrics"))["code"]);
        Assert.True((bool)(await byCommand.AnswerAsync("""{"command":"auth","key":"open sesame"}"""))["ok"]!);
        Assert.True((bool)(await byCommand.SubscribeAsync("metrics"))["ok"]!);
        await wrong.SendAsync("""{"command":"auth","key":"open"}""");
        Assert.Equal((1008, "key needed"), ((await wrong.ClosedAsync()).Code, wrong.Socket.CloseStatusDescription));
        Assert.Equal(HttpStatusCode.Unauthorized, await LiveClient.RefusedAsync(host, options => options.SetRequestHeader("X-Api-Key", "no"), at));
    }

    [Fact]
    public async Task Who_shows_no_key_in_time_is_closed_and_who_tries_too_many_is_shut_out()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(
            url: "http://0.0.0.0:0", inference: false, settings: [("api.key", "open sesame"), ("stream.authWithin", "200ms")]);
        string at = host.Addresses[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        using LiveClient late = await LiveClient.ConnectAsync(host, at: at);

        Assert.Equal((1008, "key needed"), ((await late.ClosedAsync()).Code, late.Socket.CloseStatusDescription));
        for (int i = 0; i < new ApiSettings().WrongKeysPerMinute; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await LiveClient.RefusedAsync(host, options => options.SetRequestHeader("X-Api-Key", "no"), at));
        Assert.Equal(HttpStatusCode.TooManyRequests, await LiveClient.RefusedAsync(host, options => options.SetRequestHeader("X-Api-Key", "no"), at));
        using var command = new HttpRequestMessage(HttpMethod.Post, at + "/command") { Content = new StringContent("{}"), Headers = { { "X-Api-Key", "open sesame" } } };
        Assert.Equal(HttpStatusCode.TooManyRequests, (await host.Http.SendAsync(command)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_is_not_needed_is_looked_at_all_the_same()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, settings: ("api.key", "open sesame"));
        using LiveClient client = await LiveClient.ConnectAsync(host);

        Assert.Equal("key_needed", (string?)(await client.AnswerAsync("""{"command":"auth","key":"open"}"""))["code"]);
        Assert.True((bool)(await client.AnswerAsync("""{"command":"auth","key":"open sesame"}"""))["ok"]!);
    }

    [Fact]
    public async Task A_client_resumes_at_most_ten_times_a_minute()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        using LiveClient client = await LiveClient.ConnectAsync(host);
        const string resume = """{"command":"subscribe","channels":["opportunities"],"since":0}""";
        for (int i = 0; i < 10; i++) Assert.True((bool)(await client.AnswerAsync(resume))["ok"]!);

        Assert.Equal("too_many_resumes", (string?)(await client.AnswerAsync(resume))["code"]);
        Assert.True((bool)(await client.AnswerAsync("""{"command":"subscribe","channels":["opportunities"]}"""))["ok"]!);
    }

    [Fact]
    public async Task Nothing_is_said_before_the_upgrade_is_answered_even_to_who_does_not_wait_for_it()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        var uri = new Uri(host.Addresses[0]);
        byte[] ping = [0x89, 0x80, 0, 0, 0, 0];
        byte[] early = [.. Encoding.ASCII.GetBytes($"GET /stream HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), .. Enumerable.Repeat(ping, 30).SelectMany(p => p)];
        for (int i = 0; i < 20; i++)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(uri.Host, uri.Port);
            await tcp.GetStream().WriteAsync(early);
            byte[] first = new byte[12];
            await tcp.GetStream().ReadExactlyAsync(first);

            Assert.Equal("HTTP/1.1 101", Encoding.ASCII.GetString(first));
        }
    }

    [Fact]
    public async Task A_client_whose_key_is_revoked_is_closed()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway");
        try
        {
            var file = new ApiKeyFile(folder.FullName);
            string key = file.Create("desk", TimeProvider.System);
            await using GatewayHost host = await GatewayHost.StartAsync(
                folder, "http://0.0.0.0:0", inference: false, settings: [("api.key", "another"), ("stream.heartbeat", "100ms")]);
            string at = host.Addresses[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
            using LiveClient client = await LiveClient.ConnectAsync(host, options => options.SetRequestHeader("X-Api-Key", key), at: at);
            Assert.True((bool)(await client.AnswerAsync(Ping))["ok"]!);

            file.Revoke("desk");

            Assert.Equal((1008, "key revoked"), ((await client.ClosedAsync()).Code, client.Socket.CloseStatusDescription));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Who_is_silent_and_answers_no_ping_is_closed()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, settings: [("stream.heartbeat", "100ms"), ("stream.silence", "300ms")]);
        var address = new Uri(host.Addresses[0]);
        using var wire = new TcpClient(address.Host, address.Port);
        NetworkStream stream = wire.GetStream();
        await stream.WriteAsync(Handshake(new() { ["Sec-WebSocket-Version"] = "13", ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==" }));

        var all = new StringBuilder();
        byte[] part = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!all.ToString().Contains("silent for too long", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(part, patience.Token);
            Assert.True(read > 0, "closed without a word");
            all.Append(Encoding.Latin1.GetString(part, 0, read));
        }
    }

    private static async Task<bool> SucceedsAsync(GatewayHost host)
    {
        using LiveClient client = await LiveClient.ConnectAsync(host);
        return (bool)(await client.AnswerAsync(Ping))["ok"]!;
    }

    private static byte[] Handshake(Dictionary<string, string> headers) => Encoding.ASCII.GetBytes(
        $"GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{string.Concat(headers.Select(h => $"{h.Key}: {h.Value}\r\n"))}\r\n");

    private static async Task<string> RawAsync(GatewayHost host, Dictionary<string, string> headers)
    {
        var address = new Uri(host.Addresses[0]);
        using var wire = new TcpClient(address.Host, address.Port);
        await wire.GetStream().WriteAsync(Handshake(headers));
        byte[] answer = new byte[4096];
        return Encoding.Latin1.GetString(answer, 0, await wire.GetStream().ReadAsync(answer));
    }
}
