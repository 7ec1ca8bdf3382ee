using Microsoft.AspNetCore.Http;
using QuadTurbo.Gateway.Live;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Security;

/// <summary>Serves on a compat port only what an older program had there (C12); anything else is 404.</summary>
internal static class CompatDoor
{
    private static readonly string[] ApiPaths = ["/predict", "/models", "/model", "/docs", "/openapi", "/metrics", "/health"];
    private static readonly string[] EnginePaths = ["/api/trade_outcome", "/api/2.0/mlflow", "/health"];
    private static readonly string[] StreamPaths = [StreamDoor.Path, "/health"];

    /// <summary>Whether <paramref name="path"/> is served on <paramref name="port"/>.</summary>
    public static bool IsOpen(int port, PathString path)
    {
        string[]? open = port switch
        {
            CompatSettings.ApiPort => ApiPaths,
            CompatSettings.EnginePort => EnginePaths,
            CompatSettings.StreamPort => StreamPaths,
            _ => null,
        };
        return open is null || path == "/" || open.Any(o => path.StartsWithSegments(o, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Passes the request on, or answers 404.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsOpen(context.Connection.LocalPort, context.Request.Path)) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
