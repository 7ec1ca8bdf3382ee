using System.Net;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Security;

/// <summary>Answers only requests that name this host: a web page whose own name was made to lead here (DNS rebinding) names another .</summary>
/// <remarks>
/// Where only this machine can reach the process that is a loopback address, <c>localhost</c>, or a name of <c>api.hosts</c>; elsewhere a name of
/// <c>api.hosts</c>, or any while there is none, as what this machine is called there is not known. Source: RFC 9110, sections 7.2 and 15.5.20.
/// </remarks>
internal sealed class HostGuard(ListenerMap listeners, ApiSettings settings)
{
    private readonly HashSet<string> _names =
        new(settings.Hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    /// <summary>Passes the request on, or answers 421.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next) => Admits(context.Request.Host.Host)
        ? next(context)
        : Problems.Of(
            StatusCodes.Status421MisdirectedRequest, "foreign_host",
            "the request names another host; use localhost or a loopback address, or list the name in api.hosts").ExecuteAsync(context);

    private bool Admits(string host) => _names.Contains(host) || (listeners.IsLoopbackOnly
        ? host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address))
        : _names.Count == 0);
}
