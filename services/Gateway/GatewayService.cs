using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;

namespace QuadTurbo.Gateway;

/// <summary>People and other programs.</summary>
public static class GatewayService
{
    /// <summary>Serves REST; asks the owners.</summary>
    public static Service Definition { get; } = new("gateway", Add, Map);

    private static void Add(IHostApplicationBuilder builder)
    {
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
    }
}
