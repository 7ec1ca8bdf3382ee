using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>One connection to the live stream.</summary>
internal sealed class DemoSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _part = new byte[16 * 1024];

    private DemoSocket()
    {
    }

    /// <summary>Connects, and reads the greeting.</summary>
    public static async Task<(DemoSocket Socket, JsonObject Greeting)> ConnectAsync(string address, CancellationToken cancel)
    {
        var socket = new DemoSocket();
        try
        {
            await socket._socket.ConnectAsync(new Uri(address), cancel);
            return (socket, await socket.ReadAsync(cancel));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command, and reads on to its answer.</summary>
    /// <exception cref="StepFailedException">It is refused.</exception>
    public async Task<JsonObject> AskAsync(JsonObject command, CancellationToken cancel)
    {
        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancel);
        JsonObject answer = await ReadAsync(cancel);
        while (answer["data"]?["ok"] is null) answer = await ReadAsync(cancel);
        return answer["data"]!["ok"]!.GetValue<bool>()
            ? answer
            : throw new StepFailedException($"the stream refused {command.ToJsonString()}: {answer["data"]!["error"]}");
    }

    /// <summary>The next message that is about the market; talk of the connection is passed over.</summary>
    public async Task<JsonObject> NextAsync(CancellationToken cancel)
    {
        JsonObject message = await ReadAsync(cancel);
        while (DemoClient.Text(message, "type") is "connection" or "heartbeat") message = await ReadAsync(cancel);
        return message;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<JsonObject> ReadAsync(CancellationToken cancel)
    {
        using var message = new MemoryStream();
        while (true)
        {
            WebSocketReceiveResult part = await _socket.ReceiveAsync(_part, cancel);
            if (part.MessageType == WebSocketMessageType.Close) throw new StepFailedException($"the stream closed: {part.CloseStatusDescription}");
            message.Write(_part, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(message.ToArray())!.AsObject();
        }
    }
}
