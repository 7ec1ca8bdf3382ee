using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using QuadTurbo.Sidecar.Http;
using QuadTurbo.Sidecar.PubSub;

namespace QuadTurbo.Sidecar.Invoke;

/// <summary>Calls from one application to another, through both sidecars.</summary>
internal static class Invocation
{
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
        "dapr-app-id", "dapr-api-token", "Content-Length",
    };

    public static async Task InvokeAsync(HttpContext context, SidecarServer caller, Mesh mesh, string target, string method)
    {
        string path = Clean(method);
        SidecarServer? callee = target == caller.AppId ? caller : mesh.Resolve(target);
        if (callee?.App is not { } app) throw Unreachable(target, "couldn't find service");
        using HttpRequestMessage request = Forward(context, caller, callee, path);
        HttpResponseMessage answer;
        try
        {
            answer = await app.SendAsync(request, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or ObjectDisposedException)
        {
            throw Unreachable(target, e.Message);
        }
        using (answer) await ReturnAsync(context, answer);
    }

    private static HttpRequestMessage Forward(HttpContext context, SidecarServer caller, SidecarServer callee, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), path + context.Request.QueryString);
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            if (context.Request.ContentLength is { } length) request.Content.Headers.ContentLength = length;
        }
        foreach ((string name, StringValues values) in context.Request.Headers)
        {
            if (NotForwarded.Contains(name) || name.Equals("traceparent", StringComparison.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        string? parent = context.Request.Headers.TraceParent;
        if (ReferenceEquals(caller, callee))
        {
            if (parent is not null) request.Headers.TryAddWithoutValidation("traceparent", parent);
            return request;
        }
        request.Headers.TryAddWithoutValidation("traceparent", TraceContext.Child(parent, null).Parent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "127.0.0.1");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "localhost");
        request.Headers.TryAddWithoutValidation("Forwarded", "for=127.0.0.1;by=127.0.0.1;host=localhost");
        request.Headers.TryAddWithoutValidation("dapr-caller-app-id", caller.AppId);
        request.Headers.TryAddWithoutValidation("dapr-caller-namespace", "default");
        request.Headers.TryAddWithoutValidation("dapr-callee-app-id", callee.AppId);
        return request;
    }

    private static async Task ReturnAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!NotForwarded.Contains(name)) context.Response.Headers[name] = values.ToArray();
        }
        if (context.Response.StatusCode is >= 200 and not (204 or 304))
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>The decoded path with its dots resolved, encoded anew.</summary>
    private static string Clean(string method)
    {
        string decoded = Uri.UnescapeDataString(method);
        if (decoded.Any(c => char.IsControl(c) || c is '#' or '?')) throw new RefusedException(400, "ERR_DIRECT_INVOKE", "invalid method");
        var parts = new List<string>();
        foreach (string part in decoded.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".") parts.Add(Uri.EscapeDataString(part));
        }
        return string.Join('/', parts);
    }

    private static RefusedException Unreachable(string target, string why) => new(500, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {target}, err: {why}");
}
