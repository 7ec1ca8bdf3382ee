using System.Collections.Frozen;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Dashboard;

/// <summary>Serves the dashboard: <c>/</c>, and below <c>/ui/</c> its pages and files, from this assembly's resources.</summary>
/// <remarks>Files whose name holds their hash may be kept forever; the page itself is asked for anew each time. Nothing that a page shows runs as script:
/// the policy allows files of this host alone, and no string becomes markup.</remarks>
internal sealed class DashboardPages
{
    private const string Index = "index.html", Assets = "assets/";

    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] Pages = ["overview", "opportunities", "gates", "models", "learning", "performance"];
    private readonly FrozenDictionary<string, DashboardFile> _files = DashboardFile.ReadAll();
    private readonly IReadOnlyList<int> _compatPorts;

    private DashboardPages(ListenerMap listeners) => _compatPorts = listeners.CompatPorts;

    /// <summary>Serves them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = new DashboardPages(routes.ServiceProvider.GetRequiredService<ListenerMap>());
        routes.MapGet("/", (Delegate)pages.RootAsync)
            .WithMetadata(new AnyQuery())
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .WithSummary("The dashboard; on a compat port every check with its state, as /health.");
        routes.MapGet("/ui/{**path}", (Delegate)pages.PageAsync).WithMetadata(new AnyQuery()).ExcludeFromDescription();
    }

    // Older programs have health at the root of their ports.
    private Task RootAsync(HttpContext context) =>
        _compatPorts.Contains(context.Connection.LocalPort) ? HealthEndpoints.WriteHealthPageAsync(context) : SendAsync(context, Index, StatusCodes.Status200OK);

    private Task PageAsync(HttpContext context)
    {
        string path = context.GetRouteValue("path") as string ?? "";
        if (path != Index && _files.ContainsKey(path)) return SendAsync(context, path, StatusCodes.Status200OK);
        if (path.StartsWith(Assets, StringComparison.Ordinal)) return Results.NotFound().ExecuteAsync(context);
        string page = path.Split('/', 2)[0];
        return SendAsync(context, Index, page.Length == 0 || Pages.Contains(page) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);
    }

    private Task SendAsync(HttpContext context, string path, int status)
    {
        if (!_files.TryGetValue(path, out DashboardFile? file))
            return Results.Problem("this build has no dashboard; build without -p:Dashboard=false", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
        HttpResponse response = context.Response;
        SetHeaders(response, path);
        (string? encoding, byte[] body) = Choose(context.Request, file);
        string tag = $"\"{file.Hash}-{encoding ?? "id"}\"";
        response.Headers.ETag = tag;
        response.StatusCode = status;
        if (status == StatusCodes.Status200OK && HasTag(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static void SetHeaders(HttpResponse response, string path)
    {
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = path.StartsWith(Assets, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (path == Index) headers.ContentSecurityPolicy = ContentPolicy;
    }

    private static (string? Encoding, byte[] Body) Choose(HttpRequest request, DashboardFile file)
    {
        IList<StringWithQualityHeaderValue> accepted = new RequestHeaders(request.Headers).AcceptEncoding;
        return Accepts(accepted, "br") ? ("br", file.Brotli) : Accepts(accepted, "gzip") ? ("gzip", file.Gzip) : (null, Plain(file));
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.Any(a => a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0);

    private static bool HasTag(HttpRequest request, string tag) =>
        new RequestHeaders(request.Headers).IfNoneMatch.Any(t => t.Tag == "*" || t.Tag == tag);

    // Hardly anyone asks for it: it is made when asked for.
    private static byte[] Plain(DashboardFile file)
    {
        using var gzip = new GZipStream(new MemoryStream(file.Gzip), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
