using System.Net.Sockets;

namespace QuadTurbo.Sidecar;

/// <summary>The one way from a sidecar to its application.</summary>
internal sealed class AppChannel : IDisposable
{
    private readonly HttpClient _client;
    private readonly SemaphoreSlim? _turns;
    private readonly SidecarOptions _options;
    private readonly int _port;

    public AppChannel(SidecarOptions options, int port)
    {
        _options = options;
        _port = port;
        _turns = options.AppMaxConcurrency is { } most ? new SemaphoreSlim(most, most) : null;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null };
        _client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends with the application's token; redirects come back as they are.</summary>
    /// <exception cref="HttpRequestException">The application cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.Remove("dapr-api-token");
        if (_options.AppToken is { } token) request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        if (_turns is null) return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        await _turns.WaitAsync(ct);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Whether something listens there.</summary>
    public async Task<bool> AcceptsAsync(CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, _port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _turns?.Dispose();
    }
}
