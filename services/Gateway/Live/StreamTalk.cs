using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using QuadTurbo.Gateway.Security;

namespace QuadTurbo.Gateway.Live;

/// <summary>The talk with one client: reads its commands, follows them and answers, until one of both closes.</summary>
internal sealed class StreamTalk(StreamHub hub, StreamClient client, WebSocket socket, KeyTrial keys, string address)
{
    private const int FirstBuffer = 512, MostResumes = 10;
    private long _window, _resumeWindow;
    private int _commands, _resumes;

    /// <summary>Talks to the end.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        client.Answer(StreamType.Connection, this, static (json, talk) => talk.WriteGreeting(json));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int filled = 0;
            while (true)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
                if (part.MessageType == WebSocketMessageType.Close) break;
                // Who is being closed may say what it likes: it is only read, so that the close frame reaches it.
                if (client.Closing is not null) continue;
                filled += part.Count;
                if (filled > hub.Settings.MessageBytes) client.Close(CloseCause.TooLarge);
                else if (part.EndOfMessage) await FollowAsync(buffer.AsMemory(0, filled), part.MessageType);
                if (part.EndOfMessage || client.Closing is not null) filled = 0;
                if (filled == buffer.Length) buffer = Grow(buffer);
            }
            client.Close(CloseCause.Client);
        }
        catch (WebSocketException e) when (e.WebSocketErrorCode is WebSocketError.Faulted or WebSocketError.InvalidMessageType or WebSocketError.HeaderError)
        {
            client.Close(CloseCause.Protocol);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            client.Close(CloseCause.Client);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask FollowAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        if (IsTooMany()) return;
        try
        {
            if (type != WebSocketMessageType.Text) throw new StreamCommandException("not_text", "a command is a text message, not a binary one", null);
            await FollowAsync(StreamCommand.Read(message));
        }
        catch (StreamCommandException e)
        {
            Refuse(e.Code, e.Message, e.Id);
        }
        await client.UntilRoomAsync();
    }

    private Task FollowAsync(StreamCommand command)
    {
        if (client.KeyBy != 0 && command.Name is not ("auth" or "ping")) throw new StreamCommandException("key_needed", "send the command 'auth' with your key first", command.Id);
        switch (command.Name)
        {
            case "subscribe": return SubscribeAsync(command);
            case "unsubscribe":
                hub.Listen(Channels.None, client.Channels & command.Channels);
                client.Unsubscribe(command.Channels);
                break;
            case "auth":
                Authorise(command);
                return Task.CompletedTask;
        }
        client.Answer(StreamType.Connection, (Talk: this, Command: command), static (json, state) => state.Talk.WriteAnswer(json, state.Command));
        return Task.CompletedTask;
    }

    private Task SubscribeAsync(StreamCommand command)
    {
        if (command.Since is not null && IsResumedTooOften())
            throw new StreamCommandException("too_many_resumes", $"at most {MostResumes} commands a minute may carry 'since'", command.Id);
        // First it is made, then it is looked up from where on it is whole.
        hub.Listen(command.Channels & ~client.Channels, Channels.None);
        bool sameRun = command.Session is null ? command.Since <= hub.Log.Newest : command.Session == hub.Session;
        long? since = sameRun ? command.Since : null;
        long held = since is null ? 0 : hub.Log.HeldFrom(command.Channels);
        long? gapTo = since + 1 < held ? held - 1 : null;
        return client.Subscribe(command.Channels, gapTo ?? since, (Talk: this, Command: command, Since: since, GapTo: gapTo), static (json, state) =>
        {
            Begin(json, state.Command);
            state.Talk.WritePlace(json);
            if (state.Command.Since is not null) json.WriteBoolean("resumed", state.Since is not null && state.GapTo is null);
            if (state is { Since: { } from, GapTo: { } to })
            {
                json.WriteStartObject("gap");
                json.WriteNumber("from", from + 1);
                json.WriteNumber("to", to);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
    }

    private void Authorise(StreamCommand command)
    {
        if (client.KeyBy == 0)
        {
            // A key that is not needed is looked at all the same: 'ok' says that it is right.
            if (keys.Any && keys.Try(command.Key, address) != KeyVerdict.Accepted) throw new StreamCommandException("key_needed", "this key is not accepted", command.Id);
            client.Answer(StreamType.Connection, command, static (json, c) => End(json, c));
            return;
        }
        if (keys.Try(command.Key, address) != KeyVerdict.Accepted)
        {
            Refuse("key_needed", "this key is not accepted", command.Id);
            client.Close(CloseCause.NoKey);
            return;
        }
        client.KeyHash = ApiKeyFile.HashOf(command.Key!);
        client.KeyBy = 0;
        client.Answer(StreamType.Connection, command, static (json, c) => End(json, c));
    }

    // A resumption sends up to the whole buffer.
    private bool IsResumedTooOften()
    {
        long now = hub.Now;
        if (now - _resumeWindow >= hub.Ticks(TimeSpan.FromMinutes(1))) (_resumeWindow, _resumes) = (now, 0);
        return ++_resumes > MostResumes;
    }

    private bool IsTooMany()
    {
        long now = hub.Now;
        if (now - _window >= hub.Ticks(TimeSpan.FromSeconds(1))) (_window, _commands) = (now, 0);
        _commands++;
        if (_commands == hub.Settings.CommandsPerSecond + 1)
            Refuse("too_many_commands", $"at most {hub.Settings.CommandsPerSecond} commands a second are followed; those after them in this second are not", null);
        return _commands > hub.Settings.CommandsPerSecond;
    }

    private byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * buffer.Length, hub.Settings.MessageBytes + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private void Refuse(string code, string why, object? id) => client.Answer(StreamType.Connection, (code, why, id), static (json, refused) =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", false);
        WriteId(json, refused.id);
        json.WriteString("code", refused.code);
        json.WriteString("error", refused.why);
        json.WriteEndObject();
    });

    private void WriteGreeting(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("event", "hello");
        WriteSession(json);
        json.WriteBoolean("authorised", client.KeyBy == 0);
        WriteNames(json, ChannelNames.All);
        json.WriteNumber("heartbeat_s", hub.Settings.Heartbeat.TotalSeconds);
        json.WriteNumber("silence_s", hub.Settings.Silence.TotalSeconds);
        json.WriteNumber("message_bytes", hub.Settings.MessageBytes);
        json.WriteNumber("commands_per_s", hub.Settings.CommandsPerSecond);
        json.WriteEndObject();
    }

    private void WriteAnswer(Utf8JsonWriter json, StreamCommand command)
    {
        Begin(json, command);
        if (command.Name != "ping") WritePlace(json);
        if (command.Name == "stats") WriteStatistics(json);
        json.WriteEndObject();
    }

    private void WritePlace(Utf8JsonWriter json)
    {
        WriteSession(json);
        WriteNames(json, ChannelNames.In(client.Channels));
    }

    private void WriteSession(Utf8JsonWriter json)
    {
        json.WriteString("session", hub.Session);
        json.WriteNumber("oldest", hub.Log.Oldest);
        json.WriteNumber("newest", hub.Log.Newest);
    }

    private void WriteStatistics(Utf8JsonWriter json)
    {
        json.WriteNumber("clients", hub.Clients.Count);
        json.WriteStartObject("messages");
        for (int c = 0; c < ChannelNames.Count; c++) json.WriteNumber(ChannelNames.All[c], hub.Log.CountOf(c));
        json.WriteEndObject();
        json.WriteNumber("sent", hub.Sent);
        json.WriteNumber("dropped", hub.Dropped);
        json.WriteNumber("buffer_bytes", hub.Log.Bytes);
        json.WriteStartObject("you");
        json.WriteNumber("sent", client.Sent);
        json.WriteNumber("dropped", client.Dropped);
        (int messages, long bytes) = client.Waiting();
        json.WriteNumber("waiting_messages", messages);
        json.WriteNumber("waiting_bytes", bytes);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, StreamCommand command)
    {
        json.WriteStartObject();
        json.WriteString("command", command.Name);
        WriteId(json, command.Id);
        json.WriteBoolean("ok", true);
    }

    private static void End(Utf8JsonWriter json, StreamCommand command)
    {
        Begin(json, command);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartArray("channels");
        foreach (string name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, object? id)
    {
        if (id is long number) json.WriteNumber("id", number);
        else if (id is string text) json.WriteString("id", text);
    }
}
