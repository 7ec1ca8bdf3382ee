using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Gateway.Live;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>A WebSocket client of the stream, and what a test says to the hub.</summary>
internal sealed class LiveClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] _buffer = new byte[1 << 20];

    private LiveClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public JsonObject Greeting { get; private set; } = [];

    public string Session => (string)Greeting["data"]!["session"]!;

    public static async Task<LiveClient> ConnectAsync(GatewayHost host, Action<ClientWebSocketOptions>? options = null, string path = "/stream", string? at = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        options?.Invoke(socket.Options);
        var client = new LiveClient(socket);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri((at ?? host.Addresses[0]).Replace("http://", "ws://", StringComparison.Ordinal) + path), patience.Token);
        client.Greeting = await client.NextAsync();
        return client;
    }

    /// <summary>The status with which a client is refused.</summary>
    public static async Task<HttpStatusCode> RefusedAsync(GatewayHost host, Action<ClientWebSocketOptions>? options = null, string? at = null)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        options?.Invoke(socket.Options);
        using var patience = new CancellationTokenSource(Patience);
        var uri = new Uri((at ?? host.Addresses[0]).Replace("http://", "ws://", StringComparison.Ordinal) + "/stream");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(uri, patience.Token));
        return socket.HttpStatusCode;
    }

    public static StreamHub Hub(GatewayHost host) => host.Services.GetRequiredService<StreamHub>();

    /// <summary>Publishes numbers on a channel, each as one message.</summary>
    public static void Publish(GatewayHost host, Channels channels, StreamType type, int from, int count, int padding = 0)
    {
        StreamHub hub = Hub(host);
        string filler = new('x', padding);
        for (int n = from; n < from + count; n++)
            hub.Publish(channels, type, (n, filler), static (json, state) =>
            {
                json.WriteStartObject();
                json.WriteNumber("n", state.n);
                if (state.filler.Length > 0) json.WriteString("filler", state.filler);
                json.WriteEndObject();
            });
        hub.Send();
    }

    public async Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await Socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, patience.Token);
    }

    /// <summary>The next message; of a closed connection an exception with the close's reason.</summary>
    public async Task<JsonObject> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        int filled = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await Socket.ReceiveAsync(_buffer.AsMemory(filled), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close) throw new ClosedException((int)Socket.CloseStatus!, Socket.CloseStatusDescription ?? "");
            filled += part.Count;
            if (part.EndOfMessage) return JsonNode.Parse(_buffer.AsSpan(0, filled))!.AsObject();
        }
    }

    /// <summary>Sends a command and reads on to its answer; what came before is returned too.</summary>
    public async Task<(JsonObject Answer, List<JsonObject> Before)> AskAsync(string command)
    {
        await SendAsync(command);
        var before = new List<JsonObject>();
        while (true)
        {
            JsonObject message = await NextAsync();
            if ((string)message["type"]! == "connection" && message["data"]!["ok"] is not null) return (message["data"]!.AsObject(), before);
            before.Add(message);
        }
    }

    public async Task<JsonObject> AnswerAsync(string command) => (await AskAsync(command)).Answer;

    public Task<JsonObject> SubscribeAsync(params string[] channels) =>
        AnswerAsync($$"""{"command":"subscribe","channels":[{{string.Join(',', channels.Select(c => $"\"{c}\""))}}]}""");

    /// <summary>The next message that is not of the connection itself.</summary>
    public async Task<JsonObject> NewsAsync()
    {
        while (true)
        {
            JsonObject message = await NextAsync();
            if ((string)message["type"]! is not ("connection" or "heartbeat")) return message;
        }
    }

    public async Task<int> NumberAsync() => (int)(await NewsAsync())["data"]!["n"]!;

    public async Task<ClosedException> ClosedAsync() => await Assert.ThrowsAsync<ClosedException>(async () =>
    {
        while (true) await NextAsync();
    });

    public void Dispose() => Socket.Dispose();

    public sealed class ClosedException(int code, string reason) : Exception($"closed: {code} {reason}")
    {
        public int Code { get; } = code;

        public string Reason { get; } = reason;
    }
}
