// Follows the live stream, reconnects with back-off, and resumes where it was.
//   dotnet run StreamClient.cs [ws://127.0.0.1:8080/stream] [opportunities,executions] [messages]
// The key, where one is needed, is taken from QUADTURBO_API__KEY. Ends after that many messages; without a number it goes on.
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

string url = args.ElementAtOrDefault(0) ?? "ws://127.0.0.1:8080/stream";
JsonArray Channels() => [.. (args.ElementAtOrDefault(1) ?? "opportunities,executions").Split(',').Select(channel => JsonValue.Create(channel))];
long left = args.Length > 2 ? long.Parse(args[2]) : long.MaxValue;
string? key = Environment.GetEnvironmentVariable("QUADTURBO_API__KEY");
long? since = null; // seq of the last message that we have
string? session = null; // the run that it is of
TimeSpan wait = TimeSpan.FromSeconds(0.5);

while (left > 0)
{
    using var socket = new ClientWebSocket();
    try
    {
        if (key is not null) socket.Options.SetRequestHeader("X-Api-Key", key);
        await socket.ConnectAsync(new Uri(url), CancellationToken.None);
        await FollowAsync(socket);
    }
    catch (Exception e) when (e is WebSocketException or OperationCanceledException)
    {
        TimeSpan pause = wait * (0.5 + Random.Shared.NextDouble() / 2);
        Console.Error.WriteLine($"{socket.CloseStatusDescription ?? e.Message}; again in {pause.TotalSeconds:F1} s");
        await Task.Delay(pause);
        wait = wait * 2 > TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : wait * 2;
    }
}

async Task FollowAsync(ClientWebSocket socket)
{
    TimeSpan silence = TimeSpan.FromSeconds(45);
    while (left > 0)
    {
        string text = await ReceiveAsync(socket, silence);
        JsonNode message = JsonNode.Parse(text)!, data = message["data"]!;
        string type = (string)message["type"]!, command = (string?)data["command"] ?? "", news = (string?)data["event"] ?? "";
        bool? ok = (bool?)data["ok"];
        if (news == "hello")
        {
            wait = TimeSpan.FromSeconds(0.5);
            silence = TimeSpan.FromSeconds(3 * (double)data["heartbeat_s"]!); // heartbeats come while nothing else does
            var subscribe = new JsonObject { ["command"] = "subscribe", ["channels"] = Channels() };
            if (since is not null) (subscribe["since"], subscribe["session"]) = (since, session);
            await socket.SendAsync(Encoding.UTF8.GetBytes(subscribe.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
            continue;
        }
        if (ok == false) Console.Error.WriteLine($"refused: {data["error"]}");
        if (news == "dropped") Console.Error.WriteLine($"too slow: missed {data["messages"]!.ToJsonString()}, seq {data["from"]} to {data["to"]}");
        if (command == "subscribe" && ok == true)
        {
            if ((bool?)data["resumed"] == false)
                Console.Error.WriteLine(data["gap"] is { } gap ? $"missed seq {gap["from"]} to {gap["to"]}" : "another run: what lies between is missed");
            session = (string)data["session"]!;
            since = (long)message["seq"]!;
        }
        if (since is not null) since = (long)message["seq"]!; // every message says: up to here you have everything of your channels
        if (type is "connection" or "heartbeat") continue;
        Console.WriteLine(text);
        left--;
    }
}

static async Task<string> ReceiveAsync(ClientWebSocket socket, TimeSpan patience)
{
    using var silence = new CancellationTokenSource(patience);
    using var message = new MemoryStream();
    byte[] buffer = new byte[16 * 1024];
    while (true)
    {
        WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, silence.Token);
        if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        message.Write(buffer, 0, part.Count);
        if (part.EndOfMessage) return Encoding.UTF8.GetString(message.ToArray());
    }
}
