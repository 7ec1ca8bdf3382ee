using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Security;

/// <summary>Lets a request that may change state through only with a key, from a page of this host if from a page at all, and not too often .</summary>
/// <remarks>On loopback a key is optional until there is one. Requests that change nothing pass untouched.</remarks>
internal sealed partial class CommandGuard : IDisposable
{
    /// <summary>The header that carries the key.</summary>
    public const string Header = "X-Api-Key";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private readonly KeyTrial _keys;
    private readonly bool _loopbackOnly;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;
    private readonly ILogger<CommandGuard> _log;

    /// <summary>The guard of a process.</summary>
    public CommandGuard(KeyTrial keys, ListenerMap listeners, ApiSettings settings, ILogger<CommandGuard> log)
    {
        _keys = keys;
        _loopbackOnly = listeners.IsLoopbackOnly;
        _log = log;
        int perSecond = settings.CommandsPerSecond;
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
            // By route too: a flood of submissions does not keep the kill switch waiting.
            $"{context.Connection.RemoteIpAddress} {context.GetEndpoint()?.DisplayName}",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = perSecond, Window = Window, QueueLimit = 0 }));
    }

    /// <summary>Passes the request on, or answers 401, 403 or 429.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!MayChangeState(context)) return next(context);
        using RateLimitLease lease = _limiter.AttemptAcquire(context);
        if (!lease.IsAcquired) return TooManyAsync(context, lease);
        if (IsFromAnotherPage(context.Request))
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "foreign_origin", "a web page of another host may not change state here");
        if ((!_loopbackOnly || _keys.Any) && Denied(context) is { } denied) return denied;
        LogCommand(_log, context.Request.Method, context.Request.Path.Value ?? "", $"{context.Connection.RemoteIpAddress}");
        return next(context);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    /// <summary>Whether it is neither a read nor one that was marked as changing nothing; what is not known is taken for a change.</summary>
    private static bool MayChangeState(HttpContext context)
    {
        string method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)) return false;
        return context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null;
    }

    // A browser says which page a request comes from; a program does not.
    internal static bool IsFromAnotherPage(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private Task? Denied(HttpContext context)
    {
        string address = KeyTrial.Name(context.Connection.RemoteIpAddress);
        KeyVerdict verdict = _keys.Try(context.Request.Headers[Header], address);
        if (verdict == KeyVerdict.Accepted) return null;
        LogDenied(_log, context.Request.Method, context.Request.Path.Value ?? "", address);
        if (verdict == KeyVerdict.TooManyWrong)
            return TooManyAsync(context, KeyTrial.Window, "too_many_wrong_keys", "too many wrong keys in one minute; wait as Retry-After says");
        context.Response.Headers.WWWAuthenticate = "ApiKey";
        return RefuseAsync(context, StatusCodes.Status401Unauthorized, "key_needed", $"header {Header} must carry a key; 'quadturbo keys create NAME' makes one");
    }

    private static Task TooManyAsync(HttpContext context, RateLimitLease lease) => TooManyAsync(
        context, lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : Window, "too_many_commands",
        "too many requests that change state in one second; wait as Retry-After says");

    private static Task TooManyAsync(HttpContext context, TimeSpan wait, string code, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCodes.Status429TooManyRequests, code, detail);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail) => Problems.Of(status, code, detail).ExecuteAsync(context);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} from {Client}")]
    private static partial void LogCommand(ILogger log, string method, string path, string client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} from {Client} is denied: no accepted key")]
    private static partial void LogDenied(ILogger log, string method, string path, string client);
}
