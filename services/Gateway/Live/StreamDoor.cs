using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Live;

/// <summary><c>GET /stream</c>: lets a client in, or says with a status why not, before anything is upgraded.</summary>
/// <remarks>
/// A page of another host is refused; where other machines can reach the process a key is needed, in the header or as the first command, never
/// in the address.
/// </remarks>
internal sealed partial class StreamDoor : IDisposable
{
    /// <summary>Where it is; on compat port 8765 at the root too.</summary>
    public const string Path = "/stream";

    private const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private readonly StreamHub _hub;
    private readonly KeyTrial _keys;
    private readonly bool _needsKey;
    private readonly StreamMeters _meters;
    private readonly ILogger<StreamDoor> _log;
    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly CancellationTokenRegistration _stopping;
    private int _clients;

    /// <summary>The door of a process.</summary>
    public StreamDoor(StreamHub hub, StreamMeters meters, KeyTrial keys, ListenerMap listeners, IHostApplicationLifetime lifetime, ILogger<StreamDoor> log)
    {
        (_hub, _meters, _keys, _log) = (hub, meters, keys, log);
        _needsKey = !listeners.IsLoopbackOnly;
        // The listener waits for every connection before it stops: they are closed before.
        _stopping = lifetime.ApplicationStopping.Register(hub.CloseAll);
    }

    /// <summary>Whether a request on the root of the stream's compat port wants the stream rather than the health page.</summary>
    public static bool IsOldAddress(HttpContext context) =>
        context.Connection.LocalPort == CompatSettings.StreamPort && context.Request.Path == "/" && IsUpgrade(context.Request);

    /// <summary>Serves one client until it has gone.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        IPAddress address = context.Connection.RemoteIpAddress is { } remote ? remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote : IPAddress.None;
        if (Refusal(context, $"{address}") is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }
        if (Enter(address) is { } full)
        {
            await RefuseAsync(context, full);
            return;
        }
        try
        {
            await TalkAsync(context, $"{address}");
        }
        finally
        {
            Exit(address);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private static bool IsUpgrade(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private StreamRefusal? Refusal(HttpContext context, string address)
    {
        if (!IsUpgrade(context.Request) || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
            return new StreamRefusal(StatusCodes.Status426UpgradeRequired, "websocket_needed", "this is a WebSocket: connect to it with a WebSocket client");
        if (context.Request.Headers.SecWebSocketVersion != "13" || !IsKey(context.Request.Headers.SecWebSocketKey.ToString()))
            return new StreamRefusal(StatusCodes.Status400BadRequest, "bad_handshake",
                "Sec-WebSocket-Version must be 13 and Sec-WebSocket-Key 16 bytes of base64 (RFC 6455)");
        if (CommandGuard.IsFromAnotherPage(context.Request))
            return new StreamRefusal(StatusCodes.Status403Forbidden, "foreign_origin", "a web page of another host may not listen here");
        string key = context.Request.Headers[CommandGuard.Header].ToString();
        if (!_needsKey || key.Length == 0) return null;
        return _keys.Try(key, address) switch
        {
            KeyVerdict.Accepted => null,
            KeyVerdict.Wrong => new StreamRefusal(StatusCodes.Status401Unauthorized, "key_needed", $"the key of header {CommandGuard.Header} is not accepted"),
            _ => new StreamRefusal(StatusCodes.Status429TooManyRequests, "too_many_wrong_keys", "too many wrong keys came from this address; wait a minute"),
        };
    }

    private StreamRefusal? Enter(IPAddress address)
    {
        int most = IPAddress.IsLoopback(address) ? _hub.Settings.ClientsPerLoopback : _hub.Settings.ClientsPerAddress;
        lock (_counting)
        {
            if (_clients >= _hub.Settings.Clients)
                return new StreamRefusal(StatusCodes.Status503ServiceUnavailable, "too_many_clients", "the stream has all the clients that it may have");
            int here = _byAddress.GetValueOrDefault(address);
            if (here >= most)
                return new StreamRefusal(StatusCodes.Status429TooManyRequests, "too_many_sockets", $"there are {most} clients from this address already");
            _byAddress[address] = here + 1;
            _clients++;
            return null;
        }
    }

    private void Exit(IPAddress address)
    {
        lock (_counting)
        {
            _clients--;
            if (--_byAddress[address] == 0) _byAddress.Remove(address);
        }
    }

    private async Task TalkAsync(HttpContext context, string address)
    {
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        Socket? tcp = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        tcp?.SendBufferSize = _hub.Settings.SocketBuffer;
        await using Stream? wire = tcp is not null && context.Features.Get<ITlsHandshakeFeature>() is null ? new NetworkStream(tcp, ownsSocket: false) : null;
        await using Stream stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var cut = new CancellationTokenSource();
        string key = context.Request.Headers[CommandGuard.Header].ToString();
        var client = new StreamClient(_hub, stream, wire, Cut)
        {
            KeyHolds = _keys.Holds,
            KeyHash = _needsKey && key.Length > 0 ? ApiKeyFile.HashOf(key) : null,
            KeyBy = _needsKey && key.Length == 0 ? _hub.Now + _hub.Ticks(_hub.Settings.AuthWithin) : 0,
        };
        using WebSocket socket = WebSocket.CreateFromStream(
            new FrameStream(stream, client), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        _hub.Join(client);
        try
        {
            if (_stopping.Token.IsCancellationRequested) client.Close(CloseCause.ServerStops);
            await new StreamTalk(_hub, client, socket, _keys, address).RunAsync(cut.Token);
            await client.Done;
        }
        finally
        {
            _hub.Leave(client);
            CloseCause cause = client.Closing ?? CloseCause.Client;
            _meters.Closed(cause);
            if (cause != CloseCause.Client) LogClosed(_log, address, cause.Reason, client.Sent, client.Dropped);
        }

        void Cut()
        {
            try
            {
                cut.Cancel();
                context.Abort();
            }
            catch (ObjectDisposedException)
            {
                // It has gone by itself.
            }
        }
    }

    private Task RefuseAsync(HttpContext context, StreamRefusal refusal)
    {
        _meters.Refused(refusal.Code);
        if (refusal.Status == StatusCodes.Status426UpgradeRequired) context.Response.Headers.Upgrade = "websocket";
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = (refusal.Code == "too_many_wrong_keys" ? 60 : 10).ToString(CultureInfo.InvariantCulture);
        if (refusal.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "ApiKey";
        return Problems.Of(refusal.Status, refusal.Code, refusal.Detail).ExecuteAsync(context);
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out int n) && n == 16;
    }

    private static string Accept(string key)
    {
#pragma warning disable CA5350 // RFC 6455, section 4.2.2, wants SHA-1; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Salt)));
#pragma warning restore CA5350
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "a client of the stream at {Address} is closed: {Why}; {Sent} messages sent, {Dropped} dropped")]
    private static partial void LogClosed(ILogger log, string address, string why, long sent, long dropped);

    private sealed record StreamRefusal(int Status, string Code, string Detail);
}
