using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>Hands requests on to the service that serves them.</summary>
public static class Forwarding
{
    /// <summary>
    /// Requests to <paramref name="pattern"/> are answered by <paramref name="owner"/>, as they come and as it answers; null in one process, where the owner serves them
    /// itself. Who cannot be reached is named: 503, code <c>unreachable</c>. Nothing is sent a second time.
    /// </summary>
    public static IEndpointConventionBuilder? ForwardTo(this IEndpointRouteBuilder routes, string owner, string pattern) =>
        routes.ServiceProvider.GetService<DaprTransport>() is { } transport
            ? routes.Map(pattern, context => ForwardAsync(context, owner, transport)).ExcludeFromDescription()
            : null;

    private static async Task ForwardAsync(HttpContext context, string owner, DaprTransport transport)
    {
        using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        string path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.TrimStart('/');
        SidecarAnswer answer = await transport.ForwardAsync(owner, new HttpMethod(context.Request.Method), path, body.Memory, context.Request.ContentType, context.RequestAborted);
        if (answer.Status is not { } status || answer.Code == SidecarAnswer.NotInvoked)
        {
            await Results.Problem(
                $"'{owner}', which serves this, cannot be reached; whether it did anything is not known: {answer.Why}", statusCode: StatusCodes.Status503ServiceUnavailable,
                extensions: new Dictionary<string, object?> { ["code"] = "unreachable" }).ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }
}
