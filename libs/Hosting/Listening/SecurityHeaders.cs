using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Tells browsers to take every answer for what it says it is, and to show none in a frame of others.</summary>
/// <remarks>A page that needs more sets a policy of its own; what is no HTML may load nothing at all.</remarks>
public static class SecurityHeaders
{
    private const string NothingAtAll = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Passes the request on; the headers are put on the answer as it starts, an error's too.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        context.Response.OnStarting(static state => Put(((HttpContext)state).Response), context);
        return next(context);
    }

    private static Task Put(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        bool page = response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
        if (!page && headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NothingAtAll;
        return Task.CompletedTask;
    }
}
