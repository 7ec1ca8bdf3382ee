using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What a sidecar answered.</summary>
/// <param name="Status">The status; null: no answer came.</param>
/// <param name="Body">The body.</param>
/// <param name="Why">What is wrong, in words; empty for nothing.</param>
/// <param name="Code">The sidecar's own code of an error; empty for none.</param>
internal sealed record SidecarAnswer(HttpStatusCode? Status, byte[] Body, string Why, string Code)
{
    /// <summary>The code of a call that did not reach another application, or of which no answer came back.</summary>
    public const string NotInvoked = "ERR_DIRECT_INVOKE";

    /// <summary>What the body is.</summary>
    public string? ContentType { get; init; }

    /// <summary>The tag of a value of the state store.</summary>
    public string? ETag { get; init; }

    /// <summary>True when the request did not leave this machine: nothing can have been done.</summary>
    public bool NotSent { get; init; }

    /// <summary>A status of success.</summary>
    public bool Succeeded => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>Reads what is known of an error, leniently: a proxy, or a sidecar that wants another token, answers in plain text.</summary>
    public static SidecarAnswer Of(HttpStatusCode status, byte[] body, string? etag)
    {
        if ((int)status is >= 200 and < 300) return new SidecarAnswer(status, body, "", "") { ETag = etag };
        string code = "", message = "";
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            code = Text(json.RootElement, "errorCode");
            message = Text(json.RootElement, "message");
            if (message.Length == 0 && json.RootElement.TryGetProperty("failedEntries", out JsonElement failed) && failed is { ValueKind: JsonValueKind.Array } && failed.GetArrayLength() > 0)
                message = $"{failed.GetArrayLength()} messages, the first because: {Text(failed[0], "error")}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            message = System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)));
        }
        return new SidecarAnswer(status, body, string.Join(' ', new[] { $"{(int)status}", code, message }.Where(static t => t.Length > 0)), code);
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>The HTTP API of the sidecar, as far as the platform uses it.</summary>
internal sealed class SidecarClient : IDisposable
{
    private readonly HttpClient _http;

    public SidecarClient(DaprOptions options)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = options.Sidecar,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (options.ApiToken is { } token) _http.DefaultRequestHeaders.Add("dapr-api-token", token);
    }

    /// <summary>Whether its components work: what must be so before anything is published or kept.</summary>
    public Task<SidecarAnswer> OutboundAsync(CancellationToken cancel) => SendAsync(HttpMethod.Get, "v1.0/healthz/outbound", null, cancel);

    /// <summary>Publishes a batch.</summary>
    public Task<SidecarAnswer> PublishAsync(string topic, ReadOnlyMemory<byte> entries, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"v1.0/publish/bulk/{DaprNames.PubSub}/{Uri.EscapeDataString(topic)}", entries, cancel);

    /// <summary>Asks another application.</summary>
    public Task<SidecarAnswer> InvokeAsync(string app, string method, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"v1.0/invoke/{Uri.EscapeDataString(app)}/method/{method}", body, cancel);

    /// <summary>Hands a request on to another application.</summary>
    public Task<SidecarAnswer> ForwardAsync(string app, HttpMethod method, string path, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancel) =>
        SendAsync(method, $"v1.0/invoke/{Uri.EscapeDataString(app)}/method/{path}", body.IsEmpty ? null : body, cancel, contentType);

    /// <summary>Reads a value of the state store.</summary>
    public Task<SidecarAnswer> GetStateAsync(string key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, $"v1.0/state/{DaprNames.StateStore}/{Uri.EscapeDataString(key)}?consistency=strong", null, cancel);

    /// <summary>Writes values of the state store.</summary>
    public Task<SidecarAnswer> SaveStateAsync(ReadOnlyMemory<byte> items, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"v1.0/state/{DaprNames.StateStore}", items, cancel);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<SidecarAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancel, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is { } sent)
        {
            request.Content = new ReadOnlyMemoryContent(sent);
            if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancel);
            return SidecarAnswer.Of(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancel), ETagOf(answer)) with { ContentType = answer.Content.Headers.ContentType?.ToString() };
        }
        catch (HttpRequestException e)
        {
            return new SidecarAnswer(null, [], $"the sidecar does not answer: {e.GetBaseException().Message}", "") { NotSent = e.HttpRequestError == HttpRequestError.ConnectionError };
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SidecarAnswer(null, [], "the sidecar did not answer in time", "");
        }
    }

    // The tag of a store has no quotes around it, so it is no entity tag to HttpClient.
    private static string? ETagOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("ETag", out HeaderStringValues values) ? values.ToString() : null;
}
