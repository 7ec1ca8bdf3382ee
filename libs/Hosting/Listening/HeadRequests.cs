using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Answers HEAD as GET without the body (RFC 9110, section 9.3.2). It comes before routing; the server itself leaves the body out.</summary>
internal static class HeadRequests
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        bool head = HttpMethods.IsHead(context.Request.Method);
        if (head) context.Request.Method = HttpMethods.Get;
        await next(context);
        if (head) context.Request.Method = HttpMethods.Head;
    }
}
